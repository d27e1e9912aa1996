import { FlowError } from "../errors.js";
import type { AclEntry, NetworkAcl, NetworkInterface, RuleSet } from "../model/rule-set.js";
import type { Direction } from "../model/verdict.js";
import type { Names, PeerNumbers } from "./peers.js";
import type { PolicyPair } from "./policies.js";

/** One entry of an ordered policy: what it tests, and `detail` (name index + 1) where it denies. */
export interface AclPosition {
  readonly protocol: number;
  readonly fromPort: number;
  readonly toPort: number;
  readonly icmpType: number;
  readonly peer: number;
  readonly denies: boolean;
  readonly name: number;
}

/** A network ACL in one direction, as the interfaces of one subnet meet it (semantics 10). */
export interface AclPolicy {
  /** In the order in which they are asked. */
  readonly positions: readonly AclPosition[];
  /** Name index + 1 of `*`, which denies what nothing else matched. */
  readonly closing: number;
}

export interface AclTable {
  readonly policies: readonly AclPolicy[];
  /** Numbers of the interface's ordered policies, counted from 1; {0, 0} where no ACL is known. */
  pairOf(owner: NetworkInterface): PolicyPair;
}

const NONE: PolicyPair = { ingress: 0, egress: 0 };
/** 32767 closes the entries for IPv4, 32768 those for IPv6. */
const FIRST_CLOSING_NUMBER = 32_767;

/** Which ACL filters the subnet of an interface: the associated one, else the default one of its VPC. */
function indexAcls(ruleSet: RuleSet): (owner: NetworkInterface) => NetworkAcl | undefined {
  const bySubnet = new Map<string, NetworkAcl>();
  const byVpc = new Map<string, NetworkAcl>();
  for (const acl of ruleSet.acls.values()) {
    for (const id of acl.subnetIds) if (!bySubnet.has(id)) bySubnet.set(id, acl);
    if (acl.isDefault && acl.vpcId !== undefined && !byVpc.has(acl.vpcId))
      byVpc.set(acl.vpcId, acl);
  }
  return ({ subnetId, vpcId }) => {
    if (subnetId === undefined) return undefined;
    const vpc = vpcId ?? ruleSet.subnets.get(subnetId)?.vpcId;
    return bySubnet.get(subnetId) ?? (vpc === undefined ? undefined : byVpc.get(vpc));
  };
}

function isWithin(value: number, low: number, high: number): boolean {
  return Number.isInteger(value) && value >= low && value <= high;
}

function checkEntry(acl: NetworkAcl, entry: AclEntry): void {
  const { number, direction, protocol, fromPort, toPort, icmpType, at } = entry;
  const fail = (found: string, allowed: string): never => {
    throw new FlowError(
      "acl-entry-invalid",
      `${acl.id} ${direction} ${number}: ${found}; allowed is ${allowed}`,
      { at: `${at.file}:${at.line}`, hint: "correct the entry in the document it was read from" },
    );
  };
  if (!isWithin(protocol, -1, 255)) fail(`protocol ${protocol}`, "-1 to 255");
  if (!isWithin(icmpType, -1, 255)) fail(`ICMP type ${icmpType}`, "-1 to 255");
  if (!isWithin(fromPort, 0, 65535) || !isWithin(toPort, fromPort, 65535))
    fail(`port range ${fromPort}-${toPort}`, "0 to 65535, lower port first");
}

/**
 * Ordered policies of the ACLs that some interface of the rule set meets, one per ACL, subnet and direction. `ids`: the
 * interfaces in the order in which policies are to be numbered. O(interfaces + entries · subnets).
 */
export function createAclPolicies(
  ruleSet: RuleSet,
  ids: readonly string[],
  peers: PeerNumbers,
  names: Names,
): AclTable {
  const policies: AclPolicy[] = [];
  const pairs = new Map<string, PolicyPair>();
  const entriesOf = new Map<string, AclPolicy>();
  const aclOf = indexAcls(ruleSet);

  function positionOf(acl: NetworkAcl, entry: AclEntry): AclPosition {
    checkEntry(acl, entry);
    const { number, direction, protocol, fromPort, toPort, icmpType, cidr } = entry;
    const shown = number >= FIRST_CLOSING_NUMBER ? "*" : number;
    const denies = entry.action === "deny";
    const name = denies ? names.intern(`${acl.id} ${direction} ${shown}`) : 0;
    const peer = peers.numberOf({ kind: "cidr", cidr });
    return { protocol, fromPort, toPort, icmpType, peer, denies, name };
  }

  /** The entries of the document in one direction; every subnet of the ACL shares them. */
  function listOf(acl: NetworkAcl, direction: Direction): AclPolicy {
    const key = `${acl.id} ${direction}`;
    const known = entriesOf.get(key);
    if (known !== undefined) return known;
    const entries = acl.entries.filter((entry) => entry.direction === direction);
    entries.sort((a, b) => a.number - b.number);
    const positions = entries.map((entry) => positionOf(acl, entry));
    const list = { positions, closing: names.intern(`${key} *`) };
    entriesOf.set(key, list);
    return list;
  }

  function policyOf(acl: NetworkAcl, subnet: number, direction: Direction): number {
    const { positions, closing } = listOf(acl, direction);
    // What stays inside the subnet passes no list (semantics 10.2).
    const inside: AclPosition = {
      protocol: -1,
      fromPort: 0,
      toPort: 65_535,
      icmpType: -1,
      peer: subnet,
      denies: false,
      name: 0,
    };
    return policies.push({ positions: [inside, ...positions], closing });
  }

  function pairOf(owner: NetworkInterface): PolicyPair {
    const acl = aclOf(owner);
    if (acl === undefined || owner.subnetId === undefined) return NONE;
    const key = `${acl.id} ${owner.subnetId}`;
    const known = pairs.get(key);
    if (known !== undefined) return known;
    const subnet = peers.numberOf({ kind: "subnet", id: owner.subnetId });
    const pair = {
      ingress: policyOf(acl, subnet, "ingress"),
      egress: policyOf(acl, subnet, "egress"),
    };
    pairs.set(key, pair);
    return pair;
  }

  for (const id of ids) {
    const owner = ruleSet.interfaces.get(id);
    if (owner !== undefined) pairOf(owner);
  }
  return { policies, pairOf };
}
