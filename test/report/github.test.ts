import { describe, expect, it } from "vitest";
import type { GateFinding } from "../../src/questions/index.js";
import { gateAsGithub, MOST_ANNOTATIONS } from "../../src/report/github.js";
import { stepSummaryMarkdown } from "../../src/report/github-summary.js";
import { gateCase } from "../questions/gate-case.js";
import { BUSY } from "./summary-fixture.js";

function lines(text: string): string[] {
  return text.split("\n").slice(0, -1);
}

describe("gateAsGithub", () => {
  it("writes a command per finding, errors first", () => {
    const [first, ...rest] = lines(gateAsGithub(gateCase()));
    expect(first).toBe(
      "::error file=new rules/groups.json,line=10,col=7,title=would-break::10.0.0.0/8 -> sg-db tcp/5432 would break: 3 connections%0Arecords day.log:7",
    );
    expect(rest.map((line) => line.split(" ")[0])).toEqual([
      ...["::error", "::error"],
      ...["::warning", "::warning", "::warning", "::warning"],
      ...["::notice", "::notice"],
    ]);
  });

  it("leaves a finding without a place without one", () => {
    expect(gateAsGithub(gateCase())).toContain("\n::warning title=undetermined::");
  });

  it("escapes what would end a property, a message or a line", () => {
    const result = gateCase();
    const [finding] = result.findings;
    const nasty = { ...finding!, at: { file: "a:b,c%d.json", line: 1, column: 1 }, samples: [] };
    const findings = [{ ...nasty, message: "100% ::error::\r\nnext\u001b[31m" }];
    expect(lines(gateAsGithub({ ...result, findings }))).toEqual([
      "::error file=a%3Ab%2Cc%25d.json,line=1,col=1,title=would-break::100%25 ::error::%0D%0Anext\\x1b[31m",
    ]);
  });

  it("writes at most ten, and counts the rest in the last", () => {
    const result = gateCase();
    const [finding] = result.findings;
    const many = (count: number): GateFinding[] => Array.from({ length: count }, () => finding!);
    const ten = lines(gateAsGithub({ ...result, findings: many(MOST_ANNOTATIONS) }));
    expect(ten).toHaveLength(10);
    expect(ten[9]).toBe(ten[0]);
    const eleven = lines(gateAsGithub({ ...result, findings: many(11) }));
    expect(eleven).toHaveLength(10);
    expect(eleven[9]).toBe("::error title=gate::FAIL: new rules/groups.json, 2 more findings");
  });

  it("names files relative to the repository", () => {
    const result = gateCase();
    const [finding] = result.findings;
    const findings = [{ ...finding!, at: { file: "/w/repo/a b.json", line: 2, column: 1 } }];
    expect(gateAsGithub({ ...result, findings }, "/w/repo")).toContain("file=a b.json,line=2");
  });
});

describe("stepSummaryMarkdown", () => {
  it("says everything in Markdown that no name can break", () => {
    const text = stepSummaryMarkdown({ result: gateCase(), summary: BUSY, openersDropped: 0 });
    expect(text).toMatch(/^## flowverdict /);
    expect(text).toContain("FAIL: new rules/groups.json");
    expect(text).toContain("| would break | 3 |");
    expect(text).toContain("the outside \\& \\<others\\> stay out");
    expect(text).toContain("a \\| b");
    expect(text).toContain("`new rules/groups.json:10, base/groups.json:20`");
  });

  it("is cut at a line where it would be refused", () => {
    const result = gateCase();
    const [first] = result.assertions;
    const title = "é".repeat(2_000);
    const assertions = Array.from({ length: 600 }, () => ({
      ...first!,
      assertion: { ...first!.assertion, title },
    }));
    const answer = { result: { ...result, assertions }, summary: BUSY, openersDropped: 0 };
    const text = stepSummaryMarkdown(answer);
    expect(new TextEncoder().encode(text).length).toBeLessThanOrEqual(1_048_576);
    expect(text).toMatch(/\n\nThe rest did not fit into a step summary\.\n$/);
    expect(text).not.toContain("\ufffd");
  });
});
