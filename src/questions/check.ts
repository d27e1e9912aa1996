import { CAUSES, type Cause, type MismatchTuple, type Summary } from "../analysis/summary.js";
import { formatAddress } from "../model/address.js";
import type { JudgedOpener } from "../model/opener.js";
import { type Grade, REASONS, type Reason, verdictOf } from "../model/verdict.js";
import { CAUSE_SETTLINGS, REASON_SETTLINGS } from "./check-settling.js";
import type { Spread } from "./tuple.js";
import { compareText, count, spreadOf } from "./tuple-spread.js";

/**
 * How strong the evidence for a cause is. `stated`: the log itself says it. `shown`: nothing else known behaves so.
 * `suggested`: the pattern fits. `open`: what is left when nothing speaks.
 */
export type Evidence = "stated" | "shown" | "suggested" | "open";
export const EVIDENCE: readonly Evidence[] = ["stated", "shown", "suggested", "open"];

/** What would settle a question: a document or a piece of log that is missing. */
export interface Settling {
  /** What to get, in a few words. */
  readonly document: string;
  /** The read-only command that gets it, where there is one. */
  readonly command: string | null;
}

/** A tuple of disagreeing records, with what the connections of the log say of it. */
export interface CheckTuple extends MismatchTuple {
  /** Records of the tuple with the cause it is listed under. */
  readonly recordsOfCause: number;
  /** Connections of the same interface, direction, remote address, protocol and port; 0 where not counted. */
  readonly connections: number;
  readonly grades: Readonly<Partial<Record<Grade, number>>>;
}

export type DisagreementKind = "accepted-but-denied" | "rejected-but-allowed";

/** Disagreeing records of one cause. */
export interface Disagreement {
  readonly kind: DisagreementKind;
  readonly cause: Cause;
  readonly evidence: Evidence;
  readonly records: number;
  /** Share of all disagreeing records. */
  readonly share: number;
  readonly settledBy: readonly Settling[];
  /** Most records first. */
  readonly tuples: readonly CheckTuple[];
  /** True: records of this cause are of tuples that are not here, for the summary lists only the greatest. */
  readonly tuplesCut: boolean;
}

/** Records without an answer, by reason. */
export interface Undecided {
  readonly reason: Reason;
  readonly records: number;
  /** What the verdicts of connections name: peers, groups; by connections. */
  readonly details: Spread;
  readonly settledBy: readonly Settling[];
}

/** Does the model explain the log under these rules (semantics 8)? */
export interface FidelityCheck {
  readonly fidelity: number | null;
  readonly agreeing: number;
  readonly disagreeing: number;
  readonly acceptedButDenied: number;
  readonly rejectedButAllowed: number;
  readonly unknown: number;
  /** Records judged whose action the log does not say: they agree with nothing. */
  readonly withoutAction: number;
  /** Strongest evidence first, then records. */
  readonly disagreements: readonly Disagreement[];
  /** Most records first. */
  readonly undecided: readonly Undecided[];
}

/**
 * How strong the evidence for each cause is, and so the order of the report. `reject-reason` is AWS's own word. Only a
 * stateless filter refuses the replies of what it let in, and only other rules let in what these refuse: shown. An
 * opening before the log, a translated address, a late packet, a side both accepted and refused fit a pattern that
 * something else could make too: suggested. Where a connection was refused from the start, changed rules and a network
 * ACL look alike: open.
 */
const EVIDENCE_OF: Readonly<Record<Cause, Evidence>> = {
  "encryption-control": "stated",
  "blocked-public-access": "stated",
  "acl-strongly-suspected": "shown",
  "rules-changed-or-incomplete": "shown",
  "acl-suspected": "suggested",
  "late-packet": "suggested",
  "address-translated": "suggested",
  "opened-before-log": "suggested",
  "rules-changed-or-acl": "open",
};

/** Causes of records that AWS let in (semantics 8.1); the others are of refused ones (8.2). */
const ACCEPTED_CAUSES: ReadonlySet<Cause> = new Set<Cause>([
  "opened-before-log",
  "address-translated",
  "rules-changed-or-incomplete",
]);

/**
 * Whether the model explains the log: agreement, and every disagreement under its suspected cause, strongest evidence
 * first. Counts are the summary's; `openers` adds connections and grades to its tuples. Cost: one pass over the rows.
 */
export function checkOf(summary: Summary, openers: Iterable<JudgedOpener>): FidelityCheck {
  const { accept, reject } = summary.matrix;
  const disagreeing = accept.deny + reject.allow;
  const withAction = [accept, reject].reduce((sum, c) => sum + c.allow + c.deny + c.unknown, 0);
  const { allow, deny, unknown } = summary.verdicts;
  return {
    fidelity: summary.fidelity,
    agreeing: accept.allow + reject.deny,
    disagreeing,
    acceptedButDenied: accept.deny,
    rejectedButAllowed: reject.allow,
    unknown,
    withoutAction: allow + deny + unknown - withAction,
    disagreements: disagreementsOf(summary, openers, disagreeing),
    undecided: undecidedOf(summary, openers),
  };
}

