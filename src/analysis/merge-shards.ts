// What the shards of one run leave, as one run would have left it.

import type { JudgedOpener } from "../model/opener.js";
import { borderOrder } from "./border-order.js";
import { mergeSummaries } from "./merge.js";
import { BORDER_BYTES, type OpenerSummary, type SummaryFacts } from "./opener-summary.js";

/** Rows and borders of a shard, in chunks of whole rows. Can be cloned. */
export interface ShardRows {
  readonly facts: SummaryFacts;
  readonly rows: readonly Uint8Array[];
  readonly borders: readonly Uint8Array[];
}

/** What a shard has folded, out of the memory of its core. */
export async function shardRows({ facts, rows, borders }: OpenerSummary): Promise<ShardRows> {
  return { facts, rows: await chunksOf(rows()), borders: await chunksOf(borders()) };
}

async function chunksOf(
  chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
): Promise<readonly Uint8Array[]> {
  const list: Uint8Array[] = [];
  for await (const chunk of chunks) list.push(chunk);
  return list;
}

/** The rows of all shards. Every shard numbers interfaces and files as it reads them, and all read the same. */
export function mergeShardRows(shards: readonly ShardRows[]): OpenerSummary {
  const all = shards.map(({ facts }) => facts);
  // One that was ended earlier may have seen fewer.
  const most = all.reduce((a, b) => (b.interfaces.length > a.interfaces.length ? b : a));
  const borders = shards.flatMap((shard) => shard.borders);
  return {
    facts: {
      ...most,
      timersOf: Object.assign({}, ...all.map(({ timersOf }) => timersOf)),
      openersDropped: all.reduce((sum, { openersDropped }) => sum + openersDropped, 0),
      borderDropped: all.reduce((sum, { borderDropped }) => sum + borderDropped, 0),
      summary: mergeSummaries(all.map(({ summary }) => summary)),
    },
    rows: () => shards.flatMap(({ rows }) => rows.map((chunk) => chunk.slice())),
    borders: () => (borders.length === 0 ? [] : [inOrder(borders)]),
  };
}

function inOrder(chunks: readonly Uint8Array[]): Uint8Array {
  const rows = chunks.flatMap((chunk) => {
    const data = new DataView(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    return Array.from({ length: chunk.length / BORDER_BYTES }, (_, i) => {
      const at = i * BORDER_BYTES;
      const order = borderOrder((offset) => data.getUint32(at + offset, true));
      return { row: chunk.subarray(at, at + BORDER_BYTES), order };
    });
  });
  rows.sort((a, b) => a.order - b.order);
  const sorted = new Uint8Array(rows.length * BORDER_BYTES);
  rows.forEach(({ row }, i) => {
    sorted.set(row, i * BORDER_BYTES);
  });
  return sorted;
}

/** The judged rows of all shards, copies that stand by themselves: who answered on an interface of one is no scanner on those of another. */
export function mergeJudgedRows(shards: readonly (readonly JudgedOpener[])[]): JudgedOpener[] {
  if (shards.length === 1) return [...shards[0]!];
  const answered = new Set<string>();
  const keyOf = ({ remote }: JudgedOpener): string => `${remote.family} ${remote.value}`;
  for (const rows of shards)
    for (const row of rows)
      if (row.direction === "ingress" && !row.scanner) answered.add(keyOf(row));
  return shards.flatMap((rows) =>
    rows.map((row) => (row.scanner && answered.has(keyOf(row)) ? { ...row, scanner: false } : row)),
  );
}
