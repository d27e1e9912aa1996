import { readFile } from "node:fs/promises";
import { KEY_BYTES } from "../../anonymize/index.js";
import { FlowError } from "../../errors.js";

/** The key of a file: 32 bytes, or 64 hexadecimal digits. */
export async function readKey(path: string): Promise<Uint8Array> {
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch (error) {
    throw new FlowError("key-unreadable", (error as Error).message, { at: path, hint: MAKE_ONE });
  }
  if (bytes.length === KEY_BYTES) return bytes;
  const text = bytes.length < 200 ? bytes.toString("latin1").trim() : "";
  if (/^[0-9a-f]{64}$/i.test(text)) return Buffer.from(text, "hex");
  throw new FlowError(
    "key-invalid",
    `is no key: a key is ${KEY_BYTES} bytes, or ${2 * KEY_BYTES} hexadecimal digits; found ${bytes.length} bytes`,
    { at: path, hint: MAKE_ONE },
  );
}

const MAKE_ONE = "openssl rand -hex 32 > KEYFILE makes one; whoever has it can undo the mapping";