function disagreementsOf(
  summary: Summary,
  openers: Iterable<JudgedOpener>,
  disagreeing: number,
): readonly Disagreement[] {
  const { acceptedButDenied, rejectedButAllowed } = summary.mismatches;
  const seen = connectionsOf([...acceptedButDenied, ...rejectedButAllowed], openers);
  const found = CAUSES.flatMap((cause): readonly Disagreement[] => {
    const records = cause === "" ? 0 : (summary.causes[cause] ?? 0);
    if (cause === "" || records === 0) return [];
    const isAccepted = ACCEPTED_CAUSES.has(cause);
    const tuples = tuplesOf(isAccepted ? acceptedButDenied : rejectedButAllowed, cause, seen);
    const listed = tuples.reduce((sum, { recordsOfCause }) => sum + recordsOfCause, 0);
    return [
      {
        kind: isAccepted ? "accepted-but-denied" : "rejected-but-allowed",
        cause,
        evidence: EVIDENCE_OF[cause],
        records,
        share: disagreeing === 0 ? 0 : records / disagreeing,
        settledBy: CAUSE_SETTLINGS[cause],
        tuples,
        tuplesCut: listed < records,
      },
    ];
  });
  // The sort is stable: equal ones keep the order of CAUSES.
  return found.sort(
    (a, b) => EVIDENCE.indexOf(a.evidence) - EVIDENCE.indexOf(b.evidence) || b.records - a.records,
  );
}

function tuplesOf(
  tuples: readonly MismatchTuple[],
  cause: Cause,
  seen: ReadonlyMap<string, SeenConnections>,
): readonly CheckTuple[] {
  const found = tuples.flatMap((tuple): readonly CheckTuple[] => {
    const recordsOfCause = tuple.causes[cause] ?? 0;
    if (recordsOfCause === 0) return [];
    const { connections, grades } = seen.get(tupleKey(tuple))!;
    const byName = [...grades].sort(([a], [b]) => compareText(a, b));
    return [{ ...tuple, recordsOfCause, connections, grades: Object.fromEntries(byName) }];
  });
  return found.sort(
    (a, b) => b.recordsOfCause - a.recordsOfCause || compareText(tupleKey(a), tupleKey(b)),
  );
}

interface SeenConnections {
  connections: number;
  readonly grades: Map<Grade, number>;
}

function tupleKey({ interfaceId, direction, remote, protocol, port }: MismatchTuple): string {
  return `${interfaceId} ${direction} ${remote} ${protocol} ${port}`;
}

/** Connections of each tuple. Only rows of the tuples' interfaces are put in words. */
function connectionsOf(
  tuples: readonly MismatchTuple[],
  openers: Iterable<JudgedOpener>,
): ReadonlyMap<string, SeenConnections> {
  const interfaces = new Set(tuples.map(({ interfaceId }) => interfaceId));
  const seen = new Map<string, SeenConnections>();
  for (const tuple of tuples) seen.set(tupleKey(tuple), { connections: 0, grades: new Map() });
  for (const row of openers) {
    if (!interfaces.has(row.interfaceId)) continue;
    const { interfaceId, direction, protocol, port } = row;
    const key = `${interfaceId} ${direction} ${formatAddress(row.remote)} ${protocol} ${port}`;
    const found = seen.get(key);
    if (found === undefined) continue;
    found.connections += row.connections;
    count(found.grades, row.grade, row.connections);
  }
  return seen;
}

function undecidedOf(summary: Summary, openers: Iterable<JudgedOpener>): readonly Undecided[] {
  const details = new Map<Reason, Map<string, number>>();
  for (const row of openers) {
    const ruling = row.rulings[0];
    if (ruling?.verdict !== "unknown" || ruling.detail === "") continue;
    const counts = details.get(ruling.reason) ?? new Map<string, number>();
    details.set(ruling.reason, counts);
    count(counts, ruling.detail, row.connections);
  }
  const found = REASONS.flatMap((reason): readonly Undecided[] => {
    const records = summary.reasons[reason];
    if (verdictOf(reason) !== "unknown" || records === 0) return [];
    const named = spreadOf(details.get(reason) ?? new Map<string, number>(), (name) => name);
    return [{ reason, records, details: named, settledBy: REASON_SETTLINGS[reason] ?? [] }];
  });
  return found.sort((a, b) => b.records - a.records);
}
