import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { compileRuleSet } from "../../src/compile/compile-rule-set.js";
import {
  type Address,
  type Cidr,
  cidrContains,
  familyBits,
  parseAddress,
} from "../../src/model/address.js";
import type { Rule } from "../../src/model/rule-set.js";
import { DEFAULT_TIMERS } from "../../src/model/timers.js";
import { MatchCore, TARGETS } from "./core.js";
import { random } from "./random.js";
import { group, networkInterface, ruleSet } from "./rule-sets.js";

const CORPUS = process.env.FLOW_CORPUS;
const FOLDER = CORPUS === undefined ? "" : join(CORPUS, "classbench");

interface Projected {
  readonly peer: Cidr;
  readonly protocol: number;
  readonly fromPort: number;
  readonly toPort: number;
}

interface Header {
  readonly remote: Address;
  readonly protocol: number;
  readonly port: number;
}

// @source destination sourcePorts destinationPorts protocol/mask ...: projected to what a security-group rule tests.
const LINE =
  /^@(\S+)\/(\d+)\s+\S+\s+\d+ : \d+\s+(\d+) : (\d+)\s+(?:0x)?([0-9a-fA-F]+)\/(?:0x)?([0-9a-fA-F]+)/;

function blockOf(text: string, length: number): Cidr {
  const address = parseAddress(text)!;
  const host = BigInt(familyBits(address.family) - length);
  return { address: { family: address.family, value: (address.value >> host) << host }, length };
}

function readRules(name: string): Projected[] {
  return readFileSync(join(FOLDER, name), "utf8")
    .split("\n")
    .flatMap((line) => {
      const match = LINE.exec(line);
      if (match === null) return [];
      const [, source, length, from, to, protocol, mask] = match;
      const any = Number.parseInt(mask!, 16) === 0;
      const number = any ? -1 : Number.parseInt(protocol!, 16);
      const hasPorts = number === 6 || number === 17;
      return [
        {
          peer: blockOf(source!, Number(length)),
          protocol: number,
          // A rule for all protocols tests no port (semantics 3.3).
          fromPort: hasPorts ? Number(from) : 0,
          toPort: hasPorts ? Number(to) : 65535,
        },
      ];
    });
}

/** Headers drawn from the rules, one field of three swapped now and then for another rule's. */
function drawHeaders(rules: readonly Projected[], count: number, seed: number): Header[] {
  const r = random(seed);
  return Array.from({ length: count }, () => {
    const own = r.pick(rules);
    const portRule = r.chance(0.3) ? r.pick(rules) : own;
    const { address, length } = (r.chance(0.2) ? r.pick(rules) : own).peer;
    const host = BigInt(familyBits(address.family) - length);
    const noise = (BigInt(r.below(2 ** 32)) << 32n) | BigInt(r.below(2 ** 32));
    return {
      remote: { family: address.family, value: address.value | (noise & ((1n << host) - 1n)) },
      protocol: own.protocol === -1 ? r.pick([6, 17, 47]) : own.protocol,
      port: portRule.fromPort + r.below(portRule.toPort - portRule.fromPort + 1),
    };
  });
}

function matching(rules: readonly Projected[], { remote, protocol, port }: Header): string[] {
  const found: string[] = [];
  rules.forEach((rule, index) => {
    if (rule.protocol !== -1 && rule.protocol !== protocol) return;
    const testsPort = rule.protocol === 6 || rule.protocol === 17;
    if (testsPort && (port < rule.fromPort || port > rule.toPort)) return;
    if (cidrContains(rule.peer, remote)) found.push(String(index));
  });
  return found;
}

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

describe.skipIf(CORPUS === undefined || !existsSync(FOLDER)).each(TARGETS)(
  "ClassBench sets (%s)",
  (target) => {
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
        const want = matching(rules, header);
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
        expect(got, line).toEqual(matching(rules, header));
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
        expect(got, line).toEqual(matching(rules, header));
        seen++;
      }
      expect(seen).toBeGreaterThan(0);
    });
  },
);
