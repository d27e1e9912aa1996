import { describe, expect, it } from "vitest";
import { compileRuleSets } from "../../src/compile/compile-rule-sets.js";
import * as contract from "../../src/contract.js";
import { FlowError } from "../../src/errors.js";
import type { RuleSet } from "../../src/model/rule-set.js";
import { DEFAULT_TIMERS } from "../../src/model/timers.js";
import { group, networkInterface, prefixList, ruleSet, vpc } from "../match/rule-sets.js";
import { compileRuleSet } from "../support/compile-rule-set.js";

function rowsOf(image: Uint8Array): Uint32Array {
  const view = new DataView(image.buffer);
  const section =
    contract.IMAGE_OFF_SECTIONS + contract.SECTION_INTERFACES * contract.IMAGE_SECTION_BYTES;
  const at = view.getUint32(section, true);
  const count = view.getUint32(section + contract.IMAGE_SECTION_COUNT, true);
  return new Uint32Array(image.buffer, at, (count * contract.IMAGE_INTERFACE_BYTES) / 4);
}

function account(rules: readonly string[], more: Partial<RuleSet> = {}): RuleSet {
  return {
    ...ruleSet({
      groups: [
        group(
          "sg-1",
          rules.map((peer) => ({ peer })),
        ),
      ],
      interfaces: [networkInterface("eni-1", ["sg-1"], ["10.0.0.1"])],
    }),
    ...more,
  };
}

describe("rule sets compiled together", () => {
  it("are none where none are given", () => {
    expect(compileRuleSets([], DEFAULT_TIMERS)).toEqual([]);
  });

  it("give one rule set the image it has alone", () => {
    const set = account(["10.0.0.0/8", "pl-1"]);
    expect(compileRuleSets([set], DEFAULT_TIMERS)[0]).toEqual(compileRuleSet(set, DEFAULT_TIMERS));
  });

  it("share names: equal index is equal text, whoever said it first", () => {
    const [a, b] = compileRuleSets(
      [account(["pl-1", "sg-2"]), account(["sg-3", "pl-1"])],
      DEFAULT_TIMERS,
    );
    expect(a!.names).toBe(b!.names);
    expect(a!.names).toEqual(["pl-1", "sg-2", "sg-3"]);
  });

  it("list the interfaces of all in code-unit order", () => {
    const others = ruleSet({
      groups: [],
      interfaces: [networkInterface("eni-0", []), networkInterface("eni-A", [])],
    });
    const [a, b] = compileRuleSets([account([]), others], DEFAULT_TIMERS);
    expect(a!.interfaceIds).toEqual(["eni-0", "eni-1", "eni-A"]);
    expect(b!.interfaceIds).toBe(a!.interfaceIds);
  });

  it("take facts from the first that holds the interface, groups from each", () => {
    const first = ruleSet({
      groups: [],
      interfaces: [networkInterface("eni-1", [], ["10.0.0.1"], { timers: { udp: 77 } })],
    });
    const second = ruleSet({
      groups: [group("sg-1", [{ peer: "10.0.0.0/8" }])],
      interfaces: [
        networkInterface("eni-1", ["sg-1"], ["10.0.0.2", "10.0.0.3"], {
          timers: { udp: 88 },
          vpcId: "vpc-1",
          type: "lambda",
        }),
      ],
      vpcs: [vpc("vpc-1", ["10.0.0.0/16"])],
    });
    const field = (row: Uint32Array, offset: number): number => row[offset / 4]!;
    for (const order of [
      [first, second],
      [second, first],
    ]) {
      const images = compileRuleSets(order, DEFAULT_TIMERS).map(({ image }) => rowsOf(image));
      const isFirst = order[0] === first;
      for (const [i, row] of images.entries()) {
        const timers = contract.IMAGE_INTERFACE_TIMERS;
        expect(field(row, timers + 8)).toBe(isFirst ? 77 : 88);
        expect(field(row, contract.IMAGE_INTERFACE_LOCAL_COUNT)).toBe(isFirst ? 1 : 2);
        expect(field(row, contract.IMAGE_INTERFACE_RESERVED_COUNT)).toBe(isFirst ? 0 : 2);
        const isAutomatic =
          (field(row, contract.IMAGE_INTERFACE_FLAGS) & contract.IMAGE_FLAG_AUTOMATIC) !== 0;
        // Which path tracks is what each rule set says of it (semantics 6.1), not a fact that all share.
        expect(isAutomatic).toBe(order[i] === second);
      }
      const policies = images.map((row) => field(row, contract.IMAGE_INTERFACE_INGRESS));
      expect(policies).toEqual(isFirst ? [0, 1] : [1, 0]);
    }
  });

  it("compile a rule set once however often it is given, and keep one of equal images", () => {
    const one = account(["10.0.0.0/8"]);
    const twin = account(["10.0.0.0/8"]);
    const other = account(["pl-9"]);
    const [a, b, c, d] = compileRuleSets([one, other, one, twin], DEFAULT_TIMERS);
    expect(c).toBe(a);
    expect(d).not.toBe(a);
    expect(d!.image).toBe(a!.image);
    expect(d!.rules).not.toBe(a!.rules);
    expect(b!.image).not.toBe(a!.image);
  });

  it("refuse what is wrong in any of them", () => {
    const broken = ruleSet({
      groups: [],
      interfaces: [networkInterface("eni-1", [], [], { attachedAt: -1 })],
    });
    const attempt = (): unknown => compileRuleSets([account([]), broken], DEFAULT_TIMERS);
    expect(attempt).toThrow(FlowError);
    expect(attempt).toThrow(/attach time -1/);
  });

  it("cost one row per interface and image, not one universe of rules", () => {
    const lists = (n: number): RuleSet["prefixLists"] =>
      new Map([[`pl-${n}`, prefixList(`pl-${n}`, [`10.${n}.0.0/16`])]]);
    const sets = Array.from({ length: 200 }, (_, n) =>
      account([`pl-${n}`], { prefixLists: lists(n) }),
    );
    const compiled = compileRuleSets(sets, DEFAULT_TIMERS);
    const largest = Math.max(...compiled.map(({ image }) => image.length));
    const alone = compileRuleSet(sets[0]!, DEFAULT_TIMERS).image.length;
    expect(largest).toBeLessThan(alone + 128);
    expect(compiled[0]!.names.length).toBe(200);
  });
});
