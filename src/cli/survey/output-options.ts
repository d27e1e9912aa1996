import { type Command, Option } from "commander";
import { RECORDS_FORMATS, type RecordsFormat } from "../../report/records-format.js";

/** Where answers go, as commander hands it over. */
export interface OutputFlags {
  readonly output?: string;
  readonly records?: string;
  readonly recordsFormat?: RecordsFormat;
}

/** Adds `--output`. */
export function addOutputOption(command: Command): Command {
  return command.option("-o, --output <file>", "write the answer there instead of to stdout");
}

/** Adds `--records` and its format. */
export function addRecordsOptions(command: Command): Command {
  return command
    .option(
      "--records <file>",
      "write every judged record there, in the form of its ending; - is stdout (the answer goes to stderr)",
    )
    .addOption(
      new Option(
        "--records-format <format>",
        "form of --records where its name does not tell",
      ).choices(RECORDS_FORMATS),
    );
}
