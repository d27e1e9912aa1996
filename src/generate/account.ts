// Makes up an account of any size: tiers of interfaces that serve each other, the internet and an office network.
import type {
  AccountSpec,
  GroupSpec,
  InterfaceSpec,
  PermissionSpec,
  PrefixListSpec,
  SubnetSpec,
} from "./account-spec.js";
import { awsId } from "./account-spec.js";
import { dotted } from "./address-words.js";
import type { AccountOptions } from "./options.js";
import { resolveAccountOptions } from "./options.js";
import { PermissionBook } from "./permission-book.js";
import { Random } from "./random.js";
import { TCP_SERVICES, UDP_SERVICES } from "./services.js";

const TIERS = "web app db cache queue batch search auth metrics build".split(" ");
/** So that documents of accounts with 10,000 rules per interface stay loadable. */
const MAX_RULES_IN_ALL = 200_000;
/** 2025-06-15: before any log. */
const ATTACHED = 1_750_000_000;
const SUBNETS = 4;
const OPEN4 = "0.0.0.0/0";
const OPEN6 = "::/0";
const VPC4 = "10.0.0.0/16";
const VPC6 = "2001:db8:1234:1a00::/56";

interface Tier {
  readonly name: string;
  /** Groups of its interfaces, own group first. */
  readonly groups: number[];
  readonly port: number;
  readonly udpPort: number;
}

function makeSubnets(region: string): SubnetSpec[] {
  return Array.from({ length: SUBNETS }, (_, n) => ({
    id: awsId("subnet", 2, n),
    name: `private-${"abcd"[n]}`,
    zone: `${region}${"abc"[n % 3]}`,
    zoneId: `euw1-az${(n % 3) + 1}`,
    v4: `10.0.${n * 64}.0/18`,
    v6: `2001:db8:1234:1a0${n}::/64`,
  }));
}

function makePrefixLists(random: Random, accountId: string): PrefixListSpec[] {
  const block4 = (): string =>
    `${random.between(60, 99)}.${random.below(256)}.${random.below(256)}.0/24`;
  const office = Array.from({ length: 6 }, (_, n) => `172.16.${n * 16}.0/20`);
  const partners = new Set(Array.from({ length: 24 }, block4));
  const storage = Array.from({ length: 8 }, (_, n) => `52.${200 + n}.0.0/17`);
  const sites = Array.from({ length: 5 }, (_, n) => `2001:db8:5${n}::/48`);
  const lists: [string, 4 | 6, string, string[]][] = [
    ["office", 4, accountId, office],
    ["partners", 4, accountId, [...partners]],
    ["com.amazonaws.eu-west-1.s3", 4, "AWS", storage],
    ["sites-ipv6", 6, accountId, sites],
  ];
  return lists.map(([name, family, owner, cidrs], n) => ({
    id: awsId("pl", 3, n),
    name,
    family,
    owner,
    cidrs,
  }));
}

/** Where the address of the n-th interface stands: four subnets, each with areas for the three kinds of address. */
function hostAddress(number: number, area: number): string {
  const subnet = number % SUBNETS;
  return dotted(((10 << 24) | (subnet << 14) | area) >>> 0);
}

function makeInterfaces(count: number, tiers: readonly Tier[], balancer: number): InterfaceSpec[] {
  const interfaces: InterfaceSpec[] = [];
  for (let n = 0; n < count; n++) {
    const special = count >= 4 && n < 2;
    const base = {
      id: awsId("eni", 1, n),
      subnet: n % SUBNETS,
      attachedAt: ATTACHED + n * 60,
      v4: [hostAddress(n, 16 + Math.floor(n / SUBNETS))],
      prefixes: [] as string[],
    };
    if (special && n === 0) {
      const description = `Interface for NAT Gateway ${awsId("nat", 4, 0)}`;
      interfaces.push({
        ...base,
        kind: "nat",
        description,
        groups: [],
        v6: [],
        publicIp: "203.0.113.10",
      });
      continue;
    }
    if (special) {
      const description = "ELB net/edge/0123456789abcdef";
      interfaces.push({
        ...base,
        kind: "balancer",
        description,
        groups: [balancer],
        v6: [],
        publicIp: "203.0.113.11",
      });
      continue;
    }
    const tier = tiers[n % tiers.length]!;
    if (n % 7 === 3)
      for (let k = 0; k < 3; k++) base.v4.push(hostAddress(n, 0x2000 + Math.floor(n / 28) * 3 + k));
    if (n % 11 === 5) base.prefixes.push(`${hostAddress(n, 0x3000 + Math.floor(n / 44) * 16)}/28`);
    interfaces.push({
      ...base,
      kind: "instance",
      description: `${tier.name} ${Math.floor(n / tiers.length) + 1}`,
      groups: tier.groups,
      v6: n % 5 < 3 ? [`2001:db8:1234:1a0${n % SUBNETS}::${(n + 16).toString(16)}`] : [],
      instanceId: awsId("i", 5, n),
      ...(n % 40 === 39 ? { idle: true } : {}),
      ...(n % 13 === 4 ? { timers: { tcpEstablished: 350, udp: 40, udpStream: 120 } } : {}),
    });
  }
  return interfaces;
}

