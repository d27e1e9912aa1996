import {
  type Data,
  Dictionary,
  Field,
  Int32,
  Int64,
  makeData,
  RecordBatch,
  Schema,
  Struct,
  Uint32,
  Utf8,
  type Vector,
  vectorFromArray,
} from "apache-arrow";
import * as c from "../contract.js";
import type { Core, OutputColumn } from "../core/core.js";
import { DIRECTIONS, GRADES, OPENERS, REASONS, verdictOf } from "../model/verdict.js";
import { FIELD_NAMES } from "./fields-plan.js";

/** Strings by number, with the Arrow dictionary over all seen so far; rebuilt only when one is added. */
class Names {
  private readonly numbers = new Map<string, number>();
  private readonly list: string[] = [];
  private vector: Vector<Utf8> | undefined;

  number(name: string): number {
    let found = this.numbers.get(name);
    if (found === undefined) {
      found = this.list.length;
      this.numbers.set(name, found);
      this.list.push(name);
      this.vector = undefined;
    }
    return found;
  }

  dictionary(): Vector<Utf8> {
    this.vector ??= vectorFromArray(this.list.length === 0 ? [""] : this.list, new Utf8());
    return this.vector;
  }
}

const RESULT_COLUMNS = [
  "direction",
  "verdict",
  "reason",
  "detail",
  "rules",
  "opener",
  "grade",
  "file",
] as const;

/**
 * Builds Arrow record batches from the core's emission areas: log fields by Parquet name, then direction, verdict,
 * reason, detail, rules, opener, grade, file (dictionary<utf8>, never null) and line (uint32). Every buffer is a copy,
 * made column by column; nothing is built per cell but the numbers of details and rule sets, which are cached.
 */
export class JudgedBatches {
  private readonly core: Core;
  private readonly columns: readonly OutputColumn[];
  private readonly schema: Schema;
  private readonly dictionaries: ReadonlyMap<
    string,
    { type: Dictionary<Utf8, Int32>; names: Names }
  >;
  private readonly detailNames: readonly string[];
  private readonly ruleIds: readonly string[];
  private readonly files: readonly string[];
  private readonly ruleNumbers = new Map<number, number>();

  constructor(
    core: Core,
    columns: readonly OutputColumn[],
    detailNames: readonly string[],
    ruleIds: readonly string[],
    files: readonly string[],
  ) {
    this.core = core;
    this.columns = columns;
    this.detailNames = detailNames;
    this.ruleIds = ruleIds;
    this.files = files;
    this.dictionaries = new Map(
      RESULT_COLUMNS.map((name, id) => [
        name,
        { type: new Dictionary(new Utf8(), new Int32(), id), names: new Names() },
      ]),
    );
    const fields: Field[] = columns.map(
      (column) => new Field(column.name, typeOf(column.kind), true),
    );
    for (const name of RESULT_COLUMNS)
      fields.push(new Field(name, this.dictionaries.get(name)!.type, false));
    fields.push(new Field("line", new Uint32(), false));
    this.schema = new Schema(fields);
  }

  /** The current emission as one batch. */
  batch(rows: number): RecordBatch {
    const children: Data[] = this.columns.map((column, i) => this.logColumn(column.kind, i, rows));
    for (const name of RESULT_COLUMNS) children.push(this.resultColumn(name, rows));
    children.push(
      makeData({ type: new Uint32(), length: rows, data: this.words(c.EMIT_LINE, rows) }),
    );
    const data = makeData({
      type: new Struct(this.schema.fields),
      length: rows,
      nullCount: 0,
      children,
    });
    return new RecordBatch(this.schema, data);
  }

  private words(offset: number, rows: number): Uint32Array {
    return new Uint32Array(this.core.memory.copy(this.core.results + offset, 4 * rows).buffer);
  }

  private logColumn(kind: number, index: number, rows: number): Data {
    const { memory } = this.core;
    const area = this.core.column(index);
    const nullBitmap = memory.copy(area.validity, (rows + 7) >> 3);
    if (kind === c.EMIT_KIND_TEXT) {
      const valueOffsets = new Int32Array(memory.copy(area.values, 4 * (rows + 1)).buffer);
      const data = memory.copy(area.text, area.textBytes);
      return makeData({ type: new Utf8(), length: rows, nullBitmap, valueOffsets, data });
    }
    if (kind === c.EMIT_KIND_INT32) {
      const data = new Int32Array(memory.copy(area.values, 4 * rows).buffer);
      return makeData({ type: new Int32(), length: rows, nullBitmap, data });
    }
    const data = new BigInt64Array(memory.copy(area.values, 8 * rows).buffer);
    return makeData({ type: new Int64(), length: rows, nullBitmap, data });
  }

  private resultColumn(name: (typeof RESULT_COLUMNS)[number], rows: number): Data {
    const { type, names } = this.dictionaries.get(name)!;
    const indices = this.indices(name, names, rows);
    return makeData({ type, length: rows, data: indices, dictionary: names.dictionary() });
  }

  private indices(name: (typeof RESULT_COLUMNS)[number], names: Names, rows: number): Int32Array {
    const { bytes } = this.core.memory;
    const base = this.core.results;
    const coded = (offset: number, list: readonly string[]): Int32Array => {
      const numbers = list.map((text) => names.number(text));
      return Int32Array.from({ length: rows }, (_, i) => numbers[bytes[base + offset + i]!]!);
    };
    switch (name) {
      case "direction":
        return coded(c.EMIT_DIRECTION, DIRECTIONS);
      case "verdict":
        return coded(
          c.EMIT_REASON,
          REASONS.map((reason) => verdictOf(reason)),
        );
      case "reason":
        return coded(c.EMIT_REASON, REASONS);
      case "opener":
        // Where no connection was needed there is no opener to name.
        return coded(c.EMIT_OPENER, OPENERS);
      case "grade":
        return coded(c.EMIT_GRADE, GRADES);
      case "file":
        return Int32Array.from(this.words(c.EMIT_FILE, rows), (file) =>
          names.number(this.files[file]!),
        );
      case "detail":
        return this.details(names, rows);
      case "rules":
        return Int32Array.from(this.words(c.EMIT_RULES, rows), (id) => this.ruleNumber(id, names));
    }
  }

  private details(names: Names, rows: number): Int32Array {
    const missing = this.core.memory.copy(this.core.results + c.EMIT_MISSING, rows);
    return Int32Array.from(this.words(c.EMIT_DETAIL, rows), (detail, i) => {
      if (missing[i] !== 0) return names.number(FIELD_NAMES.get(missing[i]!) ?? "");
      return names.number(detail === 0 ? "" : this.detailNames[detail - 1]!);
    });
  }

  private ruleNumber(id: number, names: Names): number {
    let number = this.ruleNumbers.get(id);
    if (number === undefined) {
      const text = this.core.ruleSet(id).map((rule) => this.ruleIds[rule]!);
      number = names.number(text.join("|"));
      this.ruleNumbers.set(id, number);
    }
    return number;
  }
}

function typeOf(kind: number): Utf8 | Int32 | Int64 {
  if (kind === c.EMIT_KIND_TEXT) return new Utf8();
  return kind === c.EMIT_KIND_INT32 ? new Int32() : new Int64();
}
