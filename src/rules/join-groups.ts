// Joins what both rule dialects say into the groups of the rule set, with rule identities.
import type { Group, NetworkInterface, Rule, RuleSet } from "../model/rule-set.js";
import type { GroupDraft } from "./group-draft.js";
import type { IdentifiedRules } from "./group-rule-document.js";
import type { RuleDraft } from "./rule-draft.js";
import { ruleKey } from "./rule-key.js";
import { formatSpot, refuse } from "./spot.js";

/**
 * VPC of a group known only from describe-security-group-rules, which names no VPC, where no interface tells it. Not
 * absent: that means EC2-Classic, whose outbound traffic is unrestricted (semantics 3.8).
 */
export const UNKNOWN_VPC: string = "unknown";

/** Gives rules their sgr- ids; a group that both dialects describe must be the same in both. */
export function joinGroups(
  described: ReadonlyMap<string, GroupDraft>,
  identified: ReadonlyMap<string, IdentifiedRules>,
  interfaces: ReadonlyMap<string, NetworkInterface>,
  baseline?: RuleSet,
): Map<string, GroupDraft> {
  const groups = new Map(described);
  let vpcs: ReadonlyMap<string, string> | undefined;
  for (const [id, { draft }] of identified) {
    const group = described.get(id);
    if (group === undefined) {
      const known = baseline?.groups.get(id);
      vpcs ??= carriedIn(interfaces);
      groups.set(
        id,
        known === undefined
          ? { ...draft, vpcId: vpcs.get(id) ?? UNKNOWN_VPC }
          : { ...draft, name: known.name, vpcId: known.vpcId },
      );
      continue;
    }
    refuseDifference(group, draft);
    for (const [key, rule] of draft.rules) {
      const own = group.rules.get(key) as RuleDraft;
      if (rule.stale && !own.stale) group.rules.set(key, { ...own, stale: true });
    }
  }
  return groups;
}

function refuseDifference(group: GroupDraft, draft: GroupDraft): void {
  const hint =
    "both answers must be of one moment and complete: fetch them again, or leave one of them out";
  for (const rule of group.rules.values())
    if (!draft.rules.has(rule.key))
      refuse(
        rule.spot,
        "group-differs",
        `${group.id} has the rule ${rule.key} here, but not in the describe-security-group-rules answer at ${formatSpot(draft.spot)}`,
        hint,
      );
  for (const rule of draft.rules.values())
    if (!group.rules.has(rule.key))
      refuse(
        rule.spot,
        "group-differs",
        `${group.id} has the rule ${rule.key} here, but not in the describe-security-groups answer at ${formatSpot(group.spot)}`,
        hint,
      );
}

/** The VPC of the interfaces that carry each group; a group shared between VPCs gets the smallest id. */
function carriedIn(interfaces: ReadonlyMap<string, NetworkInterface>): ReadonlyMap<string, string> {
  const vpcs = new Map<string, string>();
  for (const { groupIds, vpcId } of interfaces.values()) {
    if (vpcId === undefined) continue;
    for (const id of groupIds) {
      const known = vpcs.get(id);
      if (known === undefined || vpcId < known) vpcs.set(id, vpcId);
    }
  }
  return vpcs;
}

/**
 * The finished groups, in the order of their ids. `named`: ids of rules that documents tell beside
 * describe-security-group-rules, by group and key. Where no document names a rule that the baseline has too, it keeps
 * the id it has there.
 */
export function finishGroups(
  groups: ReadonlyMap<string, GroupDraft>,
  identified: ReadonlyMap<string, IdentifiedRules>,
  named: ReadonlyMap<string, ReadonlyMap<string, string>>,
  baseline?: RuleSet,
): Map<string, Group> {
  const finished = new Map<string, Group>();
  for (const id of [...groups.keys()].sort()) {
    const draft = groups.get(id) as GroupDraft;
    const ruleIds =
      identified.get(id)?.ruleIds ??
      new Map([...ruleIdsOf(baseline?.groups.get(id)), ...(named.get(id) ?? [])]);
    finished.set(
      id,
      finishGroup(draft, (key) => ruleIds.get(key)),
    );
  }
  return finished;
}

function ruleIdsOf(group: Group | undefined): ReadonlyMap<string, string> {
  return new Map(group?.rules.map((rule) => [ruleKey(rule), rule.id]));
}

/** A group of the rule set; rules without an id of their own are named after their content. */
export function finishGroup(
  draft: GroupDraft,
  ruleIdOf: (key: string) => string | undefined = () => undefined,
): Group {
  const { id } = draft;
  return {
    id,
    rules: Array.from(draft.rules.values(), (rule) => finishRule(id, rule, ruleIdOf(rule.key))),
    at: draft.at,
    ...(draft.name === undefined ? {} : { name: draft.name }),
    ...(draft.vpcId === undefined ? {} : { vpcId: draft.vpcId }),
    ...(draft.accountId === undefined ? {} : { accountId: draft.accountId }),
  };
}

export function finishRule(groupId: string, draft: RuleDraft, ruleId: string | undefined): Rule {
  const { traffic } = draft;
  return {
    id: ruleId ?? `${groupId}/${draft.key}`,
    groupId,
    direction: draft.direction,
    protocol: traffic.protocol,
    fromPort: traffic.fromPort,
    toPort: traffic.toPort,
    icmpType: traffic.icmpType,
    icmpCode: traffic.icmpCode,
    peer: draft.peer,
    stale: draft.stale,
    ...(draft.description === undefined ? {} : { description: draft.description }),
    at: draft.at,
  };
}
