import * as image from "../contract.js";
import { type Address, parseAddress } from "../model/address.js";
import type { NetworkInterface, Rule, RuleSet } from "../model/rule-set.js";
import type { Timers } from "../model/timers.js";
import { alignUp, assembleImage, type Section, sectionOf } from "./assemble.js";
import { collectBlocks } from "./blocks.js";
import { createClasses } from "./classes.js";
import { coreAddress, writeInterfaces } from "./interface-image.js";
import { createNames, numberPeers } from "./peers.js";
import { createPolicies } from "./policies.js";
import { writePolicies } from "./policy-image.js";
import { buildRanges6 } from "./ranges6.js";
import { compareIds, orderRules, type RuleOrder } from "./rule-order.js";
import { buildTrie4 } from "./trie4.js";
import { Words } from "./words.js";

/** A rule set as the core reads it, with what its numbers stand for. */
export interface CompiledRules {
  /** Self-contained and position independent; laid out by assembly/shared/image.ts. */
  readonly image: Uint8Array;
  /** By rule number: groups by id, rules in document order, with the synthetic rules of semantics 3.8. */
  readonly rules: readonly Rule[];
  /** By `detail` - 1: peers and groups without a document. */
  readonly names: readonly string[];
  /** By interface index: ids in code-unit order. */
  readonly interfaceIds: readonly string[];
}

// Semantics 1.4: DNS, instance metadata, time sync, licence activation, container metadata.
const SERVICES4 = [
  "169.254.169.253",
  "169.254.169.254",
  "169.254.169.123",
  "169.254.169.250",
  "169.254.169.251",
  "169.254.170.2",
];
const SERVICES6 = [
  "fd00:ec2::253",
  "fd00:ec2::254",
  "fd00:ec2::123",
  "fd00:ec2::250",
  "fd00:ec2::240",
];
const LOAD_BALANCER = "network_load_balancer";

/** Interface indices per group that some interface carries. */
function carriersOf(owners: readonly NetworkInterface[]): Map<string, number[]> {
  const carriers = new Map<string, number[]>();
  owners.forEach((owner, index) => {
    for (const id of new Set(owner.groupIds)) {
      const list = carriers.get(id);
      if (list === undefined) carriers.set(id, [index]);
      else list.push(index);
    }
  });
  return carriers;
}

/** Groups that a load balancer carries and an ingress rule refers to (3.5d), with all interfaces that carry them. */
function nlbGroupsOf(
  owners: readonly NetworkInterface[],
  carriers: ReadonlyMap<string, readonly number[]>,
  order: RuleOrder,
): Map<string, readonly number[]> {
  const balanced = new Set<string>();
  for (const owner of owners)
    if (owner.type === LOAD_BALANCER) for (const id of owner.groupIds) balanced.add(id);
  const found = new Map<string, readonly number[]>();
  for (const rule of order.rules) {
    if (rule.direction !== "ingress" || rule.stale || rule.peer.kind !== "group") continue;
    if (balanced.has(rule.peer.id)) found.set(rule.peer.id, carriers.get(rule.peer.id) ?? []);
  }
  return found;
}

function serviceAddresses(texts: readonly string[]): bigint[] {
  const addresses = texts.map((text): Address => parseAddress(text)!);
  return addresses.map(coreAddress).sort((a, b) => (a < b ? -1 : 1));
}

function services4(): Words {
  const words = new Words();
  for (const value of serviceAddresses(SERVICES4)) words.push(Number(value & 0xffffffffn));
  return words;
}

function services6(): Words {
  const words = new Words();
  for (const value of serviceAddresses(SERVICES6)) words.pushAddress(value);
  return words;
}

function wordsOf(values: ArrayLike<number>): Words {
  const words = new Words(Math.max(1, values.length));
  words.pushAll(values);
  return words;
}

/**
 * Compiles a rule set into a rule image. Pure. Cost: the rules of every distinct set of groups that some interface
 * carries, plus the address blocks; no bitset spans rules that cannot apply together.
 */
export function compileRuleSet(ruleSet: RuleSet, timers: Timers): CompiledRules {
  const names = createNames();
  const order = orderRules(ruleSet.groups);
  const interfaceIds = [...ruleSet.interfaces.keys()].sort(compareIds);
  const owners = interfaceIds.map((id) => ruleSet.interfaces.get(id)!);
  const carriers = carriersOf(owners);
  const peers = numberPeers(ruleSet, order, carriers, names);

  const space = collectBlocks(ruleSet, peers);
  const table = createClasses();
  const trie4 = buildTrie4(table.place(space.v4, 32));
  const ranges6 = buildRanges6(table.place(space.v6, 128));

  const nlbGroups = nlbGroupsOf(owners, carriers, order);
  const evidence = new Set([...nlbGroups.values()].flat());
  const policies = createPolicies(ruleSet, order, names);
  const interfaces = writeInterfaces(owners, ruleSet, timers, policies.pairOf, evidence);
  const attach = policies.pairOf(ruleSet.attach);

  const before: Section[] = [
    sectionOf(interfaces.rows, image.IMAGE_INTERFACE_BYTES),
    { bytes: interfaces.ids, count: interfaces.ids.length },
    sectionOf(interfaces.locals, image.LOCAL_BYTES),
    sectionOf(interfaces.reserved, 4),
    sectionOf(services4(), 4),
    sectionOf(services6(), image.SERVICE6_BYTES),
    sectionOf(trie4.root, 4),
    sectionOf(trie4.pages, image.PAGE4_BYTES),
    sectionOf(ranges6.starts, image.STARTS6_BYTES),
    sectionOf(ranges6.entries, 4),
    sectionOf(table.timed, image.TIMED_BYTES),
    sectionOf(table.times, 4),
    sectionOf(table.classes, image.CLASS_BYTES),
    sectionOf(table.peers, image.CLASS_PEER_BYTES),
    sectionOf(wordsOf(peers.nameOfRule), 4),
  ];
  // Policy data comes last: its rows hold offsets into it, so everything before it must be placed first.
  const rowsBytes = policies.policies.length * image.POLICY_BYTES;
  let dataBase = image.IMAGE_HEADER_BYTES;
  for (const section of before) dataBase = alignUp(dataBase) + section.bytes.length;
  dataBase = alignUp(alignUp(dataBase) + rowsBytes);
  const inputs = { order, peers, nlbGroups, snapshotComplete: ruleSet.snapshotComplete };
  const policyImage = writePolicies(policies.policies, inputs, dataBase);
  const sections = [
    ...before,
    sectionOf(policyImage.rows, image.POLICY_BYTES),
    sectionOf(policyImage.data, 4),
  ];
  const header = {
    rules: order.rules.length,
    names: names.list.length,
    attachIngress: attach.ingress,
    attachEgress: attach.egress,
  };
  return {
    image: assembleImage(header, sections),
    rules: order.rules,
    names: names.list,
    interfaceIds,
  };
}
