import { describe, expect, test } from "vitest";
import { DEFAULT_LOOK_AHEAD, DEFAULT_TIMERS } from "../../src/model/timers.js";
import { explainUnder, judgeTimelines } from "../../src/reference/index.js";
import { readLogText } from "../support/log-text.js";
import { randomOf } from "../support/random-case.js";
import { randomTimelines } from "../support/random-timelines.js";

const LOOK_AHEADS = [DEFAULT_LOOK_AHEAD, { slots: 1, minRecords: 0, maxRecords: 30 }];
const SEEDS = Array.from({ length: 24 }, (_, i) => 1000 + i);
const ASKED = 12;

describe("an explanation says what the run said", () => {
  test.each(SEEDS)("seed %i", (seed) => {
    const { text, baseline, candidates } = randomTimelines(seed, 40 + ((seed * 13) % 90));
    const { records } = readLogText([{ name: "a.log", text }]);
    const timelines = [baseline, ...candidates];
    const options = {
      timers: DEFAULT_TIMERS,
      lookAhead: LOOK_AHEADS[seed % LOOK_AHEADS.length]!,
    };
    const { judgements } = judgeTimelines(records, timelines, options);
    const judged = judgements[0]!.map(({ record }) => record);
    const random = randomOf(seed);
    for (let i = 0; i < ASKED; i++) {
      const index = Math.floor(random() * judged.length);
      const explained = explainUnder(judged[index]!, records, timelines, options)!;
      expect(explained.map(({ judgement }) => judgement)).toEqual(
        judgements.map((perLine) => perLine[index]),
      );
      explained.forEach((each, timeline) => {
        expect(each.change === null).toBe(timeline === 0);
        const { connection, judgement, readings, period } = each;
        expect(period.count).toBe(timelines[timeline]!.periods.length);
        expect(connection === null).toBe(judgement.grade === "none");
        if (connection === null) expect(readings).toEqual([]);
        // A rule that admitted the record is one that its readings show as matching.
        const matching = readings.flatMap(({ rules }) => rules.filter(({ matches }) => matches));
        const ids = matching.map(({ id }) => id);
        expect(ids).toEqual(expect.arrayContaining([...judgement.rules]));
        const members = connection?.evidence ?? [];
        for (const { line } of members) expect(records.some((r) => r.line === line)).toBe(true);
        expect(connection?.entry?.madeBy?.action).not.toBe("REJECT");
      });
    }
  });

  test("is none for what is not judged", () => {
    const { text, baseline } = randomTimelines(1, 30);
    const { records } = readLogText([{ name: "a.log", text }]);
    const [record] = records;
    const options = { timers: DEFAULT_TIMERS, lookAhead: DEFAULT_LOOK_AHEAD };
    const missing = { ...record!, logStatus: "NODATA" as const };
    expect(explainUnder(missing, records, [baseline], options)).toBeUndefined();
  });
});
