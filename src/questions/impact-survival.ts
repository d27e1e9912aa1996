import type { OpenerRow } from "../model/opener.js";
import type { RuleSet } from "../model/rule-set.js";
import type { Timers } from "../model/timers.js";
import { isIcmp, TCP, UDP } from "../reference/flow.js";
import { timersFor } from "../reference/timer.js";

/**
 * When at the latest the entries of a row's connections expire if nothing more passes: last end plus the longest idle
 * timer its protocol can have at the interface (semantics 6.2, 9.3). Unix seconds. Traffic keeps an entry alive longer.
 */
export function survivesUntil(
  row: OpenerRow,
  ruleSets: readonly RuleSet[],
  timers: Timers,
): number {
  const owner = ruleSets
    .map(({ interfaces }) => interfaces.get(row.interfaceId))
    .find((known) => known !== undefined);
  return row.last + longestTimer(row.protocol, timersFor(timers, owner?.timers));
}

/** A row does not tell the state of its connections, so that established TCP and a UDP stream are assumed. */
function longestTimer(protocol: number, timers: Timers): number {
  if (protocol === TCP) return Math.max(timers.tcpEstablished, timers.tcpTransitory);
  if (protocol === UDP) return Math.max(timers.udp, timers.udpStream);
  return isIcmp(protocol) ? timers.icmp : timers.other;
}
