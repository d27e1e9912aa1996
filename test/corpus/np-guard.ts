// Two accounts of FLOW_CORPUS and the connectivity that an outside analyser pins for them, as classes of packets.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { cidrContains, formatAddress, parseAddress, parseCidr } from "../../src/model/address.js";
import type { RuleSet } from "../../src/model/rule-set.js";
import { loadRuleSet } from "../../src/rules/index.js";

const CORPUS: string | undefined = process.env.FLOW_CORPUS;
const FOLDER = CORPUS === undefined ? "" : join(CORPUS, "np-guard");

/** Whether the accounts are there. */
export function hasAccounts(): boolean {
  return CORPUS !== undefined && existsSync(FOLDER);
}

/** One end of a connection: an interface, or a range of public addresses, with the names the pinned files use. */
export interface End {
  readonly name: string;
  readonly address: string;
  /** Absent for public addresses. */
  readonly interfaceId?: string;
  readonly subnetId?: string;
  readonly vpcId?: string;
}

interface Tagged {
  readonly Tags?: readonly { readonly Key: string; readonly Value: string }[] | null;
}

/** What of the collector's file the ends are made of; the rest goes through the loader. */
interface Collected {
  readonly instances: readonly (Tagged & {
    readonly NetworkInterfaces: readonly {
      readonly NetworkInterfaceId: string;
      readonly PrivateIpAddress: string;
      readonly SubnetId: string;
      readonly VpcId: string;
    }[];
  })[];
  readonly subnets: readonly (Tagged & {
    readonly SubnetId: string;
    readonly VpcId: string;
    readonly CidrBlock: string;
    readonly MapPublicIpOnLaunch: boolean;
  })[];
}

export interface Account {
  readonly ruleSet: RuleSet;
  readonly interfaces: readonly End[];
  readonly subnets: readonly End[];
  /** Subnets whose new interfaces get no public address. */
  readonly privateSubnets: readonly string[];
}

function nameOf({ Tags }: Tagged): string | undefined {
  return Tags?.find(({ Key }) => Key === "Name")?.Value;
}

/** Reads `input_<name>.json`, with our loader where it is about rules. */
export function readAccount(name: string): Account {
  const text = readFileSync(join(FOLDER, `input_${name}.json`), "utf8");
  const { ruleSet } = loadRuleSet([{ name, text, explicit: true }]);
  const { instances, subnets } = JSON.parse(text) as Collected;
  return {
    ruleSet,
    interfaces: instances.flatMap((instance) =>
      instance.NetworkInterfaces.map((each) => ({
        name: `${nameOf(instance)}[${each.PrivateIpAddress}]`,
        address: each.PrivateIpAddress,
        interfaceId: each.NetworkInterfaceId,
        subnetId: each.SubnetId,
        vpcId: each.VpcId,
      })),
    ),
    subnets: subnets.map((subnet) => ({
      name: nameOf(subnet) ?? subnet.SubnetId,
      // Any host of the block: lists tell no two of them apart (asserted by the test).
      address: hostOf(subnet.CidrBlock),
      interfaceId: `eni-of-${subnet.SubnetId}`,
      subnetId: subnet.SubnetId,
      vpcId: subnet.VpcId,
    })),
    privateSubnets: subnets
      .filter(({ MapPublicIpOnLaunch }) => !MapPublicIpOnLaunch)
      .map((subnet) => nameOf(subnet) ?? subnet.SubnetId),
  };
}

function hostOf(block: string): string {
  const { address } = parseCidr(block);
  return formatAddress({ ...address, value: address.value + 10n });
}

/** The rule set with one interface of an open group in each subnet: what is left are the network ACLs alone. */
export function subnetsAlone({ ruleSet, subnets }: Account): RuleSet {
  const at = { file: "test", line: 1, column: 1 };
  const id = "sg-open";
  const open = loadRuleSet([
    {
      name: "open",
      text: JSON.stringify({
        SecurityGroups: [
          {
            GroupId: id,
            GroupName: "open",
            VpcId: "vpc-1",
            OwnerId: "123456789012",
            IpPermissions: [{ IpProtocol: "-1", IpRanges: [{ CidrIp: "0.0.0.0/0" }] }],
            IpPermissionsEgress: [{ IpProtocol: "-1", IpRanges: [{ CidrIp: "0.0.0.0/0" }] }],
          },
        ],
      }),
    },
  ]).ruleSet;
  const interfaces = subnets.map(({ interfaceId = "", address, subnetId = "", vpcId = "" }) => {
    const addresses = [parseAddress(address)!];
    return [
      interfaceId,
      { id: interfaceId, groupIds: [id], addresses, prefixes: [], subnetId, vpcId, at },
    ] as const;
  });
  return { ...ruleSet, groups: open.groups, interfaces: new Map(interfaces) };
}

const PRIVATE = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"].map((text) =>
  parseCidr(text),
);

/** Blocks of the rules that hold public addresses, without the block of all addresses. */
export function publicBlocks({ groups, acls }: RuleSet): readonly string[] {
  const rules = [...groups.values()].flatMap((group) => group.rules);
  const peers = rules.flatMap(({ peer }) => (peer.kind === "cidr" ? [peer.cidr] : []));
  const entries = [...acls.values()].flatMap((acl) => acl.entries.map(({ cidr }) => cidr));
  const blocks = [...peers, ...entries].filter(
    ({ address, length }) =>
      address.family === 4 && length > 0 && !PRIVATE.some((block) => cidrContains(block, address)),
  );
  return [
    ...new Set(blocks.map(({ address, length }) => `${formatAddress(address)}/${length}`)),
  ].sort();
}

/** First ports of the classes of ports that no rule and no entry tells apart; port 0 is no port of theirs. */
export function portClasses({ groups, acls }: RuleSet): readonly (readonly [number, number])[] {
  const ranges = [
    ...[...groups.values()].flatMap((group) => group.rules),
    ...[...acls.values()].flatMap((acl) => acl.entries),
  ];
  const firsts = new Set([1]);
  for (const { fromPort, toPort } of ranges) {
    if (fromPort > 1) firsts.add(fromPort);
    if (toPort < 65_535) firsts.add(toPort + 1);
  }
  const sorted = [...firsts].sort((a, b) => a - b);
  return sorted.map((first, i) => [first, (sorted[i + 1] ?? 65_536) - 1] as const);
}

/** The pinned lines of one file: `SOURCE => DESTINATION : CONNECTIONS [*]`. */
export function readPinned(file: string): readonly string[] {
  return readFileSync(join(FOLDER, file), "utf8")
    .split("\n")
    .filter((line) => line.includes(" => "))
    .map((line) => line.trim());
}
