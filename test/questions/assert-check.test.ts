import { describe, expect, it } from "vitest";
import type { JudgedOpener } from "../../src/model/opener.js";
import type { RuleSet } from "../../src/model/rule-set.js";
import { type AssertOptions, checkAssertions } from "../../src/questions/assert-check.js";
import { parseAssertions } from "../../src/questions/assert-parse.js";
import type { AssertionResult } from "../../src/questions/assertion.js";
import { buildRuleSet, type RuleSetSketch } from "../support/rule-set-builder.js";
import { opener } from "./tighten-openers.js";

function account(db: readonly string[], batch: readonly string[] = ["egress all all 0.0.0.0/0"]) {
  const sketch: RuleSetSketch = {
    groups: {
      "sg-db": { name: "db", rules: db },
      "sg-batch": { name: "batch", rules: batch },
      "sg-empty": { name: "empty" },
      "sg-spare": { name: "spare", rules: ["egress all all 0.0.0.0/0"] },
    },
    interfaces: {
      "eni-db": { groups: ["sg-db"], addresses: ["10.0.1.1"] },
      "eni-batch": { groups: ["sg-batch"], addresses: ["10.0.2.1"] },
      "eni-batch2": { groups: ["sg-batch"], addresses: ["10.0.2.2"] },
    },
    prefixLists: { "pl-closed": null },
    snapshotComplete: true,
  };
  return buildRuleSet(sketch);
}

function check(
  assertion: string,
  ruleSet: RuleSet,
  openers: readonly JudgedOpener[] = [],
  more: Partial<AssertOptions> = {},
): AssertionResult {
  const { assertions } = parseAssertions(`version: 1\nassertions:\n  - ${assertion}\n`, "net.yml");
  const [result] = checkAssertions(assertions, openers, ruleSet, { timeline: 0, ...more });
  return result!;
}

function messages(result: AssertionResult): string[] {
  return result.evidence.flatMap(({ findings }) => findings.map(({ message }) => message));
}

