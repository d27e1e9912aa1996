import { describe, expect, it } from "vitest";
import type { RuleSet } from "../../src/model/rule-set.js";
import { type AssertOptions, checkAssertions } from "../../src/questions/assert-check.js";
import { parseAssertions } from "../../src/questions/assert-parse.js";
import type { AssertionResult } from "../../src/questions/assertion.js";
import { buildRuleSet, type RuleSetSketch } from "../support/rule-set-builder.js";
import { opener } from "./tighten-openers.js";

const OUT = ["egress all all 0.0.0.0/0"];

/** A web server that sends only to 192.0.2.0/24, a database, a NAT gateway without groups. */
function account(more: RuleSetSketch = {}): RuleSet {
  return buildRuleSet({
    snapshotComplete: true,
    ...more,
    groups: {
      "sg-web": { rules: ["egress tcp 80 192.0.2.0/24"] },
      "sg-db": { rules: ["ingress tcp 5432 0.0.0.0/0"] },
      "sg-quiet": { rules: ["ingress tcp 5432 sg-web"] },
      "sg-bare": { rules: OUT },
      ...more.groups,
    },
    interfaces: {
      "eni-web": { groups: ["sg-web"], addresses: ["10.0.1.10"] },
      "eni-db": { groups: ["sg-db"], addresses: ["10.0.2.20"] },
      "eni-quiet": { groups: ["sg-quiet"], addresses: ["10.0.3.30"] },
      "eni-nat": { groups: [], addresses: ["10.0.4.40"] },
      ...more.interfaces,
    },
  });
}

function check(
  assertion: string,
  ruleSet: RuleSet = account(),
  more: Partial<AssertOptions> = {},
  rows: readonly string[] = [],
): AssertionResult {
  const { assertions } = parseAssertions(`version: 1\nassertions:\n  - ${assertion}\n`, "net.yml");
  const openers = rows.map((row) => opener(ruleSet, row));
  const [result] = checkAssertions(assertions, openers, ruleSet, { timeline: 0, ...more });
  return result!;
}

function messages({ evidence }: AssertionResult): string[] {
  return evidence.flatMap(({ findings }) => findings.map(({ message }) => message));
}

describe("a deny with addresses beside names", () => {
  it.each([
    ["from: [sg-web, 203.0.113.0/24], to: sg-db"],
    ["from: [sg-web, any], to: sg-db"],
    ["from: [sg-web, 203.0.113.0/24], to: 10.0.2.0/24"],
    ["from: [eni-web, 203.0.113.0/24], to: [sg-quiet, 10.0.2.20]"],
  ])("asks the receivers about the addresses: %s", (ends) => {
    for (const by of ["rules", "[traffic, rules]"]) {
      const result = check(`deny: {${ends}, port: tcp/5432, by: ${by}}`);
      expect(result).toMatchObject({ verdict: "fail", settledBy: "rules" });
      expect(messages(result).join()).toContain("rule sg-db/ingress/tcp/5432/0.0.0.0/0 admits");
    }
  });

  it("passes where both parts are proved", () => {
    const text =
      "deny: {from: [sg-web, 203.0.113.0/24], to: [sg-quiet, 10.0.1.0/24], port: tcp/5432}";
    expect(check(text).verdict).toBe("pass");
    expect(check("deny: {from: sg-web, to: sg-db, port: tcp/5432}").verdict).toBe("pass");
  });

  it("asks the senders towards addresses beside a name", () => {
    expect(check("deny: {from: sg-web, to: [sg-db, any], port: tcp/80}").verdict).toBe("fail");
    expect(check("deny: {from: sg-web, to: [sg-db, any], port: tcp/81}").verdict).toBe("pass");
  });
});

describe("a deny at interfaces without groups", () => {
  it("fails by the receivers' rules, for the sender lets everything out", () => {
    const text = "deny: {from: eni-nat, to: sg-db, port: tcp/5432}";
    expect(messages(check(text))).toEqual([
      "rule sg-db/ingress/tcp/5432/0.0.0.0/0 admits tcp/5432 from 10.0.4.40",
    ]);
    expect(check(text.replace("sg-db", "sg-quiet")).verdict).toBe("pass");
  });

  it.each(["from: 203.0.113.0/24, to: eni-nat", "from: 203.0.113.0/24, to: 10.0.4.40"])(
    "fails by rules, and never passes by traffic: %s",
    (ends) => {
      const interfaces = [{ id: "eni-nat", records: 2 }];
      const byRules = check(`deny: {${ends}, port: tcp/5432}`);
      expect(byRules).toMatchObject({ verdict: "fail", settledBy: "rules" });
      expect(messages(byRules)).toEqual(["eni-nat has no group: it lets everything in"]);
      const text = `deny: {${ends}, port: tcp/5432, by: traffic}`;
      const byTraffic = check(text, account(), { interfaces });
      expect(byTraffic).toMatchObject({ verdict: "undecided", settledBy: "traffic" });
      expect(messages(byTraffic)).toEqual([
        "eni-nat may be meant: none of its 2 records is of a connection that rules decide",
      ]);
    },
  );

  it("fails where a gateway sends what it must not", () => {
    const result = check("deny: {from: eni-nat, to: 203.0.113.0/24}");
    expect(messages(result)).toEqual(["eni-nat has no group: it lets everything out"]);
  });

  it("lets an interface pass by traffic whose openers are all denied", () => {
    const interfaces = [{ id: "eni-db", records: 3 }];
    const text = "deny: {to: sg-db, port: tcp/22, by: traffic}";
    const rows = ["eni-db ingress tcp/22 203.0.113.1"];
    expect(check(text, account(), { interfaces }, rows).verdict).toBe("pass");
  });
});

