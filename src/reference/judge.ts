import type { FlowRecord } from "../model/record.js";
import type { Direction } from "../model/verdict.js";
import { packetsOf, withAcl } from "./acl-stage.js";
import { type Connection, hasAccepted, type SideName } from "./connection.js";
import type { Membership } from "./connections.js";
import { type Endpoints, wasAccepted } from "./endpoints.js";
import { isAccepted, opposite, TCP } from "./flow.js";
import type { InterfaceTimes } from "./interface-times.js";
import { findOpener, handshakeNames, isSettled, onlySide } from "./opener.js";
import { type Answer, ask, type Question } from "./policy.js";
import type { RuleBook } from "./rule-book.js";
import { type Ruling, ruling } from "./ruling.js";
import { screenInterface } from "./screen.js";
import { carriersOf, type Snapshot } from "./snapshot.js";

/** The evidence up to the end of the look-ahead of the slot being judged. */
export interface Evidence {
  readonly endpoints: Endpoints;
  readonly times: InterfaceTimes;
  /** The slot being judged. */
  readonly slot: number;
}

/** Whose rules judge a record: groups and lists may be of two periods (semantics 6.5, 10.6). */
export interface Basis {
  readonly groups: RuleBook;
  readonly acls: RuleBook;
}

/** The ruling of a connection, with both readings where its opener is unknown (semantics 4.6). */
export interface ConnectionRuling extends Ruling {
  readonly readings: readonly Ruling[];
}

/** Settles the opener when the first record is judged; asks anew while it is weak (semantics 4.9). */
export function settleOpener(connection: Connection, evidence: Evidence): void {
  if (isSettled(connection.finding)) return;
  connection.finding = findOpener(connection, evidence);
}

/** What the groups say of a record of a connection whose opener was settled for this slot. */
export function judgeByGroups(
  membership: Membership,
  record: FlowRecord,
  book: RuleBook,
  evidence: Evidence,
): Ruling {
  const { connection, flow } = membership;
  const stated = screenInterface(book.views.get(flow.interfaceId));
  if (stated !== undefined) return ruling(stated);
  const own = askGroups(connection, flow.direction, !isAccepted(record), book, evidence);
  if (membership.afterClose && own.verdict !== "allow") return ruling("after-close");
  if (membership.lostEntry && own.verdict !== "allow") return ruling("expired");
  const { opener } = connection.finding;
  if (opener === "unknown") return judgeEitherWay(membership, record, own, book, evidence);
  const forward = forwardDirection(opener);
  if (flow.direction === forward) return own;
  return judgeReply(judgeOpening(connection, forward, book, evidence));
}

/** The direction of the forward records of a connection with this opener. */
export function forwardDirection(opener: SideName): Direction {
  return opener === "local" ? "egress" : "ingress";
}

/** 5.2, 5.3: a reply follows its opener. */
function judgeReply(opening: Ruling): Ruling {
  if (opening.verdict === "allow") return { ...opening, reason: "reply" };
  if (opening.verdict === "deny") return ruling("reply-to-denied");
  return opening;
}

/** 4.6: the opener is unknown, both readings are judged. */
function judgeEitherWay(
  { connection, flow }: Membership,
  record: FlowRecord,
  own: Ruling,
  book: RuleBook,
  evidence: Evidence,
): Ruling {
  const other = askReading(connection, opposite(flow.direction), book, evidence);
  if (own.verdict !== other.verdict) return ruling("direction-undecided");
  if (own.verdict === "deny" && isAccepted(record) && isLoneTcp(connection))
    return ruling("one-sided");
  return own;
}

/** One direction of TCP alone: half of a connection, or a stray reset. */
function isLoneTcp(connection: Connection): boolean {
  return connection.protocol === TCP && onlySide(connection) !== undefined;
}

/** The opening of a connection in `direction`, with the network ACL it met, all of one rule set. */
export function judgeOpening(
  connection: Connection,
  direction: Direction,
  book: RuleBook,
  evidence: Evidence,
): Ruling {
  const groups = askReading(connection, direction, book, evidence);
  return withAcl(groups, book, connection.interfaceId, packetsOf(connection, direction));
}

/**
 * The ruling of a connection as its opener's side stands in the evidence (section 5), with the network ACL of its
 * opening and, where it needs replies, of their direction (semantics 10.4).
 */
export function judgeConnection(
  connection: Connection,
  basis: Basis,
  evidence: Evidence,
): ConnectionRuling {
  const { opener } = connection.finding;
  if (opener === "unknown") return judgeReadings(connection, basis, evidence);
  const forward = forwardDirection(opener);
  const { interfaceId } = connection;
  const groups = askReading(connection, forward, basis.groups, evidence);
  const opening = withAcl(groups, basis.acls, interfaceId, packetsOf(connection, forward));
  // Whatever the groups would say: without its replies it is none.
  if (opening.verdict === "deny" || !needsReplies(connection, opener))
    return { ...opening, readings: [] };
  const replies = packetsOf(connection, opposite(forward));
  return { ...withAcl(opening, basis.acls, interfaceId, replies), readings: [] };
}

