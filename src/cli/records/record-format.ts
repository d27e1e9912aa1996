import { FlowError } from "../../errors.js";
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
