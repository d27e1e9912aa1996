import type { Cause, MismatchTuple } from "../analysis/summary.js";
import type { Grade, Reason } from "../model/verdict.js";

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
  /** True: the summary lists only the greatest tuples, so that some of this cause are not here. */
  readonly tuplesCut: boolean;
}

/** Records without an answer, by reason. */
export interface Undecided {
  readonly reason: Reason;
  readonly records: number;
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
