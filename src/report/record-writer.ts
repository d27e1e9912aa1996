// Judged records in the form they are asked for.

import type { RecordBatch } from "apache-arrow";
import { ArrowRecords } from "./arrow-records.js";
import { ParquetRecords } from "./parquet-records.js";
import type { RecordsFormat } from "./records-format.js";
import { TextRecords } from "./text-records.js";

export type { RecordBatch } from "apache-arrow";

/**
 * Turns batches into bytes, in the order they come; at least one batch, which may be empty, tells the columns. All
 * batches must have the same columns. Memory: the rows of one batch of the output.
 */
export interface RecordWriter {
  /**
   * The bytes that a batch completes, valid until the next call; they may be those of batches before it, or none yet.
   */
  write(batch: RecordBatch): Uint8Array;
  /** The last bytes. */
  end(): Uint8Array;
}

/** `begun` = text that goes on where another writer stopped. */
export function recordWriter(format: RecordsFormat, begun = false): RecordWriter {
  switch (format) {
    case "csv":
    case "ndjson":
      return new TextRecords(format, begun);
    case "arrow":
    case "arrow-file":
      return new ArrowRecords(format);
    case "parquet":
      return new ParquetRecords();
  }
}
