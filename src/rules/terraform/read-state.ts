// A state to what documents hold: groups, interfaces, prefix lists, VPCs and subnets.
import type { Collected } from "../collect.js";
import type { DocumentContents, DocumentKind } from "../document.js";
import { joinGroup } from "../group-document.js";
import { addRule, type GroupDraft } from "../group-draft.js";
import { type LoadContext, warn } from "../load-context.js";
import { addTold } from "../once.js";
import type { PartialInterface } from "../partial.js";
import { describeList } from "../prefix-list-document.js";
import { completeInterface, completeSubnet, completeVpc } from "../told-in-part.js";
import { groupLists } from "./group-lists.js";
import { GROUP_TYPES, RULE_TYPES, type StateGroup, stateGroups } from "./groups.js";
import { ATTACHMENT_TYPE, CARRIER_TYPES, stateInterfaces } from "./interfaces.js";
import { LIST_TYPES, NETWORK_TYPES, readSubnets, readVpcs, stateLists } from "./networks.js";
import type { TerraformResource } from "./resource.js";

/** Rules that a message names before it counts the rest. */
const SHOWN = 3;

/**
 * Adds what the resources say. `refreshed`: Terraform has just compared them with the account, as it does before it
 * plans; a state at rest may hold lists that are older than the resources beside them.
 */
export function collectState(
  context: LoadContext,
  into: Collected,
  resources: readonly TerraformResource[],
  refreshed: boolean,
): void {
  const groups = stateGroups(context, resources);
  for (const [id, group] of groups.described) {
    if (!refreshed) warnAboutList(context, group);
    if (!into.groups.has(id)) into.ofStates.add(id);
    joinGroup(into.groups, finished(group));
    addRuleIds(into, id, group.ruleIds);
  }
  for (const [id, rules] of groups.partial) {
    const known = into.partialGroups.get(id);
    into.partialGroups.set(id, [...(known ?? []), ...rules]);
  }
  const interfaces = stateInterfaces(context, resources);
  for (const carrier of interfaces.described.values()) {
    if (!into.interfaces.has(carrier.id)) into.ofStates.add(carrier.id);
    addTold(into.interfaces, completeInterface(context, carrier), "interface", spotOf(resources));
  }
  for (const [id, part] of interfaces.partial) addPartialInterface(into, id, part);
  const lists = stateLists(context, resources);
  for (const { at, spot, ...said } of lists.described.values()) {
    if (into.lists.get(said.id)?.blocks === undefined) into.ofStates.add(said.id);
    describeList(into.lists, said, at, spot);
  }
  for (const [id, entries] of lists.partial)
    into.partialLists.set(id, [...(into.partialLists.get(id) ?? []), ...entries]);
  for (const vpc of readVpcs(context, resources).values())
    addTold(into.vpcs, completeVpc(context, vpc), "vpc", spotOf(resources));
  for (const subnet of readSubnets(context, resources).values())
    addTold(into.subnets, completeSubnet(context, subnet), "subnet", spotOf(resources));
}

/** Several states may attach groups to the same interface. */
function addPartialInterface(into: Collected, id: string, part: PartialInterface): void {
  const { carrier, spot } = into.partialInterfaces.get(id) ?? part;
  const groupIds = [...new Set([...carrier.groupIds, ...part.carrier.groupIds])].sort();
  into.partialInterfaces.set(id, { carrier: { ...carrier, groupIds }, spot });
}

/** Where a refusal about the whole state points: its things know their own places. */
function spotOf(resources: readonly TerraformResource[]): TerraformResource["spot"] {
  const { spot } = resources[0] as TerraformResource;
  return { document: spot.document, value: spot.value, path: [] };
}

function finished({ draft, own }: StateGroup): GroupDraft {
  const rules = new Map(draft.rules);
  for (const rule of own.values()) addRule(rules, rule);
  return { ...draft, rules };
}

/** Adds `sgr-` ids of a group's rules; the first one of a rule stays. */
export function addRuleIds(
  into: Collected,
  groupId: string,
  ruleIds: ReadonlyMap<string, string>,
): void {
  const known = into.ruleIds.get(groupId);
  into.ruleIds.set(groupId, new Map([...ruleIds, ...(known ?? [])]));
}

/**
 * Rules that stand only in the list were made by hand, or are gone already; that resources are missing in it shows that
 * it is the older of the two.
 */
function warnAboutList(context: LoadContext, { draft, own }: StateGroup): void {
  const isOlder = [...own.keys()].some((key) => !draft.rules.has(key));
  const doubtful = [...draft.rules.keys()].filter((key) => !own.has(key));
  if (!isOlder || doubtful.length === 0) return;
  const more = doubtful.length > SHOWN ? `, and ${doubtful.length - SHOWN} more` : "";
  warn(
    context,
    draft.spot,
    "terraform-list-older",
    `the list of ${draft.id} is older than the rules beside it: ${doubtful.slice(0, SHOWN).join(", ")}${more} ` +
      "may be gone already; terraform apply -refresh-only brings the state up to date",
  );
}

/** Which kinds of answers a type of resource has the part of. */
function kindsOf(type: string): readonly DocumentKind[] {
  if (GROUP_TYPES.has(type) || RULE_TYPES.has(type)) return ["describe-security-groups"];
  if (CARRIER_TYPES.has(type)) return ["describe-network-interfaces"];
  if (LIST_TYPES.has(type))
    return ["describe-managed-prefix-lists", "get-managed-prefix-list-entries"];
  if (type.includes("subnet")) return ["describe-subnets"];
  return NETWORK_TYPES.has(type) ? ["describe-vpcs"] : [];
}

/** Types that name groups and carry none. */
const NO_CARRIERS: ReadonlySet<string> = new Set(["aws_vpc_security_group_vpc_association"]);

export function isRead(type: string): boolean {
  return kindsOf(type).length > 0 || type === ATTACHMENT_TYPE;
}

/** Whether a resource that is not read carries groups, on interfaces that Terraform does not tell. */
export function isUnreadCarrier(resource: TerraformResource): boolean {
  const { type } = resource;
  return !isRead(type) && !NO_CARRIERS.has(type) && groupLists(resource).length > 0;
}

/** What of the resources is read, and which others carry groups on interfaces that Terraform does not tell. */
export function describeResources(resources: readonly TerraformResource[]): DocumentContents {
  const counts = new Map<string, number>();
  const others = new Map<string, number>();
  const kinds = new Set<DocumentKind>();
  for (const resource of resources) {
    const { type, mode } = resource;
    const name = mode === "data" ? `data.${type}` : type;
    if (isRead(type)) {
      counts.set(name, (counts.get(name) ?? 0) + 1);
      for (const kind of kindsOf(type)) kinds.add(kind);
    } else if (mode === "managed" && isUnreadCarrier(resource))
      others.set(name, (others.get(name) ?? 0) + 1);
  }
  const list = [...others].sort().map(([name, count]) => `${name} (${count})`);
  return {
    counts,
    kinds,
    note:
      list.length === 0
        ? ""
        : `groups are also carried by ${list.join(", ")}, whose interfaces Terraform does not tell: give describe-network-interfaces`,
  };
}
