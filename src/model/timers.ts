/** Idle timers in seconds (semantics 6.2). `tcpTransitory` serves opening and closing connections. */
export interface Timers {
  readonly tcpEstablished: number;
  readonly tcpTransitory: number;
  readonly udp: number;
  readonly udpStream: number;
  readonly icmp: number;
  readonly other: number;
}

/** documented: TCP established 432000 (350 on Nitro v6), UDP 30/180, others 600; assumed: ICMP 30, opening/closing 60. */
export const DEFAULT_TIMERS: Timers = {
  tcpEstablished: 432_000,
  tcpTransitory: 60,
  udp: 30,
  udpStream: 180,
  icmp: 30,
  other: 600,
};

/** The `nitro-v6` profile: instances of that generation drop idle TCP after 350 s. */
export const NITRO_V6_TCP_ESTABLISHED: number = 350;

/** Slack of a difference of two time stamps, seconds (semantics 4.8). */
export const SLACK: number = 120;
/** Length of a slot of log time, seconds (semantics 7.1). */
export const SLOT: number = 300;
/** An endpoint unseen for this many slots starts anew (semantics 4.3). */
export const ENDPOINT_SLOTS: number = 12;

/** How far evidence reaches (semantics 7.1): slots, and records at least and at most. */
export interface LookAhead {
  readonly slots: number;
  readonly minRecords: number;
  readonly maxRecords: number;
}

export const DEFAULT_LOOK_AHEAD: LookAhead = {
  slots: 3,
  minRecords: 1_000_000,
  maxRecords: 8_000_000,
};
