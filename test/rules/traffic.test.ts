import { describe, expect, test } from "vitest";
import { failure, group, groups, load, ruleIds } from "./documents.js";

const PEER = { IpRanges: [{ CidrIp: "10.0.0.0/8" }] };

function loadTraffic(traffic: object): [string, number, number, number, number, number] {
  const { ruleSet } = load([groups([group("sg-a", [{ ...traffic, ...PEER }])])]);
  const rule = ruleSet.groups.get("sg-a")!.rules[0]!;
  const { id, protocol, fromPort, toPort, icmpType, icmpCode } = rule;
  return [id, protocol, fromPort, toPort, icmpType, icmpCode];
}

describe("protocol and ports", () => {
  test.each<[object, [string, number, number, number, number, number]]>([
    [{ IpProtocol: "tcp", FromPort: 443, ToPort: 443 }, ["tcp/443", 6, 443, 443, -1, -1]],
    [{ IpProtocol: "TCP", FromPort: 1, ToPort: 2 }, ["tcp/1-2", 6, 1, 2, -1, -1]],
    [{ IpProtocol: "6", FromPort: 0, ToPort: 65535 }, ["tcp/0-65535", 6, 0, 65535, -1, -1]],
    [{ IpProtocol: "17", FromPort: 53, ToPort: 53 }, ["udp/53", 17, 53, 53, -1, -1]],
    [{ IpProtocol: "-1" }, ["all/all", -1, 0, 65535, -1, -1]],
    [{ IpProtocol: "All" }, ["all/all", -1, 0, 65535, -1, -1]],
    [{ IpProtocol: "-1", FromPort: -1, ToPort: -1 }, ["all/all", -1, 0, 65535, -1, -1]],
    [{ IpProtocol: "-1", FromPort: null, ToPort: null }, ["all/all", -1, 0, 65535, -1, -1]],
    [{ IpProtocol: "-1", FromPort: 0, ToPort: 0 }, ["all/all", -1, 0, 65535, -1, -1]],
    [{ IpProtocol: "icmp", FromPort: -1, ToPort: -1 }, ["icmp/all", 1, 0, 65535, -1, -1]],
    [{ IpProtocol: "icmp", FromPort: 8, ToPort: 0 }, ["icmp/8:0", 1, 0, 65535, 8, 0]],
    [{ IpProtocol: "1", FromPort: 8, ToPort: -1 }, ["icmp/8:all", 1, 0, 65535, 8, -1]],
    [{ IpProtocol: "icmpv6" }, ["icmpv6/all", 58, 0, 65535, -1, -1]],
    [{ IpProtocol: "58", FromPort: 128, ToPort: 0 }, ["icmpv6/128:0", 58, 0, 65535, 128, 0]],
    [{ IpProtocol: "50" }, ["50/all", 50, 0, 65535, -1, -1]],
    [{ IpProtocol: "47", FromPort: 5, ToPort: 6 }, ["47/all", 47, 0, 65535, -1, -1]],
    [{ IpProtocol: "0" }, ["0/all", 0, 0, 65535, -1, -1]],
  ])("%j", (traffic, [text, ...numbers]) => {
    expect(loadTraffic(traffic)).toEqual([`sg-a/ingress/${text}/10.0.0.0/8`, ...numbers]);
  });

  test.each([
    [{ IpProtocol: "tcpp", FromPort: 1, ToPort: 1 }, 'IpProtocol: "tcpp" is not a protocol'],
    [{ IpProtocol: "256" }, 'IpProtocol: "256" is not a protocol'],
    [{ IpProtocol: "06", FromPort: 1, ToPort: 1 }, 'IpProtocol: "06" is not a protocol'],
    [{ IpProtocol: "-2" }, 'IpProtocol: "-2" is not a protocol'],
    [{ IpProtocol: "" }, 'IpProtocol: "" is not a protocol'],
    [{ IpProtocol: "constructor" }, 'IpProtocol: "constructor" is not'],
    [{ IpProtocol: 6, FromPort: 1, ToPort: 1 }, "IpProtocol: expected string, found 6"],
    [{ FromPort: 1, ToPort: 1 }, "IpProtocol: the key is missing"],
    [{ IpProtocol: "tcp" }, "FromPort: the key is missing"],
    [{ IpProtocol: "tcp", FromPort: 1 }, "ToPort: the key is missing"],
    [{ IpProtocol: "udp", FromPort: -1, ToPort: -1 }, "FromPort: -1 is outside 0-65535"],
    [{ IpProtocol: "tcp", FromPort: 1, ToPort: 65536 }, "ToPort: 65536 is outside 0-65535"],
    [{ IpProtocol: "tcp", FromPort: 90, ToPort: 80 }, "FromPort: the port range 90-80 is reversed"],
    [{ IpProtocol: "tcp", FromPort: "80", ToPort: 80 }, 'FromPort: expected number, found "80"'],
    [
      { IpProtocol: "tcp", FromPort: 80.5, ToPort: 81 },
      "FromPort: expected a whole number, found 80.5",
    ],
    [{ IpProtocol: "icmp" }, "FromPort: the key is missing"],
    [{ IpProtocol: "icmp", FromPort: 256, ToPort: 0 }, "FromPort: 256 is outside -1-255"],
    [{ IpProtocol: "icmp", FromPort: -1, ToPort: 3 }, "ToPort: the code 3 stands beside type -1"],
    [{ IpProtocol: "icmpv6", FromPort: 128 }, "ToPort: the key is missing"],
  ])("%j stops the load", (traffic, expected) => {
    const message = failure([groups([group("sg-a", [{ ...traffic, ...PEER }])])]);
    expect(message).toContain("groups.json:1:");
    expect(message).toContain(`SecurityGroups.0.IpPermissions.0.${expected}`);
  });
});

test("a permission with many peers is many rules, in the order of the document", () => {
  const many = {
    IpProtocol: "udp",
    FromPort: 1000,
    ToPort: 2000,
    UserIdGroupPairs: [
      { GroupId: "sg-b", UserId: "111111111111" },
      { GroupId: "sg-c", UserId: "222222222222" },
    ],
    PrefixListIds: [{ PrefixListId: "pl-1" }],
    Ipv6Ranges: [{ CidrIpv6: "2001:DB8::/32" }],
    IpRanges: [{ CidrIp: "10.0.0.0/8" }, { CidrIp: "10.0.0.0/8" }],
  };
  expect(ruleIds(load([groups([group("sg-a", [many], [{ IpProtocol: "-1", ...PEER }])])]))).toEqual(
    [
      "sg-a/ingress/udp/1000-2000/sg-b",
      "sg-a/ingress/udp/1000-2000/222222222222/sg-c",
      "sg-a/ingress/udp/1000-2000/pl-1",
      "sg-a/ingress/udp/1000-2000/2001:db8::/32",
      "sg-a/ingress/udp/1000-2000/10.0.0.0/8",
      "sg-a/egress/all/all/10.0.0.0/8",
    ],
  );
});
