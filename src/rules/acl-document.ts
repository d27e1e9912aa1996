// describe-network-acls: the stateless, ordered filter of subnets (semantics 10).
import { PROTOCOL_ICMP, PROTOCOL_ICMPV6, PROTOCOL_TCP, PROTOCOL_UDP } from "../contract.js";
import { FlowError } from "../errors.js";
import type { Cidr } from "../model/address.js";
import type { AclEntry, NetworkAcl } from "../model/rule-set.js";
import { ACL, type AclEntryShape } from "./acl-shape.js";
import { formatPlace } from "./json-place.js";
import { type JsonValue, OFFSET } from "./json-reader.js";
import { type LoadContext, readBlock, readId } from "./load-context.js";
import { conform } from "./shape.js";
import { below, refuse, type Spot } from "./spot.js";
import { readProtocol } from "./traffic.js";

/** The number that stands for `*`, the closing entry, in the rule set. AWS writes 32768 for that of IPv6. */
export const ACL_CLOSING_NUMBER: number = 32_767;
const CLOSING_NUMBER_IPV6 = 32_768;

/** One item of `NetworkAcls`, its entries in the order in which they are asked. */
export function readAcl(context: LoadContext, value: JsonValue, spot: Spot): NetworkAcl {
  const shape = conform(ACL, value, spot);
  const id = readId(context, shape.NetworkAclId, () => below(spot, "NetworkAclId"));
  const subnetIds = new Set<string>();
  for (const [i, association] of shape.Associations.entries()) {
    const at = below(spot, "Associations", i);
    const { NetworkAclId: named } = association;
    if (named != null && named !== id)
      refuse(at, "acl-association", `the association names ${named}, but stands in ${id}`);
    subnetIds.add(readId(context, association.SubnetId, () => below(at, "SubnetId")));
  }
  const entries: AclEntry[] = [];
  const seen = new Map<string, AclEntry>();
  for (const [i, item] of shape.Entries.entries()) {
    const at = below(spot, "Entries", i);
    const entry = readEntry(context, item, at);
    const { direction, number } = entry;
    const family = entry.cidr.address.family;
    const name = `${direction} IPv${family} ${number}`;
    const known = seen.get(name);
    if (known !== undefined)
      refuse(
        at,
        "acl-number-twice",
        `the ${direction} entry ${item.RuleNumber} for IPv${family} also stands at ${formatPlace(known.at)}`,
        "entries are asked in the order of their numbers: each number stands once per direction and family",
      );
    seen.set(name, entry);
    entries.push(entry);
  }
  return {
    id,
    ...(shape.VpcId == null
      ? {}
      : { vpcId: readId(context, shape.VpcId, () => below(spot, "VpcId")) }),
    isDefault: shape.IsDefault ?? false,
    // Order is AWS's whim; sorted, overlapping pages compare equal.
    subnetIds: [...subnetIds].sort(),
    entries: entries.sort(inOrder),
    at: spot.document.placeOf(shape[OFFSET]),
  };
}

/** Ingress first, then by number; equal numbers (IPv4 beside IPv6) stay in document order. */
function inOrder(a: AclEntry, b: AclEntry): number {
  if (a.direction !== b.direction) return a.direction === "ingress" ? -1 : 1;
  return a.number - b.number;
}

function readEntry(context: LoadContext, shape: AclEntryShape, spot: Spot): AclEntry {
  const cidr = readCidr(context, shape, spot);
  const protocol = readProtocol(shape.Protocol, () => below(spot, "Protocol"));
  return {
    number: readEntryNumber(shape, spot),
    direction: shape.Egress ? "egress" : "ingress",
    action: shape.RuleAction,
    protocol,
    ...readPorts(protocol, shape, spot),
    ...readIcmp(protocol, cidr, shape, spot),
    cidr,
    at: spot.document.placeOf(shape[OFFSET]),
  };
}

function readCidr(context: LoadContext, shape: AclEntryShape, spot: Spot): Cidr {
  const given = (["CidrBlock", "Ipv6CidrBlock"] as const).filter((key) => shape[key] != null);
  if (given.length !== 1)
    refuse(
      spot,
      "rules-shape",
      `an entry has exactly one of CidrBlock and Ipv6CidrBlock, found ${given.length === 0 ? "none" : "both"}`,
    );
  const key = given[0]!;
  return readBlock(context, shape[key] as string, key === "CidrBlock" ? 4 : 6, () =>
    below(spot, key),
  );
}

