// describe-stale-security-groups: references that match nothing any more (semantics 3.5).
import type { Direction } from "../model/verdict.js";
import type { GroupDraft } from "./group-draft.js";
import { STALE_GROUP, type StalePermissionShape } from "./group-shape.js";
import type { JsonValue } from "./json-reader.js";
import { type LoadContext, readId, warn } from "./load-context.js";
import { conform } from "./shape.js";
import { below, type Spot } from "./spot.js";
import { readTraffic } from "./traffic.js";

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

/**
 * Marks the rules that stale references mean; accounts are ignored, because stale lists often leave them out.
 * O(rules of the groups named + references).
 */
export function markStale(
  context: LoadContext,
  groups: ReadonlyMap<string, GroupDraft>,
  references: readonly StaleReference[],
): void {
  const indices = new Map<string, ReadonlyMap<string, readonly string[]>>();
  for (const reference of references) {
    const group = groups.get(reference.groupId);
    let index = indices.get(reference.groupId);
    if (index === undefined) {
      index = indexReferences(group);
      indices.set(reference.groupId, index);
    }
    const name = `${reference.direction}/${reference.traffic}/${reference.peerId}`;
    const keys = index.get(name) ?? [];
    for (const key of keys) {
      const rule = group?.rules.get(key);
      if (rule !== undefined) group?.rules.set(key, { ...rule, stale: true });
    }
    if (keys.length === 0)
      warn(
        context,
        reference.spot,
        "stale-unmatched",
        `AWS lists ${reference.groupId}/${name} as stale, but no rule here is that one: the documents may be of different times`,
      );
  }
}

/** Rule keys by `direction/protocol/ports/group`, whatever the account. */
function indexReferences(group: GroupDraft | undefined): ReadonlyMap<string, readonly string[]> {
  const index = new Map<string, string[]>();
  for (const [key, { direction, traffic, peer }] of group?.rules ?? []) {
    if (peer.kind !== "group") continue;
    const name = `${direction}/${traffic.text}/${peer.id}`;
    const keys = index.get(name);
    if (keys === undefined) index.set(name, [key]);
    else keys.push(key);
  }
  return index;
}
