// describe-stale-security-groups: references that match nothing any more (semantics 3.5).
import type { Group, Peer, RuleSet } from "../model/rule-set.js";
import type { Direction } from "../model/verdict.js";
import type { GroupDraft } from "./group-draft.js";
import { STALE_GROUP, type StalePermissionShape } from "./group-shape.js";
import type { JsonValue } from "./json-reader.js";
import { type LoadContext, readId, warn } from "./load-context.js";
import type { RuleDraft } from "./rule-draft.js";
import { ruleKey } from "./rule-key.js";
import { conform } from "./shape.js";
import { below, type Spot } from "./spot.js";
import { formatTraffic, readTraffic } from "./traffic.js";

/** One reference that AWS lists as stale. */
export interface StaleReference {
  readonly groupId: string;
  readonly direction: Direction;
  /** `protocol/ports` as rule keys spell it. */
  readonly traffic: string;
  readonly peerId: string;
  readonly spot: Spot;
}

/** One item of `StaleSecurityGroupSet`: its references are added to `references`. */
export function readStaleGroup(
  context: LoadContext,
  references: StaleReference[],
  value: JsonValue,
  spot: Spot,
): void {
  const shape = conform(STALE_GROUP, value, spot);
  const groupId = readId(context, shape.GroupId, () => below(spot, "GroupId"));
  const collect = (
    direction: Direction,
    key: string,
    permissions: readonly StalePermissionShape[],
  ): void => {
    for (const [index, permission] of permissions.entries()) {
      const at = below(spot, key, index);
      const traffic = readTraffic(permission, at).text;
      for (const [i, pair] of (permission.UserIdGroupPairs ?? []).entries()) {
        const pairSpot = below(at, "UserIdGroupPairs", i);
        const peerId = readId(context, pair.GroupId, () => below(pairSpot, "GroupId"));
        references.push({ groupId, direction, traffic, peerId, spot: pairSpot });
      }
    }
  };
  collect("ingress", "StaleIpPermissions", shape.StaleIpPermissions ?? []);
  collect("egress", "StaleIpPermissionsEgress", shape.StaleIpPermissionsEgress ?? []);
}

/** Marks the rules that stale references mean. O(rules of the groups named + references). */
export function markStale(
  context: LoadContext,
  groups: ReadonlyMap<string, GroupDraft>,
  references: readonly StaleReference[],
): void {
  for (const [id, named] of byGroup(references)) {
    const rules = groups.get(id)?.rules ?? new Map<string, RuleDraft>();
    const asked = Array.from(rules.values(), ({ key, direction, traffic, peer }) => ({
      key,
      direction,
      traffic: traffic.text,
      peer,
    }));
    for (const key of staleKeys(context, asked, named)) {
      const rule = rules.get(key);
      if (rule !== undefined) rules.set(key, { ...rule, stale: true });
    }
  }
}

/** The same for finished groups: the result holds those that changed. */
export function markStaleGroups(
  context: LoadContext,
  groups: ReadonlyMap<string, Group>,
  references: readonly StaleReference[],
): Map<string, Group> {
  const marked = new Map<string, Group>();
  for (const [id, named] of byGroup(references)) {
    const group = groups.get(id);
    if (group === undefined) continue;
    const asked = group.rules.map((rule) => ({
      key: ruleKey(rule),
      direction: rule.direction,
      traffic: formatTraffic(rule),
      peer: rule.peer,
    }));
    const stale = staleKeys(context, asked, named);
    const rules = group.rules.map((rule) =>
      stale.has(ruleKey(rule)) ? { ...rule, stale: true } : rule,
    );
    marked.set(id, { ...group, rules });
  }
  return marked;
}

/**
 * Without a list of stale references of its own, a candidate's rule is as stale as the same rule of the baseline, unless
 * its own document says that the peering lives.
 */
export function keepStale(groups: ReadonlyMap<string, GroupDraft>, baseline: RuleSet): void {
  for (const { id, rules } of groups.values())
    for (const known of baseline.groups.get(id)?.rules ?? []) {
      if (!known.stale) continue;
      const rule = rules.get(ruleKey(known));
      if (rule !== undefined && !rule.statusGiven) rules.set(rule.key, { ...rule, stale: true });
    }
}

function byGroup(references: readonly StaleReference[]): Map<string, StaleReference[]> {
  const groups = new Map<string, StaleReference[]>();
  for (const reference of references) {
    const known = groups.get(reference.groupId);
    if (known === undefined) groups.set(reference.groupId, [reference]);
    else known.push(reference);
  }
  return groups;
}

/** A rule as stale references name it. */
interface AskedRule {
  readonly key: string;
  readonly direction: Direction;
  readonly traffic: string;
  readonly peer: Peer;
}

/** Keys of the rules that the references mean; accounts are ignored, because stale lists often leave them out. */
function staleKeys(
  context: LoadContext,
  rules: readonly AskedRule[],
  references: readonly StaleReference[],
): ReadonlySet<string> {
  const index = new Map<string, string[]>();
  for (const { key, direction, traffic, peer } of rules) {
    if (peer.kind !== "group") continue;
    const name = `${direction}/${traffic}/${peer.id}`;
    const keys = index.get(name);
    if (keys === undefined) index.set(name, [key]);
    else keys.push(key);
  }
  const stale = new Set<string>();
  for (const { groupId, direction, traffic, peerId, spot } of references) {
    const name = `${direction}/${traffic}/${peerId}`;
    const keys = index.get(name) ?? [];
    for (const key of keys) stale.add(key);
    if (keys.length === 0)
      warn(
        context,
        spot,
        "stale-unmatched",
        `AWS lists ${groupId}/${name} as stale, but no rule here is that one: the documents may be of different times`,
      );
  }
  return stale;
}
