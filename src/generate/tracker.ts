// Connection tracking of the simulated interfaces: exact packet times, AWS's timers, one entry per side of a
// connection. Independent of the rules of src/reference: it knows packets, not records.
import { LAST, STATE, TICKS } from "./connection-table.js";

const ALIVE = 1;
/** The entry existed once. */
const EVER = 2;
const ESTABLISHED = 4;
const FIN_OPENER = 8;
const FIN_RESPONDER = 16;
/** The responder's packet made the present entry. */
const REOPENED = 32;
/** FIN both ways or RST. */
const CLOSED = 64;
/** Packets so far each way, saturating at two: a UDP stream (semantics 6.2). */
const OPENER_ONE = 128;
const OPENER_TWO = 256;
const RESPONDER_ONE = 512;
const RESPONDER_TWO = 1024;

export interface IdleTimers {
  readonly tcpEstablished: number;
  readonly udp: number;
  readonly udpStream: number;
}

export const AWS_TIMERS: IdleTimers = { tcpEstablished: 432_000, udp: 30, udpStream: 180 };
const TRANSITORY = 60;
const ICMP = 30;
const OTHER = 600;
/** The last ACK of a closing handshake still passes. */
const LINGER = 2;

/** What the entry says of a packet. */
export const TRACK_NONE = 0;
export const TRACK_ALIVE = 1;
/** An entry existed and is gone: by less or more than `NEAR` seconds. */
export const TRACK_GONE_NEAR = 2;
const TRACK_GONE = 3;
const NEAR = 240;

function timerOf(protocol: number, state: number, timers: IdleTimers): number {
  if (protocol === 6) {
    if ((state & CLOSED) !== 0) return LINGER;
    if ((state & (FIN_OPENER | FIN_RESPONDER)) !== 0) return TRANSITORY;
    return (state & ESTABLISHED) === 0 ? TRANSITORY : timers.tcpEstablished;
  }
  if (protocol === 17)
    return (state & OPENER_TWO) !== 0 && (state & RESPONDER_TWO) !== 0
      ? timers.udpStream
      : timers.udp;
  return protocol === 1 || protocol === 58 ? ICMP : OTHER;
}

/** Looks the entry up without changing it. `row + side` names it. */
export function track(
  rows: Int32Array,
  row: number,
  side: number,
  tick: number,
  protocol: number,
  timers: IdleTimers,
): number {
  const state = rows[row + STATE + side]!;
  if ((state & EVER) === 0) return TRACK_NONE;
  const idle = tick - rows[row + LAST + side]!;
  if ((state & ALIVE) !== 0 && idle <= timerOf(protocol, state, timers) * TICKS) return TRACK_ALIVE;
  return idle <= NEAR * TICKS ? TRACK_GONE_NEAR : TRACK_GONE;
}

/** Whether the responder's packet made the present entry. */
export function isReopened(rows: Int32Array, row: number, side: number): boolean {
  return (rows[row + STATE + side]! & REOPENED) !== 0;
}

/** Notes a packet that the groups let pass; `fresh` = it makes a new entry. */
export function note(
  rows: Int32Array,
  row: number,
  side: number,
  tick: number,
  fresh: boolean,
  fromOpener: boolean,
  packets: number,
  tcpFlags: number,
): void {
  const at = row + STATE + side;
  let state = rows[at]!;
  if (fresh) {
    // A packet without SYN belongs to a connection that is under way.
    state = ALIVE | EVER | ((tcpFlags & 2) === 0 ? ESTABLISHED : 0);
    if (!fromOpener) state |= REOPENED;
  }
  if (fromOpener) {
    if (packets > 1 || (state & OPENER_ONE) !== 0) state |= OPENER_TWO;
    state |= OPENER_ONE;
  } else {
    if (packets > 1 || (state & RESPONDER_ONE) !== 0) state |= RESPONDER_TWO;
    state |= RESPONDER_ONE;
  }
  if ((state & OPENER_ONE) !== 0 && (state & RESPONDER_ONE) !== 0) state |= ESTABLISHED;
  if ((tcpFlags & 1) !== 0) state |= fromOpener ? FIN_OPENER : FIN_RESPONDER;
  if ((state & FIN_OPENER) !== 0 && (state & FIN_RESPONDER) !== 0) state |= CLOSED;
  if ((tcpFlags & 4) !== 0) state = (state | CLOSED) & ~ALIVE;
  rows[at] = state;
  rows[row + LAST + side] = tick;
}

/** An established entry that was there before the log. */
export function establish(rows: Int32Array, row: number, side: number, lastTick: number): void {
  const both = OPENER_ONE | OPENER_TWO | RESPONDER_ONE | RESPONDER_TWO;
  rows[row + STATE + side] = ALIVE | EVER | ESTABLISHED | both;
  rows[row + LAST + side] = lastTick;
}

/** The same client opens again from the same port: the tracker starts anew on its SYN. */
export function forget(rows: Int32Array, row: number, side: number): void {
  rows[row + STATE + side] = 0;
}
