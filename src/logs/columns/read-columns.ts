// The readers of columnar logs, by form.
import type { LogPart } from "../log-part.js";
import type { ReadLogOptions } from "../read-log.js";
import { ByteQueue } from "./byte-queue.js";
import { readArrow } from "./read-arrow.js";
import { readParquet } from "./read-parquet.js";
import type { ColumnarForm } from "./recognise-columns.js";

/** Reads a columnar log whose bytes are `chunks`; as readLog. */
export async function* readColumns(
  name: string,
  form: ColumnarForm,
  chunks: AsyncIterable<Uint8Array>,
  options: ReadLogOptions,
): AsyncGenerator<LogPart> {
  if (form === "parquet") yield* readParquet(name, chunks, options);
  else yield* readArrow(name, new ByteQueue(chunks[Symbol.asyncIterator]()), form, options);
}
