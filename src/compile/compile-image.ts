import * as image from "../contract.js";
import type { Rule, RuleSet } from "../model/rule-set.js";
import { writeAclPolicies } from "./acl-image.js";
import { createAclPolicies } from "./acl-policies.js";
import { alignUp, assembleImage, type Section, sectionOf, sizeOf } from "./assemble.js";
import { findBalancerGroups, findCarriers } from "./balancer-groups.js";
import { collectBlocks } from "./blocks.js";
import { createClasses } from "./classes.js";
import type { InterfaceFacts } from "./interface-facts.js";
import { writeInterfaces } from "./interface-image.js";
import { services4, services6 } from "./link-local-services.js";
import { createPeerNumbers, type Names, numberPeers } from "./peers.js";
import { createPolicies } from "./policies.js";
import { writePolicies } from "./policy-image.js";
import { createPolicyWriter } from "./policy-writer.js";
import { buildRanges6 } from "./ranges6.js";
import { orderRules } from "./rule-order.js";
import { buildTrie4 } from "./trie4.js";
import { Words } from "./words.js";

/** One rule set as the core reads it. */
export interface RuleImage {
  readonly image: Uint8Array;
  /** By rule number. */
  readonly rules: readonly Rule[];
}

function wordsOf(values: ArrayLike<number>): Words {
  const words = new Words(Math.max(1, values.length));
  words.pushAll(values);
  return words;
}

/** Names of one image: passes on to the shared table and keeps the highest number given out. */
function scopeOf(names: Names): Names & { readonly highest: number } {
  let highest = 0;
  return {
    intern(name: string): number {
      const number = names.intern(name);
      highest = Math.max(highest, number);
      return number;
    },
    get highest(): number {
      return highest;
    },
  };
}

/**
 * Compiles one rule set beside others: `facts` and `names` are shared with them. Cost: the rules of every distinct set
 * of groups that some interface carries, plus the address blocks; no bitset spans rules that cannot apply together.
 */
export function compileImage(
  ruleSet: RuleSet,
  facts: InterfaceFacts,
  sharedNames: Names,
): RuleImage {
  const names = scopeOf(sharedNames);
  const order = orderRules(ruleSet.groups);
  const carriers = findCarriers(ruleSet, facts.ids);
  const numbers = createPeerNumbers();
  const peers = numberPeers(ruleSet, order, carriers.ofGroup, numbers, names);
  const acls = createAclPolicies(ruleSet, facts.ids, numbers, names);

  const space = collectBlocks(ruleSet, numbers.peers);
  const table = createClasses();
  const trie4 = buildTrie4(table.place(space.v4, 32));
  const ranges6 = buildRanges6(table.place(space.v6, 128));

  const nlbGroups = findBalancerGroups(carriers, order);
  const evidence = new Set([...nlbGroups.values()].flat());
  const policies = createPolicies(ruleSet, order, names, acls.policies.length);
  const attach = policies.pairOf(ruleSet.attach);
  const interfaces = writeInterfaces(facts, ruleSet, {
    policiesOf: (owner) => policies.pairOf(owner.groupIds),
    aclsOf: acls.pairOf,
    attached: attach,
    evidence,
  });

  const before: Section[] = [
    sectionOf(interfaces, image.IMAGE_INTERFACE_BYTES),
    { parts: [facts.idBytes], count: facts.idBytes.length },
    sectionOf(facts.locals, image.LOCAL_BYTES),
    sectionOf(facts.reserved, 4),
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
  const policyCount = acls.policies.length + policies.policies.length;
  let dataBase = image.IMAGE_HEADER_BYTES;
  for (const section of before) dataBase = alignUp(dataBase) + sizeOf(section);
  dataBase = alignUp(alignUp(dataBase) + policyCount * image.POLICY_BYTES);
  const writer = createPolicyWriter(policyCount, dataBase);
  writeAclPolicies(writer, acls.policies);
  const inputs = { order, peers, nlbGroups };
  writePolicies(writer, policies.policies, inputs);
  const sections = [...before, sectionOf(writer.rows, image.POLICY_BYTES), writer.dataSection()];
  const header = {
    rules: order.rules.length,
    names: names.highest,
    attachIngress: attach.ingress,
    attachEgress: attach.egress,
  };
  return { image: assembleImage(header, sections), rules: order.rules };
}
