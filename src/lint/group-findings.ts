// Groups that nobody uses, interfaces whose groups are not described, interfaces that cannot send.
import type { Group, NetworkInterface } from "../model/rule-set.js";
import {
  groupSubject,
  interfaceSubject,
  isCarried,
  type LintContext,
  listed,
} from "./lint-context.js";
import type { LintFinding } from "./lint-finding.js";

/** Groups by the ids of other groups whose rules name them. O(rules). */
export function referencedGroups({ ruleSet }: LintContext): ReadonlySet<string> {
  const referenced = new Set<string>();
  for (const group of ruleSet.groups.values())
    for (const { peer, stale } of group.rules)
      if (peer.kind === "group" && peer.id !== group.id && !stale) referenced.add(peer.id);
  return referenced;
}

function isDefault({ name }: Group): boolean {
  return name === "default";
}

/** Attached to nothing and named by nothing; AWS's own default groups cannot be deleted and are spared. */
export function unusedFindings(
  group: Group,
  context: LintContext,
  referenced: ReadonlySet<string>,
): LintFinding[] {
  if (!context.knowsInterfaces || isDefault(group)) return [];
  if (isCarried(context, group.id) || referenced.has(group.id)) return [];
  return [
    {
      code: "group-unused",
      level: "note",
      subject: groupSubject(group),
      ruleIds: [],
      relatedIds: [],
      at: group.at,
      message: "no interface carries the group and no other group names it",
      advice: "Delete it, unless launch templates or functions that are at rest use it.",
    },
  ];
}

/** Default groups admit all their carriers to each other; what is not given another group ends up there. */
export function defaultGroupFindings(group: Group, context: LintContext): LintFinding[] {
  const carriers = context.members.get(group.id) ?? [];
  if (!isDefault(group) || carriers.length === 0) return [];
  return [
    {
      code: "default-group-in-use",
      level: "warning",
      subject: groupSubject(group),
      ruleIds: [],
      relatedIds: [],
      at: group.at,
      message: `the VPC's default group is carried by ${listed(carriers.map(({ id }) => id))}`,
      advice: "Give them a group of their own and take the rules out of the default group.",
    },
  ];
}

/** O(interfaces × groups of each). */
export function interfaceFindings(context: LintContext): LintFinding[] {
  return [...context.ruleSet.interfaces.values()].flatMap((carrier) => [
    ...missingGroups(carrier, context),
    ...missingEgress(carrier, context),
  ]);
}

function missingGroups(carrier: NetworkInterface, { ruleSet }: LintContext): LintFinding[] {
  const missing = carrier.groupIds.filter((id) => !ruleSet.groups.has(id));
  // No group at all: the documents hold interfaces alone, which one finding for each would only repeat.
  if (missing.length === 0 || ruleSet.groups.size === 0) return [];
  return [
    {
      code: "group-missing",
      level: "warning",
      subject: interfaceSubject(carrier),
      ruleIds: [],
      relatedIds: [],
      at: carrier.at,
      message: `the interface carries ${listed(missing)}, which no document describes`,
      advice:
        "Give the describe-security-groups answer that holds them: what only they admit is unknown.",
    },
  ];
}

function missingEgress(carrier: NetworkInterface, { ruleSet }: LintContext): LintFinding[] {
  const groups = carrier.groupIds.flatMap((id) => ruleSet.groups.get(id) ?? []);
  if (groups.length === 0 || groups.length < carrier.groupIds.length) return [];
  const sends = groups.some(
    ({ vpcId, rules }) =>
      vpcId === undefined || rules.some(({ direction }) => direction === "egress"),
  );
  if (sends) return [];
  return [
    {
      code: "egress-missing",
      level: "note",
      subject: interfaceSubject(carrier),
      ruleIds: [],
      relatedIds: [],
      at: carrier.at,
      message: `no group of the interface has an egress rule (${listed(groups.map(({ id }) => id))}): it answers, but opens nothing`,
      advice:
        "Right for a pure server; else add the egress that is needed (updates, DNS by another server, AWS's services).",
    },
  ];
}
