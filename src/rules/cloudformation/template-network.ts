// Interfaces, load balancers, prefix lists, VPCs and subnets of a template.
import type { Address, Cidr } from "../../model/address.js";
import type { NetworkInterface, Place } from "../../model/rule-set.js";
import type { Collected } from "../collect.js";
import { isObject, OFFSET } from "../json-reader.js";
import { readAddress, readBlock, readId, warn } from "../load-context.js";
import { addTold } from "../once.js";
import { describeList } from "../prefix-list-document.js";
import { refuse, type Spot, showValue } from "../spot.js";
import { completeInterface, completeSubnet, completeVpc } from "../told-in-part.js";
import { asId, undecidedId } from "../undecided.js";
import { isNode, isResource, NONE, type Node, OPEN, type Resolved, textOf } from "./evaluate.js";
import {
  BALANCER,
  INSTANCE,
  INTERFACE,
  PREFIX_LIST,
  SUBNET,
  VPC,
  VPC_BLOCK,
} from "./resource-types.js";
import {
  groupIdOf,
  idAt,
  isRewritten,
  type OpenedTemplate,
  type TemplateResource,
  warnOpen,
} from "./template.js";
import { unreadOverlay } from "./template-unread.js";

const CARRIERS: ReadonlySet<string> = new Set([INTERFACE, INSTANCE, BALANCER]);

export function collectTemplateNetwork(opened: OpenedTemplate, into: Collected): void {
  for (const resource of opened.resources) {
    if (CARRIERS.has(resource.type)) warnMaybe(opened, resource);
    switch (resource.type) {
      case INTERFACE:
        addTold(
          into.interfaces,
          completeInterface(opened.context, readInterface(opened, resource)),
          "interface",
          resource.node.spot,
        );
        break;
      case INSTANCE:
        for (const carrier of readInstance(opened, resource))
          addTold(into.interfaces, carrier, "interface", resource.node.spot);
        break;
      case BALANCER: {
        const carrier = readBalancer(opened, resource);
        if (carrier.groupIds.length > 0) into.interfaces.set(carrier.id, carrier);
        break;
      }
      case PREFIX_LIST:
        readList(opened, into, resource);
        break;
      case VPC:
        readVpc(opened, into, resource);
        break;
      case SUBNET:
        readSubnet(opened, into, resource);
        break;
    }
  }
  const { baseline } = opened.context;
  if (baseline !== undefined)
    into.plans.push({ overlayOver: (rules) => unreadOverlay(opened, rules, into.acls.size > 0) });
}

function placeOf({ node }: TemplateResource): Place {
  return node.spot.document.placeOf(isObject(node.value) ? node.value[OFFSET] : 0);
}

/** The items of a list that a template may compute; `OPEN` where it is not decided. */
function itemsOf({ evaluator }: OpenedTemplate, list: Resolved): readonly Resolved[] | typeof OPEN {
  if (list === NONE) return [];
  if (list === OPEN || isResource(list)) return OPEN;
  const { value, spot } = list;
  if (!Array.isArray(value))
    return refuse(spot, "rules-shape", `expected a list, found ${showValue(value)}`);
  return value
    .map((item, i) =>
      evaluator.resolve({ value: item, spot: { ...spot, path: [...spot.path, i] } }),
    )
    .filter((item) => item !== NONE);
}

/**
 * Groups of a list of ids; what is open in it is a group that nothing describes. So is the group of a list that is not
 * written or empty: AWS attaches the default group of the VPC then, which no template tells.
 */
function groupsAt(
  opened: OpenedTemplate,
  { logicalId, node }: TemplateResource,
  list: Resolved,
  key: string,
): readonly string[] {
  const { context } = opened;
  const open = (name: string): string => {
    warnOpen(context, node.spot, name);
    return undecidedId(context, node.spot, logicalId, name);
  };
  const items = itemsOf(opened, list);
  if (items === OPEN || items.length === 0) return [open(key)];
  const found = items.map((item, i) => groupIdOf(opened, item) ?? open(`${key}[${i}]`));
  return [...new Set(found)].sort();
}

/**
 * The groups that a carrier has for sure. Where nothing decides whether it is made, it keeps what it has in the rules and
 * has in the template too; the rest is open, so that nobody at its address is taken for a member.
 */
function heldGroups(
  opened: OpenedTemplate,
  resource: TemplateResource,
  known: Pick<NetworkInterface, "groupIds"> | undefined,
  groupIds: readonly string[],
): readonly string[] {
  const { exists, logicalId, node } = resource;
  const isOpen = isRewritten(opened, resource);
  if (exists !== undefined && !isOpen) return groupIds;
  const why = isOpen ? "Transform" : "Condition";
  const open = undecidedId(opened.context, node.spot, logicalId, why);
  return [...(known?.groupIds.filter((id) => groupIds.includes(id)) ?? []), open].sort();
}

