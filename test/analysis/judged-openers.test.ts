import { expect, test } from "vitest";
import { summarize, surveySummaries } from "../../src/analysis/index.js";
import { OpenerList, plainOpener } from "../../src/model/opener-table.js";
import { always } from "../../src/model/timeline.js";
import { buildRuleSet } from "../support/rule-set-builder.js";
import { coreOf, inputsOf } from "../support/wasm-engine.js";

const COLUMNS = [
  ...["way", "protocol", "port", "grade", "action", "connections", "openingsAssumed"],
  ...["forward", "replies", "bytes", "first", "last", "sampledFrom", "isScanner"],
] as const;

test("rows read column by column, as objects and as copies are the same", async () => {
  const line = (far: string, protocol: number, port: number, action: string): string =>
    `2 eni-1 ${far} 10.0.0.1 ${port} 443 ${protocol} 5 500 1700000100 1700000150 ${action} OK ingress`;
  const text = [
    "version interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status flow-direction",
    ...["10.0.0.2", "10.0.0.3"].flatMap((far) => [
      line(far, 6, 40_000, "ACCEPT"),
      line(far, 6, 40_001, "ACCEPT"),
      line(far, 17, 40_001, "REJECT"),
      line(far, 47, 0, "ACCEPT"),
    ]),
    line("192.0.2.1", 6, 40_000, "REJECT"),
    "2 eni-2 2001:db8::1 2001:db8::2 5 443 6 5 500 1700000100 1700000150 ACCEPT OK egress",
    "",
  ].join("\n");
  const module = await coreOf("release");
  const summary = await summarize(inputsOf([{ name: "a.log", text }]), { core: module, tool: "t" });
  const ruleSet = buildRuleSet({
    interfaces: { "eni-1": { groups: ["sg-a"] }, "eni-2": { groups: ["sg-a"] } },
  });
  const { openers } = await surveySummaries([summary], {
    core: module,
    baseline: always("b", ruleSet),
    candidates: [always("c", ruleSet)],
    openers: "all",
  });
  const copies = Array.from(openers, plainOpener);
  expect(openers.length).toBe(copies.length);
  expect(copies.length).toBeGreaterThan(5);
  expect(copies.filter(({ scanner }) => scanner).map(({ remote }) => remote.value)).toEqual([
    0xc0000201n,
  ]);
  const list = new OpenerList(copies);
  for (let row = 0; row < copies.length; row++) {
    expect(plainOpener(openers.at(row))).toEqual(copies[row]);
    for (const column of COLUMNS) expect(openers[column](row), column).toBe(list[column](row));
    for (const word of [0, 1, 2, 3])
      expect(openers.remoteWord(row, word)).toBe(list.remoteWord(row, word));
    expect(openers.interfaceId(openers.interfaceNumber(row))).toBe(copies[row]!.interfaceId);
    const { rulings, changes } = copies[row]!;
    expect(openers.answerOf(openers.answer(row))).toEqual({ rulings, changes });
    expect(list.answerOf(list.answer(row))).toMatchObject({ rulings, changes });
    expect(openers.answer(row)).toBeLessThan(openers.answerCount);
  }
});