describe("deny", () => {
  const OUTSIDE = "deny: {to: group db, except-from: 10.0.0.0/8}";

  it("fails by a rule that would admit, at the rule's place, without any traffic", () => {
    const result = check(OUTSIDE, account(["ingress tcp 5432 0.0.0.0/0"]));
    expect(result).toMatchObject({ verdict: "fail", settledBy: "rules" });
    expect(result.evidence[1]?.findings).toMatchObject([
      { ruleId: "sg-db/ingress/tcp/5432/0.0.0.0/0", at: { file: "builder", line: 1 } },
    ]);
    expect(messages(result)[0]).toContain(
      "admits traffic from 0.0.0.0-9.255.255.255, 11.0.0.0-255.255.255.255",
    );
  });

  it("passes where no rule reaches beyond the exception", () => {
    const ruleSet = account(["ingress tcp 5432 10.0.0.0/16", "ingress tcp 22 sg-batch"]);
    expect(check(OUTSIDE, ruleSet)).toMatchObject({ verdict: "pass", settledBy: "rules" });
  });

  it("fails by traffic with samples, where an opener is allowed", () => {
    const ruleSet = account(["ingress tcp 5432 8.0.0.0/8"]);
    const rows = [
      opener(ruleSet, "eni-db ingress tcp/5432 8.0.0.1 x4"),
      opener(ruleSet, "eni-db ingress tcp/5432 9.0.0.1"),
      opener(ruleSet, "eni-db ingress tcp/5432 10.0.2.1"),
      opener(ruleSet, "eni-batch ingress tcp/5432 8.0.0.1"),
    ];
    const result = check(OUTSIDE, ruleSet, rows);
    expect(result).toMatchObject({ verdict: "fail", settledBy: "traffic" });
    expect(result.evidence[0]).toMatchObject({ kind: "traffic", verdict: "fail", connections: 5 });
    expect(result.evidence[0]?.findings).toMatchObject([
      {
        message: "8.0.0.1 -> eni-db tcp/5432 is allowed (rule)",
        connections: 4,
        samples: [{ file: "day.log", line: 7 }],
        ruleId: "sg-db/ingress/tcp/5432/8.0.0.0/8",
      },
    ]);
  });

  it("sees a sender's record, unless the receiver's rules deny it", () => {
    const text = "deny: {from: group batch, to: group db, by: traffic}";
    const open = account(["ingress tcp 5432 sg-batch"]);
    const closed = account(["ingress tcp 22 sg-batch"]);
    const row = "eni-batch egress tcp/5432 10.0.1.1";
    expect(check(text, open, [opener(open, row)]).verdict).toBe("fail");
    expect(check(text, closed, [opener(closed, row)]).verdict).toBe("pass");
  });

  it("does not pass over a connection of unknown opener whose higher port may have been served", () => {
    const text = "deny: {to: group db, port: tcp/5432, by: traffic}";
    const ruleSet = account(["ingress tcp 5432 0.0.0.0/0", "ingress tcp 443 0.0.0.0/0"]);
    const row = (otherPort?: number): JudgedOpener =>
      opener(ruleSet, "eni-db ingress tcp/443 8.0.0.1", {
        ...{ direction: null, grade: "unknown" },
        ...(otherPort === undefined ? {} : { otherPort }),
      });
    const result = check(text, ruleSet, [row(5432)]);
    expect(result.verdict).toBe("undecided");
    expect(messages(result)).toEqual([
      "8.0.0.1 <-> eni-db tcp/443 or 5432 is allowed (rule); whether it is meant is not known",
    ]);
    expect(check(text, ruleSet, [row(50_000)]).verdict).toBe("pass");
    // Rows that do not keep it may mean any port above.
    expect(check(text, ruleSet, [row()]).verdict).toBe("undecided");
    expect(check(text.replace("5432", "80"), ruleSet, [row()]).verdict).toBe("pass");
  });

  it("needs both ends' rules between two groups", () => {
    const text = "deny: {from: group batch, to: group db, port: tcp/5432, by: rules}";
    const db = ["ingress tcp 5432 10.0.0.0/8"];
    expect(check(text, account(db)).verdict).toBe("fail");
    expect(check(text, account(db, ["egress tcp 443 0.0.0.0/0"])).verdict).toBe("pass");
    expect(check(text, account(db, ["egress tcp 5432 10.0.1.1/32"])).verdict).toBe("fail");
  });

  it("asks the senders' rules where only they are named", () => {
    const text = "deny: {from: group batch, except-to: 10.0.0.0/8, by: rules}";
    expect(check(text, account([])).verdict).toBe("fail");
    expect(check(text, account([], ["egress tcp 443 10.0.0.0/8"])).verdict).toBe("pass");
  });

  it("is undecided where a rule's peer is not known, and where an opener's verdict is not", () => {
    const ruleSet = account(["ingress tcp 5432 pl-closed"]);
    const rows = [opener(ruleSet, "eni-db ingress tcp/5432 8.0.0.1")];
    const result = check(OUTSIDE, ruleSet, rows);
    expect(result.verdict).toBe("undecided");
    expect(messages(result)).toEqual([
      "8.0.0.1 -> eni-db tcp/5432 is not decided (peer-unresolved pl-closed)",
      "whom rule sg-db/ingress/tcp/5432/pl-closed admits is not known",
    ]);
  });

  it("counts a reference to a group without members", () => {
    const text = "deny: {from: group empty, to: group db, by: rules}";
    expect(check(text, account(["ingress tcp 5432 sg-empty"])).verdict).toBe("pass");
    const spare = text.replace("empty", "spare");
    expect(check(spare, account(["ingress tcp 5432 sg-spare"])).verdict).toBe("fail");
  });
});