function warnMaybe({ context }: OpenedTemplate, { exists, node }: TemplateResource): void {
  if (exists !== undefined) return;
  warn(
    context,
    node.spot,
    "template-condition",
    "nothing decides whether its condition holds: whether it is there, and carries its groups, is unknown; give the " +
      "parameters that decide it",
  );
}

function addressAt(value: Resolved, family: 4 | 6): Address | undefined {
  const text = textOf(value);
  return text === undefined || !isNode(value)
    ? undefined
    : readAddress(text, family, () => value.spot);
}

function readInterface(opened: OpenedTemplate, resource: TemplateResource): NetworkInterface {
  const { evaluator, ids } = opened;
  const { properties, logicalId } = resource;
  const member = (key: string): Resolved => evaluator.member(properties, key);
  const subnetId = idAt(opened, resource, "SubnetId");
  const list = (key: string, inner: string, family: 4 | 6): (Address | undefined)[] => {
    const items = itemsOf(opened, member(key));
    if (items === OPEN) return [];
    return items.map((item) =>
      isNode(item) ? addressAt(evaluator.member(item, inner), family) : undefined,
    );
  };
  const found = [
    addressAt(member("PrivateIpAddress"), 4),
    ...list("PrivateIpAddresses", "PrivateIpAddress", 4),
    ...list("Ipv6Addresses", "Ipv6Address", 6),
  ].filter((address) => address !== undefined);
  const addresses = [
    ...new Map(found.map((each) => [`${each.family} ${each.value}`, each])).values(),
  ];
  const id = ids.get(logicalId) as string;
  const known = opened.context.baseline?.interfaces.get(id);
  const groupIds = groupsAt(opened, resource, member("GroupSet"), "GroupSet");
  return {
    id,
    ...(subnetId === undefined ? {} : { subnetId }),
    type: textOf(member("InterfaceType")) ?? "interface",
    groupIds: heldGroups(opened, resource, known, groupIds),
    addresses,
    prefixes: [],
    at: placeOf(resource),
  };
}

/** The primary interface of an instance, or the interfaces that it is launched with. */
function readInstance(opened: OpenedTemplate, resource: TemplateResource): NetworkInterface[] {
  const { evaluator, context, facts } = opened;
  const { properties, logicalId, node } = resource;
  const launched = itemsOf(opened, evaluator.member(properties, "NetworkInterfaces"));
  const isWritten = launched !== OPEN && launched.length > 0 && launched.every(isNode);
  const parts: readonly Node[] = isWritten ? launched : [properties];
  const [physical] = facts.physicalIds.get(logicalId) ?? [];
  const known =
    physical === undefined
      ? []
      : [...(context.baseline?.interfaces.values() ?? [])].filter(
          ({ instanceId }) => instanceId === physical,
        );
  return parts.flatMap((part, i): NetworkInterface[] => {
    // An interface that is a resource of its own describes itself.
    if (evaluator.member(part, "NetworkInterfaceId") !== NONE) return [];
    const key = part === properties ? "SecurityGroupIds" : "GroupSet";
    const all = groupsAt(opened, resource, evaluator.member(part, key), key);
    const [only] = known;
    const groupIds = heldGroups(opened, resource, only, all);
    if (only !== undefined && known.length === 1 && parts.length === 1)
      return [{ ...only, groupIds, at: placeOf(resource) }];
    if (known.length > 0) return i === 0 ? eitherOf(opened, resource, known, all) : [];
    const address = addressAt(evaluator.member(part, "PrivateIpAddress"), 4);
    const name = parts.length === 1 ? logicalId : `${logicalId}[${i}]`;
    return [
      {
        id: readId(context, asId(name), () => node.spot),
        type: "interface",
        groupIds,
        addresses: address === undefined ? [] : [address],
        prefixes: [],
        at: placeOf(resource),
      },
    ];
  });
}

/**
 * Several interfaces are at the instance, and nothing tells which of them the template means: each has for sure only
 * what it has already and would have.
 */
function eitherOf(
  { context }: OpenedTemplate,
  resource: TemplateResource,
  known: readonly NetworkInterface[],
  groupIds: readonly string[],
): NetworkInterface[] {
  const { logicalId, node } = resource;
  if (known.every((carrier) => carrier.groupIds.join() === groupIds.join())) return [];
  warn(
    context,
    node.spot,
    "template-instance-interfaces",
    `nothing decides which of the instance's interfaces (${known.map(({ id }) => id).join(", ")}) has the groups that it ` +
      "is given: what only some of them admit is unknown",
  );
  const open = undecidedId(context, node.spot, logicalId, "interfaces");
  return known.map((carrier) => ({
    ...carrier,
    groupIds: [...carrier.groupIds.filter((id) => groupIds.includes(id)), open].sort(),
    at: placeOf(resource),
  }));
}

