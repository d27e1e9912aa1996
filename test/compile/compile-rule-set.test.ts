import { describe, expect, it } from "vitest";
import * as contract from "../../src/contract.js";
import { FlowError } from "../../src/errors.js";
import type { RuleSet } from "../../src/model/rule-set.js";
import { DEFAULT_TIMERS } from "../../src/model/timers.js";
import { group, networkInterface, prefixList, ruleSet, vpc } from "../match/rule-sets.js";
import { compileRuleSet } from "../support/compile-rule-set.js";

function sectionCount(image: Uint8Array, section: number): number {
  const at = contract.IMAGE_OFF_SECTIONS + section * contract.IMAGE_SECTION_BYTES;
  return new DataView(image.buffer).getUint32(at + contract.IMAGE_SECTION_COUNT, true);
}

function compile(set: RuleSet): ReturnType<typeof compileRuleSet> {
  return compileRuleSet(set, DEFAULT_TIMERS);
}

function refusal(set: RuleSet): FlowError {
  try {
    compile(set);
  } catch (error) {
    if (error instanceof FlowError) return error;
    throw error;
  }
  throw new Error("nothing was refused");
}

describe("what a compiled rule set names", () => {
  it("orders rules by group id in code units, then by document, with EC2-Classic's egress last (3.8)", () => {
    const { vpcId: _none, ...classic } = group("sg-B", [{ id: "b0", peer: "10.0.0.0/8" }]);
    const { rules } = compile(
      ruleSet({
        groups: [
          group("sg-a", [
            { id: "a0", peer: "0.0.0.0/0" },
            { id: "a1", direction: "egress", peer: "0.0.0.0/0" },
            { id: "a2", stale: true, peer: "sg-gone" },
          ]),
          classic,
        ],
      }),
    );
    expect(rules.map((rule) => rule.id)).toEqual([
      "b0",
      "sg-B/egress/all/all/classic",
      "a0",
      "a1",
      "a2",
    ]);
  });

  it("gives no synthetic rule to a Classic group that has egress rules", () => {
    const { vpcId: _none, ...classic } = group("sg-1", [
      { id: "e", direction: "egress", peer: "::/0" },
    ]);
    expect(compile(ruleSet({ groups: [classic] })).rules.map((rule) => rule.id)).toEqual(["e"]);
  });

  it("names peers and missing groups once, with the account where the rule names one", () => {
    const { names } = compile(
      ruleSet({
        groups: [
          group("sg-1", [
            { peer: "pl-1" },
            { peer: "sg-2" },
            { peer: "123456789012/sg-2" },
            { peer: "pl-1" },
            { peer: "10.0.0.0/8" },
          ]),
        ],
        interfaces: [networkInterface("eni-1", ["sg-1", "sg-none"])],
      }),
    );
    expect(names).toEqual(["pl-1", "sg-2", "123456789012/sg-2", "sg-none"]);
  });
});

describe("the size of an image", () => {
  it("counts a policy once per distinct set of groups and direction, in any order", () => {
    const groups = ["sg-1", "sg-2", "sg-3"].map((id) => group(id, [{ peer: "10.0.0.0/8" }]));
    const { image } = compile(
      ruleSet({
        groups,
        interfaces: [
          networkInterface("eni-1", ["sg-1", "sg-2"]),
          networkInterface("eni-2", ["sg-2", "sg-1", "sg-2"]),
          networkInterface("eni-3", ["sg-3"]),
          networkInterface("eni-4", []),
        ],
      }),
    );
    // Ingress of {1,2} and {3}; no group has egress rules, so all share one empty egress policy.
    expect(sectionCount(image, contract.SECTION_POLICIES)).toBe(3);
  });

  it("has one class for all entries of a prefix list below one parent", () => {
    const entries = Array.from({ length: 5000 }, (_, i) => `10.${i >> 8}.${i & 255}.0/24`);
    const { image } = compile(
      ruleSet({
        groups: [group("sg-1", [{ peer: "pl-1" }])],
        prefixLists: [prefixList("pl-1", entries)],
        snapshotComplete: true,
      }),
    );
    expect(sectionCount(image, contract.SECTION_CLASSES)).toBe(2);
  });

  it("shares settled classes between members that joined at different times", () => {
    const owners = Array.from({ length: 300 }, (_, i) =>
      networkInterface(`eni-${i}`, ["sg-2"], [`10.0.${i >> 8}.${i & 255}`], {
        attachedAt: 1000 + i,
      }),
    );
    const { image } = compile(
      ruleSet({
        groups: [group("sg-1", [{ peer: "sg-2" }]), group("sg-2", [])],
        interfaces: owners,
      }),
    );
    expect(sectionCount(image, contract.SECTION_TIMED)).toBe(300);
    // Everything, unknown private, member of sg-2, and one late class per attach time.
    expect(sectionCount(image, contract.SECTION_CLASSES)).toBe(303);
  });

  it("grows with the rules that apply together, not with the rules of the account", () => {
    const bytesFor = (count: number): number => {
      const ids = Array.from({ length: count }, (_, i) => `sg-${i}`);
      const set = ruleSet({
        groups: ids.map((id) => group(id, [{ fromPort: 22, toPort: 22, peer: "10.0.0.0/8" }])),
        interfaces: ids.map((id) => networkInterface(`eni-${id}`, [id])),
      });
      return compile(set).image.length;
    };
    const [one, two] = [bytesFor(1000) - bytesFor(1), bytesFor(2000) - bytesFor(1)];
    expect(two / one).toBeLessThan(2.1);
  });
});

