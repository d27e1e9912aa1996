// Rules that people write: groups, prefix lists, interfaces, VPCs and subnets in a small YAML (docs/FORMATS.md). Nothing
// in it is guessed at: keys that nobody knows stop the load, and so do directions that are left out.
import { type Cidr, formatCidr } from "../../model/address.js";
import type { NetworkInterface, Place } from "../../model/rule-set.js";
import type { Direction } from "../../model/verdict.js";
import type { Collected } from "../collect.js";
import type { DocumentContents, DocumentKind } from "../document.js";
import { joinGroup } from "../group-document.js";
import { addRule, type GroupDraft } from "../group-draft.js";
import { UNKNOWN_VPC } from "../join-groups.js";
import { isObject, type JsonObject, type JsonValue, OFFSET } from "../json-reader.js";
import { copyText, type LoadContext, readAddress, readBlock, readId } from "../load-context.js";
import { addTold } from "../once.js";
import { describeList } from "../prefix-list-document.js";
import type { RuleDraft } from "../rule-draft.js";
import { refuse, type Spot } from "../spot.js";
import { awsTime } from "../timestamp.js";
import { completeInterface } from "../told-in-part.js";
import { type Field, readFields, readItems, readText, refuseText } from "./fields.js";
import { readHandRules } from "./rule.js";

const LISTS = ["groups", "prefix-lists", "interfaces", "vpcs", "subnets"] as const;
const KINDS: Readonly<Record<(typeof LISTS)[number], readonly DocumentKind[]>> = {
  groups: ["describe-security-groups"],
  "prefix-lists": ["describe-managed-prefix-lists", "get-managed-prefix-list-entries"],
  interfaces: ["describe-network-interfaces"],
  vpcs: ["describe-vpcs"],
  subnets: ["describe-subnets"],
};
const GROUP_KEYS = ["id", "name", "vpc", "account", "ingress", "egress"];
const LIST_KEYS = ["id", "name", "entries"];
const INTERFACE_KEYS = [
  "id",
  "groups",
  "addresses",
  "prefixes",
  "vpc",
  "subnet",
  "type",
  "attached",
];
const NETWORK_KEYS = ["id", "vpc", "blocks"];

/** `InterfaceType` as the API and, of NAT gateways, its filters and the log spell it: some change how traffic is judged. */
const INTERFACE_TYPES: ReadonlySet<string> = new Set([
  "interface",
  "api_gateway_managed",
  "aws_codestar_connections_managed",
  "branch",
  "ec2_instance_connect_endpoint",
  "efa",
  "efa-only",
  "gateway_load_balancer",
  "gateway_load_balancer_endpoint",
  "global_accelerator_managed",
  "iot_rules_managed",
  "lambda",
  "load_balancer",
  "natGateway",
  "nat_gateway",
  "network_load_balancer",
  "quicksight",
  "transit_gateway",
  "trunk",
  "vpc_endpoint",
]);

/** Whether a value is such a document: it has a version, and one of its lists. */
export function isByHand(value: JsonValue): value is JsonObject {
  return (
    isObject(value) &&
    Object.hasOwn(value, "version") &&
    LISTS.some((list) => Object.hasOwn(value, list))
  );
}

/** How many of what it holds. */
export function describeByHand(value: JsonObject): DocumentContents {
  const counts = new Map<string, number>();
  const kinds = new Set<DocumentKind>();
  for (const list of LISTS) {
    const items = Object.hasOwn(value, list) ? value[list] : undefined;
    if (!Array.isArray(items)) continue;
    counts.set(list, items.length);
    for (const kind of KINDS[list]) kinds.add(kind);
  }
  return { counts, kinds, note: "" };
}

/** Adds what the document says. */
export function collectByHand(
  context: LoadContext,
  into: Collected,
  value: JsonObject,
  spot: Spot,
): void {
  const keys = readFields({ value, spot }, "the document", ["version", ...LISTS], ["version"]);
  const version = keys.get("version")!;
  const said = readText(version, "version", "version: 1");
  if (said !== "1") refuseText(version.spot, said, "version that is known", "1");
  const items = (list: (typeof LISTS)[number]): readonly Field[] => {
    const field = keys.get(list);
    return field === undefined ? [] : readItems(field, list);
  };
  const groups = items("groups").map((item) => readGroupHead(context, item));
  const groupId = finder(groups);
  for (const { head, keys: own } of groups) {
    for (const direction of ["ingress", "egress"] as const)
      for (const rule of readDirection(context, head, own, direction, groupId))
        addRule(head.rules, rule);
    joinGroup(into.groups, head);
  }
  for (const item of items("prefix-lists")) readList(context, into, item);
  for (const item of items("interfaces")) {
    const told = readCarrier(context, item, groupId);
    // Who writes addresses means these; who writes none means those that it has.
    const { addresses, prefixes } = told;
    const isWhole = addresses.length > 0 || prefixes.length > 0;
    const whole = {
      ...completeInterface(context, told),
      ...(isWhole ? { addresses, prefixes } : {}),
    };
    addTold(into.interfaces, whole, "interface", item.spot);
  }
  for (const item of items("vpcs")) {
    const { id, cidrs, at } = readNetwork(context, item, "a VPC");
    addTold(into.vpcs, { id, cidrs, at }, "vpc", item.spot);
  }
  for (const item of items("subnets"))
    addTold(into.subnets, readNetwork(context, item, "a subnet"), "subnet", item.spot);
}

interface HandGroup {
  readonly head: GroupDraft;
  readonly keys: ReadonlyMap<string, Field>;
}

