// Interfaces, VPCs, subnets, peerings, prefix lists and network ACLs as items of AWS's answers.
import { PROTOCOL_ICMP, PROTOCOL_ICMPV6, PROTOCOL_TCP, PROTOCOL_UDP } from "../../contract.js";
import { type Cidr, formatAddress, formatCidr } from "../../model/address.js";
import type {
  AclEntry,
  NetworkAcl,
  NetworkInterface,
  Peering,
  PrefixList,
  Subnet,
  Vpc,
} from "../../model/rule-set.js";
import { ACL_CLOSING_NUMBER } from "../acl-document.js";
import { descriptionOf } from "../service-interfaces.js";

export function interfaceAsAws(carrier: NetworkInterface): object {
  const { vpcId, subnetId, type, attachedAt, instanceId, timers } = carrier;
  const isAttached = attachedAt !== undefined || instanceId !== undefined;
  const ipv4 = carrier.addresses.filter(({ family }) => family === 4).map(formatAddress);
  const ipv6 = carrier.addresses.filter(({ family }) => family === 6).map(formatAddress);
  return {
    NetworkInterfaceId: carrier.id,
    ...optional("VpcId", vpcId),
    ...optional("SubnetId", subnetId),
    ...optional("InterfaceType", type),
    Groups: carrier.groupIds.map((GroupId) => ({ GroupId })),
    ...optional("PrivateIpAddress", ipv4[0]),
    PrivateIpAddresses: ipv4.map((PrivateIpAddress, i) => ({
      Primary: i === 0,
      PrivateIpAddress,
    })),
    Ipv6Addresses: ipv6.map((Ipv6Address) => ({ Ipv6Address })),
    Ipv4Prefixes: ofFamily(carrier.prefixes, 4).map((Ipv4Prefix) => ({ Ipv4Prefix })),
    Ipv6Prefixes: ofFamily(carrier.prefixes, 6).map((Ipv6Prefix) => ({ Ipv6Prefix })),
    ...optional("Description", descriptionOf(carrier)),
    ...optional("RequesterId", carrier.service === "elb" ? "amazon-elb" : undefined),
    ...(isAttached
      ? {
          Attachment: {
            ...optional("AttachTime", attachedAt === undefined ? undefined : isoTime(attachedAt)),
            ...optional("InstanceId", instanceId),
          },
        }
      : {}),
    ...(timers === undefined
      ? {}
      : {
          ConnectionTrackingConfiguration: {
            ...optional("TcpEstablishedTimeout", timers.tcpEstablished),
            ...optional("UdpTimeout", timers.udp),
            ...optional("UdpStreamTimeout", timers.udpStream),
          },
        }),
  };
}

export function prefixListAsAws({ id, name, cidrs, maxEntries }: PrefixList): object {
  return {
    PrefixListId: id,
    ...optional("PrefixListName", name),
    ...optional("MaxEntries", maxEntries),
    ...optional("Cidrs", cidrs?.map(formatCidr)),
  };
}

export function vpcAsAws({ id, cidrs }: Vpc): object {
  const ipv4 = ofFamily(cidrs, 4);
  return {
    VpcId: id,
    ...optional("CidrBlock", ipv4[0]),
    CidrBlockAssociationSet: ipv4.map((CidrBlock) => ({ CidrBlock })),
    Ipv6CidrBlockAssociationSet: ipv6Blocks(cidrs),
  };
}

export function subnetAsAws({ id, vpcId, cidrs }: Subnet): object {
  return {
    SubnetId: id,
    ...optional("VpcId", vpcId),
    ...optional("CidrBlock", ofFamily(cidrs, 4)[0]),
    Ipv6CidrBlockAssociationSet: ipv6Blocks(cidrs),
  };
}

/** The rule set does not keep whose blocks are whose: all stand at the requester's side. */
export function peeringAsAws({ id, status, vpcIds, cidrs }: Peering): object {
  const [requester, accepter] = vpcIds;
  return {
    VpcPeeringConnectionId: id,
    Status: { Code: status },
    RequesterVpcInfo: {
      ...optional("VpcId", requester),
      CidrBlockSet: ofFamily(cidrs, 4).map((CidrBlock) => ({ CidrBlock })),
      Ipv6CidrBlockSet: ipv6Blocks(cidrs),
    },
    ...(accepter === undefined ? {} : { AccepterVpcInfo: { VpcId: accepter } }),
  };
}

export function aclAsAws({ id, vpcId, isDefault, subnetIds, entries }: NetworkAcl): object {
  return {
    NetworkAclId: id,
    ...optional("VpcId", vpcId),
    IsDefault: isDefault,
    Associations: subnetIds.map((SubnetId) => ({ NetworkAclId: id, SubnetId })),
    Entries: entries.map(entryAsAws),
  };
}

function entryAsAws(entry: AclEntry): object {
  const { number, protocol, cidr } = entry;
  const isIpv4 = cidr.address.family === 4;
  const closing = number === ACL_CLOSING_NUMBER && !isIpv4 ? number + 1 : number;
  const hasPorts = protocol === PROTOCOL_TCP || protocol === PROTOCOL_UDP;
  const hasTypes = protocol === PROTOCOL_ICMP || protocol === PROTOCOL_ICMPV6;
  return {
    RuleNumber: closing,
    Protocol: String(protocol),
    RuleAction: entry.action,
    Egress: entry.direction === "egress",
    [isIpv4 ? "CidrBlock" : "Ipv6CidrBlock"]: formatCidr(cidr),
    ...(hasPorts ? { PortRange: { From: entry.fromPort, To: entry.toPort } } : {}),
    ...(hasTypes ? { IcmpTypeCode: { Type: entry.icmpType, Code: entry.icmpCode } } : {}),
  };
}

function ofFamily(cidrs: readonly Cidr[], family: 4 | 6): string[] {
  return cidrs.filter(({ address }) => address.family === family).map(formatCidr);
}

function ipv6Blocks(cidrs: readonly Cidr[]): object[] {
  return ofFamily(cidrs, 6).map((Ipv6CidrBlock) => ({ Ipv6CidrBlock }));
}

function optional<K extends string, T>(key: K, value: T | undefined): { readonly [P in K]?: T } {
  return value === undefined ? {} : ({ [key]: value } as { readonly [P in K]?: T });
}

function isoTime(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace(".000Z", "+00:00");
}
