import type { Command } from "commander";
import type { RecordFlags } from "../records/record-options.js";

/** Where answers go, as commander hands it over. */
export interface OutputFlags extends RecordFlags {
  readonly output?: string;
  readonly report?: string;
}

/** Adds `--output`. */
export function addOutputOption(command: Command): Command {
  return command.option("-o, --output <file>", "write the answer there instead of to stdout");
}

/** Adds `--report`, for answers that are kept. */
export function addReportOption(command: Command): Command {
  return command.option(
    "--report <file>",
    "write the answer there too, as HTML or Markdown by its ending, with the hashes of all inputs",
  );
}
