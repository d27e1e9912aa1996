import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { pinsOf } from "../../src/anonymize/pins.js";
import { PrefixMap } from "../../src/anonymize/prefix-map.js";
import {
  type Address,
  cidrContains,
  familyBits,
  formatAddress,
  formatCidr,
  parseAddress,
  parseCidr,
} from "../../src/model/address.js";
import { loadRuleSet } from "../../src/rules/index.js";

/** The key of the sample that the authors of Crypto-PAn publish. */
const SAMPLE_KEY = Uint8Array.of(
  ...[21, 34, 23, 141, 51, 164, 207, 128, 19, 10, 91, 22, 73, 144, 125, 16],
  ...[216, 152, 143, 131, 121, 121, 101, 39, 98, 87, 76, 45, 42, 132, 34, 2],
);

function address(text: string): Address {
  return parseAddress(text)!;
}

/** How many bits two addresses of a family begin with alike. */
function shared(a: Address, b: Address): number {
  const differing = a.value ^ b.value;
  return familyBits(a.family) - (differing === 0n ? 0 : differing.toString(2).length);
}

const ANY4 = fc.bigInt(0n, (1n << 32n) - 1n).map((value): Address => ({ family: 4, value }));
const ANY6 = fc.bigInt(0n, (1n << 128n) - 1n).map((value): Address => ({ family: 6, value }));

describe("Crypto-PAn without pins", () => {
  const map = new PrefixMap(SAMPLE_KEY, []);

  it.each([
    ["128.11.68.132", "135.242.180.132"],
    ["129.118.74.4", "134.136.186.123"],
    ["130.132.252.244", "133.68.164.234"],
    ["141.223.7.43", "141.167.8.160"],
    ["141.233.145.108", "141.129.237.235"],
    ["152.163.225.39", "151.140.114.167"],
    ["156.29.3.236", "147.225.12.42"],
    ["165.247.96.84", "162.9.99.234"],
    ["166.107.77.190", "160.132.178.185"],
    ["192.102.249.13", "252.138.62.131"],
  ])("makes of %s what the published sample makes of it", (from, to) => {
    expect(formatAddress(map.address(address(from)))).toBe(to);
  });
});

describe("the mapping of addresses", () => {
  const { ruleSet } = loadRuleSet([
    {
      name: "vpcs.json",
      text: JSON.stringify({
        Vpcs: [{ VpcId: "vpc-1", CidrBlock: "10.99.0.0/16" }],
        Subnets: [{ SubnetId: "subnet-1", VpcId: "vpc-1", CidrBlock: "10.99.48.0/20" }],
      }),
    },
  ]);
  const map = new PrefixMap(SAMPLE_KEY, pinsOf([ruleSet]));

  it.each([
    ["IPv4", ANY4],
    ["IPv6", ANY6],
  ] as const)("keeps what two addresses share, and nothing more: %s", (_, any) => {
    fc.assert(
      fc.property(any, any, (a, b) => {
        expect(shared(map.address(a), map.address(b))).toBe(shared(a, b));
      }),
    );
  });

  it.each([4, 6] as const)("maps blocks as it maps what is in them: IPv%d", (family) => {
    const width = familyBits(family);
    fc.assert(
      fc.property(family === 4 ? ANY4 : ANY6, fc.nat(width), (inside, length) => {
        const host = BigInt(width - length);
        const block = {
          address: { family, value: (inside.value >> host) << host },
          length,
        };
        const mapped = map.cidr(block);
        expect(cidrContains(mapped, map.address(inside))).toBe(true);
        expect(() => parseCidr(formatCidr(mapped))).not.toThrow();
      }),
    );
  });

  it.each([
    "0.0.0.0/0",
    "::/0",
    "10.0.0.0/8",
    "172.16.0.0/12",
    "192.168.0.0/16",
    "100.64.0.0/10",
    "169.254.0.0/16",
    "127.0.0.0/8",
    "224.0.0.0/4",
    "0.0.0.0/32",
    "255.255.255.255/32",
    "169.254.169.254/32",
    "169.254.170.2/32",
    "fc00::/7",
    "fe80::/10",
    "ff00::/8",
    "2000::/3",
    "fd00:ec2::253/128",
  ])("leaves %s what it is", (text) => {
    expect(formatCidr(map.cidr(parseCidr(text)))).toBe(text);
  });

  it.each(["10.99.0.0/16", "10.99.48.0/20"])("keeps router and resolver of %s", (text) => {
    const network = parseCidr(text);
    const base = map.cidr(network).address.value;
    for (const host of [1n, 2n])
      expect(map.address({ family: 4, value: network.address.value + host }).value).toBe(
        base + host,
      );
    expect(base).not.toBe(network.address.value);
  });

  it("maps with another key to something else", () => {
    const other = new PrefixMap(
      SAMPLE_KEY.map((byte) => byte ^ 1),
      pinsOf([]),
    );
    expect(formatAddress(other.address(address("128.11.68.132")))).not.toBe(
      formatAddress(map.address(address("128.11.68.132"))),
    );
  });
});
