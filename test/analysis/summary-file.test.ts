// Summaries that nobody wrote: what the core would count or index with is looked at first.
import { describe, expect, test } from "vitest";
import {
  type OpenerSummary,
  readSummary,
  summarize,
  surveySummaries,
  writeSummary,
} from "../../src/analysis/index.js";
import * as c from "../../src/contract.js";
import { always } from "../../src/model/timeline.js";
import { buildRuleSet } from "../support/rule-set-builder.js";
import { coreOf, inputsOf } from "../support/wasm-engine.js";

// The second connection stands at no border: it begins hours behind the first record, and ends hours before the last.
const TEXT = [
  "version interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status tcp-flags flow-direction",
  "2 eni-1 10.0.0.9 10.0.0.1 40001 514 17 5 500 1700000100 1700000150 ACCEPT OK - ingress",
  "2 eni-1 10.0.0.9 10.0.0.1 40000 443 6 5 500 1700020100 1700020150 ACCEPT OK 2 ingress",
  "2 eni-1 10.0.0.1 10.0.0.9 443 40000 6 5 500 1700020160 1700020170 ACCEPT OK 4 egress",
  "2 eni-1 10.0.0.9 10.0.0.1 40002 514 17 5 500 1700040100 1700040150 ACCEPT OK - ingress",
  "",
].join("\n");

async function summaryOf(): Promise<OpenerSummary> {
  const core = await coreOf("release");
  return summarize(inputsOf([{ name: "a.log", text: TEXT }]), { core, tool: "test" });
}

/** The only row of the summary, for changes. */
async function changed(change: (row: DataView) => void): Promise<OpenerSummary> {
  const summary = await summaryOf();
  const [row] = [...(summary.rows() as Iterable<Uint8Array>)];
  const view = new DataView(row!.buffer);
  // What rules said of it is not stored.
  view.setUint32(c.OPENING_VECTOR, 0, true);
  change(view);
  return { ...summary, rows: () => [row!], borders: () => [] };
}

/** Written and read again. */
async function rowsOf(summary: OpenerSummary): Promise<Uint8Array[]> {
  const rows: Uint8Array[] = [];
  const read = await readSummary("day.fvs", writeSummary(summary));
  for await (const chunk of read.rows()) rows.push(chunk.slice());
  return rows;
}

describe("rows of a summary", () => {
  test("come back as they were written", async () => {
    const summary = await changed(() => {});
    expect(await rowsOf(summary)).toEqual([...(summary.rows() as Iterable<Uint8Array>)]);
  });

  test.each([
    ["an interface", (row: DataView) => row.setUint32(c.OPENING_INTERFACE, 1, true)],
    ["a sample's file", (row: DataView) => row.setUint32(c.OPENING_SAMPLES + 4, 7, true)],
    ["a direction", (row: DataView) => row.setUint32(c.OPENING_FLAGS, 3, true)],
    [
      "the number of connections",
      (row: DataView) => row.setBigUint64(c.OPENING_CONNECTIONS, 1n << 53n, true),
    ],
    [
      "the number of records",
      (row: DataView) => row.setBigUint64(c.OPENING_REPLIES, (1n << 64n) - 1n, true),
    ],
  ])("are refused with %s that cannot be", async (_, change) => {
    await expect(rowsOf(await changed(change))).rejects.toMatchObject({ code: "summary-invalid" });
  });

  test("of an older version are refused, with the way out", async () => {
    const summary = await summaryOf();
    const old = { ...summary, facts: { ...summary.facts, version: 1 } };
    await expect(rowsOf(old)).rejects.toMatchObject({
      code: "summary-version",
      message: expect.stringContaining("version 1"),
      hint: expect.stringContaining("sum up the logs again"),
    });
  });

  test("as large as they may be stay in bounds", async () => {
    const most = await changed((row) => {
      row.setBigUint64(c.OPENING_CONNECTIONS, (1n << 53n) - 1n, true);
      row.setBigUint64(c.OPENING_FORWARD, (1n << 53n) - 1n, true);
      row.setBigUint64(c.OPENING_OCTETS, (1n << 64n) - 1n, true);
    });
    const [row] = await rowsOf(most);
    const many: OpenerSummary = { ...most, rows: () => repeated(row!, 3000) };
    const found = await surveySummaries([many], {
      core: await coreOf("release"),
      baseline: always("b", buildRuleSet({ interfaces: { "eni-1": { groups: ["sg-a"] } } })),
      candidates: [],
      openers: "all",
    });
    const { connections, forward, bytes } = found.openers.at(0);
    expect([forward, bytes]).toEqual([2 ** 64, 2 ** 64]);
    expect(connections).toBeGreaterThan(2 ** 63);
  });
});

