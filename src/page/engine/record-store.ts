// Judged records as they are kept for screens that show single ones: whole batches, until there is no more room.

import type { RecordBatch } from "apache-arrow";
import {
  type Column,
  columnOf,
  dictionaryTexts,
  type FilterContext,
  FilterFields,
  filterError,
  parseFilter,
  RecordSelector,
  TopCounter,
  type TopList,
  takeRows,
} from "../../filter/index.js";
import type { HeldTold, RecordWindow, SelectionTold, SeriesTold } from "../protocol.js";
import { TimeIndex } from "./time-index.js";

/** What a browser holds without harm: the worker's memory beside the core's. */
const MOST_ROWS = 2_000_000;
const MOST_BYTES = 768 * 1024 * 1024;

/** Selections kept: the lists of row numbers of the filters asked for last. */
const MOST_SELECTIONS = 4;

/** Fields whose commonest values are listed. */
const TOP_FIELDS = ["port", "srcaddr", "dstaddr", "group", "rule", "reason"] as const;
const TOP_LIMIT = 10;

/** Rows of one batch that a filter passes; `rows` undefined = all. `before`: selected rows in earlier batches. */
interface Part {
  readonly batch: RecordBatch;
  readonly rows: Uint32Array | undefined;
  readonly before: number;
}

interface Place {
  readonly batch: RecordBatch;
  readonly row: number;
}

interface Selection {
  readonly parts: readonly Part[];
  readonly total: number;
}

const decoder: TextDecoder = new TextDecoder();

/** The first records of a log in order of time, as many as there is room for. What is not held is counted. */
export class RecordStore {
  private readonly context: FilterContext;
  private readonly batches: RecordBatch[] = [];
  private readonly selections = new Map<string, Selection>();
  private fields: FilterFields | undefined;
  private rows = 0;
  private bytes = 0;
  /** Records that are not held. */
  private beyond = 0;
  private lastStart: number | null = null;

  constructor(context: FilterContext) {
    this.context = context;
  }

  /** The next batch in order of time, where there is room for it. */
  add(batch: RecordBatch): void {
    if (this.isFull || this.rows + batch.numRows > MOST_ROWS || this.bytes > MOST_BYTES) {
      this.beyond += batch.numRows;
      return;
    }
    this.batches.push(batch);
    this.rows += batch.numRows;
    for (const { byteLength } of batch.data.children) this.bytes += byteLength;
    const starts = columnOf(batch, "start");
    const last = batch.numRows - 1;
    if (starts?.kind === "number" && last >= 0 && starts.present(last))
      this.lastStart = starts.at(last);
  }

  /** Nothing more is held. */
  get isFull(): boolean {
    return this.beyond > 0;
  }

  /** So many records there are, held or not. */
  countAll(rows: number): void {
    this.beyond = rows - this.rows;
  }

  told(): HeldTold {
    const columns = this.batches[0]?.schema.fields.map(({ name }) => name) ?? [];
    return { rows: this.rows, beyond: this.beyond, lastStart: this.lastStart, columns };
  }

  get heldBytes(): number {
    return this.bytes;
  }

  /** Rows that a filter passes. Throws `filter-invalid`. */
  select(filter: string): SelectionTold {
    const started = performance.now();
    const { total } = this.selection(filter);
    return { total, held: this.rows, milliseconds: performance.now() - started };
  }

  /** Over time, of the records held that pass. */
  series(filter: string): SeriesTold {
    const index = new TimeIndex();
    for (const { batch, rows } of this.selection(filter).parts) index.add(batch, rows);
    return index.told();
  }

  /** The commonest values among the rows held that pass. */
  top(filter: string): readonly TopList[] {
    const counters = TOP_FIELDS.map((name) => {
      const wanted = {
        fields: [this.known().find(name)!],
        by: "records",
        limit: TOP_LIMIT,
      } as const;
      return new TopCounter(wanted, this.context);
    });
    for (const batch of this.passing(filter)) for (const counter of counters) counter.add(batch);
    return counters.map((counter) => counter.list());
  }

