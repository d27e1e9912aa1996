import { expect, test } from "vitest";
import { loadRuleSet } from "../../src/rules/index.js";

const GROUPS = 10_000;
const INTERFACES = 50_000;

function hex(number: number): string {
  return number.toString(16).padStart(17, "0");
}

function groupsDocument(): string {
  const groups = Array.from({ length: GROUPS }, (_, i) => ({
    Description: "generated",
    GroupName: `group-${i}`,
    IpPermissions: [
      {
        IpProtocol: "tcp",
        FromPort: 443,
        ToPort: 443,
        IpRanges: Array.from({ length: 7 }, (_, k) => ({
          CidrIp: `10.${i % 256}.${k}.0/24`,
          Description: "office",
        })),
        Ipv6Ranges: [{ CidrIpv6: "2001:db8::/32" }],
        PrefixListIds: [],
        UserIdGroupPairs: [{ GroupId: `sg-${hex((i + 1) % GROUPS)}`, UserId: "123456789012" }],
      },
    ],
    IpPermissionsEgress: [
      {
        IpProtocol: "-1",
        IpRanges: [{ CidrIp: "0.0.0.0/0" }],
        Ipv6Ranges: [],
        PrefixListIds: [],
        UserIdGroupPairs: [],
      },
    ],
    OwnerId: "123456789012",
    GroupId: `sg-${hex(i)}`,
    VpcId: "vpc-0123456789abcdef0",
  }));
  return JSON.stringify({ SecurityGroups: groups }, null, 4);
}

function interfacesDocument(): string {
  const interfaces = Array.from({ length: INTERFACES }, (_, i) => {
    const address = `10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`;
    return {
      Attachment: {
        AttachTime: "2024-12-14T10:33:00+00:00",
        AttachmentId: `eni-attach-${hex(i)}`,
        DeleteOnTermination: true,
        DeviceIndex: 0,
        InstanceId: `i-${hex(i)}`,
        InstanceOwnerId: "123456789012",
        Status: "attached",
      },
      AvailabilityZone: "us-east-1a",
      Description: "",
      Groups: [{ GroupName: "group", GroupId: `sg-${hex(i % GROUPS)}` }],
      InterfaceType: "interface",
      Ipv6Addresses: [],
      MacAddress: "02:00:00:00:00:00",
      NetworkInterfaceId: `eni-${hex(i)}`,
      OwnerId: "123456789012",
      PrivateDnsName: `ip-${address}.ec2.internal`,
      PrivateIpAddress: address,
      PrivateIpAddresses: [{ Primary: true, PrivateIpAddress: address }],
      RequesterManaged: false,
      SourceDestCheck: true,
      Status: "in-use",
      SubnetId: "subnet-0123456789abcdef0",
      TagSet: [{ Key: "Name", Value: `host-${i}` }],
      VpcId: "vpc-0123456789abcdef0",
    };
  });
  return JSON.stringify({ NetworkInterfaces: interfaces }, null, 4);
}

test("10,000 groups, 100,000 rules and 50,000 interfaces load whole", () => {
  const documents = [
    { name: "groups.json", text: groupsDocument() },
    { name: "interfaces.json", text: interfacesDocument() },
  ];
  const { ruleSet } = loadRuleSet(documents);
  const rules = [...ruleSet.groups.values()].flatMap((group) => group.rules);
  expect([ruleSet.groups.size, rules.length, ruleSet.interfaces.size]).toEqual([
    GROUPS,
    GROUPS * 10,
    INTERFACES,
  ]);
  expect(new Set(rules.map((rule) => rule.id)).size).toBe(rules.length);
});
