import { parseCidr } from "../../src/model/address.js";
import type { AclEntry, NetworkAcl } from "../../src/model/rule-set.js";
import type { Direction } from "../../src/model/verdict.js";

const AT = { file: "builder", line: 1, column: 1 };
const PROTOCOLS: Readonly<Record<string, number>> = {
  all: -1,
  icmp: 1,
  tcp: 6,
  udp: 17,
  icmpv6: 58,
};

/** A network ACL in short form; `default` makes it the list of `vpc-1`'s other subnets. */
export interface AclSketch {
  readonly subnets?: readonly string[];
  readonly default?: boolean;
  /** `ingress 100 allow tcp 443 10.0.0.0/8`: direction, number, action, protocol, ports or type/code, block. */
  readonly entries: readonly string[];
}

/** Network ACLs from short forms, as `RuleSet.acls` holds them. */
export function buildAcls(
  sketches: Readonly<Record<string, AclSketch>>,
): ReadonlyMap<string, NetworkAcl> {
  return new Map(Object.entries(sketches).map(([id, sketch]) => [id, buildAcl(id, sketch)]));
}

/** One network ACL from its short form, its entries in the order of the loader. */
export function buildAcl(id: string, sketch: AclSketch): NetworkAcl {
  const entries = sketch.entries.map(buildEntry);
  const inDirection = (direction: Direction): AclEntry[] =>
    entries.filter((entry) => entry.direction === direction).sort((a, b) => a.number - b.number);
  return {
    id,
    vpcId: "vpc-1",
    isDefault: sketch.default ?? false,
    subnetIds: sketch.subnets ?? [],
    entries: [...inDirection("ingress"), ...inDirection("egress")],
    at: AT,
  };
}

function buildEntry(text: string): AclEntry {
  const [direction, number, action, protocolName = "", ports = "all", block] = text.split(" ");
  const protocol = PROTOCOLS[protocolName] ?? Number(protocolName);
  const typed = (protocol === 1 || protocol === 58) && ports !== "all";
  const [low, high] = ports === "all" ? [-1, -1] : ports.split(/[-/]/).map(Number);
  const ranged = ports !== "all" && !typed;
  return {
    number: Number(number),
    direction: direction as Direction,
    action: action as AclEntry["action"],
    protocol,
    fromPort: ranged ? (low ?? 0) : 0,
    toPort: ranged ? (high ?? low ?? 0) : 65_535,
    icmpType: typed ? (low ?? -1) : -1,
    icmpCode: -1,
    cidr: parseCidr(block ?? ""),
    at: AT,
  };
}