/** TCP is nothing without replies; of others only a reply that was seen is known to be needed. */
function needsReplies(connection: Connection, opener: SideName): boolean {
  const responder = opener === "local" ? "remote" : "local";
  return connection.protocol === TCP || connection.sides[responder].records > 0;
}

/**
 * What both readings agree on; the lists of both directions may stop it, because one of them is the opening's and the
 * other one the replies', whoever opened.
 */
function judgeReadings(connection: Connection, basis: Basis, evidence: Evidence): ConnectionRuling {
  const ingress = askReading(connection, "ingress", basis.groups, evidence);
  const egress = askReading(connection, "egress", basis.groups, evidence);
  const readings = [ingress, egress];
  const agreed = agreedReading(connection, ingress, egress);
  if (agreed.verdict === "deny") return { ...agreed, readings };
  const { interfaceId } = connection;
  const entered = withAcl(agreed, basis.acls, interfaceId, packetsOf(connection, "ingress"));
  const left = withAcl(entered, basis.acls, interfaceId, packetsOf(connection, "egress"));
  return { ...left, readings };
}

/**
 * `unknown` where the readings differ or where 4.6 would call ACCEPTed records one-sided. Two unknowns for different
 * reasons differ. All rules of both readings are kept.
 */
function agreedReading(connection: Connection, ingress: Ruling, egress: Ruling): Ruling {
  const differ =
    ingress.verdict !== egress.verdict ||
    (ingress.verdict === "unknown" && !isSameReason(ingress, egress));
  if (differ) return ruling("direction-undecided");
  if (ingress.verdict === "deny" && isLoneTcp(connection) && hasAccepted(connection))
    return ruling("one-sided");
  if (ingress.verdict !== "allow") return ingress;
  return { ...ingress, rules: [...ingress.rules, ...egress.rules] };
}

function isSameReason(a: Ruling, b: Ruling): boolean {
  return a.reason === b.reason && a.detail === b.detail;
}

/** The groups' answer for the connection and its replies, read as opened in `direction`. */
function askReading(
  connection: Connection,
  direction: Direction,
  book: RuleBook,
  evidence: Evidence,
): Ruling {
  const rejected = isSideRejected(connection, direction);
  return askGroups(connection, direction, rejected, book, evidence);
}

/** Every record of the side that would have opened is a REJECT, and there is one (semantics 3.5). */
export function isSideRejected(connection: Connection, direction: Direction): boolean {
  const side = connection.sides[direction === "egress" ? "local" : "remote"];
  return side.records > 0 && side.rejected === side.records;
}

/** Asks a rule set's groups about the connection read as opened in `direction`: 1.2, 1.3, 5.1. */
function askGroups(
  connection: Connection,
  direction: Direction,
  rejected: boolean,
  book: RuleBook,
  evidence: Evidence,
): Ruling {
  const view = book.views.get(connection.interfaceId);
  const stated = screenInterface(view);
  if (view === undefined || stated !== undefined)
    return ruling(stated ?? "interface-not-in-snapshot");
  const question = questionOf(connection, direction, rejected, book.snapshot, evidence);
  return answered(ask(book.snapshot, view.policy, question, book.fits));
}

/** 5.1 */
function answered(answer: Answer): Ruling {
  if (answer.verdict === "allow") return ruling("rule", "", answer.rules);
  if (answer.verdict === "deny") return ruling("no-rule");
  return ruling(answer.reason, answer.detail);
}

/** What the rules are asked about a connection read as opened in `direction` (semantics 3.2, 4.6). */
export function questionOf(
  connection: Connection,
  direction: Direction,
  rejected: boolean,
  snapshot: Snapshot,
  evidence: Evidence,
): Question {
  const { protocol, remote, local } = connection;
  return {
    direction,
    protocol,
    port: direction === "ingress" ? local.port : remote.port,
    remote: remote.address,
    time: connection.firstStart,
    rejected,
    clientAccepted: (groupId) =>
      carriersOf(snapshot, groupId).some((carrier) =>
        wasAccepted(evidence.endpoints, carrier.id, protocol, remote, evidence.slot),
      ),
  };
}

/** Whether nobody saw the opening of a connection with a known opener (semantics 5.4). */
export function isOpeningAssumed(connection: Connection): boolean {
  const { opener } = connection.finding;
  if (opener === "unknown") return false;
  if (handshakeNames(connection, "local") || handshakeNames(connection, "remote")) return false;
  return connection.sides[opener].flaglessRecords === 0;
}
