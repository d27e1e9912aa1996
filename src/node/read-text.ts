// Whole small documents.
import { FlowError } from "../errors.js";
import { textOfBytes } from "../model/text-of-bytes.js";
import { kindOfPath, noSuchInput } from "./path-kind.js";
import { readBytes } from "./read-bytes.js";

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
