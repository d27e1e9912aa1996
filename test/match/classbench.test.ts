import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type Address, parseAddress } from "../../src/model/address.js";
import type { Rule } from "../../src/model/rule-set.js";
import { DEFAULT_TIMERS } from "../../src/model/timers.js";
import { compileRuleSet } from "../support/compile-rule-set.js";
import { drawHeaders, FOLDER, hasSets, matching, type Projected, readRules } from "./classbench.js";
import { MatchCore, TARGETS } from "./core.js";
import { group, networkInterface, ruleSet } from "./rule-sets.js";

function coreOf(target: "debug" | "release", rules: readonly Projected[]): MatchCore {
  const base = group("sg-1", [{ peer: "0.0.0.0/0" }]).rules[0]!;
  const all = rules.map(
    (rule, index): Rule => ({
      ...base,
      ...rule,
      id: String(index),
      peer: { kind: "cidr", cidr: rule.peer },
    }),
  );
  const set = ruleSet({
    groups: [{ ...group("sg-1", []), rules: all }],
    interfaces: [networkInterface("eni-1", ["sg-1"])],
  });
  return new MatchCore(target, compileRuleSet(set, DEFAULT_TIMERS));
}

describe.skipIf(!hasSets()).each(TARGETS)("ClassBench sets (%s)", (target) => {
  it.each([
    ["acl1_1k", 5000],
    ["fw1_1k", 5000],
    ["ipc1_1k", 5000],
    ["acl1_10k", 2000],
    ["fw1_10k", 2000],
    ["ipc1_10k", 2000],
  ] as const)("%s: every matching rule of %i headers", (name, count) => {
    const rules = readRules(name);
    expect(rules.length).toBeGreaterThan(800);
    const core = coreOf(target, rules);
    const policy = core.policyOf("eni-1", "ingress");
    let hits = 0;
    for (const header of drawHeaders(rules, count, 7)) {
      const want = matching(rules, header).map(String);
      hits += want.length;
      const { remote, protocol, port } = header;
      expect(core.classify(policy, remote, protocol, port).rules).toEqual(want);
    }
    expect(hits).toBeGreaterThan(count);
  });

  it("acl1_1k: the headers of its own trace", () => {
    const rules = readRules("acl1_1k");
    const core = coreOf(target, rules);
    const policy = core.policyOf("eni-1", "ingress");
    const lines = readFileSync(join(FOLDER, "acl1_1k_trace"), "utf8")
      .trim()
      .split("\n")
      .slice(0, 5000);
    for (const line of lines) {
      const [source, , , port, protocol] = line.split("\t").map(Number);
      const header = {
        remote: { family: 4 as const, value: BigInt(source!) },
        protocol: protocol!,
        port: port!,
      };
      const { remote } = header;
      const got = core.classify(policy, remote, header.protocol, header.port).rules;
      expect(got, line).toEqual(matching(rules, header).map(String));
    }
  });

  it.each(["acl1v4_5", "acl1v6_1"])("DPDK %s: the headers of its trace", (name) => {
    const rules = readRules(`dpdk/${name}_rule`);
    expect(rules.length).toBeGreaterThan(0);
    const core = coreOf(target, rules);
    const policy = core.policyOf("eni-1", "ingress");
    const lines = readFileSync(join(FOLDER, `dpdk/${name}_trace`), "utf8").split("\n");
    let seen = 0;
    for (const line of lines) {
      const [source, , , port, protocol] = line.trim().split(/\s+/);
      if (protocol === undefined || line.startsWith("#")) continue;
      const remote: Address = source!.includes(":")
        ? parseAddress(source!)!
        : { family: 4, value: BigInt(source!) };
      const header = { remote, protocol: Number(protocol), port: Number(port) };
      const got = core.classify(policy, remote, header.protocol, header.port).rules;
      expect(got, line).toEqual(matching(rules, header).map(String));
      seen++;
    }
    expect(seen).toBeGreaterThan(0);
  });
});
