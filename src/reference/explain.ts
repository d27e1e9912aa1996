import { formatAddress } from "../model/address.js";
import type { FlowRecord, Judgement } from "../model/record.js";
import type { RuleSet } from "../model/rule-set.js";
import type { Direction } from "../model/verdict.js";
import { packetsOf } from "./acl-stage.js";
import type { Cause } from "./causes.js";
import type { OpenerFinding } from "./connection.js";
import { evaluateInDetail } from "./evaluate.js";
import { type AclExplanation, explainAcl } from "./explain-acl.js";
import { explainRules, type RuleExplanation } from "./explain-rule.js";
import { opposite } from "./flow.js";
import {
  type Evidence,
  forwardDirection,
  isOpeningAssumed,
  isSideRejected,
  questionOf,
} from "./judge.js";
import type { Finding } from "./judge-log.js";
import { type Answer, ask } from "./policy.js";
import type { RuleBook } from "./rule-book.js";
import type { ReferenceOptions } from "./run.js";
import { snapshotOf } from "./snapshot.js";
import { type Tracking, trackingOf } from "./tracking.js";

/** One group of the record's interface. */
export interface GroupExplanation {
  readonly id: string;
  readonly name: string | null;
  /** False: the interface carries it, no document describes it (semantics 1.2). */
  readonly described: boolean;
}

/** One way to read the record's connection, with every rule of that direction. */
export interface ReadingExplanation {
  /** The direction in which the connection would have been opened. */
  readonly direction: Direction;
  readonly protocol: number;
  /** Destination port of that direction; 0 where ports do not matter. */
  readonly port: number;
  readonly remote: string;
  readonly answer: Answer;
  readonly rules: readonly RuleExplanation[];
  /** Semantics 6.1; `null` where the rules do not admit the reading. */
  readonly tracking: Tracking | null;
}

/** Why a record got its verdict: data, for others to put in words. */
export interface Explanation {
  readonly judgement: Judgement;
  readonly cause: Cause | null;
  /** Whether the snapshot describes the interface, `--attach` supplies its groups, or nothing is known of it. */
  readonly interfaceKnown: "described" | "attached" | "unknown";
  readonly groups: readonly GroupExplanation[];
  /** The direction rests on an address inferred from the log (semantics 2.3). */
  readonly directionInferred: boolean;
  /** `null` where no connection was needed. */
  readonly connection: ConnectionExplanation | null;
  /** The reading the verdict rests on first; both where the opener is unknown (semantics 4.6). */
  readonly readings: readonly ReadingExplanation[];
  /**
   * The network ACL, per direction of the connection: that of the opening first, of the record where the opener is
   * unknown; the record's own alone where no connection was needed. Empty where no list is known, or none is asked.
   */
  readonly acls: readonly AclExplanation[];
}

export interface ConnectionExplanation {
  readonly role: "forward" | "reply" | "undecided";
  readonly opener: OpenerFinding;
  readonly openingAssumed: boolean;
  /** REJECTed after close and slack, or after expiry, before anything was accepted anew. */
  readonly lateness: "after-close" | "expired" | null;
  readonly firstStart: number;
  /** Evidence in both directions up to the end of the look-ahead. */
  readonly localRecords: number;
  readonly remoteRecords: number;
}

/**
 * Explains one record among the records it stands with. It belongs to `context`, or is added to it. `undefined` for
 * NODATA and SKIPDATA: they are not judged (semantics 1.1). Cost: one run over the context.
 */
export function explainRecord(
  record: FlowRecord,
  context: readonly FlowRecord[],
  ruleSet: RuleSet,
  options: ReferenceOptions,
): Explanation | undefined {
  if (record.logStatus !== "OK") return undefined;
  const records = context.includes(record) ? context : [...context, record];
  let explained: Explanation | undefined;
  const { findings } = evaluateInDetail(records, ruleSet, options, (finding, book, evidence) => {
    if (finding.judgement.record === record) explained = explainConnection(finding, book, evidence);
  });
  if (explained !== undefined) return explained;
  const finding = findings.find(({ judgement }) => judgement.record === record);
  return finding === undefined ? undefined : explainScreened(finding, ruleSet);
}

