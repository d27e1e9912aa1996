// What comes near, or goes beyond, AWS's quotas.
import type { Group, NetworkAcl } from "../model/rule-set.js";
import { groupSubject, interfaceSubject, type LintContext, listed } from "./lint-context.js";
import type { LintFinding } from "./lint-finding.js";
import { countRules, type RuleCount } from "./rule-quota.js";

const RULES = 60;
/** From here on a handful more is refused. */
const NEARLY = 54;
const GROUPS = 5;
const MOST_GROUPS = 16;
/** Rules quota × groups quota never exceeds this. */
const PRODUCT = 1000;
const ACL_ENTRIES = 20;
const MOST_ACL_ENTRIES = 40;

function used({ rules, atLeast, direction, family }: RuleCount): string {
  return `${atLeast ? "at least " : ""}${rules} IPv${family} ${direction} rules`;
}

/** One finding a group: the fullest of its four counts. O(rules). */
export function ruleQuotaFindings(group: Group, { ruleSet }: LintContext): LintFinding[] {
  const full = countRules(group, ruleSet).filter(({ rules }) => rules >= NEARLY);
  if (full.length === 0) return [];
  const most = Math.max(...full.map(({ rules }) => rules));
  const weights = "A prefix list counts its maximum of entries, a group once in each family";
  return [
    {
      code: "quota-rules",
      level: quotaLevel(most, RULES, PRODUCT),
      subject: groupSubject(group),
      ruleIds: [],
      relatedIds: [],
      at: group.at,
      message: `as AWS counts, the group has ${listed(full.map(used))}; the quota is ${RULES} unless raised`,
      advice: `${weights}: condense (--fix), or split the group.`,
    },
  ];
}

function quotaLevel(value: number, quota: number, limit: number): LintFinding["level"] {
  if (value > limit) return "error";
  return value > quota ? "warning" : "note";
}

/** O(interfaces). */
export function groupQuotaFindings({ ruleSet }: LintContext): LintFinding[] {
  return [...ruleSet.interfaces.values()].flatMap((carrier): LintFinding[] => {
    const groups = new Set(carrier.groupIds).size;
    if (groups <= GROUPS) return [];
    return [
      {
        code: "quota-groups",
        level: quotaLevel(groups, GROUPS, MOST_GROUPS),
        subject: interfaceSubject(carrier),
        ruleIds: [],
        relatedIds: [],
        at: carrier.at,
        message: `the interface carries ${groups} groups; the quota is ${GROUPS} unless raised, ${MOST_GROUPS} at most`,
        advice: "Join groups that always go together.",
      },
    ];
  });
}

/**
 * AWS grants a quota of rules and one of groups only if their product is at most 1000. Looked at for each interface: its
 * number of groups times the most rules of one of them. O(rules + interfaces).
 */
export function productFindings({ ruleSet }: LintContext): LintFinding[] {
  const most = new Map<string, number>();
  for (const group of ruleSet.groups.values())
    most.set(group.id, Math.max(...countRules(group, ruleSet).map(({ rules }) => rules)));
  return [...ruleSet.interfaces.values()].flatMap((carrier): LintFinding[] => {
    const ids = [...new Set(carrier.groupIds)];
    const rules = Math.max(0, ...ids.map((id) => most.get(id) ?? 0));
    // One group alone is told by its own count.
    if (ids.length < 2 || rules * ids.length <= PRODUCT) return [];
    return [
      {
        code: "quota-product",
        level: "warning",
        subject: interfaceSubject(carrier),
        ruleIds: [],
        relatedIds: [],
        at: carrier.at,
        message: `${ids.length} groups × ${rules} rules (the most of one of them) is ${ids.length * rules}; AWS grants quotas up to a product of ${PRODUCT}`,
        advice: "Condense the largest group, or carry fewer groups.",
      },
    ];
  });
}

/** Numbered entries of one direction; the closing `*` does not count. */
export function aclQuotaFindings(acl: NetworkAcl): LintFinding[] {
  return (["ingress", "egress"] as const).flatMap((direction): LintFinding[] => {
    const entries = acl.entries.filter(
      (e) => e.direction === direction && e.number < 32_767,
    ).length;
    if (entries <= ACL_ENTRIES) return [];
    return [
      {
        code: "quota-acl-entries",
        level: quotaLevel(entries, ACL_ENTRIES, MOST_ACL_ENTRIES),
        subject: { kind: "acl", id: acl.id, name: null },
        ruleIds: [],
        relatedIds: [],
        at: acl.at,
        message: `${entries} ${direction} entries; the quota is ${ACL_ENTRIES} unless raised, ${MOST_ACL_ENTRIES} at most`,
        advice: "Join entries, or leave to groups what groups can say.",
      },
    ];
  });
}
