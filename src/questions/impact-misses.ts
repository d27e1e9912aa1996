// The rules that come nearest to admitting a connection, with every test that stands in the way in words.

import { formatAddress } from "../model/address.js";
import type { JudgedOpener } from "../model/opener.js";
import { type Criterion, explainRules, type RuleExplanation } from "../reference/explain-rule.js";
import { type Policy, policyOf } from "../reference/policy.js";
import type { Snapshot } from "../reference/snapshot.js";
import { criterionInWords } from "./criterion-words.js";
import { groupIdsOf } from "./peer-index.js";

/** A rule that does not admit a connection, with every test it fails in words. */
export interface NearMiss {
  readonly ruleId: string;
  readonly groupId: string;
  readonly at: { readonly file: string; readonly line: number };
  /** Tests that fail; 0 = only what the log or the snapshot does not tell stands in the way. */
  readonly failing: number;
  /** One clause each: `10.1.2.3 is outside 10.0.0.0/16`, `port 5433 is not 5432`. Failing ones first, then open ones. */
  readonly criteria: readonly string[];
}

/** The nearest rules of the side that denies, for the tuple's commonest connection. */
export interface NearestMiss {
  readonly side: "baseline" | "candidate";
  readonly interfaceId: string;
  readonly remote: string;
  /** Groups the interface carries on that side. */
  readonly groupIds: readonly string[];
  /** Rules of the direction in those groups, listed or not. */
  readonly rules: number;
  /** By number of failing tests, then the order of the policy. */
  readonly nearest: readonly NearMiss[];
}

/** Rules listed per miss. */
const NEAREST = 3;

/**
 * The nearest rules of one side for the connections of a row; null where the side knows no groups of the interface, or
 * the direction is not known. Cost: one explanation of every rule of the interface's groups.
 */
export function missesIn(
  snapshot: Snapshot,
  side: NearestMiss["side"],
  row: JudgedOpener,
): NearestMiss | null {
  const { direction, interfaceId } = row;
  const groupIds = groupIdsOf(snapshot.ruleSet, interfaceId);
  if (direction === null || groupIds.length === 0) return null;
  const rules = explained(snapshot, policyOf(snapshot.ruleSet, groupIds), row, direction);
  const misses = rules.filter(({ matches }) => matches !== true);
  return {
    side,
    interfaceId,
    remote: formatAddress(row.remote),
    groupIds,
    rules: rules.length,
    // The sort is stable: equal misses keep the order of the policy.
    nearest: misses
      .map((rule) => ({ rule, failing: failingOf(rule).length }))
      .sort((a, b) => a.failing - b.failing)
      .slice(0, NEAREST)
      .map(({ rule }) => nearMiss(rule)),
  };
}

function explained(
  snapshot: Snapshot,
  policy: Policy,
  row: JudgedOpener,
  direction: NonNullable<JudgedOpener["direction"]>,
): readonly RuleExplanation[] {
  return explainRules(snapshot, policy, {
    direction,
    protocol: row.protocol,
    port: row.port ?? 0,
    remote: row.remote,
    time: row.first,
    rejected: row.action === "rejected",
    clientAccepted: () => false,
  });
}

function failingOf({ criteria }: RuleExplanation): readonly Criterion[] {
  return criteria.filter(({ fits }) => fits === false);
}

function nearMiss(rule: RuleExplanation): NearMiss {
  const { id, groupId, at, criteria } = rule;
  const failing = failingOf(rule);
  const open = criteria.filter(({ fits }) => fits === null);
  return {
    ruleId: id,
    groupId,
    at: { file: at.file, line: at.line },
    failing: failing.length,
    criteria: [...failing, ...open].map(criterionInWords),
  };
}
