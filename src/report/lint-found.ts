// What `lint` found, as data.

import type { LintFinding } from "../lint/index.js";
import type { Ground } from "./report-ground.js";

/** What a log says of one rule; times are Unix seconds, null where no record was admitted. */
export interface RuleTraffic {
  /** Connections that the rule admits by their opener. */
  readonly openers: number;
  /** Of them, those that no other rule admits. */
  readonly soleOpeners: number;
  readonly records: number;
  readonly bytes: number;
  /** Distinct remote addresses. */
  readonly peers: number;
  readonly first: number | null;
  readonly last: number | null;
}

export interface LintFound {
  readonly findings: readonly LintFinding[];
  readonly groups: number;
  readonly rules: number;
  readonly interfaces: number;
  readonly acls: number;
  /** By rule id, where a log was given; a rule that is not in it admitted nothing. */
  readonly traffic: ReadonlyMap<string, RuleTraffic> | undefined;
  /** The run over that log. */
  readonly ground?: Ground;
}

/** Rules of security groups among those at fault: what openers say of entries of network ACLs is not known. */
export function groupRuleIds({ subject, ruleIds }: LintFinding): readonly string[] {
  return subject.kind === "acl" ? [] : ruleIds;
}
