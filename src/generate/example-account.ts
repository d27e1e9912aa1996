// The account under examples/: small enough to read, with one of everything the evaluator has to know.
import type {
  AccountSpec,
  GroupSpec,
  InterfaceSpec,
  PermissionSpec,
  PrefixListSpec,
} from "./account-spec.js";
import { awsId } from "./account-spec.js";

const ANYWHERE4 = "0.0.0.0/0";
const ANYWHERE6 = "::/0";
const VPC4 = "10.0.0.0/16";

const GROUPS = [
  "web",
  "app",
  "db",
  "cache",
  "bastion",
  "monitoring",
  "batch",
  "edge-balancer",
] as const;
type GroupName = (typeof GROUPS)[number];

const LISTS: readonly PrefixListSpec[] = [
  {
    id: awsId("pl", 103, 0),
    name: "offices",
    family: 4,
    owner: "111122223333",
    cidrs: ["172.16.10.0/24", "172.16.20.0/24", "192.0.2.64/28"],
  },
];

interface Peers {
  readonly v4?: readonly string[];
  readonly v6?: readonly string[];
  readonly offices?: boolean;
  readonly groups?: readonly GroupName[];
}

function rule(
  direction: "ingress" | "egress",
  protocol: string,
  ports: number | readonly [number, number] | undefined,
  peers: Peers,
  description?: string,
): PermissionSpec {
  const range = typeof ports === "number" ? ([ports, ports] as const) : ports;
  return {
    direction,
    protocol,
    ...(range === undefined ? {} : { from: range[0], to: range[1] }),
    v4: peers.v4 ?? [],
    v6: peers.v6 ?? [],
    lists: peers.offices === true ? [0] : [],
    groups: (peers.groups ?? []).map((name) => GROUPS.indexOf(name)),
    ...(description === undefined ? {} : { description }),
  };
}

/** In force while the log was written, but missing in the snapshot: its traffic is accepted and not allowed. */
const FORGOTTEN = "nightly report";

const OPEN_OUTWARD = rule("egress", "-1", undefined, { v4: [ANYWHERE4], v6: [ANYWHERE6] });

const PERMISSIONS: Readonly<Record<GroupName, readonly PermissionSpec[]>> = {
  web: [
    rule("ingress", "tcp", 443, { v4: [ANYWHERE4], v6: [ANYWHERE6] }, "https"),
    rule("ingress", "tcp", 80, { v4: [ANYWHERE4] }, "redirects to https"),
    rule("ingress", "tcp", 9100, { groups: ["monitoring"] }, "node exporter"),
    rule("ingress", "icmp", [8, -1], { groups: ["monitoring"] }, "ping"),
    rule("egress", "tcp", 8080, { groups: ["app"] }),
    rule("egress", "tcp", 443, { v4: [ANYWHERE4], v6: [ANYWHERE6] }, "updates"),
    rule("egress", "udp", 123, { v4: [ANYWHERE4] }),
    rule("egress", "udp", 514, { groups: ["monitoring"] }, "syslog"),
  ],
  app: [
    rule("ingress", "tcp", 8080, { groups: ["web"] }),
    rule("ingress", "tcp", 8443, { groups: ["edge-balancer"] }, "clients of the balancer"),
    rule("ingress", "tcp", 9100, { groups: ["monitoring"] }, "node exporter"),
    rule("ingress", "tcp", 22, { groups: ["bastion"] }),
    OPEN_OUTWARD,
  ],
  db: [
    rule("ingress", "tcp", 5432, { groups: ["app"] }),
    rule("ingress", "tcp", 5432, { groups: ["batch"] }, FORGOTTEN),
    rule("ingress", "tcp", 5432, { offices: true }, "reporting desks"),
    rule("ingress", "tcp", 9100, { groups: ["monitoring"] }, "node exporter"),
    rule("ingress", "tcp", 22, { groups: ["bastion"] }),
    rule("ingress", "tcp", 3306, { v4: ["10.9.0.0/16"] }, "left over from the old cluster"),
    rule("egress", "udp", 514, { groups: ["monitoring"] }, "syslog"),
  ],
  cache: [
    rule("ingress", "tcp", 6379, { groups: ["app", "batch"] }),
    rule("ingress", "tcp", 9100, { groups: ["monitoring"] }, "node exporter"),
    rule("egress", "udp", 514, { groups: ["monitoring"] }, "syslog"),
  ],
  bastion: [
    rule("ingress", "tcp", 22, { offices: true }),
    rule("ingress", "icmp", [-1, -1], { v4: ["10.0.0.0/8"] }),
    OPEN_OUTWARD,
  ],
  monitoring: [
    rule("ingress", "tcp", 3000, { offices: true }, "dashboards"),
    rule("ingress", "udp", 514, { v4: [VPC4] }, "syslog"),
    rule("ingress", "udp", 8125, { v4: [VPC4] }, "statsd"),
    OPEN_OUTWARD,
  ],
  batch: [
    rule("ingress", "tcp", 22, { groups: ["bastion"] }),
    rule("ingress", "tcp", 9100, { groups: ["monitoring"] }, "node exporter"),
    rule("ingress", "47", undefined, { v4: ["172.16.30.0/24"] }, "tunnel to the old site"),
    OPEN_OUTWARD,
  ],
  "edge-balancer": [
    rule("ingress", "tcp", 443, { v4: [ANYWHERE4] }),
    rule("egress", "tcp", 8443, { groups: ["app"] }),
  ],
};

