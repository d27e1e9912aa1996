import { describe, expect, it } from "vitest";
import type { AclEntry } from "../../src/model/rule-set.js";
import { DEFAULT_TIMERS } from "../../src/model/timers.js";
import { compileRuleSet } from "../support/compile-rule-set.js";
import {
  drawHeaders,
  type Header,
  hasSets,
  matching,
  type Projected,
  readRules,
} from "./classbench.js";
import { MatchCore, TARGETS, type Target } from "./core.js";
import { random } from "./random.js";
import { acl, networkInterface, ruleSet } from "./rule-sets.js";

/** The rules as entries of one list in the order of the file; a third of them denies. */
function entriesOf(rules: readonly Projected[]): AclEntry[] {
  const r = random(3);
  const base = acl("acl-1", [{ cidr: "0.0.0.0/0" }]).entries[0]!;
  return rules.map(({ peer, ...rule }, index) => ({
    ...base,
    ...rule,
    cidr: peer,
    number: index + 1,
    action: r.chance(0.33) ? "deny" : "allow",
  }));
}

/** The same rule below 2001:db8::/32. */
function intoSix(rule: Projected): Projected {
  const { address, length } = rule.peer;
  const value = (0x20010db8n << 96n) | (address.value << 64n);
  return { ...rule, peer: { address: { family: 6, value }, length: length + 32 } };
}

function coreOf(target: Target, entries: readonly AclEntry[]): MatchCore {
  const set = ruleSet({
    groups: [],
    interfaces: [networkInterface("eni-1", [], [], { subnetId: "subnet-1" })],
    acls: [{ ...acl("acl-1", []), entries, subnetIds: ["subnet-1"] }],
  });
  return new MatchCore(target, compileRuleSet(set, DEFAULT_TIMERS));
}

function expected(
  rules: readonly Projected[],
  entries: readonly AclEntry[],
  header: Header,
): string {
  const [first] = matching(rules, header);
  if (first === undefined) return "deny acl acl-1 ingress *";
  const entry = entries[first]!;
  return entry.action === "allow" ? "allow rule " : `deny acl acl-1 ingress ${entry.number}`;
}

function compare(
  core: MatchCore,
  rules: readonly Projected[],
  headers: readonly Header[],
): Set<string> {
  const entries = entriesOf(rules);
  const policy = core.aclOf("eni-1", "ingress");
  const answers = new Set<string>();
  for (const header of headers) {
    const { remote, protocol, port } = header;
    const { accepted, rules: found } = core.classify(policy, remote, protocol, port);
    const got = `${accepted.verdict} ${accepted.reason} ${accepted.detail}`;
    expect(got, JSON.stringify({ protocol, port })).toBe(expected(rules, entries, header));
    expect(found).toEqual([]);
    answers.add(got);
  }
  return answers;
}

describe.skipIf(!hasSets()).each(TARGETS)("ClassBench sets as network ACLs (%s)", (target) => {
  it.each([
    ["acl1_1k", 5000, 100],
    ["fw1_1k", 5000, 20],
    ["ipc1_1k", 5000, 100],
    ["acl1_10k", 2000, 100],
    ["fw1_10k", 2000, 20],
    ["ipc1_10k", 2000, 100],
  ] as const)("%s: the first match of %i headers", (name, count, distinct) => {
    const rules = readRules(name);
    const core = coreOf(target, entriesOf(rules));
    const answers = compare(core, rules, drawHeaders(rules, count, 11));
    // Many different entries decide, or the order would not have been put to the test.
    expect(answers.size).toBeGreaterThan(distinct);
  });

  it.each(["acl1_1k", "fw1_1k", "ipc1_1k"])("%s, moved into IPv6", (name) => {
    const rules = readRules(name).map(intoSix);
    const core = coreOf(target, entriesOf(rules));
    const answers = compare(core, rules, drawHeaders(rules, 1000, 13));
    expect(answers.size).toBeGreaterThan(20);
  });
});
