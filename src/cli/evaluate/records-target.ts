// Where judged records go: a file that appears whole, a device or pipe, or stdout.

import { FlowError } from "../../errors.js";
import { printable } from "../../model/printable.js";
import { type Write, writeAtomically } from "../../node/index.js";
import { type RecordBatch, recordWriter } from "../../report/record-writer.js";
import {
  isText,
  RECORDS_FORMATS,
  type RecordsFormat,
  recordsFormatOf,
} from "../../report/records-format.js";
import type { Terminal } from "../terminal.js";

/**
 * The format of `--records PATH`: `--records-format`, else by the name's ending, else CSV on stdout. What only programs
 * can read is refused where a terminal is stdout.
 */
export function recordsFormat(
  path: string,
  wanted: RecordsFormat | undefined,
  terminal: Terminal,
): RecordsFormat {
  const format = wanted ?? recordsFormatOf(path) ?? (path === "-" ? "csv" : undefined);
  if (format === undefined)
    throw new FlowError("records-format", "the name does not tell the format of the records", {
      at: path,
      hint: `end it in .csv, .ndjson, .arrows or .arrow, or give --records-format ${RECORDS_FORMATS.join("|")}`,
    });
  if (path === "-" && terminal.outIsTty && !isText(format))
    throw new FlowError("binary-to-terminal", `records as ${format} are not for a terminal`, {
      at: path,
      hint: "write them to a file, or into a pipe",
    });
  return format;
}

/** Log text may hold escape sequences: a terminal gets them spelled out, files and pipes get the bytes. */
function forTerminal(data: string | Uint8Array): string {
  const text = typeof data === "string" ? data : new TextDecoder().decode(data);
  return text.split("\n").map(printable).join("\n");
}

/** Calls `produce` with a writer to the target. A file appears under its name only when `produce` is done. */
async function writeTo(
  path: string,
  terminal: Terminal,
  produce: (write: Write) => Promise<void>,
): Promise<void> {
  if (path === "-" && terminal.outIsTty) await produce((data) => terminal.write(forTerminal(data)));
  else await writeAtomically(path, produce);
}

/** Writes every batch and gives what the generator returns. A file appears under its name only when all is written. */
export async function writeBatches<T>(
  path: string,
  format: RecordsFormat,
  batches: AsyncGenerator<RecordBatch, T, void>,
  terminal: Terminal,
): Promise<T> {
  const writer = recordWriter(format);
  let answer: { readonly value: T } | undefined;
  await writeTo(path, terminal, async (write) => {
    let step = await batches.next();
    while (step.done !== true) {
      await write(writer.write(step.value));
      step = await batches.next();
    }
    await write(writer.end());
    answer = step;
  });
  if (answer === undefined) throw new Error("the records were written without an answer");
  return answer.value;
}
