// What carries groups: interfaces, the primary interface of instances, load balancers (semantics 1.2, 3.4).
import { type Address, type Cidr, sameAddress } from "../../model/address.js";
import { isUndecided, type NetworkInterface } from "../../model/rule-set.js";
import { formatPlace } from "../json-place.js";
import { memberOf, OFFSET } from "../json-reader.js";
import { type LoadContext, readAddress, readBlock, readId, warn } from "../load-context.js";
import type { PartialInterface } from "../partial.js";
import { below, type Spot } from "../spot.js";
import { joinAddresses, joinBlocks } from "../told-in-part.js";
import { asId, undecidedId } from "../undecided.js";
import { optionalId, requiredId } from "./ids.js";
import { blocksOf, knownText, OPEN, type Part, textsOf } from "./part.js";
import type { TerraformResource } from "./resource.js";

export const CARRIER_TYPES: ReadonlySet<string> = new Set([
  "aws_network_interface",
  "aws_instance",
  "aws_lb",
  "aws_alb",
]);
export const ATTACHMENT_TYPE = "aws_network_interface_sg_attachment";

/** The attribute that lists the groups of a carrier. */
export function groupsAttribute(type: string): string {
  return type === "aws_instance" ? "vpc_security_group_ids" : "security_groups";
}

/** How group ids that a plan leaves open are decided; `undefined` where they are not. */
export type ResolveGroups = (
  resource: TerraformResource,
  attribute: string,
) => readonly string[] | undefined;

/** Types of interfaces as EC2 names them that always carry a group; those of services may have none. */
const GROUPED_INTERFACES: ReadonlySet<string> = new Set([
  "interface",
  "efa",
  "efa-only",
  "trunk",
  "branch",
]);

function isBalancer({ type }: TerraformResource): boolean {
  return type === "aws_lb" || type === "aws_alb";
}

/** Whether a list of no groups cannot be the truth: the document was stripped, or its provider does not tell them. */
function lacksGroups(resource: TerraformResource): boolean {
  const { type, values } = resource;
  if (type === "aws_instance") return true;
  const list = memberOf(values, groupsAttribute(type));
  if (list === undefined || list === null) return true;
  return isBalancer(resource)
    ? (knownText(resource, "load_balancer_type") ?? "application") === "application"
    : GROUPED_INTERFACES.has(knownText(resource, "interface_type") ?? "interface");
}

/** The groups of a carrier; one that nothing describes stands for those that are open or not told. */
export function carriedGroups(
  context: LoadContext,
  resource: TerraformResource,
  resolve: ResolveGroups,
): readonly string[] {
  const key = groupsAttribute(resource.type);
  const texts = textsOf(resource, key);
  const spot = below(resource.spot, key);
  if (texts === OPEN) {
    const ids = resolve(resource, key);
    return ids ?? [undecidedId(context, spot, resource.address, key)];
  }
  if (texts.length === 0 && lacksGroups(resource))
    return [undecidedId(context, spot, resource.address, key)];
  const ids = texts.map((text, i) =>
    text === OPEN
      ? undecidedId(context, spot, resource.address, `${key}[${i}]`)
      : readId(context, text, () => below(spot, i)),
  );
  return [...new Set(ids)].sort();
}

/** Under which id a carrier is known: that of its interface, else its address (load balancers tell no interface). */
export function carrierId(context: LoadContext, resource: TerraformResource): string | undefined {
  if (resource.type === "aws_network_interface") return optionalId(context, resource, "id");
  if (resource.type !== "aws_instance") return undefined;
  return optionalId(context, resource, "primary_network_interface_id");
}

/** How the ARN of a load balancer ends; the descriptions of its interfaces end alike. */
export function balancerOf(resource: TerraformResource): string | undefined {
  return knownText(resource, "arn_suffix");
}

/** The interface that a carrier is or has. What is open or absent of its addresses is not known. */
export function readCarrier(
  context: LoadContext,
  resource: TerraformResource,
  resolve: ResolveGroups,
): NetworkInterface {
  const { spot, values } = resource;
  const isOfBalancer = isBalancer(resource);
  const id = carrierId(context, resource) ?? readId(context, asId(resource.address), () => spot);
  const subnetId = isOfBalancer ? undefined : optionalId(context, resource, "subnet_id");
  const vpcId = optionalId(context, resource, "vpc_id");
  const type = interfaceType(resource);
  const instanceId =
    resource.type === "aws_instance" ? optionalId(context, resource, "id") : undefined;
  const balancer = isOfBalancer ? balancerOf(resource) : undefined;
  return {
    id,
    ...(vpcId === undefined ? {} : { vpcId }),
    ...(subnetId === undefined ? {} : { subnetId }),
    ...(type === undefined ? {} : { type }),
    groupIds: [...carriedGroups(context, resource, resolve)].sort(),
    addresses: isOfBalancer ? balancerAddresses(resource) : readAddresses(resource),
    prefixes: isOfBalancer ? [] : readPrefixes(context, resource),
    ...(instanceId === undefined ? {} : { instanceId }),
    ...(balancer === undefined ? {} : { balancer }),
    at: spot.document.placeOf(values[OFFSET]),
  };
}

/** As the API calls it; load balancers that are no network ones look like "interface" there. */
function interfaceType(resource: TerraformResource): string | undefined {
  if (resource.type === "aws_instance") return "interface";
  if (resource.type === "aws_network_interface") return knownText(resource, "interface_type");
  return knownText(resource, "load_balancer_type") === "network"
    ? "network_load_balancer"
    : "interface";
}

