import { describe, expect, test } from "vitest";
import { parseAddress } from "../../src/model/address.js";
import type { RuleSet } from "../../src/model/rule-set.js";
import { type Answer, ask, policyOf, type Question } from "../../src/reference/policy.js";
import { snapshotOf } from "../../src/reference/snapshot.js";
import { buildRuleSet, type RuleSetSketch } from "../support/rule-set-builder.js";

interface Asked {
  readonly remote: string;
  readonly protocol?: number;
  readonly port?: number;
  readonly direction?: "ingress" | "egress";
  readonly time?: number;
  readonly rejected?: boolean;
  readonly clientAccepted?: boolean;
  readonly groups?: readonly string[];
}

function answer(ruleSet: RuleSet, asked: Asked): Answer {
  const remote = parseAddress(asked.remote);
  if (remote === undefined) throw new Error(asked.remote);
  const question: Question = {
    remote,
    direction: asked.direction ?? "ingress",
    protocol: asked.protocol ?? 6,
    port: asked.port ?? 443,
    time: asked.time ?? 1000,
    rejected: asked.rejected ?? false,
    clientAccepted: () => asked.clientAccepted ?? false,
  };
  return ask(snapshotOf(ruleSet), policyOf(ruleSet, asked.groups ?? ["sg-a"]), question, new Map());
}

/** One group `sg-a` with these rules, in a small world. */
function withRules(rules: readonly string[], more: RuleSetSketch = {}): RuleSet {
  return buildRuleSet({
    ...more,
    groups: { "sg-a": { rules, accountId: "1" }, "sg-app": {}, ...more.groups },
    interfaces: {
      "eni-app": { groups: ["sg-app"], addresses: ["10.0.2.20"], prefixes: ["10.0.48.0/28"] },
      ...more.interfaces,
    },
  });
}

function allow(...rules: string[]): Answer {
  return { verdict: "allow", rules };
}
function unresolved(detail: string): Answer {
  return { verdict: "unknown", reason: "peer-unresolved", detail };
}
const DENY: Answer = { verdict: "deny" };

describe("matching", () => {
  const rules = [
    "ingress tcp 400-443 10.0.7.0/24",
    "ingress all all 10.0.8.0/24",
    "ingress 50 all 10.0.7.0/24",
  ];
  test.each([
    [{ remote: "10.0.7.7" }, allow("sg-a/ingress/tcp/400-443/10.0.7.0/24")],
    [{ remote: "10.0.7.7", port: 400 }, allow("sg-a/ingress/tcp/400-443/10.0.7.0/24")],
    [{ remote: "10.0.7.7", port: 399 }, DENY],
    [{ remote: "10.0.7.7", port: 444 }, DENY],
    [{ remote: "10.0.7.7", protocol: 17 }, DENY],
    [{ remote: "10.0.7.7", direction: "egress" as const }, DENY],
    [{ remote: "10.0.8.8", protocol: 17, port: 9 }, allow("sg-a/ingress/all/all/10.0.8.0/24")],
    [{ remote: "10.0.8.8", protocol: 1 }, allow("sg-a/ingress/all/all/10.0.8.0/24")],
    [{ remote: "10.0.7.7", protocol: 50, port: 0 }, allow("sg-a/ingress/50/all/10.0.7.0/24")],
    [{ remote: "10.0.7.7", protocol: 51, port: 0 }, DENY],
  ])("%o", (asked, wanted) => {
    expect(answer(withRules(rules), asked)).toEqual(wanted);
  });

  test("families never mix", () => {
    const ruleSet = withRules(["ingress tcp 443 0.0.0.0/0", "ingress udp 53 ::/0"]);
    expect(answer(ruleSet, { remote: "2001:db8::1" })).toEqual(DENY);
    expect(answer(ruleSet, { remote: "10.0.0.1", protocol: 17, port: 53 })).toEqual(DENY);
  });

  test("all groups are one set, named by id and document order", () => {
    const ruleSet = withRules(["ingress tcp 443 10.0.0.0/8", "ingress tcp 443 10.0.0.0/16"], {
      groups: { "sg-B": { rules: ["ingress all all 0.0.0.0/0"] } },
    });
    expect(answer(ruleSet, { remote: "10.0.0.1", groups: ["sg-a", "sg-B"] })).toEqual(
      allow(
        "sg-B/ingress/all/all/0.0.0.0/0",
        "sg-a/ingress/tcp/443/10.0.0.0/8",
        "sg-a/ingress/tcp/443/10.0.0.0/16",
      ),
    );
  });

  test("an EC2-Classic group lets everything out, unless it has egress rules", () => {
    const classic = buildRuleSet({
      groups: {
        "sg-a": { vpcId: null },
        "sg-b": { vpcId: null, rules: ["egress tcp 80 0.0.0.0/0"] },
      },
    });
    const egress = { remote: "203.0.113.1", direction: "egress" as const };
    expect(answer(classic, egress)).toEqual(allow("sg-a/egress/all/all/classic"));
    expect(answer(classic, { ...egress, groups: ["sg-b"] })).toEqual(DENY);
    expect(answer(classic, { remote: "203.0.113.1" })).toEqual(DENY);
  });
});

