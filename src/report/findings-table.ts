// The findings of a report as one table: a row each, for spreadsheets and engines that read columns.

import { type Data, Field, Int64, makeData, RecordBatch, Schema, Struct, Utf8 } from "apache-arrow";
import type { Json, Report } from "./report.js";

/** They say what the findings rest on, and have reports of their own. */
const GROUND: ReadonlySet<string> = new Set(["interface", "coverage"]);

type Cell = string | bigint | null;

/**
 * One batch with a column `type` and one per key of any finding, in the order they are met. Keys of objects stand behind a
 * dot (`source.label`); lists of words are joined by `|`, other lists are JSON. Columns of whole numbers are 64-bit
 * integers, all others text; what a finding does not have is null.
 */
export function findingsTable(report: Report): RecordBatch {
  const rows = report
    .findings()
    .filter(([type]) => !GROUND.has(type))
    .flatMap(([type, items]) => items.map((item) => cellsOf({ type, ...item })));
  const names = [...new Set(["type", ...rows.flatMap((row) => [...row.keys()])])];
  const columns = names.map((name) => columnOf(rows.map((row) => row.get(name) ?? null)));
  const schema = new Schema(names.map((name, i) => new Field(name, columns[i]!.type, true)));
  const type = new Struct(schema.fields);
  return new RecordBatch(
    schema,
    makeData({ type, length: rows.length, nullCount: 0, children: columns }),
  );
}

function cellsOf(item: Json): ReadonlyMap<string, Cell> {
  const cells = new Map<string, Cell>();
  // Findings are as deep as they are written: a few levels.
  const put = (name: string, value: unknown): void => {
    if (value === null || value === undefined) cells.set(name, null);
    else if (Array.isArray(value)) cells.set(name, listText(value));
    else if (typeof value === "object")
      for (const [key, each] of Object.entries(value)) put(`${name}.${key}`, each);
    else if (typeof value === "number" && Number.isSafeInteger(value))
      cells.set(name, BigInt(value));
    else cells.set(name, String(value));
  };
  for (const [key, value] of Object.entries(item)) put(key, value);
  return cells;
}

function listText(list: readonly unknown[]): string {
  return list.every((each) => typeof each === "string") ? list.join("|") : JSON.stringify(list);
}

function columnOf(cells: readonly Cell[]): Data<Int64> | Data<Utf8> {
  const { length } = cells;
  const nullBitmap = new Uint8Array((length + 7) >> 3);
  cells.forEach((cell, i) => {
    if (cell !== null) nullBitmap[i >> 3]! |= 1 << (i & 7);
  });
  const isNumbers = cells.some((cell) => cell !== null) && cells.every(isNumber);
  if (isNumbers) {
    const data = BigInt64Array.from(cells, (cell) => (cell === null ? 0n : BigInt(cell)));
    return makeData({ type: new Int64(), length, nullBitmap, data });
  }
  const encoder = new TextEncoder();
  const texts = cells.map((cell) => encoder.encode(cell === null ? "" : String(cell)));
  const valueOffsets = new Int32Array(length + 1);
  texts.forEach((text, i) => {
    valueOffsets[i + 1] = valueOffsets[i]! + text.length;
  });
  const data = new Uint8Array(valueOffsets[length]!);
  texts.forEach((text, i) => {
    data.set(text, valueOffsets[i]!);
  });
  return makeData({ type: new Utf8(), length, nullBitmap, valueOffsets, data });
}

function isNumber(cell: Cell): boolean {
  return cell === null || typeof cell === "bigint";
}