describe("output depends on content alone", () => {
  it("gives the same bytes whatever the order of groups, interfaces, memberships and list entries", () => {
    const build = (reverse: boolean): RuleSet => {
      const turn = <T>(items: T[]): T[] => (reverse ? items.reverse() : items);
      return ruleSet({
        groups: turn([
          group("sg-1", [
            { peer: "sg-2" },
            { peer: "pl-1" },
            { direction: "egress", peer: "::/0" },
          ]),
          group("sg-2", [{ protocol: 1, icmpType: 8, peer: "10.0.0.0/8" }]),
          group("sg-3", [{ peer: "sg-1" }]),
        ]),
        interfaces: turn([
          networkInterface("eni-1", turn(["sg-1", "sg-3", "sg-none"]), ["10.0.0.1"], {
            attachedAt: 5,
          }),
          networkInterface("eni-2", turn(["sg-2", "sg-1"]), ["10.0.0.1", "fd00::1"], {
            type: "network_load_balancer",
          }),
        ]),
        prefixLists: [prefixList("pl-1", turn(["10.0.0.0/8", "10.0.0.0/16", "2001:db8::/32"]))],
        vpcs: turn([vpc("vpc-1", ["10.0.0.0/16"]), vpc("vpc-2", ["10.9.0.0/16", "fd00::/56"])]),
        attach: turn(["sg-3", "sg-2"]),
      });
    };
    const [a, b] = [compile(build(false)), compile(build(true))];
    expect(b.image).toEqual(a.image);
    expect(b.names).toEqual(a.names);
    expect(b.interfaceIds).toEqual(a.interfaceIds);
  });

  it("fits an empty rule set", () => {
    const { image, rules, names, interfaceIds } = compile(ruleSet({ groups: [] }));
    expect({ rules, names, interfaceIds }).toEqual({ rules: [], names: [], interfaceIds: [] });
    expect(image.length % contract.IMAGE_ALIGN).toBe(0);
  });
});

describe("what is refused", () => {
  it.each([
    ["a port above 65535", { fromPort: 70000, toPort: 80000 }, "port range 70000-80000"],
    ["ports in the wrong order", { fromPort: 80, toPort: 22 }, "port range 80-22"],
    ["a protocol above 255", { protocol: 256 }, "protocol 256"],
    ["a broken ICMP type", { protocol: 1, icmpType: 300 }, "ICMP type 300"],
  ])("%s", (_name, parts, found) => {
    const error = refusal(ruleSet({ groups: [group("sg-1", [{ ...parts, peer: "10.0.0.0/8" }])] }));
    expect(error.code).toBe("rule-invalid");
    expect(error.message).toContain(`rules.json:1: rule sg-1/0: ${found}; allowed is`);
    expect(error.hint).toBeDefined();
  });

  it.each([
    ["an attach time before the epoch", { attachedAt: -1 }, "attach time -1"],
    ["a timer beyond 31 bits", { timers: { udp: 2 ** 31 } }, "UDP timeout 2147483648"],
  ])("%s", (_name, more, found) => {
    const owner = networkInterface("eni-1", [], [], more);
    const error = refusal(ruleSet({ groups: [], interfaces: [owner] }));
    expect(error.code).toBe("interface-invalid");
    expect(error.message).toContain(found);
  });

  it("an interface id that no log could hold", () => {
    const owner = networkInterface("e".repeat(65), []);
    expect(refusal(ruleSet({ groups: [], interfaces: [owner] })).message).toContain("65 bytes");
  });

  it("more than 64 load-balancer groups in one policy", () => {
    const build = (count: number): RuleSet => {
      const ids = Array.from({ length: count }, (_, i) => `sg-lb${i}`);
      return ruleSet({
        groups: [
          group(
            "sg-1",
            ids.map((id) => ({ peer: id })),
          ),
        ],
        interfaces: [
          networkInterface("eni-1", ["sg-1"]),
          ...ids.map((id) =>
            networkInterface(`eni-${id}`, [id], [], { type: "network_load_balancer" }),
          ),
        ],
      });
    };
    expect(compile(build(64)).rules.length).toBe(64);
    const error = refusal(build(65));
    expect(error.code).toBe("too-many-load-balancer-groups");
    expect(error.message).toContain("sg-1");
  });
});
