import type { RecordBatch } from "apache-arrow";
import { recordWriter } from "../../report/record-writer.js";
import type { RecordsFormat } from "../../report/records-format.js";

/** Bytes collected before the browser takes them: it may keep what it has on disk. */
const PIECE = 4 << 20;

/** Batches in the form of `--records`, byte for byte. */
export function recordFile(batches: Iterable<RecordBatch>, format: RecordsFormat): Blob {
  const writer = recordWriter(format);
  const pieces: Blob[] = [];
  let waiting: BlobPart[] = [];
  let bytes = 0;
  const take = (chunk: Uint8Array): void => {
    // Valid until the next call alone.
    waiting.push(chunk.slice());
    bytes += chunk.length;
    if (bytes < PIECE) return;
    pieces.push(new Blob(waiting));
    waiting = [];
    bytes = 0;
  };
  for (const batch of batches) take(writer.write(batch));
  take(writer.end());
  return new Blob([...pieces, ...waiting]);
}
