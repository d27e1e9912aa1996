// describe-security-groups: one permission with many peers becomes many rules.
import type { Direction } from "../model/verdict.js";
import { addRule, type GroupDraft } from "./group-draft.js";
import { GROUP, type GroupShape, type PermissionShape } from "./group-shape.js";
import { type JsonValue, OFFSET } from "./json-reader.js";
import { copyText, type LoadContext, readId, warn } from "./load-context.js";
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

const DIRECTIONS: readonly (readonly [Direction, "IpPermissions" | "IpPermissionsEgress"])[] = [
  ["ingress", "IpPermissions"],
  ["egress", "IpPermissionsEgress"],
];

/** One item of `SecurityGroups`. */
export function readGroup(context: LoadContext, value: JsonValue, spot: Spot): GroupDraft {
  const shape = conform(GROUP, value, spot);
  refuseWithoutPermissions(shape, spot);
  const id = readId(context, shape.GroupId, () => below(spot, "GroupId"));
  const known = context.baseline?.groups.get(id);
  const vpcId = readOptionalId(context, shape.VpcId, () => below(spot, "VpcId")) ?? known?.vpcId;
  const accountId =
    readOptionalId(context, shape.OwnerId, () => below(spot, "OwnerId")) ?? known?.accountId;
  if (vpcId === undefined)
    warn(
      context,
      spot,
      "group-classic",
      `${id} has no VpcId: it is read as an EC2-Classic group, whose outbound traffic is unrestricted`,
    );
  const found: RuleDraft[] = [];
  for (const [direction, key] of DIRECTIONS) {
    if (shape[key] == null && (direction === "ingress" || vpcId !== undefined))
      warn(
        context,
        spot,
        "key-missing",
        `${id} has no ${key}: it is read as having no ${direction} rules`,
      );
    for (const [index, permission] of (shape[key] ?? []).entries())
      readPermission(
        context,
        direction,
        permission,
        { groupId: id, accountId },
        below(spot, key, index),
        found,
      );
  }
  // Document order, whichever way round the keys of the answer stand.
  found.sort((a, b) => a.offset - b.offset);
  const rules = new Map<string, RuleDraft>();
  for (const rule of found) addRule(rules, rule);
  return {
    id,
    name: shape.GroupName == null ? known?.name : copyText(shape.GroupName),
    vpcId,
    accountId,
    rules,
    at: spot.document.placeOf(shape[OFFSET]),
    spot,
  };
}

/** `{GroupId, GroupName}` alone is how other answers mention a group; it says nothing of its rules. */
function refuseWithoutPermissions(shape: GroupShape, spot: Spot): void {
  if (shape.IpPermissions != null || shape.IpPermissionsEgress != null) return;
  refuse(
    below(spot, "IpPermissions"),
    "rules-shape",
    "the key is missing, and IpPermissionsEgress too",
    "a group without rules has empty lists; give the whole output of aws ec2 describe-security-groups",
  );
}

function readOptionalId(
  context: LoadContext,
  text: string | null | undefined,
  spot: () => Spot,
): string | undefined {
  return text == null ? undefined : readId(context, text, spot);
}

/** Adds every rule that a permission means to `found`. */
export function readPermission(
  context: LoadContext,
  direction: Direction,
  permission: PermissionShape,
  owner: { readonly groupId: string; readonly accountId: string | undefined },
  spot: Spot,
  found: RuleDraft[],
): void {
  const traffic = readSharedTraffic(context, permission, spot);
  const before = found.length;
  for (const [i, range] of (permission.IpRanges ?? []).entries()) {
    const peer = blockPeer(context, range.CidrIp, 4, () => below(spot, "IpRanges", i, "CidrIp"));
    found.push(draft(peer, range));
  }
  for (const [i, range] of (permission.Ipv6Ranges ?? []).entries()) {
    const peer = blockPeer(context, range.CidrIpv6, 6, () =>
      below(spot, "Ipv6Ranges", i, "CidrIpv6"),
    );
    found.push(draft(peer, range));
  }
  for (const [i, list] of (permission.PrefixListIds ?? []).entries()) {
    const at = (): Spot => below(spot, "PrefixListIds", i, "PrefixListId");
    found.push(draft(prefixListPeer(context, list.PrefixListId, at), list));
  }
  for (const [i, pair] of (permission.UserIdGroupPairs ?? []).entries()) {
    const peer = groupPeer(context, pair, owner, () =>
      below(spot, "UserIdGroupPairs", i, "GroupId"),
    );
    found.push(draft(peer, pair, isStaleReference(pair)));
  }
  if (found.length === before)
    warn(
      context,
      spot,
      "permission-without-peers",
      `${owner.groupId}: this ${direction} permission for ${traffic.text} names no peer and admits nothing`,
    );

  function draft(
    peer: RuleDraft["peer"],
    at: { readonly [OFFSET]: number; readonly Description?: string | null | undefined },
    stale?: boolean,
  ): RuleDraft {
    return draftRule(direction, traffic, peer, {
      stale,
      description: at.Description,
      offset: at[OFFSET],
      spot,
    });
  }
}

/** Joins the pages of all documents: the same group twice must say the same. */
export function joinGroup(groups: Map<string, GroupDraft>, next: GroupDraft): void {
  const known = groups.get(next.id);
  if (known === undefined) {
    groups.set(next.id, next);
    return;
  }
  const difference = groupDifference(known, next);
  if (difference === undefined) return;
  refuse(
    next.spot,
    "group-differs",
    `the group ${next.id} also stands at ${formatSpot(known.spot)} and differs: ${difference}`,
    "give one snapshot only: leave out the older file",
  );
}

function groupDifference(a: GroupDraft, b: GroupDraft): string | undefined {
  for (const field of ["name", "vpcId", "accountId"] as const)
    if (a[field] !== b[field])
      return `${field} ${a[field] ?? "absent"} there, ${b[field] ?? "absent"} here`;
  for (const rule of a.rules.values())
    if (!b.rules.has(rule.key)) return `the rule ${rule.key} stands only there`;
  for (const rule of b.rules.values()) {
    const other = a.rules.get(rule.key);
    if (other === undefined) return `the rule ${rule.key} stands only here`;
    if (other.stale !== rule.stale) return `the rule ${rule.key} is stale at one of them`;
  }
  return undefined;
}