function readBalancer(opened: OpenedTemplate, resource: TemplateResource): NetworkInterface {
  const { evaluator, context, facts } = opened;
  const { properties, logicalId, node } = resource;
  const kind = evaluator.member(properties, "Type");
  const type = textOf(kind);
  // Of one whose type is open nobody can say that it keeps no client's address (semantics 3.5d).
  const isNetwork = type === "network" || kind === OPEN;
  const groups = evaluator.member(properties, "SecurityGroups");
  const items = itemsOf(opened, groups);
  // Of an application balancer AWS attaches the default group, the others have none then.
  const isBare = (type === "network" || type === "gateway") && items !== OPEN && items.length === 0;
  const [arn] = facts.physicalIds.get(logicalId) ?? [];
  const [, balancer] = /:loadbalancer\/((?:app|net|gwy)\/[^/]+\/[^/]+)$/.exec(arn ?? "") ?? [];
  return {
    id: readId(context, asId(logicalId), () => node.spot),
    type: isNetwork ? "network_load_balancer" : "interface",
    groupIds: isBare ? [] : balancerGroups(opened, resource, balancer, groups),
    addresses: [],
    prefixes: [],
    ...(balancer === undefined ? {} : { balancer }),
    at: placeOf(resource),
  };
}

/** As the others have them; one of which no interface is known has no address that could be taken for a member. */
function balancerGroups(
  opened: OpenedTemplate,
  resource: TemplateResource,
  balancer: string | undefined,
  list: Resolved,
): readonly string[] {
  const groupIds = groupsAt(opened, resource, list, "SecurityGroups");
  const own = [...(opened.context.baseline?.interfaces.values() ?? [])].find(
    (carrier) => balancer !== undefined && carrier.balancer === balancer,
  );
  return heldGroups(opened, resource, own ?? { groupIds }, groupIds);
}

function blockAt(
  { context }: OpenedTemplate,
  value: Resolved,
  family: 0 | 4 | 6,
): Cidr | undefined {
  const text = textOf(value);
  return text === undefined || !isNode(value)
    ? undefined
    : readBlock(context, text, family, () => value.spot);
}

function readList(opened: OpenedTemplate, into: Collected, resource: TemplateResource): void {
  const { evaluator, ids } = opened;
  const { properties, logicalId, node } = resource;
  const items = itemsOf(opened, evaluator.member(properties, "Entries"));
  const entries =
    items === OPEN
      ? [undefined]
      : items.map((item) =>
          isNode(item) ? blockAt(opened, evaluator.member(item, "Cidr"), 0) : undefined,
        );
  const cidrs = entries.filter((entry) => entry !== undefined);
  const most = textOf(evaluator.member(properties, "MaxEntries"));
  describeList(
    into.lists,
    {
      id: ids.get(logicalId) as string,
      name: textOf(evaluator.member(properties, "PrefixListName")),
      maxEntries: most !== undefined && /^\d{1,6}$/.test(most) ? Number(most) : undefined,
      // One entry that is open leaves the whole list open (semantics 3.5a).
      cidrs: cidrs.length === entries.length && !isRewritten(opened, resource) ? cidrs : undefined,
    },
    placeOf(resource),
    node.spot,
  );
}

function readVpc(opened: OpenedTemplate, into: Collected, resource: TemplateResource): void {
  const { evaluator, resources, ids } = opened;
  const id = ids.get(resource.logicalId) as string;
  const more = resources.filter(
    (each) => each.type === VPC_BLOCK && idAt(opened, each, "VpcId") === id,
  );
  const cidrs = [resource, ...more]
    .flatMap(({ properties }) => [
      blockAt(opened, evaluator.member(properties, "CidrBlock"), 4),
      blockAt(opened, evaluator.member(properties, "Ipv6CidrBlock"), 6),
    ])
    .filter((cidr) => cidr !== undefined);
  if (cidrs.length === 0) return;
  const vpc = completeVpc(opened.context, { id, cidrs, at: placeOf(resource) });
  addTold(into.vpcs, vpc, "vpc", resource.node.spot as Spot);
}

function readSubnet(opened: OpenedTemplate, into: Collected, resource: TemplateResource): void {
  const { evaluator, ids } = opened;
  const vpcId = idAt(opened, resource, "VpcId");
  const cidrs = [
    blockAt(opened, evaluator.member(resource.properties, "CidrBlock"), 4),
    blockAt(opened, evaluator.member(resource.properties, "Ipv6CidrBlock"), 6),
  ].filter((cidr) => cidr !== undefined);
  if (cidrs.length === 0) return;
  const subnet = completeSubnet(opened.context, {
    id: ids.get(resource.logicalId) as string,
    ...(vpcId === undefined ? {} : { vpcId }),
    cidrs,
    at: placeOf(resource),
  });
  addTold(into.subnets, subnet, "subnet", resource.node.spot);
}
