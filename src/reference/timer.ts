import type { InterfaceTimers } from "../model/rule-set.js";
import { SLACK, type Timers } from "../model/timers.js";
import { type Connection, hasAccepted } from "./connection.js";
import { isIcmp, TCP, UDP } from "./flow.js";

/** Packets each direction must have carried for UDP to be a stream (semantics 6.2). */
const STREAM_PACKETS = 2n;

/** The timers of an interface: its own configuration, else the options (semantics 6.2). */
export function timersFor(options: Timers, own: InterfaceTimers | undefined): Timers {
  return {
    ...options,
    tcpEstablished: own?.tcpEstablished ?? options.tcpEstablished,
    udp: own?.udp ?? options.udp,
    udpStream: own?.udpStream ?? options.udpStream,
  };
}

/** The idle timer of a connection in its present state, seconds (semantics 6.2). */
export function timerOf(connection: Connection, timers: Timers): number {
  const { protocol, sides } = connection;
  if (protocol === TCP)
    return isEstablished(connection) ? timers.tcpEstablished : timers.tcpTransitory;
  if (protocol === UDP) {
    const stream =
      sides.local.acceptedPackets >= STREAM_PACKETS &&
      sides.remote.acceptedPackets >= STREAM_PACKETS;
    return stream ? timers.udpStream : timers.udp;
  }
  return isIcmp(protocol) ? timers.icmp : timers.other;
}

function isEstablished({ sides, talked }: Connection): boolean {
  const { local, remote } = sides;
  if (local.finSeen || remote.finSeen) return false;
  const bothAccepted = local.records > local.rejected && remote.records > remote.rejected;
  return talked || bothAccepted;
}

/** Whether the connection is expired for a record. Within the slack AWS's action decides (semantics 6.2). */
export function isExpired(
  connection: Connection,
  timer: number,
  start: number,
  rejected: boolean,
): boolean {
  const idle = start - connection.lastEnd;
  if (idle > timer + SLACK) return true;
  return rejected && idle > 0 && idle >= timer - SLACK && hasAccepted(connection);
}
