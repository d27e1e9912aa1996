import fc from "fast-check";
import { type Address, parseCidr } from "../../src/model/address.js";
import type { NetworkAcl, NetworkInterface, RuleSet, Subnet } from "../../src/model/rule-set.js";
import {
  type AclParts,
  acl,
  address,
  group,
  networkInterface,
  ruleSet,
  subnet,
} from "./rule-sets.js";

const CIDRS = [
  "0.0.0.0/0",
  "0.0.0.0/0",
  "10.0.0.0/8",
  "10.0.1.0/24",
  "10.0.1.0/28",
  "10.0.1.7/32",
  "203.0.113.0/24",
  "::/0",
  "2001:db8::/32",
  "2001:db8:0:1::/64",
];
/** Addresses inside, beside and far from every block of the accounts. */
export const REMOTES: readonly Address[] = [
  "0.0.0.0",
  "10.0.1.0",
  "10.0.1.7",
  "10.0.1.8",
  "10.0.1.16",
  "10.0.2.1",
  "10.200.0.1",
  "203.0.113.255",
  "255.255.255.255",
  "::",
  "2001:db8:0:1::5",
  "2001:db8:0:2::5",
  "ffff::",
].map((text) => address(text));
const OWN = ["10.0.1.7", "10.0.1.9", "10.0.2.1", "10.200.0.1", "2001:db8:0:1::5"];
export const PORTS: readonly number[] = [0, 22, 79, 80, 443, 1024, 65535];
const ACLS = ["acl-a", "acl-b", "acl-default"];
const SUBNETS = ["subnet-1", "subnet-2", "subnet-3"];
const IDS = Array.from({ length: 6 }, (_, i) => `eni-${i}`);

const port = fc.constantFrom(...PORTS);
const direction = fc.constantFrom("ingress", "egress");

const entry: fc.Arbitrary<AclParts> = fc
  .record({
    number: fc.oneof(
      { weight: 9, arbitrary: fc.integer({ min: 1, max: 32766 }) },
      { weight: 1, arbitrary: fc.constant(32767) },
    ),
    direction,
    action: fc.constantFrom("allow", "deny"),
    protocol: fc.constantFrom(-1, 6, 6, 17, 1, 1, 58, 47),
    ports: fc.tuple(port, port),
    icmpType: fc.constantFrom(-1, 0, 8),
    cidr: fc.constantFrom(...CIDRS),
  })
  .map(({ ports, ...parts }) => {
    const hasPorts = parts.protocol === 6 || parts.protocol === 17;
    const isIcmp = parts.protocol === 1 || parts.protocol === 58;
    return {
      ...parts,
      action: parts.number === 32767 ? "deny" : parts.action,
      fromPort: hasPorts ? Math.min(...ports) : 0,
      toPort: hasPorts ? Math.max(...ports) : 65535,
      icmpType: isIcmp ? parts.icmpType : -1,
    };
  });

/** Entries of one list, at most `most`, in no order. */
export function entries(most: number): fc.Arbitrary<AclParts[]> {
  return fc.uniqueArray(entry, {
    maxLength: most,
    size: "max",
    selector: ({ number, direction: way, cidr }) => `${way} ${number} ${cidr.includes(":")}`,
  });
}

const lists: fc.Arbitrary<NetworkAcl[]> = fc
  .tuple(
    fc.array(entries(12), { minLength: ACLS.length, maxLength: ACLS.length }),
    fc.array(fc.constantFrom(0, 1, undefined), { minLength: 3, maxLength: 3 }),
    fc.boolean(),
  )
  .map(([all, owners, hasDefault]) =>
    ACLS.slice(0, hasDefault ? 3 : 2).map((id, index) =>
      acl(id, all[index]!, {
        vpcId: "vpc-1",
        isDefault: id === "acl-default",
        subnetIds: SUBNETS.filter((_, i) => owners[i] === index),
      }),
    ),
  );

function networkInterfaceOf(id: string): fc.Arbitrary<NetworkInterface> {
  return fc
    .record({
      groups: fc.subarray(["sg-1"]),
      own: fc.subarray(OWN, { maxLength: 2 }),
      subnetId: fc.constantFrom(...SUBNETS, undefined),
      vpcId: fc.constantFrom("vpc-1", "vpc-2", undefined),
      attachedAt: fc.constantFrom(500, undefined),
      prefix: fc.constantFrom("10.0.1.0/28", undefined, undefined),
    })
    .map(({ groups, own, subnetId, vpcId, attachedAt, prefix }) =>
      networkInterface(id, groups, own, {
        ...(subnetId === undefined ? {} : { subnetId }),
        ...(vpcId === undefined ? {} : { vpcId }),
        ...(attachedAt === undefined ? {} : { attachedAt }),
        prefixes: prefix === undefined ? [] : [parseCidr(prefix)],
      }),
    );
}

/** Subnets with known blocks, with unknown ones, with a VPC of their own, or without a document. */
const subnets: fc.Arbitrary<Subnet[]> = fc
  .array(
    fc.constantFrom<readonly string[] | undefined>(
      undefined,
      [],
      ["10.0.1.0/28"],
      ["10.0.0.0/16", "2001:db8:0:1::/64"],
    ),
    { minLength: 3, maxLength: 3 },
  )
  .map((blocks) =>
    blocks.flatMap((cidrs, i) =>
      cidrs === undefined ? [] : [{ ...subnet(SUBNETS[i]!, cidrs), vpcId: "vpc-1" }],
    ),
  );

/** Up to three lists, three subnets and six interfaces, connected in every way. */
export const account: fc.Arbitrary<RuleSet> = fc
  .record({
    acls: lists,
    subnets,
    ids: fc.subarray(IDS, { minLength: 2 }),
    all: fc.tuple(...IDS.map(networkInterfaceOf)),
  })
  .map(({ acls, subnets: known, ids, all }) =>
    ruleSet({
      groups: [group("sg-1", [{ peer: "10.0.0.0/8" }, { peer: "sg-1" }])],
      interfaces: all.filter((owner) => ids.includes(owner.id)),
      acls,
      subnets: known,
    }),
  );
