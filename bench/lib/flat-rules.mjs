// An account as flat rows, for programs that know no groups: which interface carries which policy, and every TCP and UDP
// rule of a policy as protocol, ports and one IPv4 range. Only what a stateless query can use.

import { rulesIn } from "./rules-in.mjs";

/** -1, TCP and UDP: what has ports or asks for none. */
const PROTOCOLS = [-1, 6, 17];

function rangeOf({ address, length }) {
  const low = Number(address.value);
  return [low, low + 2 ** (32 - length) - 1];
}

/** The IPv4 ranges that a peer stands for. */
function rangesOf(peer, ruleSet, members) {
  const isV4 = ({ address }) => address.family === 4;
  if (peer.kind === "cidr") return isV4(peer.cidr) ? [rangeOf(peer.cidr)] : [];
  if (peer.kind === "prefix-list")
    return (ruleSet.prefixLists.get(peer.id)?.cidrs ?? []).filter(isV4).map(rangeOf);
  return (members.get(peer.id) ?? []).map((value) => [value, value]);
}

function membersByGroup(ruleSet) {
  const members = new Map();
  for (const { groupIds, addresses } of ruleSet.interfaces.values())
    for (const group of groupIds) {
      if (!members.has(group)) members.set(group, []);
      for (const { family, value } of addresses)
        if (family === 4) members.get(group).push(Number(value));
    }
  return members;
}

/** `{ interfaces: [[eni, address, policy]], rules: [[policy, direction, protocol, from, to, low, high]] }`. */
export async function flatRules(account) {
  const ruleSet = await rulesIn(account);
  const members = membersByGroup(ruleSet);
  const policies = new Map();
  const interfaces = [];
  for (const [id, { groupIds, addresses }] of ruleSet.interfaces) {
    const key = [...groupIds].sort().join();
    if (!policies.has(key)) policies.set(key, policies.size);
    for (const { family, value } of addresses)
      if (family === 4) interfaces.push([id, Number(value), policies.get(key)]);
  }
  const rules = [];
  for (const [key, policy] of policies)
    for (const group of key.split(","))
      for (const rule of ruleSet.groups.get(group)?.rules ?? [])
        if (PROTOCOLS.includes(rule.protocol))
          for (const [low, high] of rangesOf(rule.peer, ruleSet, members))
            rules.push([
              policy,
              rule.direction,
              rule.protocol,
              rule.fromPort,
              rule.toPort,
              low,
              high,
            ]);
  return { interfaces, rules };
}
