// A run that is stopped anywhere, and goes on from what it kept, gives what a run gives that was never stopped.
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { evaluateRecords, type LogInput, type StoredRun } from "../../src/analysis/index.js";
import type { Summary } from "../../src/analysis/summary.js";
import { exposeGlobals } from "../../src/core/expose-globals.js";
import { loadCore } from "../../src/core/load.js";
import { generateAccount, generateLog } from "../../src/generate/index.js";
import type { RuleSet } from "../../src/model/rule-set.js";
import { TextRecords } from "../../src/report/text-records.js";
import { arrowOf, parquetOf, tableOf } from "../support/columnar.js";
import { columnarInput } from "../support/columnar-input.js";
import { randomOf } from "../support/random-case.js";

const SEEDS = Number(process.env.FLOW_SEEDS ?? 2);
const FIRST = Number(process.env.FLOW_FIRST_SEED ?? 1);
const core = loadCore(exposeGlobals(readFileSync("build/core.wasm")));

class Killed extends Error {}

/** What outlives a process. */
interface Disk {
  records: Uint8Array;
  stored: StoredRun | undefined;
}

interface Plan {
  /** Parts after which the state is kept, and after which the process ends. */
  readonly save: () => boolean;
  readonly kill: () => boolean;
}

/** One start: its summary, or nothing where it was killed. */
async function start(
  inputs: readonly LogInput[],
  ruleSet: RuleSet,
  disk: Disk,
  { save, kill }: Plan,
): Promise<Summary | undefined> {
  let written = disk.records;
  const writer = new TextRecords("csv", written.length > 0);
  const options = {
    core: await core,
    ruleSet,
    // Small, so that records come out early.
    lookAhead: { slots: 1, minRecords: 500, maxRecords: 5_000 },
    checkpoints: {
      from: disk.stored,
      isDue: () => {
        if (kill()) throw new Killed();
        return save();
      },
      save: async (state: StoredRun["state"], memory: Uint8Array) => {
        const [text, kept] = [JSON.stringify(state), memory.slice()];
        disk.records = written;
        disk.stored = {
          state: JSON.parse(text),
          fill: async (target) => target.fill(0).set(kept),
        };
      },
    },
  };
  const batches = evaluateRecords(inputs, options);
  try {
    for (;;) {
      const step = await batches.next();
      if (step.done === true) {
        disk.records = written;
        return step.value;
      }
      written = Buffer.concat([written, writer.write(step.value)]);
    }
  } catch (error) {
    if (error instanceof Killed) return undefined;
    throw error;
  }
}

const FRESH = (): Disk => ({ records: new Uint8Array(0), stored: undefined });

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

type Files = readonly (readonly [name: string, bytes: Uint8Array])[];

/** A log in several files, each in another form, the last one broken. */
function filesOf(text: string): Files {
  const table = tableOf(text);
  const quarter = Math.floor(table.rows.length / 4);
  const part = (i: number): typeof table => ({
    names: table.names,
    rows: table.rows.slice(i * quarter, (i + 1) * quarter),
  });
  const lines = (i: number, cell: (value: string | null) => string, separator: string): string =>
    [part(i).names, ...part(i).rows].map((row) => row.map(cell).join(separator)).join("\n");
  const plain = lines(0, (value) => value ?? "-", " ");
  const arrow = arrowOf(part(3), { typed: true, texts: "coded", batchRows: 97 });
  return [
    // Logs one behind the other, with lines that are none.
    ["a", bytesOf(`${plain}\n${plain.replaceAll(" OK", " ?")}\n${plain}\n`)],
    ["b", bytesOf(lines(1, (value) => `"${value ?? ""}"`, ","))],
    ["c", parquetOf(part(2), { typed: true, rowGroupSize: 301 })],
    ["d", arrow.subarray(0, arrow.length - 500)],
  ];
}

function inputsOf(files: Files, chunk: number): LogInput[] {
  return files.map(([name, bytes]) => columnarInput(name, bytes, chunk));
}

describe.each(Array.from({ length: SEEDS }, (_, i) => FIRST + i))("seed %i", (seed) => {
  const random = randomOf(seed);
  const options = { seed, records: 3_000, interfaces: 12, format: "v5" as const };
  const { ruleSet } = generateAccount(options);
  const chunks = [...generateLog(options)].map(({ text }) => new TextDecoder().decode(text));
  const text = chunks.join("");
  const files = filesOf(text);

  test.each([3_000, 40_000])("pieces of %i bytes", async (chunk) => {
    const inputs = inputsOf(files, chunk);
    const whole = FRESH();
    const never = { save: () => false, kill: () => false };
    const expected = await start(inputs, ruleSet, whole, never);
    expect(whole.records.length).toBeGreaterThan(100_000);
    expect(expected?.coverage.brokenFiles).toHaveLength(1);
    const disk = FRESH();
    const parts = inputs.length + (3 * text.length) / chunk;
    let found: Summary | undefined;
    let kills = 0;
    for (; found === undefined; kills++) {
      // Kept once, and killed some parts later, or right then; each start gets about a fifth further.
      const saveAt = Math.ceil((random() * parts) / 5);
      const killAt = saveAt + Math.floor(random() * random() * 20);
      let seen = 0;
      // Other pieces than before: a place in a log does not depend on them.
      const pieces = inputsOf(files, kills % 2 === 0 ? chunk : chunk + 333);
      const plan = { save: () => seen === saveAt, kill: () => ++seen > killAt };
      found = await start(pieces, ruleSet, disk, plan);
    }
    expect(kills).toBeGreaterThan(1);
    expect(found).toEqual(expected);
    expect(Buffer.from(disk.records).equals(whole.records)).toBe(true);
  });

  test("of another run is refused", async () => {
    const inputs = inputsOf(files, 5_000);
    const disk = FRESH();
    let parts = 0;
    const plan = { save: () => true, kill: () => parts++ > 6 };
    expect(await start(inputs, ruleSet, disk, plan)).toBeUndefined();
    const other = generateAccount({ ...options, seed: seed + 100 }).ruleSet;
    const never = { save: () => false, kill: () => false };
    await expect(start(inputs, other, disk, never)).rejects.toMatchObject({
      code: "checkpoint-mismatch",
    });
    const cut = files.map(([name]) => [name, bytesOf(text.slice(0, 3_000))] as const);
    const shorter = inputsOf(cut, 1_000);
    await expect(start(shorter, ruleSet, disk, never)).rejects.toMatchObject({
      code: "checkpoint-mismatch",
    });
  });
});
