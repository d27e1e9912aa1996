import type { FlowRecord } from "../model/record.js";
import { SLACK, type Timers } from "../model/timers.js";
import { type Connection, hasAccepted, hasSyn, join, newConnection, reopen } from "./connection.js";
import { connectionKey, type Flow, isAccepted, shownFlags } from "./flow.js";
import { isExpired, timerOf } from "./timer.js";

/** Where a record stands in its connection. */
export interface Membership {
  readonly flow: Flow;
  readonly connection: Connection;
  /** REJECTed after close and slack: it is no evidence (semantics 6.4). */
  readonly afterClose: boolean;
  /** REJECTed after the expiry of an accepted connection, before anything was accepted anew (semantics 6.3). */
  readonly lostEntry: boolean;
}

/** The latest connection of each key. */
export type ConnectionTable = Map<string, Connection>;

/**
 * Puts a record into a connection: the latest of its key, or a new one (semantics 6.4 i-v). Records of a key must come
 * in the order of 7.1. It uses times, flags and actions, never the rules (semantics 6.7).
 */
export function place(
  table: ConnectionTable,
  flow: Flow,
  record: FlowRecord,
  timers: Timers,
): Membership {
  const key = connectionKey(flow);
  const latest = table.get(key);
  const step = nextStep(latest, flow, record, timers);
  if (latest !== undefined && step === "after-close")
    return { flow, connection: latest, afterClose: true, lostEntry: false };
  if (latest !== undefined && step === "live-again") reopen(latest);
  const connection =
    latest === undefined || step === "new" || step === "new-after-expiry"
      ? newConnection(
          flow,
          record.start ?? 0,
          step === "new-after-expiry" && latest !== undefined && hasAccepted(latest)
            ? latest
            : undefined,
        )
      : latest;
  table.set(key, connection);
  // AWS makes no entry for what it REJECTs: until something is accepted, the entry is lost for each of them.
  const lostEntry =
    !isAccepted(record) && connection.expired !== undefined && !hasAccepted(connection);
  join(connection, flow, record);
  return { flow, connection, afterClose: false, lostEntry };
}

/** A dead connection is remembered for an hour, seconds (semantics 6.4). */
const REMEMBERED = 3600;

type Step = "new" | "new-after-expiry" | "join" | "live-again" | "after-close";

function nextStep(
  latest: Connection | undefined,
  flow: Flow,
  record: FlowRecord,
  timers: Timers,
): Step {
  const start = record.start ?? 0;
  if (latest === undefined || isForgotten(latest, start, timers)) return "new";
  const syn = hasSyn(flow, record);
  const rejected = !isAccepted(record);
  if (latest.closedAt !== undefined) {
    if (syn) return "new";
    if (start <= latest.closedAt + SLACK) return "join";
    if (rejected) return "after-close";
    const expired = isExpired(latest, timers.tcpEstablished, start, false);
    return expired ? "new-after-expiry" : "live-again";
  }
  if (isExpired(latest, timerOf(latest, timers), start, rejected)) return "new-after-expiry";
  if (syn && start - latest.lastEnd > SLACK) return "new";
  return "join";
}

function isForgotten(latest: Connection, start: number, timers: Timers): boolean {
  if (latest.closedAt !== undefined) return start > latest.closedAt + SLACK + REMEMBERED;
  return start - latest.lastEnd > timerOf(latest, timers) + SLACK + REMEMBERED;
}

/** The order in which the records of one connection key are taken (semantics 7.1). */
export function compareMembers(
  a: { readonly flow: Flow; readonly record: FlowRecord },
  b: { readonly flow: Flow; readonly record: FlowRecord },
): number {
  return (
    (a.record.start ?? 0) - (b.record.start ?? 0) ||
    Number(!isAccepted(a.record)) - Number(!isAccepted(b.record)) ||
    compareBig(a.flow.source.address.value, b.flow.source.address.value) ||
    a.flow.source.port - b.flow.source.port ||
    shownFlags(a.record) - shownFlags(b.record)
  );
}

function compareBig(a: bigint, b: bigint): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