/** Primary IPv4 first, then secondary, then IPv6. */
function readAddresses(resource: TerraformResource): Address[] {
  const found: Address[] = [];
  const add = (text: string, family: 4 | 6, spot: Spot): void => {
    const address = readAddress(text, family, () => spot);
    if (!found.some((known) => sameAddress(known, address))) found.push(address);
  };
  const primary = knownText(resource, "private_ip");
  if (primary !== undefined) add(primary, 4, below(resource.spot, "private_ip"));
  const lists = [
    ["private_ip_list", 4],
    ["private_ips", 4],
    ["secondary_private_ips", 4],
    ["ipv6_address_list", 6],
    ["ipv6_addresses", 6],
  ] as const;
  for (const [key, family] of lists)
    for (const [i, text] of knownTexts(resource, key))
      add(text, family, below(resource.spot, key, i));
  return found;
}

function readPrefixes(context: LoadContext, resource: TerraformResource): Cidr[] {
  const found: Cidr[] = [];
  const lists = [
    ["ipv4_prefixes", 4],
    ["ipv6_prefixes", 6],
  ] as const;
  for (const [key, family] of lists)
    for (const [i, text] of knownTexts(resource, key))
      found.push(readBlock(context, text, family, () => below(resource.spot, key, i)));
  return found;
}

function balancerAddresses(resource: TerraformResource): Address[] {
  const mappings = blocksOf(resource, "subnet_mapping");
  if (mappings === OPEN) return [];
  return mappings.flatMap((mapping) => {
    const found: Address[] = [];
    const v4 = knownText(mapping, "private_ipv4_address");
    if (v4 !== undefined)
      found.push(readAddress(v4, 4, () => below(mapping.spot, "private_ipv4_address")));
    const v6 = knownText(mapping, "ipv6_address");
    if (v6 !== undefined) found.push(readAddress(v6, 6, () => below(mapping.spot, "ipv6_address")));
    return found;
  });
}

function knownTexts(part: Part, key: string): (readonly [number, string])[] {
  const texts = textsOf(part, key);
  if (texts === OPEN) return [];
  return [...texts.entries()].flatMap(([i, text]) => (text === OPEN ? [] : [[i, text] as const]));
}

/** Interfaces of a state, and attachments to interfaces that it does not hold. */
export interface StateInterfaces {
  readonly described: ReadonlyMap<string, NetworkInterface>;
  /** Groups of interfaces that stand nowhere in the state, by interface. */
  readonly partial: ReadonlyMap<string, PartialInterface>;
}

/** Who knows an interface best comes first: data sources were read before the last apply, resources stand as it left them. */
function rankOf({ type, mode }: TerraformResource): number {
  if (mode === "data") return 2;
  return type === "aws_instance" ? 1 : 0;
}

/**
 * A resource of an interface knows it better than the instance that has it. Attachments are added: the list of an
 * interface may be older than they are. O(resources).
 */
export function stateInterfaces(
  context: LoadContext,
  resources: readonly TerraformResource[],
): StateInterfaces {
  const described = new Map<string, NetworkInterface>();
  const carriers = resources.filter(({ type }) => CARRIER_TYPES.has(type));
  for (const resource of [...carriers].sort((a, b) => rankOf(a) - rankOf(b))) {
    if (resource.mode === "data" && resource.type !== "aws_network_interface") continue;
    if (isBalancer(resource) && carriedGroups(context, resource, () => undefined).length === 0)
      continue;
    // One that is terminated has none.
    if (resource.type === "aws_instance" && carrierId(context, resource) === undefined) continue;
    const carrier = readCarrier(context, resource, () => undefined);
    const known = described.get(carrier.id);
    const isOpen = carrier.groupIds.some(isUndecided);
    if (isOpen)
      warn(
        context,
        resource.spot,
        "terraform-groups-missing",
        `no ${groupsAttribute(resource.type)} stand here: what its interface ${carrier.id} carries is unknown; give ` +
          "describe-network-interfaces",
      );
    if (known === undefined) {
      described.set(carrier.id, carrier);
      continue;
    }
    const isKnown = !known.groupIds.some(isUndecided);
    described.set(carrier.id, {
      ...carrier,
      ...known,
      groupIds: isKnown ? known.groupIds : carrier.groupIds,
      addresses: joinAddresses(known.addresses, carrier.addresses),
      prefixes: joinBlocks(known.prefixes, carrier.prefixes),
    });
    if (isKnown && !isOpen && known.groupIds.join() !== carrier.groupIds.join())
      warn(
        context,
        resource.spot,
        "terraform-groups-differ",
        `its interface ${carrier.id} carries ${known.groupIds.join(", ")} by the resource at ` +
          `${formatPlace(known.at)}, and ${carrier.groupIds.join(", ") || "no group"} here: the former is taken`,
      );
  }
  const partial = new Map<string, PartialInterface>();
  for (const resource of resources) {
    if (resource.type !== ATTACHMENT_TYPE || resource.mode !== "managed") continue;
    const interfaceId = requiredId(context, resource, "network_interface_id");
    const groupId = requiredId(context, resource, "security_group_id");
    const known = described.get(interfaceId);
    const groupIds = known?.groupIds ?? partial.get(interfaceId)?.carrier.groupIds ?? [];
    const next = [...new Set([...groupIds, groupId])].sort();
    if (known !== undefined) described.set(interfaceId, { ...known, groupIds: next });
    else
      partial.set(interfaceId, {
        carrier: partOf(interfaceId, next, resource),
        spot: resource.spot,
      });
  }
  return { described, partial };
}

function partOf(
  id: string,
  groupIds: readonly string[],
  { spot, values }: TerraformResource,
): NetworkInterface {
  return { id, groupIds, addresses: [], prefixes: [], at: spot.document.placeOf(values[OFFSET]) };
}