describe("allow", () => {
  const TEXT = "allow: {from: group batch, to: group db, port: tcp/5432}";

  it("passes by the rules alone when both ends admit all of it", () => {
    for (const rule of ["sg-batch", "10.0.2.0/24", "10.0.2.0/30"])
      expect(check(TEXT, account([`ingress tcp 5432 ${rule}`]))).toMatchObject({
        verdict: "pass",
        settledBy: "rules",
      });
  });

  it("fails by a hole in addresses, in ports, or at the sender", () => {
    const hole = check(TEXT, account(["ingress tcp 5432 10.0.2.1/32"]));
    expect(messages(hole)).toEqual(["no rule of sg-db admits tcp/5432 from 10.0.2.2"]);
    const range = TEXT.replace("tcp/5432", "tcp/5430-5440");
    const ports = check(
      range,
      account(["ingress tcp 5430-5433 sg-batch", "ingress tcp 5435-5440 sg-batch"]),
    );
    expect(messages(ports)).toEqual([
      "no rule of sg-db admits tcp/5430-5440 (ports 5434-5434) from 10.0.2.1-10.0.2.2",
    ]);
    const sender = account(["ingress tcp 5432 sg-batch"], ["egress tcp 443 0.0.0.0/0"]);
    expect(messages(check(TEXT, sender))).toEqual([
      "no rule of sg-batch admits tcp/5432 to 10.0.1.1",
    ]);
  });

  it("asks IPv6 only of interfaces that have it", () => {
    const text = "allow: {to: group db, port: tcp/443, by: rules}";
    expect(check(text, account(["ingress tcp 443 0.0.0.0/0"])).verdict).toBe("pass");
  });

  it("fails by traffic that is denied", () => {
    const ruleSet = account(["ingress tcp 22 sg-batch"]);
    const rows = [opener(ruleSet, "eni-db ingress tcp/5432 10.0.2.1 x3")];
    const result = check(TEXT.replace("}", ", by: traffic}"), ruleSet, rows);
    expect(result).toMatchObject({ verdict: "fail", settledBy: "traffic" });
    expect(messages(result)).toEqual(["10.0.2.1 -> eni-db tcp/5432 is denied (no-rule)"]);
  });

  it("is undecided by traffic alone when nobody tried", () => {
    const ruleSet = account(["ingress tcp 5432 sg-batch"]);
    expect(check(TEXT.replace("}", ", by: traffic}"), ruleSet).verdict).toBe("undecided");
  });

  it("is undecided where a rule of unknown members may close the hole, and where nobody is at an end", () => {
    expect(check(TEXT, account(["ingress tcp 5432 pl-closed"])).verdict).toBe("undecided");
    const empty = "allow: {from: group spare, to: group db, port: tcp/5432, by: rules}";
    expect(check(empty, account(["ingress tcp 5432 sg-batch"])).verdict).toBe("undecided");
  });

  it("judges the timeline that is asked for", () => {
    const [before, after] = [account(["ingress tcp 5432 sg-batch"]), account([])];
    const rows = [opener([before, after], "eni-db ingress tcp/5432 10.0.2.1")];
    const text = TEXT.replace("}", ", by: traffic}");
    expect(check(text, before, rows, { timeline: 0 }).verdict).toBe("pass");
    expect(check(text, after, rows, { timeline: 1 }).verdict).toBe("fail");
  });
});

describe("no-world-open-unused", () => {
  const TEXT = "no-world-open-unused: {days: 90}";
  const ruleSet = account([
    "ingress tcp 22 0.0.0.0/0",
    "ingress tcp 443 ::/0",
    "ingress tcp 80 8.0.0.0/8",
  ]);
  const DAY = 86_400;
  const window = { first: 1_700_000_000 - 100 * DAY, last: 1_700_000_100 };
  const used = opener(ruleSet, "eni-db ingress tcp/22 8.0.0.1");

  it("fails for rules without a hit, at their places", () => {
    const result = check(TEXT, ruleSet, [used], { window });
    expect(result.verdict).toBe("fail");
    expect(messages(result)).toEqual([
      "rule sg-db/ingress/tcp/443/::/0 is open to the world and has no hit in 90 days",
    ]);
  });

  it("takes no refused opener and none from before for a hit", () => {
    const refused = opener(ruleSet, "eni-db ingress tcp/22 8.0.0.1", { action: "rejected" });
    const old = { ...used, first: window.first, last: window.first + DAY };
    expect(messages(check(TEXT, ruleSet, [refused, old], { window }))).toHaveLength(2);
  });

  it("is undecided where the log is too short or shows nothing of the group", () => {
    const short = check(TEXT, ruleSet, [used], { window: { ...window, first: window.last - DAY } });
    expect(short.verdict).toBe("undecided");
    expect(messages(short)[0]).toContain("the log covers 1 of the 90 days");
    const other = [opener(ruleSet, "eni-batch egress tcp/22 8.0.0.1")];
    expect(check(TEXT, ruleSet, other, { window }).verdict).toBe("undecided");
  });

  it("looks at the groups and ports it names", () => {
    const narrow = "no-world-open-unused: {days: 90, group: group batch}";
    expect(check(narrow, ruleSet, [used], { window }).verdict).toBe("pass");
    const port = "no-world-open-unused: {days: 90, port: tcp/22}";
    expect(check(port, ruleSet, [used], { window }).verdict).toBe("pass");
  });
});

describe("names", () => {
  it.each([
    ["deny: {to: group nowhere}", 'no group has the id or name "nowhere"'],
    ["deny: {to: eni-none}", 'no interface has the id "eni-none"'],
    ["deny: {to: pl-none}", 'no prefix list has the id or name "pl-none"'],
    ["deny: {to: pl-closed}", 'the entries of "pl-closed" are not known'],
  ])("refuses %s, with its place", (text, found) => {
    expect(() => check(text, account([]))).toThrow(found);
    expect(() => check(text, account([]))).toThrow(/net\.yml:3:16/);
  });
});
