// The account as the simulation needs it: numbers and flat arrays instead of names.
import { parseAddress, parseCidr } from "../model/address.js";
import type { AccountSpec } from "./account-spec.js";
import { addressWords, maskWords } from "./address-words.js";
import { compilePolicy, type Policy } from "./firewall.js";
import { AWS_TIMERS, type IdleTimers } from "./tracker.js";

/** One deny of the network ACL; IPv4 only. */
interface CompiledDeny {
  readonly egress: boolean;
  readonly address: number;
  readonly mask: number;
}

export interface World {
  readonly spec: AccountSpec;
  /** Per interface; undefined = no groups, nothing is filtered. Interfaces with equal groups share one. */
  readonly policies: readonly (Policy | undefined)[];
  readonly groups: readonly (readonly number[])[];
  readonly timers: readonly IdleTimers[];
  /** Four words per interface: its primary IPv4 address. */
  readonly primary: Int32Array;
  /** All IPv4 addresses that traffic of the interface may use: private ones and some of its delegated prefixes. */
  readonly addresses4: readonly Int32Array[];
  /** Four words for each IPv6 address. */
  readonly addresses6: readonly Int32Array[];
  /** Interfaces of instances: where traffic begins and ends. */
  readonly instances: readonly number[];
  /** All that a scan may find: instances, NAT gateway and balancer. */
  readonly targets: readonly number[];
  /** Interfaces per group that have traffic. */
  readonly members: readonly (readonly number[])[];
  readonly nat: number;
  readonly balancer: number;
  readonly denies: readonly CompiledDeny[];
}

const PREFIX_ADDRESSES = 6;

function interfaceAddresses4(spec: AccountSpec, index: number): Int32Array {
  const item = spec.interfaces[index]!;
  const words = item.v4.map((text) => addressWords(parseAddress(text)!)[0]);
  for (const text of item.prefixes) {
    const first = addressWords(parseCidr(text).address)[0];
    for (let k = 1; k <= PREFIX_ADDRESSES; k++) words.push((first + k) | 0);
  }
  return Int32Array.from(words);
}

export function makeWorld(spec: AccountSpec): World {
  const compiled = new Map<string, Policy>();
  const policies = spec.interfaces.map(({ groups }) => {
    if (groups.length === 0) return undefined;
    const key = groups.join(" ");
    const policy = compiled.get(key) ?? compilePolicy(spec, groups);
    compiled.set(key, policy);
    return policy;
  });
  const members = spec.groups.map((): number[] => []);
  for (const [index, { groups, idle }] of spec.interfaces.entries())
    if (idle !== true) for (const group of groups) members[group]!.push(index);
  const addresses4 = spec.interfaces.map((_, index) => interfaceAddresses4(spec, index));
  const primary = new Int32Array(4 * spec.interfaces.length);
  for (const [index, addresses] of addresses4.entries()) primary[4 * index] = addresses[0]!;
  const targets = spec.interfaces.flatMap((item, index) => (item.idle === true ? [] : [index]));
  const ofKind = (kind: string): number => spec.interfaces.findIndex((item) => item.kind === kind);
  return {
    spec,
    policies,
    groups: spec.interfaces.map((item) => item.groups),
    timers: spec.interfaces.map((item) => item.timers ?? AWS_TIMERS),
    primary,
    addresses4,
    addresses6: spec.interfaces.map((item) =>
      Int32Array.from(item.v6.flatMap((text) => addressWords(parseAddress(text)!))),
    ),
    instances: targets.filter((index) => spec.interfaces[index]!.kind === "instance"),
    targets,
    members,
    nat: ofKind("nat"),
    balancer: ofKind("balancer"),
    denies: spec.acl.map(({ direction, cidr }) => {
      const block = parseCidr(cidr);
      return {
        egress: direction === "egress",
        address: addressWords(block.address)[0],
        mask: maskWords(block)[0],
      };
    }),
  };
}

/** Whether the ACL denies IPv4 packets of the direction from or to the remote address. */
export function aclDenies(world: World, egress: boolean, remote: number): boolean {
  for (const deny of world.denies)
    if (deny.egress === egress && ((remote ^ deny.address) & deny.mask) === 0) return true;
  return false;
}
