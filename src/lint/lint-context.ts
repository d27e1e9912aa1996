import type { Group, NetworkInterface, Rule, RuleSet } from "../model/rule-set.js";
import type { LintSubject } from "./lint-finding.js";
import { type Members, membersOf } from "./membership.js";

/** What the checks share. */
export interface LintContext {
  readonly ruleSet: RuleSet;
  readonly members: Members;
  /** Whether the rule set says who carries what: without it nothing is called unused or empty. */
  readonly knowsInterfaces: boolean;
}

export function lintContext(ruleSet: RuleSet): LintContext {
  return {
    ruleSet,
    members: membersOf(ruleSet),
    knowsInterfaces: ruleSet.interfaces.size > 0,
  };
}

export function groupSubject({ id, name }: Group): LintSubject {
  return { kind: "group", id, name: name ?? null };
}

export function interfaceSubject({ id }: NetworkInterface): LintSubject {
  return { kind: "interface", id, name: null };
}

export const RULE_SET: LintSubject = { kind: "rule-set", id: "", name: null };

export function idsOf(rules: readonly Rule[]): string[] {
  return rules.map(({ id }) => id);
}

/** Whether an interface, or `--attach`, carries the group. */
export function isCarried({ members, ruleSet }: LintContext, groupId: string): boolean {
  return members.has(groupId) || ruleSet.attach.includes(groupId);
}

/** `1 rule`, `3 rules`. */
export function count(value: number, noun: string, plural: string = `${noun}s`): string {
  return `${value} ${value === 1 ? noun : plural}`;
}

/** At most three things by name: `a`, `a and b`, `a, b, c and 4 more`. */
export function listed(items: readonly string[]): string {
  if (items.length <= 1) return items[0] ?? "";
  if (items.length > 3) return `${items.slice(0, 3).join(", ")} and ${items.length - 3} more`;
  return `${items.slice(0, -1).join(", ")} and ${items.at(-1)}`;
}
