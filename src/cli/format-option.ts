import { type Command, InvalidArgumentError, Option } from "commander";
import { REPORT_FORMATS, type ReportFormat } from "../report/report-format.js";

export interface FormatFlags {
  readonly format: ReportFormat;
}

/** `text` is another word for `table`. */
function formatValue(text: string): ReportFormat {
  const format = REPORT_FORMATS.find((name) => name === (text === "text" ? "table" : text));
  if (format === undefined)
    throw new InvalidArgumentError(`Allowed choices are ${REPORT_FORMATS.join(", ")}.`);
  return format;
}

/** Adds `--format` and `--json`, which every command with an answer has. */
export function addFormatOption(command: Command): Command {
  return command
    .addOption(
      new Option("-f, --format <format>", "form of the answer")
        .choices(REPORT_FORMATS)
        .argParser(formatValue)
        .default("table"),
    )
    .addOption(new Option("--json", "same as --format json").implies({ format: "json" }));
}