/** A record that sections 1 and 2 judged alone. */
function explainScreened(finding: Finding, ruleSet: RuleSet): Explanation {
  const { judgement, cause, view, inferred, packet } = finding;
  const groupIds = [...new Set(view?.groupIds ?? [])].sort();
  return {
    judgement,
    cause,
    interfaceKnown: knownness(finding),
    groups: groupIds.map((id) => ({
      id,
      name: ruleSet.groups.get(id)?.name ?? null,
      described: ruleSet.groups.has(id),
    })),
    directionInferred: inferred,
    connection: null,
    readings: [],
    acls: packet === undefined ? [] : explainAcl(snapshotOf(ruleSet), view, packet),
  };
}

function knownness({ view }: Finding): Explanation["interfaceKnown"] {
  if (view === undefined) return "unknown";
  return view.owner === undefined ? "attached" : "described";
}

function explainConnection(finding: Finding, book: RuleBook, evidence: Evidence): Explanation {
  const base = explainScreened(finding, book.snapshot.ruleSet);
  const { membership } = finding;
  if (membership === undefined) return base;
  const { connection, afterClose, lostEntry } = membership;
  const lost = lostEntry ? "expired" : null;
  return {
    ...base,
    connection: {
      role: roleOf(finding),
      opener: connection.finding,
      openingAssumed: isOpeningAssumed(connection),
      lateness: afterClose ? "after-close" : lost,
      firstStart: connection.firstStart,
      localRecords: connection.sides.local.records,
      remoteRecords: connection.sides.remote.records,
    },
    readings: readingDirections(finding).map((direction) =>
      explainReading(finding, direction, book, evidence),
    ),
    acls: aclDirections(finding).flatMap((direction) =>
      explainAcl(book.snapshot, finding.view, packetsOf(connection, direction)),
    ),
  };
}

function roleOf({ membership }: Finding): ConnectionExplanation["role"] {
  if (membership === undefined || membership.connection.finding.opener === "unknown")
    return "undecided";
  const forward = forwardDirection(membership.connection.finding.opener);
  return membership.flow.direction === forward ? "forward" : "reply";
}

/** The readings a verdict rests on: a late record is asked of its own direction first (semantics 6.3, 6.4). */
function readingDirections({ membership }: Finding): readonly Direction[] {
  if (membership === undefined) return [];
  const { connection, flow, afterClose, lostEntry } = membership;
  const { opener } = connection.finding;
  if (opener === "unknown") return [flow.direction, opposite(flow.direction)];
  const forward = forwardDirection(opener);
  if (afterClose || lostEntry) return [...new Set([flow.direction, forward])];
  return [forward];
}

function aclDirections({ membership }: Finding): readonly Direction[] {
  if (membership === undefined) return [];
  const { opener } = membership.connection.finding;
  const first = opener === "unknown" ? membership.flow.direction : forwardDirection(opener);
  return [first, opposite(first)];
}

function explainReading(
  finding: Finding,
  direction: Direction,
  { snapshot, fits }: RuleBook,
  evidence: Evidence,
): ReadingExplanation {
  const { membership, view, judgement } = finding;
  if (membership === undefined || view === undefined)
    throw new Error("a reading needs a connection at a known interface");
  const { connection, flow } = membership;
  const isOwn = direction === flow.direction;
  const rejected = isOwn
    ? judgement.record.action === "REJECT"
    : isSideRejected(connection, direction);
  const question = questionOf(connection, direction, rejected, snapshot, evidence);
  const answer = ask(snapshot, view.policy, question, fits);
  return {
    direction,
    protocol: question.protocol,
    port: question.port,
    remote: formatAddress(question.remote),
    answer,
    rules: explainRules(snapshot, view.policy, question),
    tracking: answer.verdict === "allow" ? trackingOf(snapshot, view, question) : null,
  };
}
