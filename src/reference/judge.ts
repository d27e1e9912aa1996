import type { FlowRecord } from "../model/record.js";
import type { Direction, Reason, Verdict } from "../model/verdict.js";
import { verdictOf } from "../model/verdict.js";
import { type Connection, hasAccepted, type SideName } from "./connection.js";
import type { Membership } from "./connections.js";
import { type Endpoints, wasAccepted } from "./endpoints.js";
import { isAccepted, opposite, TCP } from "./flow.js";
import type { InterfaceTimes } from "./interface-times.js";
import { findOpener, handshakeNames, isSettled, onlySide } from "./opener.js";
import { type Answer, ask, type FitCache, type Policy, type Question } from "./policy.js";
import { carriersOf, type Snapshot } from "./snapshot.js";

/** What a record is judged on: the rules, and the evidence up to the end of the look-ahead of its slot. */
export interface JudgeContext {
  readonly snapshot: Snapshot;
  readonly endpoints: Endpoints;
  readonly times: InterfaceTimes;
  readonly fits: FitCache;
  /** The slot being judged. */
  readonly slot: number;
}

/** Verdict and reason of one record (section 5). */
export interface Ruling {
  readonly verdict: Verdict;
  readonly reason: Reason;
  readonly detail: string;
  readonly rules: readonly string[];
}

export function ruling(reason: Reason, detail = "", rules: readonly string[] = []): Ruling {
  return { verdict: verdictOf(reason), reason, detail, rules };
}

/** Settles the opener when the first record is judged; asks anew while it is weak (semantics 4.9). */
export function settleOpener(connection: Connection, context: JudgeContext): void {
  if (isSettled(connection.finding)) return;
  connection.finding = findOpener(connection, context);
}

/** Judges a record of a connection whose opener was settled for this slot. */
export function judge(
  membership: Membership,
  record: FlowRecord,
  policy: Policy,
  context: JudgeContext,
): Ruling {
  const { connection, flow } = membership;
  const own = askAs(connection, flow.direction, !isAccepted(record), policy, context);
  if (membership.afterClose && own.verdict !== "allow") return ruling("after-close");
  if (membership.lostEntry && own.verdict !== "allow") return ruling("expired");
  const { opener } = connection.finding;
  if (opener === "unknown") return judgeEitherWay(membership, record, own, policy, context);
  const forward = forwardDirection(opener);
  if (flow.direction === forward) return judgeForward(own);
  return judgeReply(askConnection(connection, forward, policy, context));
}

/** The direction of the forward records of a connection with this opener. */
export function forwardDirection(opener: SideName): Direction {
  return opener === "local" ? "egress" : "ingress";
}

/** 5.1 */
function judgeForward(answer: Answer): Ruling {
  if (answer.verdict === "allow") return ruling("rule", "", answer.rules);
  if (answer.verdict === "deny") return ruling("no-rule");
  return ruling(answer.reason, answer.detail);
}

/** 5.2, 5.3: a reply follows its opener. */
function judgeReply(answer: Answer): Ruling {
  if (answer.verdict === "allow") return ruling("reply", "", answer.rules);
  if (answer.verdict === "deny") return ruling("reply-to-denied");
  return ruling(answer.reason, answer.detail);
}

/** 4.6: the opener is unknown, both readings are judged. */
function judgeEitherWay(
  { connection, flow }: Membership,
  record: FlowRecord,
  own: Answer,
  policy: Policy,
  context: JudgeContext,
): Ruling {
  const other = askConnection(connection, opposite(flow.direction), policy, context);
  if (own.verdict !== other.verdict) return ruling("direction-undecided");
  if (own.verdict === "deny" && isAccepted(record) && isLoneTcp(connection))
    return ruling("one-sided");
  return judgeForward(own);
}

/** One direction of TCP alone: half of a connection, or a stray reset. */
function isLoneTcp(connection: Connection): boolean {
  return connection.protocol === TCP && onlySide(connection) !== undefined;
}

/**
 * The verdict of a connection as its openers' side stands in the evidence (section 5). With an unknown opener: what
 * both readings agree on, `unknown` where they differ or where 4.6 would call its ACCEPTed records one-sided.
 */
export function judgeConnection(
  connection: Connection,
  policy: Policy,
  context: JudgeContext,
): Verdict {
  const { opener } = connection.finding;
  if (opener !== "unknown")
    return askConnection(connection, forwardDirection(opener), policy, context).verdict;
  const ingress = askConnection(connection, "ingress", policy, context).verdict;
  const egress = askConnection(connection, "egress", policy, context).verdict;
  if (ingress !== egress) return "unknown";
  if (ingress === "deny" && isLoneTcp(connection) && hasAccepted(connection)) return "unknown";
  return ingress;
}

/** The answer for the connection and its replies, read as opened in `direction`. */
function askConnection(
  connection: Connection,
  direction: Direction,
  policy: Policy,
  context: JudgeContext,
): Answer {
  const rejected = isSideRejected(connection, direction);
  return askAs(connection, direction, rejected, policy, context);
}

/** Every record of the side that would have opened is a REJECT, and there is one (semantics 3.5). */
export function isSideRejected(connection: Connection, direction: Direction): boolean {
  const side = connection.sides[direction === "egress" ? "local" : "remote"];
  return side.records > 0 && side.rejected === side.records;
}

/** Asks the rules about the connection read as opened in `direction`. */
function askAs(
  connection: Connection,
  direction: Direction,
  rejected: boolean,
  policy: Policy,
  context: JudgeContext,
): Answer {
  const question = questionOf(connection, direction, rejected, context);
  return ask(context.snapshot, policy, question, context.fits);
}

/** What the rules are asked about a connection read as opened in `direction` (semantics 3.2, 4.6). */
export function questionOf(
  connection: Connection,
  direction: Direction,
  rejected: boolean,
  context: JudgeContext,
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
      carriersOf(context.snapshot, groupId).some((carrier) =>
        wasAccepted(context.endpoints, carrier.id, protocol, remote, context.slot),
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
