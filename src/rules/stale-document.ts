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

/** One item of `StaleSecurityGroupSet`. */
export function readStaleGroup(
  context: LoadContext,
  value: JsonValue,
  spot: Spot,
): StaleReference[] {
  const shape = conform(STALE_GROUP, value, spot);
  const groupId = readId(context, shape.GroupId, () => below(spot, "GroupId"));
  const references: StaleReference[] = [];
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
  return references;
}

/** Marks the rules that stale references mean; accounts are ignored, because stale lists often leave them out. */
export function markStale(
  context: LoadContext,
  groups: ReadonlyMap<string, GroupDraft>,
  references: readonly StaleReference[],
): void {
  for (const reference of references) {
    const group = groups.get(reference.groupId);
    let marked = false;
    for (const [key, rule] of group?.rules ?? []) {
      const { peer } = rule;
      if (peer.kind !== "group" || peer.id !== reference.peerId) continue;
      if (rule.direction !== reference.direction || rule.traffic.text !== reference.traffic)
        continue;
      group?.rules.set(key, { ...rule, stale: true });
      marked = true;
    }
    if (marked) continue;
    const rule = `${reference.groupId}/${reference.direction}/${reference.traffic}/${reference.peerId}`;
    warn(
      context,
      reference.spot,
      "stale-unmatched",
      `AWS lists ${rule} as stale, but no rule here is that one: the documents may be of different times`,
    );
  }
}
