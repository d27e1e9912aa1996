// One configuration as the thing of the rule set that it is, by the readers of EC2's own answers.
import type { Cidr } from "../../model/address.js";
import type { NetworkAcl, NetworkInterface, Peering, Subnet, Vpc } from "../../model/rule-set.js";
import { readAcl } from "../acl-document.js";
import { readGroup } from "../group-document.js";
import type { GroupDraft } from "../group-draft.js";
import { readInterface } from "../interface-document.js";
import { isObject, type JsonObject, type JsonValue, memberOf, OFFSET } from "../json-reader.js";
import { type LoadContext, readBlock, readId } from "../load-context.js";
import { PREFIX_LIST, PREFIX_LIST_ENTRY } from "../network-shape.js";
import { conform } from "../shape.js";
import { below, type Spot } from "../spot.js";
import { readPeering, readSubnet, readVpc } from "../vpc-document.js";
import { asAnswer, type ConfigItem } from "./item.js";

/** A prefix list as an item tells it: most do not tell its entries. */
export interface ConfigList {
  readonly id: string;
  readonly name: string | undefined;
  readonly maxEntries: number | undefined;
  readonly cidrs: readonly Cidr[] | undefined;
}

export type ReadResource =
  | { readonly kind: "group"; readonly thing: GroupDraft }
  | { readonly kind: "interface"; readonly thing: NetworkInterface }
  | { readonly kind: "list"; readonly thing: ConfigList }
  | { readonly kind: "vpc"; readonly thing: Vpc }
  | { readonly kind: "subnet"; readonly thing: Subnet }
  | { readonly kind: "peering"; readonly thing: Peering }
  | { readonly kind: "acl"; readonly thing: NetworkAcl };

/** The thing that an item of one of these types describes. */
export function readResource(
  context: LoadContext,
  item: ConfigItem,
  configuration: NonNullable<ConfigItem["configuration"]>,
): ReadResource {
  item.memory.resource ??= read(context, item, configuration);
  return item.memory.resource;
}

function read(
  context: LoadContext,
  { type, spot: { subject } }: ConfigItem,
  configuration: NonNullable<ConfigItem["configuration"]>,
): ReadResource {
  const { value, document } = asAnswer(configuration);
  const spot: Spot = {
    document,
    value: 0,
    path: [],
    ...(subject === undefined ? {} : { subject }),
  };
  switch (type) {
    case "AWS::EC2::SecurityGroup":
      return { kind: "group", thing: readGroup(context, groupAnswer(value), spot) };
    case "AWS::EC2::NetworkInterface":
      return { kind: "interface", thing: readInterface(context, interfaceAnswer(value), spot) };
    case "AWS::EC2::PrefixList":
      return { kind: "list", thing: readList(context, value, spot) };
    case "AWS::EC2::VPC":
      return { kind: "vpc", thing: readVpc(context, value, spot) };
    case "AWS::EC2::Subnet":
      return { kind: "subnet", thing: readSubnet(context, value, spot) };
    case "AWS::EC2::VPCPeeringConnection":
      return { kind: "peering", thing: readPeering(context, value, spot) };
    default:
      return { kind: "acl", thing: readAcl(context, value, spot) };
  }
}

const DIRECTIONS = ["IpPermissions", "IpPermissionsEgress"] as const;

function groupAnswer(group: JsonObject): JsonObject {
  const changed: Record<string, JsonValue> = {};
  for (const key of DIRECTIONS) {
    const permissions = memberOf(group, key);
    if (Array.isArray(permissions))
      changed[key] = permissions.map((permission) =>
        isObject(permission) ? permissionAnswer(permission) : permission,
      );
  }
  return { ...group, ...changed };
}

/** Config keeps IPv4 blocks twice: as objects in `ipv4Ranges`, and in `ipRanges` as texts, which alone old items have. */
function permissionAnswer(permission: JsonObject): JsonObject {
  const { Ipv4Ranges: described, IpRanges: plain, PrefixListIds: lists } = permission;
  const ranges = Array.isArray(described) ? [...described] : [];
  const known = new Set(ranges.map((range) => memberOf(range, "CidrIp")));
  for (const range of Array.isArray(plain) ? plain : []) {
    const object = asObject(range, "CidrIp", permission);
    if (!known.has(memberOf(object, "CidrIp"))) ranges.push(object);
  }
  return {
    ...permission,
    IpRanges: ranges,
    ...(Array.isArray(lists)
      ? { PrefixListIds: lists.map((list) => asObject(list, "PrefixListId", permission)) }
      : {}),
  };
}

function asObject(value: JsonValue, key: string, parent: JsonObject): JsonValue {
  return typeof value === "string" ? { [OFFSET]: parent[OFFSET], [key]: value } : value;
}

/** Attach times are milliseconds where the configuration is a text. */
function interfaceAnswer(carrier: JsonObject): JsonObject {
  const { Attachment: attachment } = carrier;
  const time = memberOf(attachment, "AttachTime");
  if (!isObject(attachment) || typeof time !== "number" || !(Math.abs(time) < 8e15)) return carrier;
  return {
    ...carrier,
    Attachment: { ...attachment, AttachTime: new Date(time).toISOString() },
  };
}

function readList(context: LoadContext, value: JsonObject, spot: Spot): ConfigList {
  const shape = conform(PREFIX_LIST, value, spot);
  const entries = memberOf(value, "Entries");
  return {
    id: readId(context, shape.PrefixListId, () => below(spot, "PrefixListId")),
    name: shape.PrefixListName ?? undefined,
    maxEntries: shape.MaxEntries ?? undefined,
    cidrs: Array.isArray(entries)
      ? entries.map((entry, i) =>
          readBlock(
            context,
            conform(PREFIX_LIST_ENTRY, entry, below(spot, "Entries", i)).Cidr,
            0,
            () => below(spot, "Entries", i, "Cidr"),
          ),
        )
      : undefined,
  };
}
