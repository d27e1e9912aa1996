import { type Command, InvalidArgumentError, Option } from "commander";
import { REPORT_FORMATS, type ReportFormat } from "../../report/report-format.js";

/** Forms of a gate besides those of every answer. */
const MACHINE_FORMATS = ["junit", "sarif", "github"] as const;

export type GateFormat = ReportFormat | (typeof MACHINE_FORMATS)[number];
export const GATE_FORMATS: readonly GateFormat[] = [...REPORT_FORMATS, ...MACHINE_FORMATS];

export interface GateFormatFlags {
  readonly format: GateFormat;
}

/** `text` is another word for `table`. */
function gateFormatValue(text: string): GateFormat {
  const format = GATE_FORMATS.find((name) => name === (text === "text" ? "table" : text));
  if (format === undefined)
    throw new InvalidArgumentError(`Allowed choices are ${GATE_FORMATS.join(", ")}.`);
  return format;
}

/** Adds `--format` with the forms that pipelines read, and `--json`. */
export function addGateFormatOption(command: Command): Command {
  return command
    .addOption(
      new Option("-f, --format <format>", "form of the answer; github also writes the step summary")
        .choices(GATE_FORMATS)
        .argParser(gateFormatValue)
        .default("table"),
    )
    .addOption(new Option("--json", "same as --format json").implies({ format: "json" }));
}