function placeOf({ value, spot }: Field): Place {
  return spot.document.placeOf((value as JsonObject)[OFFSET]);
}

function idOf(context: LoadContext, field: Field | undefined, what: string): string | undefined {
  if (field === undefined) return undefined;
  return readId(context, readText(field, what, "an id"), () => field.spot);
}

function textOf(field: Field | undefined, what: string): string | undefined {
  return field === undefined
    ? undefined
    : copyText(readText(field, what, "a text, or leave it out"));
}

function readGroupHead(context: LoadContext, item: Field): HandGroup {
  const keys = readFields(item, "a group", GROUP_KEYS, ["id", "ingress", "egress"]);
  const id = idOf(context, keys.get("id"), "id")!;
  const known = context.baseline?.groups.get(id);
  return {
    keys,
    head: {
      id,
      name: textOf(keys.get("name"), "name") ?? known?.name,
      vpcId: idOf(context, keys.get("vpc"), "vpc") ?? known?.vpcId ?? UNKNOWN_VPC,
      accountId: idOf(context, keys.get("account"), "account") ?? known?.accountId,
      rules: new Map(),
      at: placeOf(item),
      spot: item.spot,
    },
  };
}

/** Groups of the document by id, else by a name that only one of them has. */
function finder(groups: readonly HandGroup[]): (text: string) => string | undefined {
  const ids = new Set(groups.map(({ head }) => head.id));
  const names = new Map<string, string | undefined>();
  for (const { head } of groups)
    if (head.name !== undefined) names.set(head.name, names.has(head.name) ? undefined : head.id);
  return (text) => (ids.has(text) ? text : names.get(text));
}

function readDirection(
  context: LoadContext,
  { id, accountId }: GroupDraft,
  keys: ReadonlyMap<string, Field>,
  direction: Direction,
  groupId: (text: string) => string | undefined,
): readonly RuleDraft[] {
  const ground = { context, owner: { groupId: id, accountId }, groupId };
  const items = readItems(keys.get(direction)!, direction);
  return items.flatMap((item) => readHandRules(ground, direction, item));
}

function readBlocks(context: LoadContext, field: Field | undefined, what: string): Cidr[] {
  if (field === undefined) return [];
  const blocks = readItems(field, what).map((item) =>
    readBlock(context, readText(item, what, "a block such as 10.0.0.0/16"), 0, () => item.spot),
  );
  return [...new Map(blocks.map((block) => [formatCidr(block), block])).values()];
}

function readList(context: LoadContext, into: Collected, item: Field): void {
  const keys = readFields(item, "a prefix list", LIST_KEYS, ["id"]);
  const entries = keys.get("entries");
  describeList(
    into.lists,
    {
      id: idOf(context, keys.get("id"), "id")!,
      name: textOf(keys.get("name"), "name"),
      maxEntries: undefined,
      cidrs: entries === undefined ? undefined : readBlocks(context, entries, "entries"),
    },
    placeOf(item),
    item.spot,
  );
}

function readCarrier(
  context: LoadContext,
  item: Field,
  groupId: (text: string) => string | undefined,
): NetworkInterface {
  const keys = readFields(item, "an interface", INTERFACE_KEYS, ["id", "groups"]);
  const groupIds = readItems(keys.get("groups")!, "groups").map((group) => {
    const text = readText(group, "a group", "an id or a name of this document");
    const known = groupId(text.replace(/^group\s+/, ""));
    return known ?? readId(context, text, () => group.spot);
  });
  const addresses = keys.get("addresses");
  const attached = keys.get("attached");
  const vpcId = idOf(context, keys.get("vpc"), "vpc");
  const subnetId = idOf(context, keys.get("subnet"), "subnet");
  const type = interfaceType(keys.get("type"));
  return {
    id: idOf(context, keys.get("id"), "id")!,
    ...(vpcId === undefined ? {} : { vpcId }),
    ...(subnetId === undefined ? {} : { subnetId }),
    ...(type === undefined ? {} : { type }),
    groupIds: [...new Set(groupIds)].sort(),
    addresses: (addresses === undefined ? [] : readItems(addresses, "addresses")).map((each) => {
      const text = readText(each, "an address", "an address such as 10.0.0.5");
      return readAddress(text, text.includes(":") ? 6 : 4, () => each.spot);
    }),
    prefixes: readBlocks(context, keys.get("prefixes"), "prefixes"),
    ...(attached === undefined
      ? {}
      : { attachedAt: awsTime(readText(attached, "attached", "a time"), attached.spot) }),
    at: placeOf(item),
  };
}

/** A type that nobody knows would be judged as a plain interface. */
function interfaceType(field: Field | undefined): string | undefined {
  const type = textOf(field, "type");
  if (field === undefined || type === undefined || INTERFACE_TYPES.has(type)) return type;
  return refuseText(field.spot, type, "type of an interface", [...INTERFACE_TYPES].join(", "));
}

function readNetwork(
  context: LoadContext,
  item: Field,
  what: string,
): { readonly id: string; readonly vpcId?: string; readonly cidrs: Cidr[]; readonly at: Place } {
  const keys = readFields(item, what, NETWORK_KEYS, ["id", "blocks"]);
  const vpcId = idOf(context, keys.get("vpc"), "vpc");
  if (what === "a VPC" && vpcId !== undefined)
    refuse(keys.get("vpc")!.spot, "rules-by-hand", "a VPC stands in no VPC", "leave vpc out here");
  return {
    id: idOf(context, keys.get("id"), "id")!,
    ...(vpcId === undefined ? {} : { vpcId }),
    cidrs: readBlocks(context, keys.get("blocks"), "blocks"),
    at: placeOf(item),
  };
}
