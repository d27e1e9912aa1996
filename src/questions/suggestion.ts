import type { Sample } from "../model/opener.js";
import type { Group, Rule, RuleSet } from "../model/rule-set.js";
import type { Direction, Grade } from "../model/verdict.js";
import type { LeftOut } from "./tighten-training.js";

/** A rule of a suggestion and where it comes from. */
export interface SuggestedRule {
  /** Its description is that of the present rule that admitted most of its connections. */
  readonly rule: Rule;
  /** `new`: narrower than what is there. `same`: a present rule, needed as it is. `kept`: the log cannot judge it. */
  readonly origin: "new" | "same" | "kept";
  /** Ids of the present rules that admitted what this one is for. */
  readonly replaces: readonly string[];
  /** Training connections it admits; another suggested rule may admit them too. */
  readonly connections: number;
}

/** The least that a number of rules admits. */
export interface CurvePoint {
  readonly rules: number;
  /** Addresses × ports, summed over rules. */
  readonly permissiveness: number;
  /** Its decimal logarithm; null for 0. */
  readonly log10: number | null;
  /** The same where groups and prefix lists are named wherever they fit; null where so few rules cannot do that. */
  readonly withNames: number | null;
}

/** A limit of AWS, as a mark on the curve. */
export interface QuotaMark {
  readonly name: "rules-per-group" | "rules-per-group-raised";
  /** Rules per direction and family. */
  readonly rules: number;
}

/** One direction and address family. AWS counts its quota for each of these by itself. */
export interface SuggestionPart {
  readonly direction: Direction;
  readonly family: 4 | 6;
  /** Present rules that reach the family, and what they admit. */
  readonly present: { readonly rules: number; readonly permissiveness: number };
  readonly suggested: {
    readonly rules: number;
    readonly permissiveness: number;
    /** What AWS counts: a prefix list weighs as many rules as it has entries (its `MaxEntries` may be more). */
    readonly weight: number;
  };
  /** Distinct openings (address, protocol, port) that were learnt from. */
  readonly openings: number;
  /** False: so few rules cannot do without leaving the present rules; the fewest that can are suggested. */
  readonly withinBudget: boolean;
  /** Groups and prefix lists are named wherever they fit; false where the budget is too small for it. */
  readonly named: boolean;
  /** Ascending by rules. A count that is missing reaches no less than the one before. */
  readonly curve: readonly CurvePoint[];
  /** Blocks and how rules are dealt out are optimal, port ranges and names are not proved to be. */
  readonly method: "near-optimal";
}

/** Narrower rules for a group, and what they were learnt from. */
export interface Suggestion {
  readonly groupId: string;
  /** Most rules per direction and address family. */
  readonly budget: number;
  /** Weakest grade that was learnt from. */
  readonly minGrade: Grade;
  readonly rules: readonly SuggestedRule[];
  readonly parts: readonly SuggestionPart[];
  readonly quotas: readonly QuotaMark[];
  /** Present rules that are not suggested, as they are or at all. */
  readonly dropped: readonly { readonly rule: Rule; readonly connections: number }[];
  /** Directions without any opening to learn from: their rules stay as they are. */
  readonly untouched: readonly { readonly direction: Direction; readonly why: UntouchedReason }[];
  readonly training: {
    /** Connections learnt from, per grade. */
    readonly grades: Readonly<Partial<Record<Grade, number>>>;
    readonly leftOut: Readonly<Record<LeftOut, number>>;
    /** Interfaces that carry the group, and those of them with openers in the log. */
    readonly interfaces: { readonly carrying: number; readonly seen: number };
    readonly first: number | null;
    readonly last: number | null;
  };
  /** The group with the suggested rules, and the rule set with that group: a candidate. */
  readonly group: Group;
  readonly ruleSet: RuleSet;
}

/** `not-asked`: only the other direction was. `classic`: EC2-Classic lets everything out (semantics 3.8). */
export type UntouchedReason = "not-asked" | "no-openings" | "classic";

/** Connections of held-out rows that the suggestion would have denied. */
export interface HeldOut {
  /** Connections that rules of the group admitted, and how many of them the suggestion denies. */
  readonly connections: number;
  readonly broken: number;
  readonly list: readonly HeldOutTuple[];
}

export interface HeldOutTuple {
  readonly direction: Direction;
  readonly protocol: number;
  readonly port: number | null;
  readonly remote: string;
  readonly interfaces: readonly string[];
  readonly connections: number;
  readonly first: number;
  readonly last: number;
  /** Present rules of the group that admitted them. */
  readonly rules: readonly string[];
  readonly samples: readonly Sample[];
}
