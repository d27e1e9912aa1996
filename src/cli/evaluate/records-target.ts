// Where judged records go: a file that appears whole, a device or pipe, or stdout.

import { FlowError } from "../../errors.js";
import { printable } from "../../model/printable.js";
import { type Write, writeAtomically } from "../../node/index.js";
import { type RecordsFormat, recordsFormatOf } from "../../report/records-format.js";
import type { Terminal } from "../terminal.js";

/** The format of `--records PATH`: `--records-format`, else by the name's ending, else CSV on stdout. */
export function recordsFormat(path: string, wanted: RecordsFormat | undefined): RecordsFormat {
  const format = wanted ?? recordsFormatOf(path) ?? (path === "-" ? "csv" : undefined);
  if (format !== undefined) return format;
  throw new FlowError("records-format", "the name does not tell the format of the records", {
    at: path,
    hint: "end it in .csv, .ndjson or .jsonl, or give --records-format csv|ndjson",
  });
}

/** Log text may hold escape sequences: a terminal gets them spelled out, files and pipes get the bytes. */
function forTerminal(data: string | Uint8Array): string {
  const text = typeof data === "string" ? data : new TextDecoder().decode(data);
  return text.split("\n").map(printable).join("\n");
}

/** Calls `produce` with a writer to the target. A file appears under its name only when `produce` is done. */
export async function writeRecords(
  path: string,
  terminal: Terminal,
  produce: (write: Write) => Promise<void>,
): Promise<void> {
  if (path === "-" && terminal.outIsTty) await produce((data) => terminal.write(forTerminal(data)));
  else await writeAtomically(path, produce);
}