  /** Selected rows from a number on, as text by column; null = the row has no value. */
  window(filter: string, from: number, count: number, columns: readonly string[]): RecordWindow {
    const cells = new Cells(columns);
    return { from, rows: Array.from(this.places(filter, from, count), (place) => cells.at(place)) };
  }

  /** Every row that a filter passes, one after the other; see `window`. */
  *cells(filter: string, columns: readonly string[]): Generator<readonly (string | null)[]> {
    const cells = new Cells(columns);
    for (const place of this.places(filter, 0, Number.POSITIVE_INFINITY)) yield cells.at(place);
  }

  /** The rows that a filter passes, as batches: the first even where it is empty, for it tells the columns. */
  *passing(filter: string): Generator<RecordBatch> {
    let any = false;
    for (const { batch, rows } of this.selection(filter).parts) {
      const chosen = rows === undefined ? batch : takeRows(batch, rows);
      if (chosen.numRows === 0 && any) continue;
      any = true;
      yield chosen;
    }
  }

  /** What a filter may name: the columns there are. */
  private known(): FilterFields {
    this.fields ??= new FilterFields({ others: this.told().columns });
    return this.fields;
  }

  private selection(text: string): Selection {
    const known = this.selections.get(text);
    if (known !== undefined) return known;
    const made = this.madeSelection(text);
    this.selections.set(text, made);
    if (this.selections.size > MOST_SELECTIONS)
      this.selections.delete(this.selections.keys().next().value!);
    return made;
  }

  private madeSelection(text: string): Selection {
    const parts: Part[] = [];
    let total = 0;
    const selector = text.trim() === "" ? undefined : this.selectorOf(text);
    for (const batch of this.batches) {
      // A copy: the selector's list is as long as the batch.
      const rows = selector?.select(batch).slice();
      parts.push({ batch, rows, before: total });
      total += rows?.length ?? batch.numRows;
    }
    return { parts, total };
  }

  private selectorOf(text: string): RecordSelector {
    const { filter, fault } = parseFilter(text, this.known());
    if (filter === undefined) throw filterError(text, fault, "filter");
    return new RecordSelector(filter, this.context);
  }

  private *places(filter: string, from: number, count: number): Generator<Place> {
    let left = count;
    for (const { batch, rows, before } of this.selection(filter).parts) {
      const length = rows?.length ?? batch.numRows;
      for (let i = Math.max(0, from - before); i < length && left > 0; i++, left--)
        yield { batch, row: rows === undefined ? i : rows[i]! };
    }
  }
}

type Reader = (row: number) => string | null;

/** Cells of batches by column. Rows that follow each other are mostly of one batch: its readers are made once. */
class Cells {
  private readonly columns: readonly string[];
  private batch: RecordBatch | undefined;
  private readers: readonly Reader[] = [];

  constructor(columns: readonly string[]) {
    this.columns = columns;
  }

  at({ batch, row }: Place): (string | null)[] {
    if (this.batch !== batch) {
      this.batch = batch;
      this.readers = this.columns.map((name) => readerOf(columnOf(batch, name)));
    }
    return this.readers.map((read) => read(row));
  }
}

function readerOf(column: Column | undefined): Reader {
  if (column === undefined) return () => null;
  const { present } = column;
  switch (column.kind) {
    case "text": {
      const { bytes, ends } = column;
      return (row) =>
        present(row) ? decoder.decode(bytes.subarray(ends[row]!, ends[row + 1]!)) : null;
    }
    case "number":
      return (row) => (present(row) ? String(column.at(row)) : null);
    case "dictionary": {
      const texts = dictionaryTexts(column.dictionary);
      return (row) => (present(row) ? texts[column.codes[row]!]! : null);
    }
  }
}
