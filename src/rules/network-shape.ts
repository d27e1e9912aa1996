// The parts of the interface, VPC, subnet, peering and prefix-list answers that the rule set reads. Types only.
import * as v from "valibot";
import type { JsonValue, OFFSET } from "./json-reader.js";
import { type Maybe, type Shape, shapeOf } from "./shape.js";

interface Located {
  readonly [OFFSET]: number;
}

export interface InterfaceShape extends Located {
  readonly NetworkInterfaceId: string;
  readonly VpcId?: Maybe<string>;
  readonly SubnetId?: Maybe<string>;
  readonly InterfaceType?: Maybe<string>;
  readonly Description?: Maybe<string>;
  readonly OwnerId?: Maybe<string>;
  readonly RequesterId?: Maybe<string>;
  /** Required: an interface without groups filters nothing, so a missing list must not read as an empty one. */
  readonly Groups: readonly { readonly GroupId: string }[];
  readonly PrivateIpAddress?: Maybe<string>;
  readonly PrivateIpAddresses?: Maybe<
    readonly { readonly PrivateIpAddress: string; readonly Primary?: Maybe<boolean> }[]
  >;
  readonly Ipv6Addresses?: Maybe<readonly { readonly Ipv6Address: string }[]>;
  readonly Ipv4Prefixes?: Maybe<readonly { readonly Ipv4Prefix: string }[]>;
  readonly Ipv6Prefixes?: Maybe<readonly { readonly Ipv6Prefix: string }[]>;
  readonly Attachment?: Maybe<{
    readonly AttachTime?: unknown;
    readonly InstanceId?: Maybe<string>;
  }>;
  readonly ConnectionTrackingConfiguration?: Maybe<{
    readonly TcpEstablishedTimeout?: Maybe<number>;
    readonly UdpTimeout?: Maybe<number>;
    readonly UdpStreamTimeout?: Maybe<number>;
  }>;
}

interface BlockState {
  readonly State?: Maybe<string>;
}

export interface Ipv4Association {
  readonly CidrBlock: string;
  readonly CidrBlockState?: Maybe<BlockState>;
}

export interface Ipv6Association {
  readonly Ipv6CidrBlock: string;
  readonly Ipv6CidrBlockState?: Maybe<BlockState>;
}

export interface VpcShape extends Located {
  readonly VpcId: string;
  readonly CidrBlock?: Maybe<string>;
  readonly CidrBlockAssociationSet?: Maybe<readonly Ipv4Association[]>;
  readonly Ipv6CidrBlockAssociationSet?: Maybe<readonly Ipv6Association[]>;
}

export interface SubnetShape extends Located {
  readonly SubnetId: string;
  readonly VpcId?: Maybe<string>;
  readonly CidrBlock?: Maybe<string>;
  readonly Ipv6CidrBlockAssociationSet?: Maybe<readonly Ipv6Association[]>;
}

export interface PeeringSideShape {
  readonly VpcId?: Maybe<string>;
  readonly CidrBlock?: Maybe<string>;
  readonly CidrBlockSet?: Maybe<readonly { readonly CidrBlock: string }[]>;
  readonly Ipv6CidrBlockSet?: Maybe<readonly { readonly Ipv6CidrBlock: string }[]>;
}

export interface PeeringShape extends Located {
  readonly VpcPeeringConnectionId: string;
  readonly Status: { readonly Code: string };
  readonly AccepterVpcInfo?: Maybe<PeeringSideShape>;
  readonly RequesterVpcInfo?: Maybe<PeeringSideShape>;
}

export interface PrefixListShape extends Located {
  readonly PrefixListId: string;
  readonly PrefixListName?: Maybe<string>;
  readonly Cidrs?: Maybe<readonly string[]>;
  readonly MaxEntries?: Maybe<number>;
}

const text = v.nullish(v.string());
const seconds = v.nullish(v.pipe(v.number(), v.integer()));
const anything = v.custom<JsonValue>(() => true);

export const INTERFACE: Shape<InterfaceShape> = shapeOf({
  NetworkInterfaceId: v.string(),
  VpcId: text,
  SubnetId: text,
  InterfaceType: text,
  Description: text,
  OwnerId: text,
  RequesterId: text,
  Groups: v.array(shapeOf({ GroupId: v.string() })),
  PrivateIpAddress: text,
  PrivateIpAddresses: v.nullish(
    v.array(shapeOf({ PrivateIpAddress: v.string(), Primary: v.nullish(v.boolean()) })),
  ),
  Ipv6Addresses: v.nullish(v.array(shapeOf({ Ipv6Address: v.string() }))),
  Ipv4Prefixes: v.nullish(v.array(shapeOf({ Ipv4Prefix: v.string() }))),
  Ipv6Prefixes: v.nullish(v.array(shapeOf({ Ipv6Prefix: v.string() }))),
  Attachment: v.nullish(shapeOf({ AttachTime: v.nullish(anything), InstanceId: text })),
  ConnectionTrackingConfiguration: v.nullish(
    shapeOf({
      TcpEstablishedTimeout: seconds,
      UdpTimeout: seconds,
      UdpStreamTimeout: seconds,
    }),
  ),
});

const state = v.nullish(shapeOf({ State: text }));
const ipv6Associations = v.nullish(
  v.array(shapeOf({ Ipv6CidrBlock: v.string(), Ipv6CidrBlockState: state })),
);

export const VPC: Shape<VpcShape> = shapeOf({
  VpcId: v.string(),
  CidrBlock: text,
  CidrBlockAssociationSet: v.nullish(
    v.array(shapeOf({ CidrBlock: v.string(), CidrBlockState: state })),
  ),
  Ipv6CidrBlockAssociationSet: ipv6Associations,
});

export const SUBNET: Shape<SubnetShape> = shapeOf({
  SubnetId: v.string(),
  VpcId: text,
  CidrBlock: text,
  Ipv6CidrBlockAssociationSet: ipv6Associations,
});

const peeringSide = v.nullish(
  shapeOf({
    VpcId: text,
    CidrBlock: text,
    CidrBlockSet: v.nullish(v.array(shapeOf({ CidrBlock: v.string() }))),
    Ipv6CidrBlockSet: v.nullish(v.array(shapeOf({ Ipv6CidrBlock: v.string() }))),
  }),
);

export const PEERING: Shape<PeeringShape> = shapeOf({
  VpcPeeringConnectionId: v.string(),
  Status: shapeOf({ Code: v.string() }),
  AccepterVpcInfo: peeringSide,
  RequesterVpcInfo: peeringSide,
});

export const PREFIX_LIST: Shape<PrefixListShape> = shapeOf({
  PrefixListId: v.string(),
  PrefixListName: text,
  Cidrs: v.nullish(v.array(v.string())),
  MaxEntries: v.nullish(v.pipe(v.number(), v.integer(), v.minValue(0))),
});

export const PREFIX_LIST_ENTRY: Shape<{ readonly Cidr: string }> = shapeOf({ Cidr: v.string() });