/** The connections at borders, with the first one changed; written and read again. */
async function bordersOf(change: (row: DataView) => void): Promise<readonly Uint8Array[]> {
  const summary = await summaryOf();
  const [rows] = [...(summary.borders() as Iterable<Uint8Array>)];
  change(new DataView(rows!.buffer));
  const read = await readSummary(
    "day.fvs",
    writeSummary({ ...summary, borders: () => [rows!.slice()] }),
  );
  const found: Uint8Array[] = [];
  for await (const _ of read.rows()) {
    // Read to their end: the connections stand behind them.
  }
  for await (const chunk of read.borders()) found.push(chunk);
  expect(found).toEqual([rows]);
  return found;
}

describe("connections at the borders of a summary", () => {
  test("come back as they were written, in order of their first start", async () => {
    const [rows] = await bordersOf(() => {});
    const view = new DataView(rows!.buffer);
    const firsts = Array.from({ length: rows!.length / c.BORDER_BYTES }, (_, i) =>
      view.getUint32(i * c.BORDER_BYTES + c.BORDER_FIRST, true),
    );
    expect(firsts).toEqual([1_700_000_100, 1_700_040_100]);
  });

  test.each([
    ["an interface", (row: DataView) => row.setUint32(c.BORDER_INTERFACE, 9, true)],
    ["a sample's file", (row: DataView) => row.setUint32(c.BORDER_SAMPLES + 4, 7, true)],
    ["an order", (row: DataView) => row.setUint32(c.BORDER_FIRST, 0xffffffff, true)],
    ["a grade", (row: DataView) => row.setUint32(c.BORDER_STATE, 7 << c.ST_GRADE_SHIFT, true)],
    ["an opener", (row: DataView) => row.setUint32(c.BORDER_STATE, 3 << c.ST_OPENER_SHIFT, true)],
    ["two families", (row: DataView) => row.setBigUint64(c.BORDER_LOCAL, 1n, true)],
  ])("are refused with %s that cannot be", async (_, change) => {
    await expect(bordersOf(change)).rejects.toMatchObject({ code: "summary-invalid" });
  });

  test("cut away are no summary", async () => {
    const summary = await summaryOf();
    const parts: Uint8Array[] = [];
    for await (const chunk of writeSummary(summary)) parts.push(chunk);
    const bytes = Buffer.concat(parts);
    // Behind the end of the first stream: a continuation without a message.
    const end = bytes.indexOf(Buffer.from([255, 255, 255, 255, 0, 0, 0, 0])) + 8;
    const read = await readSummary("day.fvs", inChunks(bytes.subarray(0, end)));
    for await (const _ of read.rows()) {
      // The rows are whole.
    }
    await expect(nextOf(read.borders())).rejects.toMatchObject({ code: "summary-invalid" });
  });
});

async function* inChunks(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

async function nextOf(rows: Iterable<Uint8Array> | AsyncIterable<Uint8Array>): Promise<void> {
  for await (const _ of rows) return;
}

function* repeated(row: Uint8Array, times: number): Generator<Uint8Array> {
  for (let i = 0; i < times; i++) yield row.slice();
}

describe("facts of a summary", () => {
  test.each([
    ["null", () => null],
    ["a list", () => []],
    ["no interfaces", (facts: object) => ({ ...facts, interfaces: null })],
    ["no summary", (facts: object) => ({ ...facts, summary: { records: { read: 1 } } })],
    [
      "an id of a thousand letters",
      (facts: object) => ({ ...facts, interfaces: ["e".repeat(1000)] }),
    ],
  ])("are refused where they are %s", async (_, change) => {
    const summary = await summaryOf();
    const facts = change(summary.facts) as OpenerSummary["facts"];
    await expect(rowsOf({ ...summary, facts })).rejects.toMatchObject({
      code: expect.stringMatching(/^summary-(invalid|version)$/),
    });
  });

  test.each([["records"], ["reasons"], ["grades"], ["connections"], ["coverage"], ["mismatches"]])(
    "are refused without %s",
    async (key) => {
      const summary = await summaryOf();
      const facts = { ...summary.facts, summary: { ...summary.facts.summary, [key]: undefined } };
      const hostile = { ...summary, facts } as unknown as OpenerSummary;
      await expect(rowsOf(hostile)).rejects.toMatchObject({ code: "summary-invalid" });
    },
  );
});
