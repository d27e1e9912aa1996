import { type Command, InvalidArgumentError, Option } from "commander";
import type { TopMeasure } from "../../filter/index.js";
import { RECORDS_FORMATS, type RecordsFormat } from "../../report/records-format.js";
import { countValue } from "../values/count-value.js";

/** Which records are written, and where, as commander hands it over. */
export interface RecordFlags {
  readonly records?: string;
  readonly recordsFormat?: RecordsFormat;
  readonly where?: string;
}

/** What `evaluate` makes of records beside. */
export interface SelectionFlags extends RecordFlags {
  readonly allowOut?: string;
  readonly denyOut?: string;
  readonly unknownOut?: string;
  readonly top?: readonly (readonly string[])[];
  readonly topBy?: TopMeasure;
  readonly topLimit?: number;
}

const MOST_LISTED = 10_000;

/** Adds `--records`, its format, and `--where`. */
export function addRecordOptions(command: Command): Command {
  return command
    .option(
      "--records <file>",
      "write every judged record there, in the form of its ending; - is stdout (the answer goes to stderr)",
    )
    .addOption(
      new Option(
        "--records-format <format>",
        "form of records where the name does not tell it",
      ).choices(RECORDS_FORMATS),
    )
    .option(
      "--where <filter>",
      "only records that pass: 'verdict = deny and dstport in (22, 3389) and src in 10.0.0.0/8'; counts of the answer stay of all",
    );
}

/** Adds what splits, filters and counts records by their values. */
export function addSelectionOptions(command: Command): Command {
  return addRecordOptions(command)
    .option("--allow-out <file>", "write the records there that are judged allow")
    .option("--deny-out <file>", "write the records there that are judged deny")
    .option("--unknown-out <file>", "write the records there that are judged unknown")
    .option(
      "--top <fields>",
      "list the values of a field with most records, of fields joined by + together: dstport,srcaddr+dstport (repeatable)",
      topValue,
    )
    .addOption(new Option("--top-by <measure>", "what --top counts").choices(["records", "bytes"]))
    .option("--top-limit <n>", "values that --top lists (default: 10)", countValue(1, MOST_LISTED));
}

/** `dstport,srcaddr+dstport`: two lists, the second of two fields together. */
function topValue(
  text: string,
  previous: readonly (readonly string[])[] | undefined,
): readonly (readonly string[])[] {
  const lists = text.split(",").map((list) => list.split("+").map((name) => name.trim()));
  if (lists.some((list) => list.includes("")))
    throw new InvalidArgumentError(
      "Write fields with commas between lists: dstport,srcaddr+dstport.",
    );
  return [...(previous ?? []), ...lists];
}
