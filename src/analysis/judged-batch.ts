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
  Vector,
} from "apache-arrow";
import * as c from "../contract.js";
import type { Core, OutputColumn } from "../core/core.js";
import { CHANGES } from "../model/opener.js";
import { DIRECTIONS, GRADES, OPENERS, REASONS, verdictOf } from "../model/verdict.js";
import { FIELD_NAMES } from "./fields-plan.js";
import { rulesOf } from "./rules-of.js";

/**
 * Strings by number, with the Arrow dictionary over all seen so far. What was added since is a chunk of its own, so that
 * writers see what is new.
 */
export class Names {
  private readonly numbers = new Map<string, number>();
  private fresh: string[] = [];
  private vector: Vector<Utf8> | undefined;

  number(name: string): number {
    let found = this.numbers.get(name);
    if (found === undefined) {
      found = this.numbers.size;
      this.numbers.set(name, found);
      this.fresh.push(name);
    }
    return found;
  }

  dictionary(): Vector<Utf8> {
    if (this.vector !== undefined && this.fresh.length === 0) return this.vector;
    const chunk = textVector(this.fresh);
    this.vector = this.vector === undefined ? chunk : this.vector.concat(chunk);
    this.fresh = [];
    return this.vector;
  }
}

// Arrow's own builder makes code from strings, which pages forbid.
function textVector(list: readonly string[]): Vector<Utf8> {
  const texts = list.map((text) => new TextEncoder().encode(text));
  const valueOffsets = new Int32Array(texts.length + 1);
  texts.forEach(({ length }, i) => {
    valueOffsets[i + 1] = valueOffsets[i]! + length;
  });
  const data = new Uint8Array(valueOffsets[texts.length]!);
  texts.forEach((text, i) => {
    data.set(text, valueOffsets[i]!);
  });
  return new Vector([
    makeData({ type: new Utf8(), length: texts.length, nullCount: 0, valueOffsets, data }),
  ]);
}

/** What the numbers in the emission areas stand for. */
export interface JudgedNames {
  /** By detail - 1. */
  readonly details: readonly string[];
  /** Rule ids by number, per image. */
  readonly ruleIds: readonly (readonly string[])[];
  readonly files: readonly string[];
  /** Timeline of each candidate, in their order. */
  readonly candidates: readonly number[];
}

/** Result columns whose words are numbered as rows bring them; all others know their words from the start. */
export const GROWING_COLUMNS: ReadonlySet<string> = new Set(["detail", "rules"]);

/** One dictionary column of results: how its numbers are found in the emission areas. */
interface ResultColumn {
  readonly name: string;
  readonly type: Dictionary<Utf8, Int32>;
  readonly names: Names;
  indices(names: Names, rows: number): Int32Array;
}

/**
 * Builds Arrow record batches from the core's emission areas: log fields by Parquet name, then direction, verdict,
 * reason, detail, rules, opener, grade, file (dictionary<utf8>, never null), line (uint32), and per candidate
 * candidate_verdict, candidate_reason, candidate_detail, candidate_rules and change; from the second candidate on with its
 * number: candidate2_verdict, ..., change2. Every buffer is a copy, made column by column; nothing is built per cell but
 * the numbers of details and rule sets, which are cached.
 */
export class JudgedBatches {
  private readonly core: Core;
  private readonly columns: readonly OutputColumn[];
  private readonly judged: JudgedNames;
  private readonly schema: Schema;
  private readonly results: readonly ResultColumn[];
  private readonly further: readonly ResultColumn[];

  constructor(core: Core, columns: readonly OutputColumn[], judged: JudgedNames) {
    this.core = core;
    this.columns = columns;
    this.judged = judged;
    this.results = this.baselineColumns();
    this.further = judged.candidates.flatMap((timeline, i) => this.candidateColumns(timeline, i));
    const field = ({ name, type }: ResultColumn): Field => new Field(name, type, false);
    this.schema = new Schema([
      ...columns.map((column) => new Field(column.name, typeOf(column.kind), true)),
      ...this.results.map(field),
      new Field("line", new Uint32(), false),
      ...this.further.map(field),
    ]);
  }

  /** The current emission as one batch. */
  batch(rows: number): RecordBatch {
    const line = this.words(this.core.results + c.EMIT_LINE, rows);
    const children: Data[] = [
      ...this.columns.map((column, i) => this.logColumn(column.kind, i, rows)),
      ...this.results.map((column) => resultData(column, rows)),
      makeData({ type: new Uint32(), length: rows, data: line }),
      ...this.further.map((column) => resultData(column, rows)),
    ];
    const data = makeData({
      type: new Struct(this.schema.fields),
      length: rows,
      nullCount: 0,
      children,
    });
    return new RecordBatch(this.schema, data);
  }

