// Judged records as CSV or NDJSON. Column bytes are copied, no string is made per cell.

import type { RecordBatch } from "apache-arrow";
import { FlowError } from "../errors.js";
import { ByteSink } from "./byte-sink.js";
import { encodeCsvText, encodeJsonText } from "./cell-encoding.js";
import { type CellWriter, cellWriter, type DictionaryCache } from "./column-writer.js";
import type { RecordWriter } from "./record-writer.js";

const LINE_FEED = 10;
const COMMA = 44;
const NULL: Uint8Array = Uint8Array.of(110, 117, 108, 108);

/**
 * Turns batches into bytes, in the order they come. CSV (RFC 4180, but lines end in a line feed) has a header and
 * leaves missing values empty; NDJSON has one object per line and writes missing log fields as null. The columns of the
 * verdict are never missing: where there is nothing to say they are the empty string. All batches must have the same
 * columns. Cost: linear in the bytes written.
 */
export class TextRecords implements RecordWriter {
  private readonly format: "csv" | "ndjson";
  private readonly begun: boolean;
  private readonly sink: ByteSink;
  private names: readonly string[] | null;
  private caches: readonly DictionaryCache[];
  /** What stands before each cell: a comma in CSV, a key in NDJSON. */
  private prefixes: readonly Uint8Array[];

  /** `begun` = the output has its header, from a writer before this one. */
  constructor(format: "csv" | "ndjson", begun = false) {
    this.format = format;
    this.begun = begun;
    this.sink = new ByteSink();
    this.names = null;
    this.caches = [];
    this.prefixes = [];
  }

  /** The bytes of one batch, with the CSV header before the first of an output. */
  write(batch: RecordBatch): Uint8Array {
    this.begin(batch);
    const encode = this.format === "csv" ? encodeCsvText : encodeJsonText;
    const cells = batch.schema.fields.map((field, i) =>
      cellWriter(field.name, batch.data.children[i]!, encode, this.caches[i]!),
    );
    if (this.format === "csv") this.writeCsv(cells, batch.numRows);
    else this.writeJson(cells, batch.numRows);
    return this.sink.take();
  }

  end(): Uint8Array {
    return this.sink.take();
  }

  private begin(batch: RecordBatch): void {
    const names = batch.schema.fields.map((field) => field.name);
    if (this.names !== null) {
      if (names.join() === this.names.join()) return;
      throw new FlowError("records-columns", `a batch has other columns than the first: ${names}`);
    }
    this.names = names;
    this.caches = names.map((): DictionaryCache => new Map());
    const encoder = new TextEncoder();
    this.prefixes = names.map((name, i) => {
      const separator = i === 0 ? "" : ",";
      if (this.format === "csv") return encoder.encode(separator);
      return encoder.encode(`${i === 0 ? "{" : separator}${JSON.stringify(name)}:`);
    });
    if (this.format === "csv" && !this.begun) this.sink.append(encoder.encode(`${names.join()}\n`));
  }

  private writeCsv(cells: readonly CellWriter[], rows: number): void {
    const sink = this.sink;
    for (let row = 0; row < rows; row++) {
      for (let i = 0; i < cells.length; i++) {
        if (i > 0) sink.push(COMMA);
        cells[i]!(sink, row);
      }
      sink.push(LINE_FEED);
    }
  }

  private writeJson(cells: readonly CellWriter[], rows: number): void {
    const { sink, prefixes } = this;
    for (let row = 0; row < rows; row++) {
      for (let i = 0; i < cells.length; i++) {
        sink.append(prefixes[i]!);
        if (!cells[i]!(sink, row)) sink.append(NULL);
      }
      sink.push(125);
      sink.push(LINE_FEED);
    }
  }
}