function readEntryNumber(shape: AclEntryShape, spot: Spot): number {
  const { RuleNumber: number } = shape;
  if (number < 1 || number > CLOSING_NUMBER_IPV6)
    refuse(
      below(spot, "RuleNumber"),
      "acl-number",
      `${number} is outside 1-32766`,
      "32767 and 32768 are AWS's numbers of the closing entries (*)",
    );
  if (number < ACL_CLOSING_NUMBER) return number;
  if (shape.RuleAction === "allow")
    refuse(
      below(spot, "RuleAction"),
      "acl-closing-entry",
      `the entry ${number} allows, but it is the closing one (*), which denies whatever no other entry matched`,
      "numbers of other entries are 1-32766",
    );
  return ACL_CLOSING_NUMBER;
}

/** TCP and UDP alone have ports; whatever range is given elsewhere, AWS reads it as every port. */
function readPorts(
  protocol: number,
  shape: AclEntryShape,
  spot: Spot,
): Pick<AclEntry, "fromPort" | "toPort"> {
  if (protocol !== PROTOCOL_TCP && protocol !== PROTOCOL_UDP)
    return { fromPort: 0, toPort: 65_535 };
  const { PortRange: range } = shape;
  const at = below(spot, "PortRange");
  if (range == null)
    return refuse(
      at,
      "ports-missing",
      "the key is missing",
      'tcp and udp entries have a port range; every port is {"From": 0, "To": 65535}',
    );
  inRange(range.From, 0, 65_535, below(at, "From"));
  inRange(range.To, 0, 65_535, below(at, "To"));
  if (range.From > range.To)
    refuse(at, "ports-reversed", `the port range ${range.From}-${range.To} is reversed`);
  return { fromPort: range.From, toPort: range.To };
}

/** AWS asks for type and code with ICMP, and with ICMPv6 towards IPv6 blocks; -1 is any (semantics 3.6). */
function readIcmp(
  protocol: number,
  cidr: Cidr,
  shape: AclEntryShape,
  spot: Spot,
): Pick<AclEntry, "icmpType" | "icmpCode"> {
  const any = { icmpType: -1, icmpCode: -1 };
  if (protocol !== PROTOCOL_ICMP && protocol !== PROTOCOL_ICMPV6) return any;
  const { IcmpTypeCode: given } = shape;
  const at = below(spot, "IcmpTypeCode");
  if (given == null) {
    if (protocol === PROTOCOL_ICMPV6 && cidr.address.family === 4) return any;
    return refuse(
      at,
      "icmp-type-missing",
      "the key is missing",
      'icmp entries have a type and a code; every type is {"Type": -1, "Code": -1}',
    );
  }
  inRange(given.Type, -1, 255, below(at, "Type"));
  inRange(given.Code, -1, 255, below(at, "Code"));
  if (given.Type < 0 && given.Code >= 0)
    refuse(
      below(at, "Code"),
      "icmp-code-without-type",
      `the code ${given.Code} stands beside type -1 (any)`,
      "with every type goes every code: -1 and -1",
    );
  return { icmpType: given.Type, icmpCode: given.Code };
}

function inRange(value: number, least: number, most: number, spot: Spot): void {
  if (value < least || value > most)
    refuse(spot, "ports-out-of-range", `${value} is outside ${least}-${most}`);
}

/**
 * Stops where one subnet would have two ACLs, or one VPC two default ones: a subnet has exactly one (semantics 10.1).
 * O(associations).
 */
export function refuseAclConflicts(acls: Iterable<NetworkAcl>): void {
  const owners = new Map<string, NetworkAcl>();
  const claim = (what: string, acl: NetworkAcl, code: string): void => {
    const owner = owners.get(what);
    if (owner !== undefined)
      throw new FlowError(
        code,
        `${acl.id} is the ACL of ${what}, and so is ${owner.id} at ${formatPlace(owner.at)}`,
        { at: formatPlace(acl.at), hint: "give one snapshot only: leave out the older file" },
      );
    owners.set(what, acl);
  };
  for (const acl of acls) {
    for (const id of acl.subnetIds) claim(id, acl, "acl-subnet-twice");
    if (acl.isDefault && acl.vpcId !== undefined)
      claim(`${acl.vpcId} by default`, acl, "acl-default-twice");
  }
}
