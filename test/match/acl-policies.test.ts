import { describe, expect, it } from "vitest";
import * as contract from "../../src/contract.js";
import { DEFAULT_TIMERS } from "../../src/model/timers.js";
import { compileRuleSet } from "../support/compile-rule-set.js";
import { MatchCore } from "./core.js";
import { acl, address, group, networkInterface, ruleSet } from "./rule-sets.js";

describe("what an image says of network ACLs", () => {
  const set = ruleSet({
    groups: [group("sg-1", [{ id: "r", peer: "10.0.0.0/8" }])],
    interfaces: [
      networkInterface("eni-1", ["sg-1"], [], { subnetId: "subnet-1" }),
      networkInterface("eni-2", [], [], { subnetId: "subnet-1" }),
      networkInterface("eni-3", [], [], { subnetId: "subnet-2" }),
      networkInterface("eni-4", []),
    ],
    acls: [
      acl(
        "acl-a",
        [
          { number: 200, action: "deny", cidr: "10.0.0.0/8" },
          { number: 100, cidr: "10.1.0.0/16" },
          { number: 32767, action: "deny", cidr: "0.0.0.0/0" },
          { number: 100, direction: "egress", cidr: "0.0.0.0/0" },
        ],
        { subnetIds: ["subnet-1", "subnet-9"] },
      ),
      acl("acl-unused", [{ cidr: "192.0.2.0/24" }]),
    ],
  });

  it("interfaces of one subnet share policies; lists that nobody meets have none", () => {
    const core = new MatchCore("release", compileRuleSet(set, DEFAULT_TIMERS));
    expect(core.aclOf("eni-1", "ingress")).toBe(core.aclOf("eni-2", "ingress"));
    expect(core.aclOf("eni-1", "egress")).not.toBe(core.aclOf("eni-1", "ingress"));
    expect(core.aclOf("eni-3", "ingress")).toBe(0);
    expect(core.aclOf("eni-4", "egress")).toBe(0);
    const { image } = core.compiled;
    const section =
      contract.IMAGE_OFF_SECTIONS + contract.SECTION_POLICIES * contract.IMAGE_SECTION_BYTES;
    const count = new DataView(image.buffer).getUint32(
      section + contract.IMAGE_SECTION_COUNT,
      true,
    );
    expect(count).toBe(4);
  });

  it("rules stay those of the groups, and details name list, direction and number", () => {
    const compiled = compileRuleSet(set, DEFAULT_TIMERS);
    expect(compiled.rules.map((rule) => rule.id)).toEqual(["r"]);
    const core = new MatchCore("release", compiled);
    const details = (direction: "ingress" | "egress", remotes: readonly string[]): string[] =>
      remotes.map((remote) => {
        const policy = core.aclOf("eni-1", direction);
        return core.classify(policy, address(remote), 6, 80).accepted.detail;
      });
    expect(details("ingress", ["10.1.0.1", "10.2.0.1", "192.0.2.1", "2001:db8::1"])).toEqual([
      "",
      "acl-a ingress 200",
      "acl-a ingress *",
      "acl-a ingress *",
    ]);
    expect(details("egress", ["10.2.0.1", "2001:db8::1"])).toEqual(["", "acl-a egress *"]);
  });

  it.each([
    ["a port above 65535", { fromPort: 1, toPort: 65536 }, "port range 1-65536"],
    ["a protocol above 255", { protocol: 300 }, "protocol 300"],
    ["a broken ICMP type", { protocol: 1, icmpType: -2 }, "ICMP type -2"],
  ])("refuses %s", (_name, parts, found) => {
    const broken = ruleSet({
      groups: [],
      interfaces: [networkInterface("eni-1", [], [], { subnetId: "subnet-1" })],
      acls: [acl("acl-a", [{ ...parts, cidr: "0.0.0.0/0" }], { subnetIds: ["subnet-1"] })],
    });
    expect(() => compileRuleSet(broken, DEFAULT_TIMERS)).toThrow(
      `rules.json:1: acl-a ingress 100: ${found}; allowed is`,
    );
  });
});
