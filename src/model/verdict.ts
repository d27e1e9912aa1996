import * as code from "../contract.js";

export type Verdict = "allow" | "deny" | "unknown";

/** The closed list of reasons (semantics 5.6), in the order of their codes. */
export type Reason =
  | "rule"
  | "reply"
  | "no-groups"
  | "not-filtered"
  | "no-rule"
  | "reply-to-denied"
  | "after-close"
  | "expired"
  | "acl"
  | "interface-not-in-snapshot"
  | "missing-field"
  | "no-direction"
  | "peer-unresolved"
  | "icmp-type"
  | "icmp-related"
  | "direction-undecided"
  | "one-sided";

/** How the opener of a connection is known (semantics 4), `none` where no connection was needed. */
export type Grade =
  | "none"
  | "unknown"
  | "one-way"
  | "paired"
  | "inferred"
  | "rejected"
  | "measured";

export type Direction = "ingress" | "egress";
export type Opener = "local" | "remote" | "unknown";
export type Action = "ACCEPT" | "REJECT";
export type LogStatus = "OK" | "NODATA" | "SKIPDATA";

/** Names by code: index = the number in assembly/shared/codes.ts. */
export const VERDICTS: readonly Verdict[] = ["allow", "deny", "unknown"];
export const REASONS: readonly Reason[] = [
  "rule",
  "reply",
  "no-groups",
  "not-filtered",
  "no-rule",
  "reply-to-denied",
  "after-close",
  "expired",
  "acl",
  "interface-not-in-snapshot",
  "missing-field",
  "no-direction",
  "peer-unresolved",
  "icmp-type",
  "icmp-related",
  "direction-undecided",
  "one-sided",
];
export const GRADES: readonly Grade[] = [
  "none",
  "unknown",
  "one-way",
  "paired",
  "inferred",
  "rejected",
  "measured",
];
export const DIRECTIONS: readonly (Direction | "")[] = ["", "ingress", "egress"];
export const OPENERS: readonly Opener[] = ["unknown", "local", "remote"];

/** The verdict each reason stands for (semantics 5.6). */
export function verdictOf(reason: Reason): Verdict {
  const index = REASONS.indexOf(reason);
  if (index <= code.REASON_NOT_FILTERED) return "allow";
  return index <= code.REASON_ACL ? "deny" : "unknown";
}
