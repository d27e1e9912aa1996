// Builders of configuration items as AWS Config delivers them.

export interface ItemSketch {
  readonly type: string;
  readonly id: string;
  /** ISO time of the capture. */
  readonly at: string;
  readonly status?: string;
  readonly configuration?: unknown;
  readonly state?: number;
}

/** An item of a snapshot or history file. */
export function item({ type, id, at, status = "OK", configuration, state }: ItemSketch): object {
  return {
    configurationItemVersion: "1.3",
    configurationItemCaptureTime: at,
    ...(state === undefined ? {} : { configurationStateId: state }),
    awsAccountId: "123456789012",
    configurationItemStatus: status,
    resourceType: `AWS::EC2::${type}`,
    resourceId: id,
    awsRegion: "eu-west-1",
    configuration: configuration ?? null,
    supplementaryConfiguration: {},
    tags: {},
    relatedEvents: [],
    relationships: [],
  };
}

export function file(...items: object[]): object {
  return {
    fileVersion: "1.0",
    configSnapshotId: "00000000-0000-0000-0000-000000000000",
    configurationItems: items,
  };
}

/** The configuration of a group: Config writes IPv4 blocks twice. */
export function groupState(
  id: string,
  ingress: readonly { readonly port: number; readonly from: string }[],
  rest = {},
): object {
  return {
    description: "x",
    groupName: `name of ${id}`,
    ipPermissions: ingress.map(({ port, from }) => ({
      fromPort: port,
      ipProtocol: "tcp",
      ipv6Ranges: [],
      prefixListIds: from.startsWith("pl-") ? [{ prefixListId: from }] : [],
      toPort: port,
      userIdGroupPairs: from.startsWith("sg-") ? [{ groupId: from, userId: "123456789012" }] : [],
      ipv4Ranges: /^\d/.test(from) ? [{ cidrIp: from }] : [],
      ipRanges: /^\d/.test(from) ? [from] : [],
    })),
    ownerId: "123456789012",
    groupId: id,
    ipPermissionsEgress: [],
    tags: [],
    vpcId: "vpc-1",
    ...rest,
  };
}

/** The configuration of an interface. */
export function interfaceState(
  id: string,
  groups: readonly string[],
  address: string,
  rest = {},
): object {
  return {
    association: null,
    attachment: {
      attachTime: "2024-01-01T00:00:00.000Z",
      attachmentId: "eni-attach-1",
      deleteOnTermination: true,
      deviceIndex: 0,
      instanceId: "i-1",
      instanceOwnerId: "123456789012",
      status: "attached",
    },
    availabilityZone: "eu-west-1a",
    description: "",
    groups: groups.map((groupId) => ({ groupName: groupId, groupId })),
    interfaceType: "interface",
    ipv6Addresses: [],
    networkInterfaceId: id,
    ownerId: "123456789012",
    privateIpAddress: address,
    privateIpAddresses: [{ association: null, primary: true, privateIpAddress: address }],
    requesterManaged: false,
    sourceDestCheck: true,
    status: "in-use",
    subnetId: "subnet-1",
    tagSet: [],
    vpcId: "vpc-1",
    ...rest,
  };
}
