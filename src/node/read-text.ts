// Whole small documents.
import { stat } from "node:fs/promises";
import { FlowError } from "../errors.js";
import { textOfBytes } from "../model/text-of-bytes.js";
import { kindOfPath, noSuchInput } from "./path-kind.js";
import { readBytes } from "./read-bytes.js";
import { readPlain } from "./read-small.js";
import { isS3 } from "./s3/s3-place.js";

/** Default limit of a document: the answers of a large account's describe calls have a tenth of it. */
const MAX_TEXT = 256 * 1024 * 1024;

/**
 * The text of a file or of stdin (`-`), gzip unpacked, without a byte order mark. Throws `no-such-input`,
 * `input-too-large` beyond `maxBytes` of text, `text-invalid` for bytes that are no UTF-8, and what readBytes throws.
 */
export async function readText(path: string, maxBytes: number = MAX_TEXT): Promise<string> {
  const kind = path === "-" ? "file" : await kindOfPath(path);
  if (kind === "none") throw noSuchInput(path, "there is no such file");
  if (kind === "folder") throw noSuchInput(path, "is a folder, a file is wanted");
  const plain = path === "-" || isS3(path) ? undefined : await plainBytes(path, maxBytes);
  if (plain !== undefined) return textOfBytes(path, plain);
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of readBytes({ path, name: path })) {
    length += chunk.length;
    if (length > maxBytes) {
      throw new FlowError("input-too-large", `is larger than ${maxBytes} bytes`, {
        at: path,
        hint: "is this the right file? split it if it is",
      });
    }
    // A copy: the reader uses its buffers again.
    chunks.push(chunk.slice());
  }
  return textOfBytes(path, Buffer.concat(chunks));
}

/** The bytes of nearly every document: in chunks they would be copied twice, into memory never touched before. */
async function plainBytes(path: string, maxBytes: number): Promise<Uint8Array | undefined> {
  const file = await stat(path);
  return file.isFile() && file.size <= maxBytes ? readPlain(path, file.size) : undefined;
}
