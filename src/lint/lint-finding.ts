import type { Place } from "../model/rule-set.js";

/** Gravest first. */
export const LINT_LEVELS = ["error", "warning", "note"] as const;
export type LintLevel = (typeof LINT_LEVELS)[number];

/** Stable: scripts and accepted findings name them. */
export const LINT_CODES = [
  "world-open",
  "egress-open",
  "stale-reference",
  "unresolved-reference",
  "empty-reference",
  "covered-reference",
  "duplicate-rule",
  "shadowed-rule",
  "mergeable-rules",
  "quota-rules",
  "quota-groups",
  "quota-product",
  "quota-acl-entries",
  "name-invalid",
  "name-taken",
  "description-invalid",
  "icmp-pair",
  "icmp-family",
  "ports-ignored",
  "group-unused",
  "group-missing",
  "egress-missing",
  "default-group-in-use",
  "acl-entry-shadowed",
  "acl-entry-unreachable",
  "acl-replies-blocked",
  "acl-unused",
] as const;
export type LintCode = (typeof LINT_CODES)[number];

/** What a finding is about, and what reports group by. */
export interface LintSubject {
  readonly kind: "group" | "interface" | "acl" | "rule-set";
  /** Empty for the rule set. */
  readonly id: string;
  readonly name: string | null;
}

/** One thing that the rules alone show. */
export interface LintFinding {
  readonly code: LintCode;
  readonly level: LintLevel;
  readonly subject: LintSubject;
  /** The rules at fault; entries of network ACLs as `acl-1 ingress 100`. */
  readonly ruleIds: readonly string[];
  /** Rules that the message refers to besides: those that cover, those that stay. */
  readonly relatedIds: readonly string[];
  readonly at: Place;
  /** What was found, as a sentence. */
  readonly message: string;
  /** What to do, as a sentence. */
  readonly advice: string;
}

const SUBJECT_KINDS: readonly LintSubject["kind"][] = ["group", "interface", "acl", "rule-set"];

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** By subject, then level, then code, then place: the same rules give the same list. */
export function compareFindings(a: LintFinding, b: LintFinding): number {
  return (
    SUBJECT_KINDS.indexOf(a.subject.kind) - SUBJECT_KINDS.indexOf(b.subject.kind) ||
    compareText(a.subject.id, b.subject.id) ||
    LINT_LEVELS.indexOf(a.level) - LINT_LEVELS.indexOf(b.level) ||
    LINT_CODES.indexOf(a.code) - LINT_CODES.indexOf(b.code) ||
    compareText(a.at.file, b.at.file) ||
    a.at.line - b.at.line ||
    a.at.column - b.at.column ||
    compareText(a.message, b.message)
  );
}