/** What a tier lives on: its service, its callers, the way out. In order of importance, cut at the rule budget. */
function writeTierRules(
  book: PermissionBook,
  tiers: readonly Tier[],
  index: number,
  nlb: number,
): void {
  const tier = tiers[index]!;
  const caller = tiers[(index + tiers.length - 1) % tiers.length]!;
  const next = tiers[(index + 1) % tiers.length]!;
  if (index % 4 === 0) book.add("ingress", "tcp", tier.port, tier.port, { v4: OPEN4 });
  else book.add("ingress", "tcp", tier.port, tier.port, { group: caller.groups[0]! });
  const open = index % 3 !== 2;
  if (open) book.add("egress", "-1", undefined, undefined, { v4: OPEN4 });
  else book.add("egress", "tcp", next.port, next.port, { group: next.groups[0]! });
  book.add("ingress", "udp", tier.udpPort, tier.udpPort, { v4: VPC4 });
  if (open) book.add("egress", "-1", undefined, undefined, { v6: OPEN6 });
  else book.add("egress", "tcp", 443, 443, { v4: OPEN4 });
  if (index % 4 === 0) book.add("ingress", "tcp", tier.port, tier.port, { v6: OPEN6 });
  if (index % 4 === 1 && nlb >= 0) book.add("ingress", "tcp", 8443, 8443, { group: nlb });
  if (!open) {
    book.add("egress", "udp", 53, 53, { v4: OPEN4 });
    book.add("egress", "udp", next.udpPort, next.udpPort, { v4: VPC4 });
    book.add("egress", "tcp", 443, 443, { list: 2 });
  }
  book.add("ingress", "tcp", 22, 22, { list: 0 });
  book.add("ingress", "icmp", index % 2 === 0 ? -1 : 8, -1, { v4: "10.0.0.0/8" });
  book.add("ingress", "icmpv6", -1, -1, { v6: VPC6 });
  book.add("ingress", "tcp", 9100, 9100, { v4: VPC4 });
}

/** The group most interfaces share when they carry several. */
function writeBaseRules(book: PermissionBook): void {
  book.add("ingress", "tcp", 22, 22, { v4: "172.16.0.0/16" });
  book.add("ingress", "icmp", 8, -1, { v4: "172.16.0.0/12" });
  book.add("egress", "udp", 123, 123, { v4: OPEN4 });
  book.add("egress", "tcp", 443, 443, { list: 1 });
}

function makeGroups(
  options: Required<AccountOptions>,
  random: Random,
  hasBalancer: boolean,
): { groups: GroupSpec[]; tiers: Tier[]; nlb: number } {
  const tierCount = Math.max(
    1,
    Math.min(
      options.interfaces - (hasBalancer ? 2 : 0),
      Math.max(3, Math.ceil(options.interfaces / 10)),
      Math.max(3, Math.floor(MAX_RULES_IN_ALL / options.rulesPerInterface)),
    ),
  );
  const names: string[] = [];
  const shared = options.groupsPerInterface > 1;
  // No group without rules: the more groups, the fewer rules each has.
  const mostGroups = Math.min(options.groupsPerInterface, options.rulesPerInterface >> 3);
  const base = shared ? names.push("base") - 1 : -1;
  const nlb = hasBalancer ? names.push("edge-balancer") - 1 : -1;
  const tiers: Tier[] = Array.from({ length: tierCount }, (_, n) => {
    const name =
      n < TIERS.length
        ? TIERS[n]!
        : `${TIERS[n % TIERS.length]}-${Math.floor(n / TIERS.length) + 1}`;
    const groups = [names.push(name) - 1];
    if (shared) groups.push(base);
    for (let extra = 2; extra < mostGroups - (n % 2); extra++)
      groups.push(names.push(`${name}-extra-${extra - 1}`) - 1);
    return {
      name,
      groups,
      port: TCP_SERVICES[n % TCP_SERVICES.length]!,
      udpPort: UDP_SERVICES[n % UDP_SERVICES.length]!,
    };
  });
  const books = names.map(() => new PermissionBook(options.rulesPerInterface));
  if (shared) {
    books[base]!.limit = Math.floor(options.rulesPerInterface / 4);
    writeBaseRules(books[base]!);
  }
  if (nlb >= 0) {
    books[nlb]!.add("ingress", "tcp", 443, 443, { v4: OPEN4 });
    books[nlb]!.add("egress", "-1", undefined, undefined, { v4: OPEN4 });
  }
  for (const [index, tier] of tiers.entries()) {
    const own = tier.groups.filter((group) => group !== base);
    const budget = options.rulesPerInterface - (shared ? books[base]!.count : 0);
    const each = Math.floor(budget / own.length);
    for (const [k, group] of own.entries())
      books[group]!.limit = Math.max(
        k === 0 ? 2 : 1,
        k === 0 ? budget - each * (own.length - 1) : each,
      );
    writeTierRules(books[own[0]!]!, tiers, index, nlb);
    for (const group of own)
      books[group]!.fill(
        random,
        options.ipv6Share,
        tiers.map((t) => t.groups[0]!),
      );
  }
  const groups = names.map((name, n) => ({
    id: awsId("sg", 6, n),
    name,
    description: `${name} interfaces`,
    permissions: books[n]!.permissions() as readonly PermissionSpec[],
  }));
  return { groups, tiers, nlb };
}

/** Makes up the account. Cost: the rules of all groups together, at most some 200,000. */
export function makeAccount(options: AccountOptions): AccountSpec {
  const full = resolveAccountOptions(options);
  const random = new Random(full.seed, 1);
  const accountId = "111122223333";
  const region = "eu-west-1";
  const { groups, tiers, nlb } = makeGroups(full, random, full.interfaces >= 4);
  return {
    accountId,
    region,
    flowLogId: awsId("fl", 7, full.seed),
    vpcId: awsId("vpc", 8, 0),
    v4: VPC4,
    v6: VPC6,
    subnets: makeSubnets(region),
    groups,
    prefixLists: makePrefixLists(random, accountId),
    interfaces: makeInterfaces(full.interfaces, tiers, nlb),
    acl: [
      { direction: "egress", cidr: "91.198.0.0/17" },
      { direction: "ingress", cidr: "91.198.128.0/17" },
    ],
    internet: [],
  };
}
