import { describe, expect, it } from "vitest";
import type { Coverage } from "../../src/analysis/summary.js";
import { splitLog } from "../../src/cli/tighten/split-log.js";
import type { JudgedOpener } from "../../src/model/opener.js";
import { splitRows } from "../../src/questions/index.js";
import { opener } from "../questions/tighten-openers.js";
import { EMPTY } from "../report/summary-fixture.js";
import { buildRuleSet } from "../support/rule-set-builder.js";

const DAY = 86_400;
const START = 1_700_000_000;
const END = START + 90 * DAY;

function coverage(firstStart: number | null, lastEnd: number | null): Coverage {
  return { ...EMPTY.coverage, firstStart, lastEnd };
}

describe("splitLog", () => {
  const log = coverage(START, END);

  it("holds out the last third where nothing is said", () => {
    expect(splitLog(log, {})).toEqual({ trainFrom: null, cut: END - 30 * DAY, end: END });
  });

  it("counts both spans back from the end", () => {
    const split = splitLog(log, { train: 20 * DAY, test: 10 * DAY });
    expect(split).toEqual({ trainFrom: END - 30 * DAY, cut: END - 10 * DAY, end: END });
  });

  it("learns from the beginning where the span is longer than the log", () => {
    const split = splitLog(log, { train: 60 * DAY, test: 30 * DAY });
    expect(split.trainFrom).toBeNull();
  });

  it("holds out nothing where that is asked for, and then counts from the end", () => {
    const split = splitLog(log, { train: 7 * DAY, test: false });
    expect(split).toEqual({ trainFrom: END - 7 * DAY, cut: null, end: END });
  });

  it.each([
    [log, { test: 90 * DAY }, "leaves nothing to learn from"],
    [coverage(null, null), {}, "no record to learn from"],
  ])("refuses a part that would be empty: %#", (span, flags, message) => {
    expect(() => splitLog(span, flags)).toThrow(message);
  });
});

describe("splitRows", () => {
  const ruleSet = buildRuleSet({
    groups: { "sg-1": { rules: ["ingress tcp 443 0.0.0.0/0"] } },
    interfaces: { "eni-1": { groups: ["sg-1"], addresses: ["10.0.0.1"] } },
  });
  const CUT = START + 100;
  const row = (first: number, last: number, cutOver: "refused" | "survives" | null): JudgedOpener =>
    opener(ruleSet, "eni-1 ingress tcp/443 10.0.0.9", {
      first,
      last,
      changes: [{ change: cutOver === "refused" ? "newly-denied" : "unchanged", cutOver }],
    });
  const old = row(START, START + 10, null);
  const long = row(START + 50, CUT + 50, "survives");
  const late = row(CUT, CUT + 10, "refused");
  const denied = row(CUT + 5, CUT + 5, null);
  const rows = [old, long, late, denied];

  it("holds out what was opened after the cut, whoever decides it", () => {
    const split = { trainFrom: null, cut: CUT, end: CUT + 100 };
    expect(splitRows(rows, split)).toEqual({ train: [old, long], test: [late, denied] });
  });

  it("does not learn from what ended before the training begins", () => {
    const split = { trainFrom: START + 20, cut: CUT, end: CUT + 100 };
    expect(splitRows(rows, split).train).toEqual([long]);
  });

  it("learns from everything where nothing is cut off", () => {
    const split = { trainFrom: null, cut: null, end: CUT + 100 };
    expect(splitRows(rows, split)).toEqual({ train: rows, test: [] });
  });
});
