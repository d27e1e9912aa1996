// describe-vpcs, describe-subnets and describe-vpc-peering-connections: blocks that count as known (semantics 1.4, 3.5b).
import { type Cidr, formatCidr } from "../model/address.js";
import type { Peering, Subnet, Vpc } from "../model/rule-set.js";
import { type JsonValue, OFFSET } from "./json-reader.js";
import { copyText, type LoadContext, readBlock, readId } from "./load-context.js";
import { PEERING, SUBNET, VPC } from "./network-shape.js";
import { conform, type Maybe } from "./shape.js";
import { below, type Spot } from "./spot.js";

/** States in which an associated block does not belong to its VPC or subnet. */
const GONE: ReadonlySet<string> = new Set(["disassociated", "failing", "failed"]);

/** Blocks in order of appearance; AWS repeats the primary one in the association list. */
type Blocks = Map<string, Cidr>;

/** One item of `Vpcs`. */
export function readVpc(context: LoadContext, value: JsonValue, spot: Spot): Vpc {
  const shape = conform(VPC, value, spot);
  const blocks: Blocks = new Map();
  addBlock(context, blocks, shape.CidrBlock, 4, () => below(spot, "CidrBlock"));
  for (const [i, item] of (shape.CidrBlockAssociationSet ?? []).entries())
    if (!GONE.has(item.CidrBlockState?.State ?? ""))
      addBlock(context, blocks, item.CidrBlock, 4, () =>
        below(spot, "CidrBlockAssociationSet", i, "CidrBlock"),
      );
  addIpv6Blocks(context, blocks, shape.Ipv6CidrBlockAssociationSet ?? [], spot);
  return {
    id: readId(context, shape.VpcId, () => below(spot, "VpcId")),
    cidrs: [...blocks.values()],
    at: spot.document.placeOf(shape[OFFSET]),
  };
}

/** One item of `Subnets`. */
export function readSubnet(context: LoadContext, value: JsonValue, spot: Spot): Subnet {
  const shape = conform(SUBNET, value, spot);
  const blocks: Blocks = new Map();
  addBlock(context, blocks, shape.CidrBlock, 4, () => below(spot, "CidrBlock"));
  addIpv6Blocks(context, blocks, shape.Ipv6CidrBlockAssociationSet ?? [], spot);
  return {
    id: readId(context, shape.SubnetId, () => below(spot, "SubnetId")),
    ...(shape.VpcId == null
      ? {}
      : { vpcId: readId(context, shape.VpcId, () => below(spot, "VpcId")) }),
    cidrs: [...blocks.values()],
    at: spot.document.placeOf(shape[OFFSET]),
  };
}

/** One item of `VpcPeeringConnections`: the blocks of both sides. */
export function readPeering(context: LoadContext, value: JsonValue, spot: Spot): Peering {
  const shape = conform(PEERING, value, spot);
  const blocks: Blocks = new Map();
  const vpcIds: string[] = [];
  for (const side of ["RequesterVpcInfo", "AccepterVpcInfo"] as const) {
    const info = shape[side];
    if (info == null) continue;
    if (info.VpcId != null)
      vpcIds.push(readId(context, info.VpcId, () => below(spot, side, "VpcId")));
    addBlock(context, blocks, info.CidrBlock, 4, () => below(spot, side, "CidrBlock"));
    for (const [i, item] of (info.CidrBlockSet ?? []).entries())
      addBlock(context, blocks, item.CidrBlock, 4, () =>
        below(spot, side, "CidrBlockSet", i, "CidrBlock"),
      );
    for (const [i, item] of (info.Ipv6CidrBlockSet ?? []).entries())
      addBlock(context, blocks, item.Ipv6CidrBlock, 6, () =>
        below(spot, side, "Ipv6CidrBlockSet", i, "Ipv6CidrBlock"),
      );
  }
  return {
    id: readId(context, shape.VpcPeeringConnectionId, () => below(spot, "VpcPeeringConnectionId")),
    status: copyText(shape.Status.Code),
    vpcIds,
    cidrs: [...blocks.values()],
    at: spot.document.placeOf(shape[OFFSET]),
  };
}

function addIpv6Blocks(
  context: LoadContext,
  blocks: Blocks,
  items: readonly {
    readonly Ipv6CidrBlock: string;
    readonly Ipv6CidrBlockState?: Maybe<{ readonly State?: Maybe<string> }>;
  }[],
  spot: Spot,
): void {
  for (const [i, item] of items.entries())
    if (!GONE.has(item.Ipv6CidrBlockState?.State ?? ""))
      addBlock(context, blocks, item.Ipv6CidrBlock, 6, () =>
        below(spot, "Ipv6CidrBlockAssociationSet", i, "Ipv6CidrBlock"),
      );
}

/** Adds a block, once. An IPv6-only subnet has an empty IPv4 block. */
function addBlock(
  context: LoadContext,
  blocks: Blocks,
  text: Maybe<string>,
  family: 4 | 6,
  spot: () => Spot,
): void {
  if (text == null || text === "") return;
  const block = readBlock(context, text, family, spot);
  blocks.set(formatCidr(block), block);
}
