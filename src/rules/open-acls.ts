// Network ACLs that a plan, state or template holds: they are read from describe-network-acls alone, so that what a changed one lets through
// is undecided. An undecided list has no shape of its own: it is one that lets everything through, at interfaces whose
// groups are undecided too, so that nothing is said of them but that.
import { parseCidr } from "../model/address.js";
import type { AclEntry, NetworkAcl, Place, RuleSet } from "../model/rule-set.js";
import type { LoadContext } from "./load-context.js";
import { type ChangeSource, interfaceChange, type Overlay } from "./overlay.js";
import type { Spot } from "./spot.js";
import { undecidedId } from "./undecided.js";

/** Which lists a change is about. */
export interface ChangedAcls {
  readonly aclIds: readonly string[];
  /** Subnets that get another list. */
  readonly subnetIds: readonly string[];
  /** Nothing tells which. */
  readonly isAll: boolean;
}

/** Leaves open what the subnets of changed lists let through. Gives how many interfaces that is about. O(interfaces). */
export function leaveAclsOpen(
  context: LoadContext,
  overlay: Overlay,
  rules: RuleSet,
  source: ChangeSource & { readonly spot: Spot },
  changed: ChangedAcls,
): number {
  // Without lists nothing is judged by them.
  if (rules.acls.size === 0) return 0;
  const id = undecidedId(context, source.spot, source.subject, "entries");
  const isOpen = affected(rules, changed);
  let count = 0;
  for (const owner of rules.interfaces.values()) {
    const { subnetId } = owner;
    if (subnetId === undefined || !isOpen(subnetId, owner.vpcId)) continue;
    count++;
    overlay.openSubnets.set(subnetId, { id, at: source.at });
    const change = interfaceChange(overlay, owner.id, source);
    for (const groupId of owner.groupIds) change.detached.add(groupId);
    change.attached.add(id);
  }
  return count;
}

/** What a finding says of lists in a document that tells no more than what they should be. */
export function unreadAclWords(count: number): string {
  return (
    `network ACLs are read from describe-network-acls alone: ${count} ${count === 1 ? "interface" : "interfaces"} in the ` +
    "subnets of those that stand here are undecided; give the lists as they will be beside it"
  );
}

/** What a finding says of them. */
export function openAclWords(count: number): string {
  return (
    `it changes what a network ACL lets through, which is read from describe-network-acls alone: ${count} ` +
    `${count === 1 ? "interface" : "interfaces"} in its subnets are undecided; give the lists as they will be as a candidate`
  );
}

function affected(
  { acls, subnets }: RuleSet,
  { aclIds, subnetIds, isAll }: ChangedAcls,
): (subnetId: string, vpcId: string | undefined) => boolean {
  const named = new Map<string, string>();
  for (const { id, subnetIds: own } of acls.values()) for (const each of own) named.set(each, id);
  const defaults = new Map<string | undefined, string>();
  for (const { id, isDefault, vpcId } of acls.values()) if (isDefault) defaults.set(vpcId, id);
  return (subnetId, vpcId) => {
    if (isAll || subnetIds.includes(subnetId)) return true;
    const own = named.get(subnetId) ?? defaults.get(vpcId ?? subnets.get(subnetId)?.vpcId);
    return own !== undefined && aclIds.includes(own);
  };
}

/** The lists, with one that lets everything through in the subnets that are open. */
export function withOpenSubnets(
  acls: RuleSet["acls"],
  open: ReadonlyMap<string, { readonly id: string; readonly at: Place }>,
): RuleSet["acls"] {
  if (open.size === 0) return acls;
  const next = new Map<string, NetworkAcl>();
  for (const [id, acl] of acls)
    next.set(id, { ...acl, subnetIds: acl.subnetIds.filter((each) => !open.has(each)) });
  for (const [subnetId, { id, at }] of open) {
    const subnetIds = [...(next.get(id)?.subnetIds ?? []), subnetId].sort();
    next.set(id, { id, isDefault: false, subnetIds, entries: openEntries(at), at });
  }
  return next;
}

function openEntries(at: Place): AclEntry[] {
  return (["ingress", "egress"] as const).flatMap((direction) =>
    ["0.0.0.0/0", "::/0"].map((block, i) => ({
      number: i + 1,
      direction,
      action: "allow" as const,
      protocol: -1,
      fromPort: 0,
      toPort: 65_535,
      icmpType: -1,
      icmpCode: -1,
      cidr: parseCidr(block),
      at,
    })),
  );
}
