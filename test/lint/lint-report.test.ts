import { describe, expect, it } from "vitest";
import { condenseRuleSet, lintRuleSet, proveEquivalence } from "../../src/lint/index.js";
import { lintEditLines, proofSentence } from "../../src/report/lint-fix.js";
import type { LintFound, RuleTraffic } from "../../src/report/lint-found.js";
import { lintReport } from "../../src/report/lint-report.js";
import { plainPaint } from "../../src/report/paint.js";
import { renderReport } from "../../src/report/report.js";
import { applyEdits, parseEdits } from "../../src/rules/index.js";
import { buildRuleSet } from "../support/rule-set-builder.js";

const RULES = [
  "ingress tcp 22 0.0.0.0/0",
  "ingress tcp 22 10.0.0.0/8",
  "ingress tcp 80 10.0.0.0/9",
  "ingress tcp 80 10.128.0.0/9",
  "egress tcp 443 10.0.0.0/8",
];
const RULE_SET = buildRuleSet({
  groups: { "sg-1": { name: "web", rules: RULES }, "sg-2": { rules: ["ingress tcp 1 sg-9"] } },
});
const PLAIN = { width: 100, paint: plainPaint };

function foundWith(traffic: LintFound["traffic"]): LintFound {
  const findings = lintRuleSet(RULE_SET);
  return { findings, groups: 2, rules: 6, interfaces: 0, acls: 0, traffic };
}

const USED: RuleTraffic = {
  openers: 12,
  soleOpeners: 3,
  records: 40,
  bytes: 5_300,
  peers: 2,
  first: 1_734_193_500,
  last: 1_734_193_800,
};

describe("the report of lint", () => {
  it("counts first, then tells group by group, the gravest first", () => {
    const text = renderReport(lintReport(foundWith(undefined)), "table", PLAIN);
    expect(text.split("\n").slice(2)).toEqual([
      "1 error, 2 warnings, 1 note in 2 groups, 6 rules, 0 interfaces.",
      "",
      "     findings  finding               what it means",
      "  ✗         1  world-open            ingress that everybody may use",
      "  !         1  unresolved-reference  rules whose peer is not known here",
      "  !         1  shadowed-rule         rules that other rules of the group cover",
      "  ·         1  mergeable-rules       rules that one rule can replace",
      "",
      "sg-1 (web)",
      "  ✗ tcp/22 (SSH) is open to everybody: 0.0.0.0/0",
      "    Limit it to the peers that need it: a group, a prefix list, or the blocks of an office or VPN.",
      "    world-open, builder:1:1",
      "  ! ingress tcp/22 from 10.0.0.0/8 is covered by tcp/22 from 0.0.0.0/0",
      "    Revoke it: nothing changes. If it was meant as a limit, the wider rule is the fault.",
      "    shadowed-rule, builder:1:1",
      "  · 2 rules admit what one would: ingress tcp/80 from 10.0.0.0/8",
      "    It replaces tcp/80 from 10.0.0.0/9 and tcp/80 from 10.128.0.0/9.",
      "    mergeable-rules, builder:1:1",
      "",
      "sg-2",
      "  ! sg-9 is described by no document and carried by no interface: whom the rule for it admits is",
      "    unknown",
      "    Give the describe-security-groups answer that holds it; a group of another account needs its",
      "    account.",
      "    unresolved-reference, builder:1:1",
      "",
    ]);
    for (const line of text.split("\n")) expect(line.length).toBeLessThanOrEqual(100);
  });

  it("says that nothing was found", () => {
    const found = { ...foundWith(undefined), findings: [] };
    expect(renderReport(lintReport(found), "table", PLAIN)).toContain(
      "Nothing found in 2 groups, 6 rules, 0 interfaces.\n",
    );
  });

  it("joins findings with what a log says of their rules", () => {
    const traffic = new Map([["sg-1/ingress/tcp/22/0.0.0.0/0", USED]]);
    const text = renderReport(lintReport(foundWith(traffic)), "table", PLAIN);
    expect(text).toContain(
      "    In the log: 12 openers of 2 peers, 3 by it alone, 5.30 kB, 2024-12-14 16:25:00 UTC to 2024-12-14\n    16:30:00 UTC.\n",
    );
    expect(text.match(/In the log: nothing opened by it\./g)).toHaveLength(2);
    expect(text.match(/In the log: nothing opened by them\./g)).toHaveLength(1);
    const document = JSON.parse(renderReport(lintReport(foundWith(traffic)), "json", PLAIN));
    expect(document.withLog).toBe(true);
    expect(document.findings[0].traffic).toEqual([
      { rule: "sg-1/ingress/tcp/22/0.0.0.0/0", ...USED },
    ]);
    expect(document.findings[1].traffic).toEqual([
      {
        rule: "sg-1/ingress/tcp/22/10.0.0.0/8",
        openers: 0,
        soleOpeners: 0,
        records: 0,
        bytes: 0,
        peers: 0,
        first: null,
        last: null,
      },
    ]);
  });

  it("joins nothing to entries of network ACLs: openers say nothing of them", () => {
    const found = foundWith(new Map());
    const [first] = found.findings;
    const subject = { kind: "acl", id: "acl-1", name: null } as const;
    const findings = [{ ...first!, subject, ruleIds: ["acl-1 ingress 100"] }];
    const report = lintReport({ ...found, findings });
    expect(renderReport(report, "table", PLAIN)).not.toContain("In the log");
    expect(JSON.parse(renderReport(report, "json", PLAIN)).findings[0].traffic).toEqual([]);
  });

  it("has the same in JSON and in NDJSON, one line per finding", () => {
    const report = lintReport(foundWith(undefined));
    const document = JSON.parse(renderReport(report, "json", PLAIN));
    expect(document).toMatchObject({
      schemaVersion: 1,
      rules: { groups: 2, rules: 6, interfaces: 0, acls: 0 },
      withLog: false,
      levels: { error: 1, warning: 2, note: 1 },
      codes: {
        "world-open": 1,
        "unresolved-reference": 1,
        "shadowed-rule": 1,
        "mergeable-rules": 1,
      },
    });
    expect(document.findings[1]).toEqual({
      code: "shadowed-rule",
      level: "warning",
      subject: { kind: "group", id: "sg-1", name: "web" },
      at: { file: "builder", line: 1, column: 1 },
      rules: ["sg-1/ingress/tcp/22/10.0.0.0/8"],
      related: ["sg-1/ingress/tcp/22/0.0.0.0/0"],
      message: "ingress tcp/22 from 10.0.0.0/8 is covered by tcp/22 from 0.0.0.0/0",
      advice:
        "Revoke it: nothing changes. If it was meant as a limit, the wider rule is the fault.",
    });
    const [head, ...lines] = renderReport(report, "ndjson", PLAIN)
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(head).toMatchObject({ type: "report", report: "lint", levels: document.levels });
    expect(lines).toEqual(
      document.findings.map((finding: object) => ({ type: "finding", ...finding })),
    );
    expect(renderReport(report, "markdown", PLAIN)).toContain("## sg-1 (web)");
  });

  it("cuts what nobody would read to the end, and says so", () => {
    const [first] = lintRuleSet(RULE_SET);
    const findings = Array.from({ length: 100 }, (_, i) => ({
      ...first!,
      subject: { kind: "group" as const, id: `sg-${i % 80}`, name: null },
    }));
    const many = Array.from({ length: 30 }, () => ({
      ...first!,
      subject: { kind: "group" as const, id: "sg-0", name: null },
    }));
    const text = renderReport(
      lintReport({ ...foundWith(undefined), findings: [...findings, ...many] }),
      "table",
      PLAIN,
    );
    expect(text).toContain("7 more findings here; --format json has all.");
    expect(text).toContain("20 more findings; --format json or ndjson has all.");
  });
});

