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

const TEXT = [
  "version interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status flow-direction",
  "2 eni-1 10.0.0.9 10.0.0.1 40000 443 6 5 500 1700000100 1700000150 ACCEPT OK ingress",
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
  for await (const chunk of read.rows()) rows.push(chunk);
  return rows;
}

describe("rows of a summary", () => {
  test("come back as they were written", async () => {
    const summary = await changed((row) => row.setUint16(c.OPENING_TAILS, 1, true));
    expect(await rowsOf(summary)).toEqual([...(summary.rows() as Iterable<Uint8Array>)]);
  });

  test.each([
    ["an interface", (row: DataView) => row.setUint32(c.OPENING_INTERFACE, 1, true)],
    ["a sample's file", (row: DataView) => row.setUint32(c.OPENING_SAMPLES + 4, 7, true)],
    ["a direction", (row: DataView) => row.setUint32(c.OPENING_FLAGS, 3, true)],
    ["begun connections", (row: DataView) => row.setUint16(c.OPENING_HEADS, 2, true)],
    ["open connections", (row: DataView) => row.setUint16(c.OPENING_TAILS, 65_535, true)],
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

  test("as large as they may be stay in bounds", async () => {
    const most = await changed((row) => {
      row.setBigUint64(c.OPENING_CONNECTIONS, (1n << 53n) - 1n, true);
      row.setBigUint64(c.OPENING_FORWARD, (1n << 53n) - 1n, true);
      row.setBigUint64(c.OPENING_OCTETS, (1n << 64n) - 1n, true);
      row.setUint16(c.OPENING_HEADS, 65_535, true);
      row.setUint16(c.OPENING_TAILS, 65_535, true);
    });
    const [row] = await rowsOf(most);
    const many: OpenerSummary = { facts: most.facts, rows: () => repeated(row!, 3000) };
    const found = await surveySummaries([many], {
      core: await coreOf("release"),
      baseline: always("b", buildRuleSet({ interfaces: { "eni-1": { groups: ["sg-a"] } } })),
      candidates: [],
      openers: "all",
    });
    const { connections, forward, bytes } = found.openers[0]!;
    expect([forward, bytes]).toEqual([2 ** 64, 2 ** 64]);
    expect(connections).toBeGreaterThan(2 ** 63);
  });
});

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
