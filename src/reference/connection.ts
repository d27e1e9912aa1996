import type { FlowRecord } from "../model/record.js";
import type { Grade, Opener } from "../model/verdict.js";
import { type Endpoint, type Flow, isAccepted, shownFlags, TCP } from "./flow.js";

const SYN = 2;
const FIN = 1;
const RST = 4;
/** SYN and ACK together: the answer to an opening. Bit 16 never stands alone in a log. */
const ACK = 16;

/** Which end of a connection sent a record. */
export type SideName = "local" | "remote";

/** What the records of one direction show. */
export interface Side {
  records: number;
  rejected: number;
  firstStart: number;
  /** Packets of ACCEPTed records; at least one each (semantics 6.2). */
  acceptedPackets: bigint;
  /** It sent SYN without bit 16: it opened (semantics 4.1). */
  sentOpening: boolean;
  /** It sent bit 16 in an ACCEPTed record: it answered (semantics 4.1). */
  sentAnswer: boolean;
  /** Records that would show no SYN even if it was there: not TCP, or without tcp-flags (semantics 5.4). */
  flaglessRecords: number;
  finSeen: boolean;
}

/** How the opener of a connection is known, in the words of section 4. */
export type OpenerEvidence =
  | "syn"
  | "syn-answer"
  | "syn-contradiction"
  | "rejected-opening"
  | "rejected-replies"
  | "fan-out"
  | "ports"
  | "fan-out-and-ports"
  | "fan-out-against-ports"
  | "first-start"
  | "only-direction"
  | "earlier-connection"
  | "nothing";

export interface OpenerFinding {
  readonly opener: Opener;
  readonly grade: Grade;
  readonly because: OpenerEvidence;
}

/** A flow and its reverse at one interface, between two openings (semantics 6.2-6.4). */
export interface Connection {
  readonly interfaceId: string;
  readonly protocol: number;
  readonly local: Endpoint;
  readonly remote: Endpoint;
  /** First `start` of its records. */
  readonly firstStart: number;
  /** The connection whose expiry this one follows, where that one had an ACCEPTed record (semantics 6.3). */
  readonly expired: Connection | undefined;
  readonly sides: Readonly<Record<SideName, Side>>;
  /** Greatest `end` of its records. */
  lastEnd: number;
  closedAt: number | undefined;
  /** An ACCEPTed record without tcp-flags, or with flags other than a lone SYN (semantics 6.2). */
  talked: boolean;
  finding: OpenerFinding;
}

export const UNKNOWN_OPENER: OpenerFinding = {
  opener: "unknown",
  grade: "unknown",
  because: "nothing",
};

function newSide(): Side {
  return {
    records: 0,
    rejected: 0,
    firstStart: Number.POSITIVE_INFINITY,
    acceptedPackets: 0n,
    sentOpening: false,
    sentAnswer: false,
    flaglessRecords: 0,
    finSeen: false,
  };
}

/** A connection without records; `join` gives it its first. */
export function newConnection(
  flow: Flow,
  start: number,
  expired: Connection | undefined,
): Connection {
  return {
    interfaceId: flow.interfaceId,
    protocol: flow.protocol,
    local: flow.local,
    remote: flow.remote,
    firstStart: start,
    expired,
    sides: { local: newSide(), remote: newSide() },
    lastEnd: start,
    closedAt: undefined,
    talked: false,
    finding: UNKNOWN_OPENER,
  };
}

export function senderOf(flow: Flow): SideName {
  return flow.direction === "ingress" ? "remote" : "local";
}

export function otherSide(side: SideName): SideName {
  return side === "local" ? "remote" : "local";
}

/** tcp-flags where they mean something. */
function flagsOf(flow: Flow, record: FlowRecord): number {
  return flow.protocol === TCP ? shownFlags(record) : 0;
}

export function hasSyn(flow: Flow, record: FlowRecord): boolean {
  return (flagsOf(flow, record) & SYN) !== 0;
}

export function hasAccepted(connection: Connection): boolean {
  const { local, remote } = connection.sides;
  return local.records > local.rejected || remote.records > remote.rejected;
}

/** Adds a record to the evidence and to the state of its connection. Records come in the order of 7.1. */
export function join(connection: Connection, flow: Flow, record: FlowRecord): void {
  const start = record.start ?? 0;
  const flags = flagsOf(flow, record);
  const side = connection.sides[senderOf(flow)];
  side.records++;
  side.firstStart = Math.min(side.firstStart, start);
  if ((flags & (SYN | ACK)) === SYN) side.sentOpening = true;
  if (flow.protocol !== TCP || record.tcpFlags === null) side.flaglessRecords++;
  connection.lastEnd = Math.max(connection.lastEnd, start, record.end ?? start);
  if (isAccepted(record)) joinAccepted(connection, side, flow, record, flags);
  else side.rejected++;
}

function joinAccepted(
  connection: Connection,
  side: Side,
  flow: Flow,
  record: FlowRecord,
  flags: number,
): void {
  side.acceptedPackets += record.packets === null || record.packets === 0n ? 1n : record.packets;
  if ((flags & ACK) !== 0) side.sentAnswer = true;
  if (flow.protocol !== TCP) return;
  if (record.tcpFlags === null || shownFlags(record) !== SYN) connection.talked = true;
  // Flags are OR-ed over the window: with a SYN in it, FIN and RST may belong to the connection before.
  if ((flags & SYN) !== 0) return;
  if ((flags & FIN) !== 0) side.finSeen = true;
  const { local, remote } = connection.sides;
  const closes = (flags & RST) !== 0 || (local.finSeen && remote.finSeen);
  if (closes && connection.closedAt === undefined) connection.closedAt = connection.lastEnd;
}

/** An ACCEPTed record long after the close shows that the connection lives (semantics 6.4). */
export function reopen(connection: Connection): void {
  connection.closedAt = undefined;
  connection.sides.local.finSeen = false;
  connection.sides.remote.finSeen = false;
}
