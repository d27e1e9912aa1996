import { expect, test } from "vitest";
import { summarize } from "../../src/analysis/index.js";
import { JudgedOpeners } from "../../src/analysis/judged-openers.js";
import { judgeSummaries } from "../../src/analysis/stored-core.js";
import * as c from "../../src/contract.js";
import { always } from "../../src/model/timeline.js";
import { buildRuleSet } from "../support/rule-set-builder.js";
import { coreOf, inputsOf } from "../support/wasm-engine.js";

test("rows beyond the most that are asked for are counted by their connections", async () => {
  const line = (far: number, port: number): string =>
    `2 eni-1 10.0.0.${far} 10.0.0.1 ${port} 443 6 5 500 1700000100 1700000150 ACCEPT OK ingress`;
  const text = [
    "version interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status flow-direction",
    ...[2, 3, 4, 5].flatMap((far) => [line(far, 40_000), line(far, 40_001)]),
    "",
  ].join("\n");
  const module = await coreOf("release");
  const summary = await summarize(inputsOf([{ name: "a.log", text }]), { core: module, tool: "t" });
  const ruleSet = buildRuleSet({ interfaces: { "eni-1": { groups: ["sg-a"] } } });
  const { core, rules, files } = await judgeSummaries(
    module,
    [summary],
    [always("b", ruleSet)],
    c.FOLD_ALL,
  );
  const ruleIds = rules.map((each) => each.rules.map(({ id }) => id));
  const openers = new JudgedOpeners(core, {
    details: rules[0]!.names,
    ruleIds,
    files,
    candidates: [],
  });
  expect([...openers.rows()]).toHaveLength(4);
  expect(openers.connectionsBeyond()).toBe(0);
  expect([...openers.rows(3)]).toEqual([...openers.rows()].slice(0, 3));
  expect(openers.connectionsBeyond(3)).toBe(2);
});
