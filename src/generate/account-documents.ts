// Writes the account as the AWS CLI would: one JSON document per describe call.
import type { AccountSpec, GroupSpec, InterfaceSpec, PermissionSpec } from "./account-spec.js";
import { awsId, maxEntriesOf } from "./account-spec.js";
import { apiInterfaceType } from "./interface-kind.js";

export interface AccountDocument {
  /** File name; a prefix list's entries carry the id there, because the CLI's answer does not. */
  readonly name: string;
  readonly text: string;
}

function permissionJson(spec: AccountSpec, permission: PermissionSpec): object {
  const note = permission.description === undefined ? {} : { Description: permission.description };
  return {
    IpProtocol: permission.protocol,
    ...(permission.from === undefined ? {} : { FromPort: permission.from, ToPort: permission.to }),
    IpRanges: permission.v4.map((CidrIp) => ({ CidrIp, ...note })),
    Ipv6Ranges: permission.v6.map((CidrIpv6) => ({ CidrIpv6, ...note })),
    PrefixListIds: permission.lists.map((list) => ({
      PrefixListId: spec.prefixLists[list]!.id,
      ...note,
    })),
    UserIdGroupPairs: permission.groups.map((group) => ({
      GroupId: spec.groups[group]!.id,
      UserId: spec.accountId,
      ...note,
    })),
  };
}

function groupJson(spec: AccountSpec, group: GroupSpec): object {
  const of = (direction: string): object[] =>
    group.permissions
      .filter((permission) => permission.direction === direction)
      .map((permission) => permissionJson(spec, permission));
  return {
    GroupId: group.id,
    GroupName: group.name,
    Description: group.description,
    OwnerId: spec.accountId,
    VpcId: spec.vpcId,
    SecurityGroupArn: `arn:aws:ec2:${spec.region}:${spec.accountId}:security-group/${group.id}`,
    IpPermissions: of("ingress"),
    IpPermissionsEgress: of("egress"),
  };
}

function interfaceJson(spec: AccountSpec, item: InterfaceSpec, number: number): object {
  const subnet = spec.subnets[item.subnet]!;
  const association =
    item.publicIp === undefined
      ? {}
      : {
          Association: {
            PublicIp: item.publicIp,
            AllocationId: awsId("eipalloc", 9, number),
            IpOwnerId: spec.accountId,
          },
        };
  const timers =
    item.timers === undefined
      ? {}
      : {
          ConnectionTrackingConfiguration: {
            TcpEstablishedTimeout: item.timers.tcpEstablished,
            UdpStreamTimeout: item.timers.udpStream,
            UdpTimeout: item.timers.udp,
          },
        };
  return {
    NetworkInterfaceId: item.id,
    VpcId: spec.vpcId,
    SubnetId: subnet.id,
    AvailabilityZone: subnet.zone,
    AvailabilityZoneId: subnet.zoneId,
    InterfaceType: apiInterfaceType(item.kind),
    Status: "in-use",
    Description: item.description,
    OwnerId: spec.accountId,
    RequesterManaged: item.kind !== "instance",
    SourceDestCheck: item.kind === "instance",
    Groups: item.groups.map((group) => ({
      GroupId: spec.groups[group]!.id,
      GroupName: spec.groups[group]!.name,
    })),
    PrivateIpAddress: item.v4[0],
    PrivateIpAddresses: item.v4.map((address, index) => ({
      Primary: index === 0,
      PrivateIpAddress: address,
      ...(index === 0 ? association : {}),
    })),
    Ipv6Addresses: item.v6.map((Ipv6Address) => ({ Ipv6Address })),
    ...(item.prefixes.length === 0
      ? {}
      : { Ipv4Prefixes: item.prefixes.map((Ipv4Prefix) => ({ Ipv4Prefix })) }),
    ...association,
    Attachment: {
      AttachmentId: awsId("eni-attach", 10, number),
      AttachTime: new Date(item.attachedAt * 1000).toISOString().replace(".000Z", "+00:00"),
      DeviceIndex: 0,
      ...(item.instanceId === undefined ? {} : { InstanceId: item.instanceId }),
      Status: "attached",
    },
    ...timers,
  };
}

function vpcJson(spec: AccountSpec): object {
  return {
    VpcId: spec.vpcId,
    OwnerId: spec.accountId,
    State: "available",
    IsDefault: false,
    CidrBlock: spec.v4,
    CidrBlockAssociationSet: [
      {
        AssociationId: awsId("vpc-cidr-assoc", 11, 0),
        CidrBlock: spec.v4,
        CidrBlockState: { State: "associated" },
      },
    ],
    Ipv6CidrBlockAssociationSet: [
      {
        AssociationId: awsId("vpc-cidr-assoc", 11, 1),
        Ipv6CidrBlock: spec.v6,
        Ipv6CidrBlockState: { State: "associated" },
      },
    ],
  };
}

/** All documents, ready to be written to files: two spaces, a newline at the end. */
export function accountDocuments(spec: AccountSpec): AccountDocument[] {
  const document = (name: string, value: object): AccountDocument => ({
    name: `${name}.json`,
    text: `${JSON.stringify(value, null, 2)}\n`,
  });
  return [
    document("describe-security-groups", {
      SecurityGroups: spec.groups.map((group) => groupJson(spec, group)),
    }),
    document("describe-network-interfaces", {
      NetworkInterfaces: spec.interfaces.map((item, number) => interfaceJson(spec, item, number)),
    }),
    document("describe-managed-prefix-lists", {
      PrefixLists: spec.prefixLists.map((list) => ({
        PrefixListId: list.id,
        PrefixListName: list.name,
        AddressFamily: `IPv${list.family}`,
        State: "create-complete",
        MaxEntries: maxEntriesOf(list),
        Version: 1,
        OwnerId: list.owner,
      })),
    }),
    ...spec.prefixLists.map((list) =>
      document(`get-managed-prefix-list-entries.${list.id}`, {
        Entries: list.cidrs.map((Cidr) => ({ Cidr })),
      }),
    ),
    document("describe-vpcs", { Vpcs: [vpcJson(spec)] }),
    document("describe-subnets", {
      Subnets: spec.subnets.map((subnet) => ({
        SubnetId: subnet.id,
        VpcId: spec.vpcId,
        OwnerId: spec.accountId,
        AvailabilityZone: subnet.zone,
        AvailabilityZoneId: subnet.zoneId,
        State: "available",
        CidrBlock: subnet.v4,
        Ipv6CidrBlockAssociationSet: [
          {
            AssociationId: awsId("subnet-cidr-assoc", 12, Number(subnet.zoneId.slice(-1))),
            Ipv6CidrBlock: subnet.v6,
            Ipv6CidrBlockState: { State: "associated" },
          },
        ],
        Tags: [{ Key: "Name", Value: subnet.name }],
      })),
    }),
  ];
}
