// The largest of many: records and bytes by the values of one field or several.

import type { RecordBatch } from "apache-arrow";
import { ByteTable } from "../model/byte-table.js";
import { columnOf } from "./columns.js";
import type { FilterField } from "./filter-field.js";
import {
  bindKey,
  type KeyBinder,
  KeyBuffer,
  type KeyCells,
  type KeyValue,
  keyValues,
} from "./key-cells.js";
import type { FilterContext } from "./row-test.js";

/** Keys counted at once; beyond, the smaller half goes and the counts have a bound of error. */
export const MOST_KEYS: number = 1 << 20;

export type TopMeasure = "records" | "bytes";

export interface TopEntry {
  /** In the order of the keys; null = missing. */
  readonly values: readonly KeyValue[];
  readonly records: number;
  readonly bytes: number;
}

/** The first of all keys by one measure, ties by their values. */
export interface TopList {
  readonly keys: readonly string[];
  readonly by: TopMeasure;
  readonly entries: readonly TopEntry[];
  /** Keys that are counted and not listed. */
  readonly more: number;
  /**
   * Every count here may be short by so much, and no key that is missing here has more; 0 = exact. Other than 0 only where
   * there are more than MOST_KEYS keys.
   */
  readonly missed: { readonly records: number; readonly bytes: number };
}

export interface TopWanted {
  /** Of those with several values at a time (rules, groups) one at most: each of its values is counted. */
  readonly fields: readonly FilterField[];
  readonly by: TopMeasure;
  readonly limit: number;
}

export class TopCounter {
  private readonly wanted: TopWanted;
  private readonly binders: readonly KeyBinder[];
  private readonly mostKeys: number;
  private table = new ByteTable();
  private records = new Float64Array(1024);
  private bytes = new Float64Array(1024);
  private missedRecords = 0;
  private missedBytes = 0;
  private readonly key = new KeyBuffer();

  constructor(wanted: TopWanted, context: FilterContext = {}, mostKeys: number = MOST_KEYS) {
    this.wanted = wanted;
    this.binders = wanted.fields.map((field) => bindKey(field, context));
    this.mostKeys = mostKeys;
  }

  /** Linear in rows; the keys of a batch are made without a value per cell. */
  add(batch: RecordBatch): void {
    const cells = this.binders.map((bind) => bind(batch));
    const octets = columnOf(batch, "bytes");
    for (let row = 0; row < batch.numRows; row++) {
      const bytes = octets?.kind === "number" && octets.present(row) ? octets.at(row) : 0;
      const several = cells.find((each) => each.count(row) > 1);
      const count = several?.count(row) ?? 1;
      for (let i = 0; i < count; i++) this.count(cells, several, row, i, bytes);
    }
  }

  private count(
    cells: readonly KeyCells[],
    several: KeyCells | undefined,
    row: number,
    index: number,
    bytes: number,
  ): void {
    const { key } = this;
    key.length = 0;
    for (const each of cells) each.append(row, each === several ? index : 0, key);
    if (this.table.size >= this.mostKeys && this.table.find(key.bytes, 0, key.length) < 0)
      this.prune();
    const number = this.table.add(key.bytes, 0, key.length);
    if (number >= this.records.length) {
      this.records = longer(this.records);
      this.bytes = longer(this.bytes);
    }
    this.records[number]! += 1;
    this.bytes[number]! += bytes;
  }

  /** Half of the keys go, the smallest by the measure; what any of them may have had is the error from now on. */
  private prune(): void {
    const kept = this.sorted().slice(0, this.table.size >> 1);
    const stays = new Uint8Array(this.table.size);
    for (const number of kept) stays[number] = 1;
    let records = 0;
    let bytes = 0;
    const table = new ByteTable();
    const counts = [new Float64Array(this.records.length), new Float64Array(this.bytes.length)];
    for (let number = 0; number < this.table.size; number++) {
      if (stays[number] === 0) {
        records = Math.max(records, this.records[number]!);
        bytes = Math.max(bytes, this.bytes[number]!);
        continue;
      }
      const key = this.table.get(number);
      const at = table.add(key, 0, key.length);
      counts[0]![at] = this.records[number]!;
      counts[1]![at] = this.bytes[number]!;
    }
    this.missedRecords += records;
    this.missedBytes += bytes;
    this.table = table;
    this.records = counts[0]!;
    this.bytes = counts[1]!;
  }

  /** Numbers of all keys, the largest first; ties by bytes of the key, so that no order of arrival shows. */
  private sorted(): readonly number[] {
    const [first, second] =
      this.wanted.by === "records" ? [this.records, this.bytes] : [this.bytes, this.records];
    const numbers = Array.from({ length: this.table.size }, (_, i) => i);
    return numbers.sort(
      (a, b) =>
        first[b]! - first[a]! ||
        second[b]! - second[a]! ||
        compareBytes(this.table.get(a), this.table.get(b)),
    );
  }

  list(): TopList {
    const { fields, by, limit } = this.wanted;
    const entries = this.sorted()
      .slice(0, limit)
      .map((number) => ({
        values: keyValues(this.table.get(number).slice()),
        records: this.records[number]!,
        bytes: this.bytes[number]!,
      }));
    return {
      keys: fields.map(({ name }) => name),
      by,
      entries,
      more: this.table.size - entries.length,
      missed: { records: this.missedRecords, bytes: this.missedBytes },
    };
  }
}

function longer(numbers: Float64Array): Float64Array<ArrayBuffer> {
  const grown = new Float64Array(numbers.length * 2);
  grown.set(numbers);
  return grown;
}

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) if (a[i] !== b[i]) return a[i]! - b[i]!;
  return a.length - b.length;
}