describe("peers that cannot be decided", () => {
  test.each([
    ["(a) absent list", ["ingress tcp 443 pl-1"], "203.0.113.1", "pl-1"],
    ["(a) list without entries", ["ingress tcp 443 pl-2"], "203.0.113.1", "pl-2"],
    ["(a) absent group", ["ingress tcp 443 sg-gone"], "203.0.113.1", "sg-gone"],
    ["(a) another account", ["ingress tcp 443 2/sg-lone"], "203.0.113.1", "2/sg-lone"],
    ["(b) private stranger", ["ingress tcp 443 sg-app"], "10.0.2.99", "sg-app"],
    ["(b) empty group too", ["ingress tcp 443 sg-lone"], "100.127.0.1", "sg-lone"],
    ["(b) in a peering", ["ingress tcp 443 sg-app"], "198.18.0.1", "sg-app"],
    [
      "the first fitting rule",
      ["ingress tcp 80 pl-1", "ingress tcp 443 pl-2"],
      "203.0.113.1",
      "pl-2",
    ],
  ])("%s", (_, rules, remote, detail) => {
    const ruleSet = withRules(rules, {
      prefixLists: { "pl-2": null },
      groups: { "sg-lone": {} },
      peerings: { "pcx-1": ["198.18.0.0/16"] },
    });
    expect(answer(ruleSet, { remote })).toEqual(unresolved(detail));
  });

  test.each([
    ["a known own group without interfaces is empty", ["ingress tcp 443 sg-lone"], "203.0.113.1"],
    ["the same account is not another one", ["ingress tcp 443 1/sg-lone"], "203.0.113.1"],
    ["a public address is no stranger", ["ingress tcp 443 sg-app"], "203.0.113.1"],
    ["a member of other groups is no stranger", ["ingress tcp 443 sg-app"], "10.0.3.30"],
    ["a stale reference", ["ingress tcp 443 sg-gone stale"], "10.0.2.99"],
    ["a rule that does not fit", ["ingress tcp 80 pl-1", "egress tcp 443 pl-1"], "203.0.113.1"],
  ])("denied: %s", (_, rules, remote) => {
    const ruleSet = withRules(rules, {
      groups: { "sg-lone": {} },
      interfaces: { "eni-3": { groups: ["sg-other"], addresses: ["10.0.3.30"] } },
    });
    expect(answer(ruleSet, { remote })).toEqual(DENY);
  });

  test("a carried group of another account has known members", () => {
    const ruleSet = withRules(["ingress tcp 443 2/sg-app"]);
    expect(answer(ruleSet, { remote: "10.0.2.20" }).verdict).toBe("allow");
    expect(answer(ruleSet, { remote: "10.0.48.15" }).verdict).toBe("allow");
    expect(answer(ruleSet, { remote: "203.0.113.1" })).toEqual(DENY);
  });

  test("another rule that admits decides", () => {
    const ruleSet = withRules(["ingress tcp 443 pl-1", "ingress tcp 443 203.0.113.0/24"]);
    expect(answer(ruleSet, { remote: "203.0.113.1" })).toEqual(
      allow("sg-a/ingress/tcp/443/203.0.113.0/24"),
    );
  });

  test("a complete snapshot denies strangers", () => {
    const ruleSet = withRules(["ingress tcp 443 sg-app"], { snapshotComplete: true });
    expect(answer(ruleSet, { remote: "10.0.2.99" })).toEqual(DENY);
  });

  test("(c) the earliest attach time of an address counts", () => {
    const ruleSet = withRules(["ingress tcp 443 sg-late"], {
      interfaces: {
        "eni-1": { groups: ["sg-late"], addresses: ["10.0.5.5"], attachedAt: 3000 },
        "eni-2": { groups: ["sg-late"], addresses: ["10.0.5.5"], attachedAt: 2000 },
      },
    });
    expect(answer(ruleSet, { remote: "10.0.5.5", time: 1999 })).toEqual(unresolved("sg-late"));
    expect(answer(ruleSet, { remote: "10.0.5.5", time: 2000 }).verdict).toBe("allow");
  });
});

