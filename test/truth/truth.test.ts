// Semantics 4 against what really happened: the generator knows every packet, the core only the log.
import { beforeAll, describe, expect, test } from "vitest";
import type { GenerateOptions } from "../../src/generate/index.js";
import { GRADES } from "../../src/model/verdict.js";
import { byGrade, type Scored, scoreOf, tableOf, wrongOpener, wrongVerdict } from "./score.js";

const FIRST = Number(process.env.FLOW_FIRST_SEED ?? 1);
const SEEDS = Number(process.env.FLOW_SEEDS ?? 3);
const RECORDS = Number(process.env.FLOW_RECORDS ?? 120_000);
const MOST_WRONG = 0.001;

const SHAPES: Readonly<Record<string, Partial<GenerateOptions>>> = {
  "version 2": { format: "v2" },
  "version 5": { format: "v5" },
  "version 2, ten-minute windows, gaps": { format: "v2", windowSeconds: 600, skipShare: 0.01 },
  "version 5, ten-minute windows": { format: "v5", windowSeconds: 600 },
};

/** Answers to packets that AWS had forgotten: the exchange it saw is another one than the one that took place. */
const FORGOTTEN = new Set(["late", "late-near", "reopened"]);

describe.each(Object.entries(SHAPES))("%s", (_, shape) => {
  const runs: Scored[] = [];
  beforeAll(async () => {
    for (let i = 0; i < SEEDS; i++)
      runs.push(await scoreOf({ seed: FIRST + i, records: RECORDS, ...shape }));
  });
  const all = () => runs.flatMap(({ records }) => records);
  const told = () => all().filter(({ cause }) => !FORGOTTEN.has(cause));

  function show(found: (record: ReturnType<typeof all>[number]) => boolean): readonly string[] {
    return runs.flatMap(({ records, lineAt }, i) =>
      records
        .filter((record) => !FORGOTTEN.has(record.cause) && found(record))
        .map((r) => `seed ${FIRST + i}: ${lineAt(r.index)} => ${r.opener}, truth ${r.trueOpener}`),
    );
  }

  test("every record is judged", () => {
    for (const { summary, records } of runs) {
      expect(summary.records).toMatchObject({ read: RECORDS, malformed: 0, late: 0 });
      expect(records).toHaveLength(summary.records.judged);
    }
    console.log(tableOf(byGrade(all()), byGrade(told())));
  });

  test("measured is never wrong about the opener", () => {
    expect(show((record) => record.grade === "measured" && wrongOpener(record))).toEqual([]);
  });

  test("rejected is never wrong about the opener", () => {
    expect(show((record) => record.grade === "rejected" && wrongOpener(record))).toEqual([]);
  });

  test("every other grade is wrong about at most one opener in a thousand", () => {
    const table = byGrade(told());
    for (const grade of GRADES) {
      const { records, wrongOpener: wrong } = table[grade];
      expect({ grade, wrong }).toEqual({ grade, wrong: Math.min(wrong, records * MOST_WRONG) });
    }
  });

  test("at most one verdict in a thousand is wrong, of any grade", () => {
    const table = byGrade(told());
    for (const grade of GRADES) {
      const { records, wrongVerdict: wrong } = table[grade];
      expect({ grade, wrong }).toEqual({
        grade,
        wrong: Math.min(wrong, Math.max(records, 10_000) * MOST_WRONG),
      });
    }
  });

  // AWS forgets a closed connection at once; the log shows it only where a FIN stands in a window without its SYN.
  test("what AWS had forgotten is denied, or a reply to what it was", () => {
    const wrong = all().filter((record) => FORGOTTEN.has(record.cause) && wrongVerdict(record));
    expect(wrong.length).toBeLessThanOrEqual(all().length * 0.003);
    for (const { verdict, reason, trueVerdict } of wrong)
      expect(`${verdict} ${reason}, truth ${trueVerdict}`).toMatch(
        /^(allow reply|deny \S+), truth/,
      );
  });

  test("what evidence cannot decide is unknown, and that is little", () => {
    const unknown = all().filter(({ verdict }) => verdict === "unknown");
    expect(unknown.length).toBeLessThanOrEqual(all().length * 0.04);
    const undecided = all().filter(({ grade }) => grade === "unknown");
    expect(undecided.every(({ opener }) => opener === "unknown")).toBe(true);
    expect(undecided.filter(wrongVerdict)).toEqual([]);
  });
});