describe("a deny between addresses", () => {
  it.each(["traffic", "rules", "[traffic, rules]"])(
    "is undecided by %s where the rules do not hold an interface of the log",
    (by) => {
      const interfaces = [{ id: "eni-other", records: 2 }];
      const open = `deny: {from: 203.0.113.0/24, to: 10.0.9.0/24, port: tcp/5432, by: ${by}}`;
      expect(check(open, account(), { interfaces }).verdict).toBe("undecided");
      const wide = `deny: {from: 203.0.113.0/24, to: 10.0.0.0/22, port: tcp/22, by: ${by}}`;
      expect(check(wide, account(), { interfaces }).verdict).toBe("undecided");
      expect(check(wide).verdict).toBe("pass");
      const named = `deny: {from: 203.0.113.0/24, to: sg-db, port: tcp/22, by: ${by}}`;
      expect(check(named, account(), { interfaces }).verdict).toBe("pass");
    },
  );

  it("asks the senders where receivers are out of sight", () => {
    const text = "deny: {from: 10.0.1.0/24, except-to: 10.0.0.0/8, port: tcp/80}";
    expect(check(text).verdict).toBe("fail");
    expect(check(text.replace("80", "81")).verdict).toBe("pass");
    expect(check("deny: {from: 10.0.1.0/24, to: any, port: tcp/80}").verdict).toBe("fail");
  });

  it("is undecided where nobody is known at either end", () => {
    const result = check("deny: {from: 203.0.113.0/24, to: 10.0.9.0/24}");
    expect(result.verdict).toBe("undecided");
    expect(messages(result)).toEqual(["no interface of the rules is at either end"]);
  });

  it("is undecided where an open interface may be at the end", () => {
    const ruleSet = account({ interfaces: { "eni-new": { groups: ["sg-db"] } } });
    const text = "deny: {from: 203.0.113.0/24, to: 10.0.9.0/24, port: tcp/5432}";
    expect(check(text, ruleSet).verdict).toBe("undecided");
    expect(check(text.replace("5432", "22"), ruleSet).verdict).toBe("pass");
  });

  it("asks the groups of --attach", () => {
    const ruleSet = account({ attach: ["sg-db"] });
    const text = "deny: {from: 203.0.113.0/24, to: 10.0.9.0/24, port: tcp/5432}";
    expect(check(text, ruleSet).verdict).toBe("undecided");
    expect(check("deny: {from: 203.0.113.0/24, port: tcp/5432}", ruleSet).verdict).toBe("fail");
  });
});

describe("a deny towards members that nobody knows", () => {
  const TEXT = "deny: {from: 10.0.7.0/24, to: sg-quiet, port: tcp/5432, by: rules}";
  const open = account({ snapshotComplete: false });

  it("is undecided without --snapshot-complete", () => {
    expect(check(TEXT).verdict).toBe("pass");
    const result = check(TEXT, open);
    expect(result.verdict).toBe("undecided");
    expect(messages(result)).toEqual([
      "whether rule sg-quiet/ingress/tcp/5432/sg-web admits 10.0.7.0/24 is not known: no interface has these private addresses",
    ]);
  });

  it("passes of public and of known addresses, and where the group is excepted", () => {
    expect(check(TEXT.replace("10.0.7.0/24", "203.0.113.0/24"), open).verdict).toBe("pass");
    expect(check(TEXT.replace("10.0.7.0/24", "10.0.2.20"), open).verdict).toBe("pass");
    const except = "deny: {except-from: sg-web, to: sg-quiet, port: tcp/5432, by: rules}";
    expect(check(except, open).verdict).toBe("pass");
  });

  it("is undecided where the groups of a sender are open, and where its addresses are not known", () => {
    const interfaces = {
      "eni-open": { groups: ["undecided:x"], addresses: ["10.0.7.7"] },
      "eni-new": { groups: ["sg-bare"] },
    };
    const ruleSet = account({ interfaces });
    expect(check(TEXT.replace("10.0.7.0/24", "10.0.7.7"), ruleSet).verdict).toBe("undecided");
    const unplaced = "deny: {from: eni-new, to: sg-db, port: tcp/5432}";
    expect(check(unplaced, ruleSet).verdict).toBe("undecided");
    expect(check("deny: {from: sg-bare, to: sg-db, port: tcp/5432}").verdict).toBe("undecided");
  });
});

describe("an allow", () => {
  it("is undecided of addresses beside a name towards addresses", () => {
    const text = "allow: {from: [sg-web, 203.0.113.0/24], to: 192.0.2.0/24, port: tcp/80}";
    expect(check(text).verdict).toBe("undecided");
    expect(check(text.replace("[sg-web, 203.0.113.0/24]", "sg-web")).verdict).toBe("pass");
  });

  it("is undecided where nothing filters, where an address is not known, and of strangers", () => {
    expect(check("allow: {from: 203.0.113.0/24, to: eni-nat}").verdict).toBe("undecided");
    const ruleSet = account({ interfaces: { "eni-new": { groups: ["sg-bare"] } } });
    const text = "allow: {from: [eni-db, eni-new], to: sg-quiet, port: tcp/5432, by: rules}";
    expect(messages(check(text, ruleSet))).toContain("no address of eni-new is known");
    const traffic = "allow: {from: 203.0.113.0/24, to: 10.0.0.0/16, port: tcp/5432, by: traffic}";
    const rows = ["eni-db ingress tcp/5432 203.0.113.1"];
    expect(check(traffic, account(), {}, rows).verdict).toBe("pass");
    const interfaces = [{ id: "eni-other", records: 2 }];
    expect(check(traffic, account(), { interfaces }, rows).verdict).toBe("undecided");
  });
});
