// describe-security-group-rules: one rule per item, with the sgr- id that describe-security-groups lacks.
import type { Direction } from "../model/verdict.js";
import type { GroupDraft } from "./group-draft.js";
import { GROUP_RULE, type GroupRuleShape } from "./group-shape.js";
import { type JsonValue, OFFSET } from "./json-reader.js";
import { type LoadContext, readId } from "./load-context.js";
import {
  blockPeer,
  draftRule,
  groupPeer,
  isStaleReference,
  prefixListPeer,
  type RuleDraft,
} from "./rule-draft.js";
import { conform } from "./shape.js";
import { below, formatSpot, refuse, type Spot } from "./spot.js";
import { readSharedTraffic } from "./traffic.js";

/** All rules of one group that describe-security-group-rules gave, and the id of each by content key. */
export interface IdentifiedRules {
  readonly draft: GroupDraft;
  readonly ruleIds: Map<string, string>;
}

/** State over all documents: groups by id, and where each rule id was seen first. */
export interface GroupRules {
  readonly groups: Map<string, IdentifiedRules>;
  readonly seen: Map<string, { readonly groupId: string; readonly rule: RuleDraft }>;
}

export function newGroupRules(): GroupRules {
  return { groups: new Map(), seen: new Map() };
}

/** One item of `SecurityGroupRules`. The same id twice must say the same. */
export function readGroupRule(
  context: LoadContext,
  into: GroupRules,
  value: JsonValue,
  spot: Spot,
): void {
  const shape = conform(GROUP_RULE, value, spot);
  const id = readId(context, shape.SecurityGroupRuleId, () => below(spot, "SecurityGroupRuleId"));
  const groupId = readId(context, shape.GroupId, () => below(spot, "GroupId"));
  const accountId =
    shape.GroupOwnerId == null
      ? context.baseline?.groups.get(groupId)?.accountId
      : readId(context, shape.GroupOwnerId, () => below(spot, "GroupOwnerId"));
  const direction: Direction = shape.IsEgress ? "egress" : "ingress";
  const reference = shape.ReferencedGroupInfo;
  const rule = draftRule(
    direction,
    readSharedTraffic(context, shape, spot),
    readPeer(context, shape, accountId, spot),
    {
      stale: reference == null ? undefined : isStaleReference(reference),
      description: shape.Description,
      offset: shape[OFFSET],
      spot,
    },
  );
  const seen = into.seen.get(id);
  if (seen !== undefined) {
    refuseIfDifferent(id, seen, groupId, rule);
    return;
  }
  into.seen.set(id, { groupId, rule });
  let group = into.groups.get(groupId);
  if (group === undefined) {
    const draft: GroupDraft = {
      id: groupId,
      name: undefined,
      vpcId: undefined,
      accountId,
      rules: new Map(),
      at: rule.at,
      spot,
    };
    group = { draft, ruleIds: new Map() };
    into.groups.set(groupId, group);
  }
  if (group.draft.rules.has(rule.key)) return;
  group.draft.rules.set(rule.key, rule);
  group.ruleIds.set(rule.key, id);
}

function refuseIfDifferent(
  id: string,
  seen: { readonly groupId: string; readonly rule: RuleDraft },
  groupId: string,
  rule: RuleDraft,
): void {
  const same =
    seen.groupId === groupId && seen.rule.key === rule.key && seen.rule.stale === rule.stale;
  if (same) return;
  refuse(
    rule.spot,
    "rule-differs",
    `the rule ${id} also stands at ${formatSpot(seen.rule.spot)} and differs: ` +
      `${seen.groupId}/${seen.rule.key} there, ${groupId}/${rule.key} here`,
    "give one snapshot only: leave out the older file",
  );
}

const PEER_KEYS = ["CidrIpv4", "CidrIpv6", "PrefixListId", "ReferencedGroupInfo"] as const;

function readPeer(
  context: LoadContext,
  shape: GroupRuleShape,
  accountId: string | undefined,
  spot: Spot,
): RuleDraft["peer"] {
  const given = PEER_KEYS.filter((key) => shape[key] != null);
  if (given.length !== 1)
    refuse(
      spot,
      "rules-shape",
      `a rule has exactly one of ${PEER_KEYS.join(", ")}, found ${given.length === 0 ? "none" : given.join(", ")}`,
    );
  const at = (): Spot => below(spot, given[0] as string);
  if (shape.CidrIpv4 != null) return blockPeer(context, shape.CidrIpv4, 4, at);
  if (shape.CidrIpv6 != null) return blockPeer(context, shape.CidrIpv6, 6, at);
  if (shape.PrefixListId != null) return prefixListPeer(context, shape.PrefixListId, at);
  const owner = { groupId: shape.GroupId, accountId };
  return groupPeer(context, shape.ReferencedGroupInfo as { GroupId: string }, owner, () =>
    below(at(), "GroupId"),
  );
}