describe("the fix", () => {
  it("comes as edit lines that can be read back, with the reason above each", () => {
    const condensed = condenseRuleSet(RULE_SET);
    const lines = lintEditLines(condensed);
    expect(lines.split("\n")).toEqual([
      "# ingress tcp/80 from 10.0.0.0/8 replaces 2 rules",
      "authorize sg-1 ingress tcp 80 10.0.0.0/8",
      "revoke sg-1 ingress tcp 80 10.0.0.0/9",
      "revoke sg-1 ingress tcp 80 10.128.0.0/9",
      "# ingress tcp/22 from 10.0.0.0/8 is covered by ingress tcp/22 from 0.0.0.0/0",
      "revoke sg-1 ingress tcp 22 10.0.0.0/8",
      "",
    ]);
    const { ruleSet } = applyEdits(RULE_SET, parseEdits(lines, "fix"));
    expect(proveEquivalence(condensed.ruleSet, ruleSet).equal).toBe(true);
    expect(ruleSet.groups.get("sg-1")!.rules).toHaveLength(3);
  });

  it("names rules by the ids of AWS where they have one", () => {
    const group = RULE_SET.groups.get("sg-1")!;
    const rules = group.rules.map((rule, i) => ({ ...rule, id: `sgr-${i}` }));
    const named = { ...RULE_SET, groups: new Map([["sg-1", { ...group, rules }]]) };
    expect(lintEditLines(condenseRuleSet(named))).toContain("revoke sg-1 ingress sgr-1\n");
  });

  it("says what was proved, or the packet that refutes it", () => {
    const { ruleSet } = condenseRuleSet(RULE_SET);
    expect(proofSentence(proveEquivalence(RULE_SET, ruleSet))).toMatch(
      /^Proved equivalent: \d+ classes of packets compared .* in 2 groups; all are admitted and tracked as before/,
    );
    const other = buildRuleSet({
      groups: { "sg-1": { rules: ["ingress tcp 22 sg-9"] }, "sg-2": {} },
    });
    expect(proofSentence(proveEquivalence(other, buildRuleSet({ groups: { "sg-1": {} } })))).toBe(
      "Not equivalent: sg-1: ingress tcp/22 from 0.0.0.0, a member of sg-9, is admitted before and not admitted after.",
    );
  });
});
