// A test bound to one batch: passes the row or not.

import type { RecordBatch, Vector } from "apache-arrow";
import { ByteTable } from "../model/byte-table.js";
import { AddressSet } from "./address-set.js";
import { type Column, columnOf, dictionaryTexts, type TextColumn } from "./columns.js";
import type { AddressTest, NumberRange, NumberTest, Test, WordTest } from "./filter.js";
import { servedPorts, sideAddresses, type TextChoice } from "./sides.js";

export type RowTest = (row: number) => boolean;

export interface NamedGroup {
  readonly id: string;
  /** Another word for it; "" = none. */
  readonly name: string;
}

/** What is known beside the records. */
export interface FilterContext {
  /** Groups that an interface carries. */
  readonly groupsOf?: (interfaceId: string) => Iterable<NamedGroup>;
}

/** Binds a test to batches, one after the other; what does not depend on the batch is made once. */
export type TestBinder = (batch: RecordBatch) => RowTest;

const encoder: TextEncoder = new TextEncoder();
const decoder: TextDecoder = new TextDecoder();
const RULE_BAR = "|";

export function bindTest(test: Test, context: FilterContext): TestBinder {
  switch (test.kind) {
    case "numbers":
      return numberBinder(test);
    case "addresses":
      return addressBinder(test);
    case "words":
      return test.field.source === "group" ? groupBinder(test, context) : wordBinder(test);
  }
}

function constant(value: boolean): RowTest {
  return () => value;
}

// ---- Numbers

function inRanges(ranges: readonly NumberRange[]): (value: number) => boolean {
  if (ranges.length === 1) {
    const [first, last] = ranges[0]!;
    return (value) => value >= first && value <= last;
  }
  return (value) => ranges.some(([first, last]) => value >= first && value <= last);
}

function numberBinder({ field, ranges, missing }: NumberTest): TestBinder {
  const passes = inRanges(ranges);
  if (field.source === "port")
    return (batch) => {
      const ports = servedPorts(batch);
      return (row) => {
        const port = ports(row);
        return port < 0 ? missing : passes(port);
      };
    };
  return (batch) => {
    const column = columnOf(batch, field.column);
    if (column?.kind !== "number") return constant(missing);
    const { present, at } = column;
    return (row) => (present(row) ? passes(at(row)) : missing);
  };
}

// ---- Addresses

function addressBinder({ field, ranges, missing }: AddressTest): TestBinder {
  const set = new AddressSet(ranges);
  const { source } = field;
  return (batch) => {
    const choice =
      source === "remote" || source === "local"
        ? sideAddresses(batch, source)
        : ownColumn(columnOf(batch, field.column));
    return (row) => {
      const column = choice(row);
      if (column === undefined) return missing;
      return set.holds(column.bytes, column.ends[row]!, column.ends[row + 1]!);
    };
  };
}

function ownColumn(column: Column | undefined): TextChoice {
  if (column?.kind !== "text") return () => undefined;
  return (row) => (column.present(row) ? column : undefined);
}

// ---- Words

function wordBinder({ field, words, missing }: WordTest): TestBinder {
  const passes = (text: string): boolean => {
    if (text === "") return missing;
    if (field.kind !== "set") return words.has(text);
    return text.split(RULE_BAR).some((part) => words.has(part));
  };
  const table = tableOf(words);
  const flags = new FlagCache(passes);
  return (batch) => {
    const column = columnOf(batch, field.column);
    if (column === undefined) return constant(missing);
    if (column.kind === "dictionary") {
      const passing = flags.of(column.dictionary);
      const { codes, present } = column;
      return (row) => (present(row) ? passing[codes[row]!] === 1 : missing);
    }
    if (column.kind === "text") return textTest(column, table, missing);
    const { at, present } = column;
    return (row) => (present(row) ? words.has(String(at(row))) : missing);
  };
}

function tableOf(words: Iterable<string>): ByteTable {
  const table = new ByteTable();
  for (const word of words) {
    const bytes = encoder.encode(word);
    table.add(bytes, 0, bytes.length);
  }
  return table;
}

function textTest(column: TextColumn, table: ByteTable, missing: boolean): RowTest {
  const { bytes, ends, present } = column;
  return (row) => (present(row) ? table.find(bytes, ends[row]!, ends[row + 1]!) >= 0 : missing);
}

/** Which values of a dictionary pass; batches share theirs until a value is added. */
class FlagCache {
  private readonly passes: (text: string) => boolean;
  private dictionary: Vector | undefined;
  private flags = new Uint8Array(0);

  constructor(passes: (text: string) => boolean) {
    this.passes = passes;
  }

  of(dictionary: Vector): Uint8Array {
    if (this.dictionary !== dictionary) {
      this.dictionary = dictionary;
      this.flags = Uint8Array.from(dictionaryTexts(dictionary), (text) =>
        Number(this.passes(text)),
      );
    }
    return this.flags;
  }
}

// ---- Groups

function groupBinder({ words, missing }: WordTest, context: FilterContext): TestBinder {
  const interfaces = new ByteTable();
  const flags: boolean[] = [];
  const passes = (id: string): boolean => {
    const groups = [...(context.groupsOf?.(id) ?? [])];
    if (groups.length === 0) return missing;
    return groups.some(
      (group) => words.has(group.id) || (group.name !== "" && words.has(group.name)),
    );
  };
  return (batch) => {
    const column = columnOf(batch, "interface_id");
    if (column?.kind !== "text") return constant(missing);
    const { bytes, ends, present } = column;
    return (row) => {
      if (!present(row)) return missing;
      const number = interfaces.add(bytes, ends[row]!, ends[row + 1]!);
      if (number === flags.length) flags.push(passes(decoder.decode(interfaces.get(number))));
      return flags[number]!;
    };
  };
}
