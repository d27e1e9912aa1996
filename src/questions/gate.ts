import type { ChangeCounts, Sample } from "../model/opener.js";
import type { Place, RuleSet } from "../model/rule-set.js";
import type { AssertionResult } from "./assertion.js";
import type { AcceptanceUse } from "./gate-accepted.js";
import type { CountedCondition, FailOn } from "./gate-fail-on.js";
import { gateFindings } from "./gate-findings.js";
import type { Impact, TupleCounts } from "./impact.js";

/** What a finding of a gate is about, closed list. */
export type GateKind =
  | "would-break"
  | "newly-pass"
  | "undetermined"
  | "assertion"
  | "undecided-assertion"
  | "lint-error"
  | "fidelity"
  | "plan"
  | "expired-acceptance"
  | "idle-acceptance";
export const GATE_KINDS: readonly GateKind[] = [
  "would-break",
  "newly-pass",
  "undetermined",
  "assertion",
  "undecided-assertion",
  "lint-error",
  "fidelity",
  "plan",
  "expired-acceptance",
  "idle-acceptance",
];

/** `error`: a condition that failed rests on it. `note`: worth knowing, nothing to do about the candidate. */
export type GateLevel = "error" | "warning" | "note";

export interface GateFinding {
  readonly kind: GateKind;
  readonly level: GateLevel;
  readonly message: string;
  /** The rule, group, assertion or acceptance it is about; null where no document has it. */
  readonly at: Place | null;
  /** Further places, each with what stands there. */
  readonly related: readonly { readonly at: Place; readonly message: string }[];
  readonly ruleId: string | null;
  readonly connections: number;
  readonly samples: readonly Sample[];
  /** The same finding in another run has the same key, wherever its rule has moved to in the file. */
  readonly key: string;
}

export interface GateCondition {
  readonly what: FailOn["what"];
  /** Fine up to this many, or from this share on. */
  readonly limit: number;
  /** Null where the log cannot tell: the condition fails. */
  readonly value: number | null;
  readonly verdict: "pass" | "fail";
}

/** What lint found in the candidate, as far as a gate reads it. */
export interface GateLintFinding {
  readonly code: string;
  readonly message: string;
  readonly at: Place | null;
}

/** Something about a plan: no condition rests on it. */
export interface GatePlanFinding extends GateLintFinding {
  readonly level: Exclude<GateLevel, "error">;
}

export interface GateInput {
  /** Name of the candidate. */
  readonly candidate: string;
  /** What the candidate does to the rows that nobody has accepted. */
  readonly impact: Impact;
  readonly accepted: readonly AcceptanceUse[];
  readonly assertions: readonly AssertionResult[];
  /** Share of records the model explains under the baseline; null where no action was logged. */
  readonly fidelity: number | null;
  /** Connections that found no room among the rows of openers: they count as undetermined. */
  readonly openersDropped: number;
  /** What summaries left undetermined that their logs would tell, with its count; absent = nothing. */
  readonly storageNotes?: readonly string[];
  /** Errors of lint in the candidate. */
  readonly lintErrors: readonly GateLintFinding[];
  /** What is odd about the plan that the candidate comes from; absent = it comes from none. */
  readonly plan?: readonly GatePlanFinding[];
  readonly baselineRules: RuleSet;
  readonly candidateRules: RuleSet;
}

export interface GateOptions {
  readonly failOn: readonly FailOn[];
  /** An assertion that nothing decides counts as violated. */
  readonly undecidedFails?: boolean;
}

export interface GateResult {
  readonly candidate: string;
  readonly verdict: "pass" | "fail";
  readonly conditions: readonly GateCondition[];
  /** Without what was accepted. */
  readonly connections: ChangeCounts;
  readonly records: ChangeCounts;
  readonly bytes: ChangeCounts;
  readonly tuples: TupleCounts;
  readonly fidelity: number | null;
  readonly assertions: readonly AssertionResult[];
  readonly accepted: readonly AcceptanceUse[];
  /** Errors first, then warnings, then notes; inside a level changes first, in the order of the impact. */
  readonly findings: readonly GateFinding[];
  /** Tuples that the impact did not list, and so are no findings. */
  readonly moreTuples: number;
  readonly undecidedFails: boolean;
}

function countOf(what: CountedCondition, input: GateInput, undecidedFails: boolean): number {
  const { connections } = input.impact;
  if (what === "would-break") return connections["newly-denied"];
  if (what === "newly-pass") return connections["newly-allowed"];
  if (what === "undetermined") return connections.undetermined + input.openersDropped;
  if (what === "lint-error") return input.lintErrors.length;
  const violated = (verdict: string): boolean =>
    verdict === "fail" || (undecidedFails && verdict === "undecided");
  return input.assertions.filter(({ verdict }) => violated(verdict)).length;
}

function conditionOf(failOn: FailOn, input: GateInput, undecidedFails: boolean): GateCondition {
  if (failOn.what === "fidelity-below") {
    const { share } = failOn;
    const fails = input.fidelity === null || input.fidelity < share;
    const verdict = fails ? "fail" : "pass";
    return { what: failOn.what, limit: share, value: input.fidelity, verdict };
  }
  const value = countOf(failOn.what, input, undecidedFails);
  const verdict = value > failOn.moreThan ? "fail" : "pass";
  return { what: failOn.what, limit: failOn.moreThan, value, verdict };
}

/**
 * Whether a candidate may pass. The counts are those of `input.impact`: give it the rows that `splitAccepted` left
 * open. Accepted changes that have expired are findings, and so are acceptances that nothing needs any more; neither
 * fails by itself.
 */
export function gateOf(input: GateInput, options: GateOptions): GateResult {
  const { undecidedFails = false } = options;
  const conditions = options.failOn.map((failOn) => conditionOf(failOn, input, undecidedFails));
  const failed = new Set(conditions.filter((c) => c.verdict === "fail").map(({ what }) => what));
  const { connections, records, bytes, tuples, more } = input.impact;
  return {
    candidate: input.candidate,
    verdict: failed.size > 0 ? "fail" : "pass",
    conditions,
    connections,
    records,
    bytes,
    tuples,
    fidelity: input.fidelity,
    assertions: input.assertions,
    accepted: input.accepted,
    findings: gateFindings(input, failed, undecidedFails),
    moreTuples: more,
    undecidedFails,
  };
}
