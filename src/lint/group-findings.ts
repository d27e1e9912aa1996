// Groups that nobody uses, interfaces whose groups are not described, interfaces that cannot send.
import type { Group, NetworkInterface } from "../model/rule-set.js";
import { groupSubject, isCarried, type LintContext, listed } from "./lint-context.js";
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
  return [...missingGroups(context), ...missingEgress(context)];
}

function carriersOf(
  { ruleSet }: LintContext,
  keysOf: (carrier: NetworkInterface) => readonly string[],
): ReadonlyMap<string, readonly NetworkInterface[]> {
  const carriers = new Map<string, NetworkInterface[]>();
  for (const carrier of ruleSet.interfaces.values())
    for (const key of keysOf(carrier)) {
      const known = carriers.get(key);
      if (known === undefined) carriers.set(key, [carrier]);
      else known.push(carrier);
    }
  return carriers;
}

function named(carriers: readonly NetworkInterface[]): string {
  return listed(carriers.map(({ id }) => id));
}

/** One finding for each group, however many interfaces carry it. */
function missingGroups(context: LintContext): LintFinding[] {
  const { groups } = context.ruleSet;
  // No group at all: the documents hold interfaces alone, which a finding for each group would only repeat.
  if (groups.size === 0) return [];
  const missing = carriersOf(context, ({ groupIds }) => groupIds.filter((id) => !groups.has(id)));
  return Array.from(
    missing,
    ([id, carriers]): LintFinding => ({
      code: "group-missing",
      level: "warning",
      subject: { kind: "group", id, name: null },
      ruleIds: [],
      relatedIds: [],
      at: carriers[0]!.at,
      message: `${named(carriers)} ${carriers.length === 1 ? "carries" : "carry"} the group, which no document describes`,
      advice:
        "Give the describe-security-groups answer that holds it: what only it admits is unknown.",
    }),
  );
}

/** One finding for each set of groups that lets nothing out together. */
function missingEgress(context: LintContext): LintFinding[] {
  const { groups } = context.ruleSet;
  const silent = carriersOf(context, ({ groupIds }) => {
    const known = groupIds.flatMap((id) => groups.get(id) ?? []);
    const isSilent = known.length > 0 && known.length === groupIds.length && !known.some(sends);
    return isSilent ? [[...groupIds].sort().join(" ")] : [];
  });
  return Array.from(silent, ([key, carriers]): LintFinding => {
    const ids = key.split(" ");
    const first = groups.get(ids[0]!)!;
    const them = ids.length === 1 ? "the group has" : `none of ${listed(ids)} has`;
    return {
      code: "egress-missing",
      level: "note",
      subject: groupSubject(first),
      ruleIds: [],
      relatedIds: [],
      at: first.at,
      message: `${them} ${ids.length === 1 ? "no" : "an"} egress rule: ${named(carriers)} ${carriers.length === 1 ? "answers, but opens" : "answer, but open"} nothing`,
      advice:
        "Right for a pure server; else add the egress that is needed (updates, DNS by another server, AWS's services).",
    };
  });
}

/** EC2-Classic groups let everything out without rules (semantics 3.8). */
function sends({ vpcId, rules }: Group): boolean {
  return vpcId === undefined || rules.some(({ direction }) => direction === "egress");
}
