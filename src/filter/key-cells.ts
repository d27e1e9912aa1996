// The values of a field as bytes, for counting by them: flag, length and text, or flag and number.

import type { RecordBatch } from "apache-arrow";
import { columnOf, type DictionaryColumn, dictionaryTexts, type TextColumn } from "./columns.js";
import type { FilterField } from "./filter-field.js";
import type { FilterContext } from "./row-test.js";
import { servedPorts, sideAddresses } from "./sides.js";

/** Bytes of one key, as long as its longest value so far. */
export class KeyBuffer {
  bytes: Uint8Array = new Uint8Array(256);
  length = 0;
  private view = new DataView(this.bytes.buffer);

  missing(): void {
    this.room(1);
    this.bytes[this.length++] = MISSING;
  }

  number(value: number): void {
    this.room(9);
    this.bytes[this.length] = NUMBER;
    this.view.setFloat64(this.length + 1, value);
    this.length += 9;
  }

  text(source: Uint8Array, from: number, to: number): void {
    this.room(5 + to - from);
    this.bytes[this.length] = TEXT;
    this.view.setUint32(this.length + 1, to - from);
    this.length += 5;
    for (let i = from; i < to; i++) this.bytes[this.length++] = source[i]!;
  }

  private room(count: number): void {
    if (this.length + count <= this.bytes.length) return;
    const longer = new Uint8Array(Math.max(this.length + count, this.bytes.length * 2));
    longer.set(this.bytes);
    this.bytes = longer;
    this.view = new DataView(longer.buffer);
  }
}

const MISSING = 0;
const NUMBER = 1;
const TEXT = 2;

export type KeyValue = string | number | null;

/** The values that a key was made of. */
export function keyValues(key: Uint8Array): readonly KeyValue[] {
  const view = new DataView(key.buffer, key.byteOffset, key.length);
  const decoder = new TextDecoder();
  const values: KeyValue[] = [];
  for (let at = 0; at < key.length; ) {
    const kind = key[at++];
    if (kind === MISSING) {
      values.push(null);
    } else if (kind === NUMBER) {
      values.push(view.getFloat64(at));
      at += 8;
    } else {
      const end = at + 4 + view.getUint32(at);
      values.push(decoder.decode(key.subarray(at + 4, end)));
      at = end;
    }
  }
  return values;
}

/** Appends the value of a row. */
export type KeyCell = (row: number, key: KeyBuffer) => void;

/** How many values the row has, and how the i-th is appended; of most fields one. */
export interface KeyCells {
  readonly count: (row: number) => number;
  readonly append: (row: number, index: number, key: KeyBuffer) => void;
}

function one(cell: KeyCell): KeyCells {
  return { count: () => 1, append: (row, _, key) => cell(row, key) };
}

function textCell(choice: (row: number) => TextColumn | undefined): KeyCell {
  return (row, key) => {
    const column = choice(row);
    if (column === undefined) key.missing();
    else key.text(column.bytes, column.ends[row]!, column.ends[row + 1]!);
  };
}

const encoder: TextEncoder = new TextEncoder();

function several(lists: (row: number) => readonly Uint8Array[]): KeyCells {
  return {
    count: (row) => Math.max(1, lists(row).length),
    append: (row, index, key) => {
      const value = lists(row)[index];
      if (value === undefined) key.missing();
      else key.text(value, 0, value.length);
    },
  };
}

/** Finds the values of a field in batches, one after the other. A column that the batch lacks is missing in every row. */
export type KeyBinder = (batch: RecordBatch) => KeyCells;

export function bindKey(field: FilterField, context: FilterContext): KeyBinder {
  const { source } = field;
  if (source === "remote" || source === "local")
    return (batch) => one(textCell(sideAddresses(batch, source)));
  if (source === "port") return portCells;
  if (source === "group") return groupCells(context);
  const dictionary = dictionaryCells(field.kind === "set");
  return (batch) => {
    const column = columnOf(batch, field.column);
    if (column === undefined) return one((_, key) => key.missing());
    if (column.kind === "dictionary") return dictionary(column);
    if (column.kind === "text")
      return one(textCell((row) => (column.present(row) ? column : undefined)));
    return one((row, key) => (column.present(row) ? key.number(column.at(row)) : key.missing()));
  };
}

function portCells(batch: RecordBatch): KeyCells {
  const ports = servedPorts(batch);
  return one((row, key) => {
    const port = ports(row);
    if (port < 0) key.missing();
    else key.number(port);
  });
}

/** Values of a dictionary are cut and encoded once, until it grows. */
function dictionaryCells(isSet: boolean): (column: DictionaryColumn) => KeyCells {
  let known: DictionaryColumn["dictionary"] | undefined;
  let values: readonly (readonly Uint8Array[])[] = [];
  const partsOf = (text: string): readonly Uint8Array[] => {
    if (text === "") return [];
    return (isSet ? text.split("|") : [text]).map((part) => encoder.encode(part));
  };
  return ({ dictionary, codes }) => {
    if (known !== dictionary) {
      known = dictionary;
      values = dictionaryTexts(dictionary).map(partsOf);
    }
    const now = values;
    return several((row) => now[codes[row]!]!);
  };
}

/** Ids alone: names are other words for them. */
function groupCells(context: FilterContext): KeyBinder {
  const decoder = new TextDecoder();
  const known = new Map<string, readonly Uint8Array[]>();
  const groupsOf = (id: string): readonly Uint8Array[] => {
    let groups = known.get(id);
    if (groups === undefined) {
      groups = [...(context.groupsOf?.(id) ?? [])].map((group) => encoder.encode(group.id));
      known.set(id, groups);
    }
    return groups;
  };
  return (batch) => {
    const column = columnOf(batch, "interface_id");
    if (column?.kind !== "text") return several(() => []);
    const { bytes, ends, present } = column;
    return several((row) =>
      present(row) ? groupsOf(decoder.decode(bytes.subarray(ends[row]!, ends[row + 1]!))) : [],
    );
  };
}
