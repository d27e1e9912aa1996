// Logs in every form, spoiled and cut: what can be read is judged, what cannot is named or counted. Nothing else happens:
// no exception but those with a code, no hang, no memory beyond a bound.
import { describe, expect, test } from "vitest";
import type { LogInput } from "../../src/analysis/index.js";
import { type LogTable, tableOf } from "../support/columnar.js";
import { columnarInput } from "../support/columnar-input.js";
import { COLUMN_FORMS, OBJECT_FORMS, packedInput, TEXT_FORMS } from "../support/log-forms.js";
import { randomOf } from "../support/random-case.js";
import { line, NOTHING_LOST, summaryOf, sumsOf, V2 } from "./run.js";

const SEEDS = Number(process.env.FLOW_SEEDS ?? 5);
const FIRST = Number(process.env.FLOW_FIRST_SEED ?? 1);
/** Beyond what the core and the libraries take for themselves. */
const MAX_GROWTH = 512 << 20;
const MAX_MS = 20_000;

const ROWS = 60;
const TABLE: LogTable = tableOf(
  [V2, ...Array.from({ length: ROWS }, (_, i) => line({ sport: 1024 + i, bytes: i * i })), ""].join(
    "\n",
  ),
);

type Open = (name: string, bytes: Uint8Array) => LogInput;
const FORMS: readonly (readonly [string, Uint8Array, Open])[] = [
  ...Object.entries({ ...TEXT_FORMS, ...OBJECT_FORMS }).map(
    ([name, write]) => [name, write(TABLE), packedInput] as const,
  ),
  ...Object.entries(COLUMN_FORMS).map(
    ([name, write]) => [name, write(TABLE), columnarInput] as const,
  ),
];

/** Judges it; at most so many records as were written, and all of them told. */
async function survives(input: LogInput, what: string): Promise<number> {
  const began = performance.now();
  const before = process.memoryUsage().rss;
  const summary = await summaryOf("release", [input]);
  const grown = process.memoryUsage().rss - before;
  expect({ what, sums: sumsOf(summary) }).toEqual({ what, sums: NOTHING_LOST });
  expect({ what, isQuick: performance.now() - began < MAX_MS }).toEqual({ what, isQuick: true });
  expect({ what, isSmall: grown < MAX_GROWTH }).toEqual({ what, isSmall: true });
  for (const { code } of summary.coverage.brokenFiles) expect(`${what} ${code}`).toMatch(/ log-/);
  return summary.records.judged;
}

/** Counts, lengths and offsets that no file of this size can have. */
const ABSURD = [0x7fffffff, 0x80000000, 1 << 30, 1 << 24, 0xffffffff];

/** Some bytes are others: noise, ends of counts, absurd counts, or one bit. */
function spoiled(bytes: Uint8Array, seed: number): Uint8Array {
  const random = randomOf(seed);
  const below = (n: number): number => Math.floor(random() * n);
  const result = Uint8Array.from(bytes);
  // Descriptions stand at both ends: half of the faults are there.
  const place = (): number => {
    const span = random() < 0.5 ? bytes.length : Math.min(bytes.length, 400);
    return random() < 0.5 ? below(span) : bytes.length - 1 - below(span);
  };
  for (let count = 1 + below(4); count > 0; count--) {
    const at = place();
    const values = [below(256), 0, 255, 127, 128, (bytes[at] ?? 0) ^ (1 << below(8))];
    if (random() < 0.3 && at + 4 <= bytes.length)
      new DataView(result.buffer).setUint32(at, ABSURD[below(ABSURD.length)] ?? 0, true);
    else result.fill(values[below(values.length)] ?? 0, at, at + (random() < 0.8 ? 1 : 8));
  }
  return result;
}

describe.each(FORMS)("%s", (_, bytes, open) => {
  test("spoiled", async () => {
    for (let seed = FIRST; seed < FIRST + SEEDS; seed++)
      await survives(open("log", spoiled(bytes, seed)), `seed ${seed}`);
  });

  test("cut anywhere", async () => {
    const step = Math.max(1, Math.floor(bytes.length / SEEDS));
    for (let length = 0; length < bytes.length; length += step)
      expect(
        await survives(open("log", bytes.subarray(0, length)), `${length} bytes`),
      ).toBeLessThanOrEqual(ROWS);
  });
});
