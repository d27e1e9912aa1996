import type { Cidr } from "../model/address.js";
import type { Change, Sample } from "../model/opener.js";
import type { Place } from "../model/rule-set.js";

/** One end of traffic as an assertion names it; not yet looked up. */
export type EndName =
  | { readonly kind: "any" }
  | { readonly kind: "cidr"; readonly cidr: Cidr; readonly text: string; readonly at: Place }
  /** By id (`sg-...`) or by name; a name may be that of several groups, of all of which it speaks. */
  | { readonly kind: "group"; readonly name: string; readonly text: string; readonly at: Place }
  | { readonly kind: "interface"; readonly id: string; readonly text: string; readonly at: Place }
  | {
      readonly kind: "prefix-list";
      readonly name: string;
      readonly text: string;
      readonly at: Place;
    };

/** Protocol (-1 = every one) with destination ports, 0-65535 where they do not matter. */
export interface PortName {
  readonly protocol: number;
  readonly fromPort: number;
  readonly toPort: number;
  readonly text: string;
}

/** Traffic that an assertion speaks of: from any of, but none of, to any of, but none of, on any of. */
export interface TrafficName {
  readonly from: readonly EndName[];
  readonly exceptFrom: readonly EndName[];
  readonly to: readonly EndName[];
  readonly exceptTo: readonly EndName[];
  readonly ports: readonly PortName[];
}

/** What proves or disproves an assertion: openers of the log, or the rules alone. */
export type EvidenceKind = "traffic" | "rules";
export const EVIDENCE_KINDS: readonly EvidenceKind[] = ["traffic", "rules"];

/** What must hold of a candidate. `title`: its `name`, else its own words. */
export type Assertion = {
  readonly title: string;
  readonly at: Place;
} & (
  | {
      readonly kind: "deny" | "allow";
      readonly traffic: TrafficName;
      readonly by: readonly EvidenceKind[];
    }
  | {
      readonly kind: "no-world-open-unused";
      readonly days: number;
      /** Rules of these groups only; empty = of every group. */
      readonly groups: readonly EndName[];
      readonly ports: readonly PortName[];
    }
);

/** A change that somebody answers for, until a day. */
export interface Acceptance {
  readonly change: Exclude<Change, "unchanged">;
  readonly traffic: TrafficName;
  readonly owner: string;
  /** The last day it holds, `2027-01-31`, and the second after it (Unix, UTC). */
  readonly expires: string;
  readonly expiresAt: number;
  readonly note: string | null;
  readonly title: string;
  readonly at: Place;
}

export interface AssertionFile {
  readonly name: string;
  readonly assertions: readonly Assertion[];
  readonly accepted: readonly Acceptance[];
}

export type AssertionVerdict = "pass" | "fail" | "undecided";

/** A rule, or an opener, that speaks against an assertion, or leaves it open. */
export interface AssertionFinding {
  readonly verdict: "fail" | "undecided";
  readonly message: string;
  /** The rule or group it is about; null where it is about openers alone. */
  readonly at: Place | null;
  readonly ruleId: string | null;
  readonly connections: number;
  readonly samples: readonly Sample[];
}

export interface AssertionEvidence {
  readonly kind: EvidenceKind;
  readonly verdict: AssertionVerdict;
  /** Connections looked at; 0 for rules. */
  readonly connections: number;
  /** At most 100, fails first. */
  readonly findings: readonly AssertionFinding[];
  readonly more: number;
}

export interface AssertionResult {
  readonly assertion: Assertion;
  readonly verdict: AssertionVerdict;
  /** The evidence that settled it; the only kind asked for where nothing is settled. */
  readonly settledBy: EvidenceKind;
  readonly evidence: readonly AssertionEvidence[];
}
