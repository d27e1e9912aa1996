// Judged records as Arrow IPC, stream or file.

import {
  AsyncByteQueue,
  type RecordBatch,
  RecordBatchFileWriter,
  RecordBatchStreamWriter,
  type RecordBatchWriter,
} from "apache-arrow";
import { BatchJoiner } from "./batch-joiner.js";
import { IdColumns } from "./id-columns.js";
import { joinBytes } from "./join-bytes.js";
import type { RecordWriter } from "./record-writer.js";

/** Rows of one batch: large enough that its header costs nothing, small enough for a reader's cache. */
const ROWS = 65_536;

/** Keeps what the IPC writer writes instead of queueing it for a reader. */
class Taken extends AsyncByteQueue {
  private pieces: Uint8Array[] = [];

  override write(piece: ArrayBufferView): void {
    // The writer hands over nothing but bytes.
    this.pieces.push(piece as Uint8Array);
  }

  take(): Uint8Array {
    const bytes = joinBytes(this.pieces);
    this.pieces = [];
    return bytes;
  }
}

/**
 * Texts of verdicts, ids and other words of logs are dictionaries of 32-bit indices; what a dictionary gains on the way
 * is written as a delta. Not compressed: there are readers that do not take it.
 */
export class ArrowRecords implements RecordWriter {
  private readonly joiner = new BatchJoiner(ROWS);
  private readonly taken = new Taken();
  private readonly writer: RecordBatchWriter;
  private ids: IdColumns | undefined;

  constructor(format: "arrow" | "arrow-file") {
    this.writer = format === "arrow" ? new RecordBatchStreamWriter() : new RecordBatchFileWriter();
  }

  write(batch: RecordBatch): Uint8Array {
    if (this.ids === undefined) {
      this.ids = new IdColumns(batch.schema);
      // The schema goes out with the first batch, however few its rows: a reader of a pipe waits for it.
      this.writer.reset(this.taken, this.ids.schema);
    }
    this.writeJoined(this.joiner.add(batch));
    return this.taken.take();
  }

  end(): Uint8Array {
    // A batch without rows carries the dictionaries that the schema names: some readers miss them else.
    this.writeJoined(this.joiner.rest());
    this.writer.finish();
    return this.taken.take();
  }

  private writeJoined(batch: RecordBatch | undefined): void {
    if (batch !== undefined) this.writer.write(this.ids!.encode(batch));
  }
}
