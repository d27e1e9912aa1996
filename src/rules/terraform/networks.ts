// Blocks of VPCs and subnets, and prefix lists with their entries.
import { type Cidr, formatCidr } from "../../model/address.js";
import type { Place, Subnet, Vpc } from "../../model/rule-set.js";
import { OFFSET } from "../json-reader.js";
import { type LoadContext, readBlock } from "../load-context.js";
import type { PartialEntry } from "../partial.js";
import { below, type Spot } from "../spot.js";
import { optionalId, requiredId } from "./ids.js";
import { blocksOf, isAbsent, knownText, OPEN, type Part, textsOf, wholeOf } from "./part.js";
import type { TerraformResource } from "./resource.js";

const VPC_TYPES: ReadonlySet<string> = new Set(["aws_vpc", "aws_default_vpc"]);
const SUBNET_TYPES: ReadonlySet<string> = new Set(["aws_subnet", "aws_default_subnet"]);
const VPC_BLOCK_TYPES: ReadonlySet<string> = new Set([
  "aws_vpc_ipv4_cidr_block_association",
  "aws_vpc_ipv6_cidr_block_association",
]);
export const LIST_TYPE = "aws_ec2_managed_prefix_list";
export const ENTRY_TYPE = "aws_ec2_managed_prefix_list_entry";
/** The data source for lists of AWS. */
const AWS_LIST_TYPE = "aws_prefix_list";

export const NETWORK_TYPES: ReadonlySet<string> = new Set([
  ...VPC_TYPES,
  ...SUBNET_TYPES,
  ...VPC_BLOCK_TYPES,
]);
export const LIST_TYPES: ReadonlySet<string> = new Set([LIST_TYPE, ENTRY_TYPE, AWS_LIST_TYPE]);

function placeOf({ spot, values }: Part): Place {
  return spot.document.placeOf(values[OFFSET]);
}

function block(context: LoadContext, part: Part, key: string, family: 0 | 4 | 6): Cidr | undefined {
  const text = knownText(part, key);
  return text === undefined
    ? undefined
    : readBlock(context, text, family, () => below(part.spot, key));
}

/** Each block once, in order of appearance. */
function blocks(found: Iterable<Cidr | undefined>): Cidr[] {
  const byText = new Map<string, Cidr>();
  for (const cidr of found) if (cidr !== undefined) byText.set(formatCidr(cidr), cidr);
  return [...byText.values()];
}

/** VPCs that resources or data sources describe, with associated blocks. The same VPC may stand in several of them. */
export function readVpcs(
  context: LoadContext,
  resources: readonly TerraformResource[],
): ReadonlyMap<string, Vpc> {
  const vpcs = new Map<string, Vpc>();
  for (const resource of resources) {
    if (!VPC_TYPES.has(resource.type)) continue;
    const id = optionalId(context, resource, "id");
    if (id === undefined) continue;
    const associations = blocksOf(resource, "cidr_block_associations");
    const cidrs = blocks([
      ...(vpcs.get(id)?.cidrs ?? []),
      block(context, resource, "cidr_block", 4),
      ...(associations === OPEN ? [] : associations).map((each) =>
        knownText(each, "state") === "associated" || knownText(each, "state") === undefined
          ? block(context, each, "cidr_block", 4)
          : undefined,
      ),
      block(context, resource, "ipv6_cidr_block", 6),
    ]);
    vpcs.set(id, { id, cidrs, at: vpcs.get(id)?.at ?? placeOf(resource) });
  }
  for (const resource of resources) {
    if (!VPC_BLOCK_TYPES.has(resource.type)) continue;
    const id = optionalId(context, resource, "vpc_id");
    const vpc = id === undefined ? undefined : vpcs.get(id);
    if (vpc === undefined) continue;
    const cidrs = blocks([
      ...vpc.cidrs,
      block(context, resource, "cidr_block", 4),
      block(context, resource, "ipv6_cidr_block", 6),
    ]);
    vpcs.set(vpc.id, { ...vpc, cidrs });
  }
  return vpcs;
}

