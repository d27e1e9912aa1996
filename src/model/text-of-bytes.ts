import { FlowError } from "../errors.js";

/**
 * The text of a whole document, without a byte order mark: UTF-8, or UTF-16 where its mark says so, for PowerShell writes
 * that where other shells write UTF-8. `name`: of the document, in messages. Throws `text-invalid`.
 */
export function textOfBytes(name: string, bytes: Uint8Array): string {
  const isUtf16 = bytes[0] === 0xff && bytes[1] === 0xfe;
  try {
    return new TextDecoder(isUtf16 ? "utf-16le" : "utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new FlowError("text-invalid", `is not ${isUtf16 ? "UTF-16" : "UTF-8"} text`, {
      at: name,
      hint: "save the document as UTF-8",
    });
  }
}