describe("a balancer's clients", () => {
  const balancer = {
    interfaces: {
      "eni-lb": { groups: ["sg-lb"], addresses: ["10.0.5.5"], type: "network_load_balancer" },
    },
    groups: { "sg-lb": {} },
  };
  const rules = ["ingress tcp 443 sg-lb", "egress tcp 443 sg-lb"];
  const client = { remote: "203.0.113.1" };
  test.each([
    [
      "seen at the balancer",
      rules,
      { ...client, clientAccepted: true },
      allow("sg-a/ingress/tcp/443/sg-lb"),
    ],
    ["seen there, REJECTed here", rules, { ...client, clientAccepted: true, rejected: true }, DENY],
    ["not seen", rules, client, unresolved("sg-lb")],
    ["REJECTed", rules, { ...client, rejected: true }, DENY],
    ["egress", rules, { ...client, direction: "egress" as const }, DENY],
    [
      "beside another",
      [...rules, "ingress tcp 443 0.0.0.0/0"],
      { ...client, clientAccepted: true },
      allow("sg-a/ingress/tcp/443/sg-lb", "sg-a/ingress/tcp/443/0.0.0.0/0"),
    ],
    [
      "a to c come before d",
      ["ingress tcp 443 sg-lb", "ingress tcp 443 pl-1"],
      client,
      unresolved("pl-1"),
    ],
    ["the balancer itself", rules, { remote: "10.0.5.5" }, allow("sg-a/ingress/tcp/443/sg-lb")],
  ])("%s", (_, given, asked, wanted) => {
    expect(answer(withRules(given, balancer), asked)).toEqual(wanted);
  });
});

describe("ICMP", () => {
  const rules = [
    "ingress icmp 8/-1 10.0.7.0/24",
    "ingress icmp 3/4 sg-gone",
    "ingress icmp all 10.0.8.0/24",
  ];
  const type: Answer = { verdict: "unknown", reason: "icmp-type", detail: "" };
  const related: Answer = { verdict: "unknown", reason: "icmp-related", detail: "" };
  test.each([
    ["a type may match", rules.slice(0, 1), { remote: "10.0.7.7" }, type],
    ["an undecidable peer comes first", rules, { remote: "10.0.7.7" }, unresolved("sg-gone")],
    ["any type decides", rules, { remote: "10.0.8.8" }, allow("sg-a/ingress/icmp/all/10.0.8.0/24")],
    ["nothing fits: related", rules.slice(0, 1), { remote: "10.0.9.9" }, related],
    ["nothing fits, REJECTed", rules.slice(0, 1), { remote: "10.0.9.9", rejected: true }, DENY],
    [
      "a type may match though REJECTed",
      rules.slice(0, 1),
      { remote: "10.0.7.7", rejected: true },
      type,
    ],
  ])("%s", (_, given, asked, wanted) => {
    expect(answer(withRules(given), { ...asked, protocol: 1 })).toEqual(wanted);
  });

  test("ICMPv6 is a protocol of its own", () => {
    const ruleSet = withRules(["ingress icmp all ::/0", "ingress icmpv6 128/0 ::/0"]);
    expect(answer(ruleSet, { remote: "2001:db8::1", protocol: 58 })).toEqual(type);
  });
});

describe("groups nobody describes", () => {
  const groups = ["sg-zz", "sg-a", "sg-mm"];
  const first: Answer = {
    verdict: "unknown",
    reason: "interface-not-in-snapshot",
    detail: "sg-mm",
  };
  test.each([
    ["known rules admit", { remote: "10.0.7.7" }, allow("sg-a/ingress/tcp/443/10.0.7.0/24")],
    ["nothing admits", { remote: "10.0.9.9" }, first],
    ["before an undecidable peer", { remote: "10.0.9.9", port: 80 }, first],
    ["before ICMP", { remote: "10.0.9.9", protocol: 1 }, first],
  ])("%s", (_, asked, wanted) => {
    const ruleSet = withRules(["ingress tcp 443 10.0.7.0/24", "ingress tcp 80 pl-1"]);
    expect(answer(ruleSet, { ...asked, groups })).toEqual(wanted);
  });
});