interface Sketch {
  readonly name: string;
  readonly groups: readonly GroupName[];
  readonly v4: readonly string[];
  readonly v6?: string;
  readonly prefixes?: readonly string[];
  readonly kind?: "nat" | "balancer";
  readonly publicIp?: string;
  readonly timers?: InterfaceSpec["timers"];
  readonly idle?: boolean;
}

const INTERFACES: readonly Sketch[] = [
  {
    name: `Interface for NAT Gateway ${awsId("nat", 104, 0)}`,
    groups: [],
    v4: ["10.0.0.10"],
    kind: "nat",
    publicIp: "203.0.113.130",
  },
  {
    name: "ELB net/edge/0123456789abcdef",
    groups: ["edge-balancer"],
    v4: ["10.0.64.11"],
    kind: "balancer",
    publicIp: "203.0.113.131",
  },
  {
    name: "web 1",
    groups: ["web"],
    v4: ["10.0.0.20"],
    v6: "2001:db8:1234:1a00::20",
    publicIp: "203.0.113.132",
  },
  {
    name: "web 2",
    groups: ["web"],
    v4: ["10.0.64.20"],
    v6: "2001:db8:1234:1a01::20",
    publicIp: "203.0.113.133",
  },
  {
    name: "app 1, with the addresses of two pods",
    groups: ["app"],
    v4: ["10.0.0.30", "10.0.0.31", "10.0.0.32"],
  },
  {
    name: "app 2, with a prefix for pods",
    groups: ["app"],
    v4: ["10.0.64.30"],
    prefixes: ["10.0.64.96/28"],
  },
  {
    name: "db 1",
    groups: ["db"],
    v4: ["10.0.0.40"],
    timers: { tcpEstablished: 3600, udp: 40, udpStream: 120 },
  },
  { name: "cache 1", groups: ["cache"], v4: ["10.0.64.41"] },
  { name: "bastion", groups: ["bastion"], v4: ["10.0.0.50"], publicIp: "203.0.113.134" },
  { name: "monitoring", groups: ["monitoring"], v4: ["10.0.64.60"], v6: "2001:db8:1234:1a01::60" },
  { name: "batch 1", groups: ["batch"], v4: ["10.0.0.70"] },
  { name: "batch 2", groups: ["batch", "app"], v4: ["10.0.64.71"] },
  { name: "db 2, standby", groups: ["db"], v4: ["10.0.64.40"], idle: true },
];

/** 2025-11-03T08:00:00Z. */
const ATTACHED = 1_762_156_800;

function makeInterface(sketch: Sketch, number: number): InterfaceSpec {
  const { name, groups, kind = "instance", v6, prefixes = [], publicIp, timers, idle } = sketch;
  return {
    id: awsId("eni", 101, number),
    kind,
    description: name,
    subnet: sketch.v4[0]!.startsWith("10.0.0.") ? 0 : 1,
    groups: groups.map((group) => GROUPS.indexOf(group)),
    v4: sketch.v4,
    v6: v6 === undefined ? [] : [v6],
    prefixes,
    ...(publicIp === undefined ? {} : { publicIp }),
    ...(kind === "instance" ? { instanceId: awsId("i", 105, number) } : {}),
    attachedAt: ATTACHED + number * 3600,
    ...(timers === undefined ? {} : { timers }),
    ...(idle === undefined ? {} : { idle }),
  };
}

function makeGroup(name: GroupName, number: number): GroupSpec {
  return {
    id: awsId("sg", 106, number),
    name,
    description: `${name} tier`,
    permissions: PERMISSIONS[name],
  };
}

/** The account as it was while its traffic flowed. */
export function exampleAccount(): AccountSpec {
  const region = "eu-west-1";
  return {
    accountId: "111122223333",
    region,
    flowLogId: awsId("fl", 107, 0),
    vpcId: awsId("vpc", 108, 0),
    v4: VPC4,
    v6: "2001:db8:1234:1a00::/56",
    subnets: ["a", "b"].map((zone, n) => ({
      id: awsId("subnet", 102, n),
      name: `main-${zone}`,
      zone: `${region}${zone}`,
      zoneId: `euw1-az${n + 1}`,
      v4: `10.0.${n * 64}.0/18`,
      v6: `2001:db8:1234:1a0${n}::/64`,
    })),
    groups: GROUPS.map(makeGroup),
    prefixLists: LISTS,
    interfaces: INTERFACES.map(makeInterface),
    acl: [
      { direction: "egress", cidr: "203.0.113.192/26" },
      { direction: "ingress", cidr: "198.51.100.192/26" },
    ],
    internet: ["198.51.100.0/25", "203.0.113.0/25", "192.0.2.128/25"],
  };
}

/** The account as the snapshot has it: one rule was removed after the log was written. */
export function exampleSnapshot(): AccountSpec {
  const spec = exampleAccount();
  return {
    ...spec,
    groups: spec.groups.map((group) => ({
      ...group,
      permissions: group.permissions.filter(({ description }) => description !== FORGOTTEN),
    })),
  };
}