export function readSubnets(
  context: LoadContext,
  resources: readonly TerraformResource[],
): ReadonlyMap<string, Subnet> {
  const subnets = new Map<string, Subnet>();
  for (const resource of resources) {
    if (!SUBNET_TYPES.has(resource.type)) continue;
    const id = optionalId(context, resource, "id");
    if (id === undefined) continue;
    const vpcId = optionalId(context, resource, "vpc_id");
    const cidrs = blocks([
      block(context, resource, "cidr_block", 4),
      block(context, resource, "ipv6_cidr_block", 6),
    ]);
    subnets.set(id, {
      id,
      ...(vpcId === undefined ? {} : { vpcId }),
      cidrs,
      at: placeOf(resource),
    });
  }
  return subnets;
}

/** A prefix list of a state. */
export interface StateList {
  readonly id: string;
  readonly name: string | undefined;
  readonly maxEntries: number | undefined;
  readonly cidrs: readonly Cidr[];
  readonly at: Place;
  readonly spot: Spot;
}

/** The entries that a list's own resource names; `OPEN` where one is known only after apply, or they were taken out. */
export function listBlocks(
  context: LoadContext,
  resource: TerraformResource,
): readonly Cidr[] | typeof OPEN {
  if (isAbsent(resource, entriesKey(resource))) return OPEN;
  if (resource.type === AWS_LIST_TYPE) {
    const texts = textsOf(resource, "cidr_blocks");
    if (texts === OPEN || texts.includes(OPEN)) return OPEN;
    return blocks(
      (texts as readonly string[]).map((text, i) =>
        readBlock(context, text, 0, () => below(resource.spot, "cidr_blocks", i)),
      ),
    );
  }
  const entries = blocksOf(resource, entriesKey(resource));
  if (entries === OPEN) return OPEN;
  const found = entries.map((entry) => block(context, entry, "cidr", 0));
  return found.includes(undefined) ? OPEN : blocks(found);
}

function entriesKey({ type, mode }: TerraformResource): string {
  if (type === AWS_LIST_TYPE) return "cidr_blocks";
  return mode === "data" ? "entries" : "entry";
}

/** What a list is called and how many entries it may have. */
export function listFacts(
  resource: TerraformResource,
): Pick<StateList, "name" | "maxEntries" | "at" | "spot"> {
  const most = wholeOf(resource, "max_entries");
  return {
    name: knownText(resource, "name"),
    maxEntries: most === OPEN ? undefined : most,
    at: placeOf(resource),
    spot: resource.spot,
  };
}

/** Prefix lists of a state, and entries of those that it does not hold or whose entries were taken out. */
export interface StateLists {
  readonly described: ReadonlyMap<string, StateList>;
  readonly partial: ReadonlyMap<string, readonly PartialEntry[]>;
}

/** Lists of resources and data sources; entries that are resources of their own are added, as rules of groups are. */
export function stateLists(
  context: LoadContext,
  resources: readonly TerraformResource[],
): StateLists {
  const lists = new Map<string, StateList>();
  for (const resource of resources) {
    if (resource.type !== LIST_TYPE && resource.type !== AWS_LIST_TYPE) continue;
    const id = requiredId(context, resource, "id");
    const cidrs = listBlocks(context, resource);
    if (cidrs === OPEN || (lists.has(id) && resource.mode === "data")) continue;
    lists.set(id, { id, ...listFacts(resource), cidrs });
  }
  const partial = new Map<string, PartialEntry[]>();
  for (const resource of resources) {
    if (resource.type !== ENTRY_TYPE || resource.mode !== "managed") continue;
    const id = requiredId(context, resource, "prefix_list_id");
    const list = lists.get(id);
    const entry = block(context, resource, "cidr", 0);
    if (list !== undefined) lists.set(id, { ...list, cidrs: blocks([...list.cidrs, entry]) });
    else if (entry !== undefined)
      partial.set(id, [
        ...(partial.get(id) ?? []),
        { cidr: entry, at: placeOf(resource), spot: resource.spot },
      ]);
  }
  return { described: lists, partial };
}