  private words(ptr: number, rows: number): Uint32Array {
    return new Uint32Array(this.core.memory.copy(ptr, 4 * rows).buffer);
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

  private baselineColumns(): ResultColumn[] {
    const area = (): number => this.core.results;
    const { files } = this.judged;
    let fileNumbers: readonly number[] | undefined;
    return [
      this.coded("direction", DIRECTIONS, area, c.EMIT_DIRECTION),
      this.coded("verdict", VERDICT_BY_REASON, area, c.EMIT_REASON),
      this.coded("reason", REASONS, area, c.EMIT_REASON),
      this.details("detail", area, c.EMIT_DETAIL),
      this.rules("rules", area, c.EMIT_RULES),
      // Where no connection was needed there is no opener to name.
      this.coded("opener", OPENERS, area, c.EMIT_OPENER),
      this.coded("grade", GRADES, area, c.EMIT_GRADE),
      this.column("file", (names, rows) => {
        // All at once: a hundred thousand small files would else be as many chunks.
        fileNumbers ??= files.map((file) => names.number(file));
        const numbers = fileNumbers;
        return mapped(this.words(area() + c.EMIT_FILE, rows), (file) => numbers[file]!);
      }),
    ];
  }

  private candidateColumns(timeline: number, index: number): ResultColumn[] {
    const number = index === 0 ? "" : String(index + 1);
    const area = (): number => this.core.further(timeline);
    return [
      this.coded(`candidate${number}_verdict`, VERDICT_BY_REASON, area, c.EMIT_FURTHER_REASON),
      this.coded(`candidate${number}_reason`, REASONS, area, c.EMIT_FURTHER_REASON),
      this.details(`candidate${number}_detail`, area, c.EMIT_FURTHER_DETAIL),
      this.rules(`candidate${number}_rules`, area, c.EMIT_FURTHER_RULES),
      this.coded(`change${number}`, CHANGES, area, c.EMIT_FURTHER_CHANGE),
    ];
  }

  private dictionaries = 0;

  private column(name: string, indices: ResultColumn["indices"]): ResultColumn {
    const type = new Dictionary(new Utf8(), new Int32(), this.dictionaries++);
    return { name, type, names: new Names(), indices };
  }

  private coded(
    name: string,
    list: readonly string[],
    area: () => number,
    offset: number,
  ): ResultColumn {
    return this.column(name, (names, rows) => {
      const numbers = list.map((text) => names.number(text));
      const codes = this.core.memory.copy(area() + offset, rows);
      return mapped(codes, (code) => numbers[code]!);
    });
  }

  private details(name: string, area: () => number, offset: number): ResultColumn {
    const { details } = this.judged;
    const fields = numbered((field) => FIELD_NAMES.get(field) ?? "");
    const texts = numbered((detail) => (detail === 0 ? "" : details[detail - 1]!));
    return this.column(name, (names, rows) => {
      const missing = this.core.memory.copy(this.core.results + c.EMIT_MISSING, rows);
      return mapped(this.words(area() + offset, rows), (detail, i) =>
        missing[i] === 0 ? texts(names, detail) : fields(names, missing[i]!),
      );
    });
  }

  private rules(name: string, area: () => number, offset: number): ResultColumn {
    const texts = numbered((id) => rulesOf(this.core, id, this.judged.ruleIds).join("|"));
    return this.column(name, (names, rows) =>
      mapped(this.words(area() + offset, rows), (id) => texts(names, id)),
    );
  }
}

/** The number of the text that a word stands for; the text is made when a word is first met. */
function numbered(textOf: (word: number) => string): (names: Names, word: number) => number {
  const known = new Map<number, number>();
  let last = -1;
  let number = -1;
  return (names, word) => {
    // Rows that follow each other often say the same.
    if (word === last) return number;
    const found = known.get(word) ?? names.number(textOf(word));
    known.set(word, found);
    last = word;
    number = found;
    return found;
  };
}

const VERDICT_BY_REASON: readonly string[] = REASONS.map((reason) => verdictOf(reason));

/** A plain loop: `Int32Array.from` walks an iterator, at ten times the cost. */
function mapped(
  words: Uint8Array | Uint32Array,
  map: (word: number, row: number) => number,
): Int32Array {
  const numbers = new Int32Array(words.length);
  for (let i = 0; i < words.length; i++) numbers[i] = map(words[i]!, i);
  return numbers;
}

function resultData(column: ResultColumn, rows: number): Data {
  const data = column.indices(column.names, rows);
  return makeData({ type: column.type, length: rows, data, dictionary: column.names.dictionary() });
}

function typeOf(kind: number): Utf8 | Int32 | Int64 {
  if (kind === c.EMIT_KIND_TEXT) return new Utf8();
  return kind === c.EMIT_KIND_INT32 ? new Int32() : new Int64();
}
