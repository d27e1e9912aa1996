import { type Command, Option } from "commander";
import type { Timers } from "../../model/timers.js";
import { RECORDS_FORMATS, type RecordsFormat } from "../../report/records-format.js";
import { addFormatOption, type FormatFlags } from "../format-option.js";
import type { Launch } from "../program.js";
import { addRuleOptions, addTimeoutOption, type RuleFlags } from "../rule-options.js";
import { countValue } from "../values/count-value.js";
import { listValue, repeatedValue } from "../values/list-value.js";
import { timeValue } from "../values/time-value.js";

/** The options of `evaluate` as commander hands them over. */
export interface EvaluateFlags extends RuleFlags, FormatFlags {
  readonly rules: readonly string[];
  readonly output?: string;
  readonly records?: string;
  readonly recordsFormat?: RecordsFormat;
  readonly jobs: number;
  readonly timeout?: Timers;
  readonly maxConnections?: number;
  readonly fields?: string;
  readonly from?: number;
  readonly to?: number;
  readonly group?: readonly string[];
  readonly vpc?: readonly string[];
  readonly strict?: boolean;
}

const MAX_JOBS = 256;
/** More entries than a 32-bit memory can hold would only fail later. */
const MAX_CONNECTIONS = 100_000_000;

const EXAMPLES = `
Examples:
  flowverdict evaluate logs/ --rules account/
  flowverdict evaluate --rules groups.json interfaces.json --json -- logs/2024/12/14/
  zcat *.log.gz | flowverdict evaluate - --rules account/ --records verdicts.csv

Coverage first: an answer speaks for the interfaces and times the log holds. Every term is explained in
docs/SEMANTICS.md. Times are UTC.`;

/** `evaluate`: a verdict for every record, and how far the rules explain the log. */
export function addEvaluateCommand(program: Command, launch: Launch): void {
  const command = program
    .command("evaluate")
    .summary("judge every record of the logs")
    .description(
      "Judges every record of the logs by the rules and compares the verdicts with the action AWS logged.",
    )
    .argument("<logs...>", "log files, folders, quoted patterns, or - for stdin");
  addFormatOption(addRuleOptions(command, true))
    .option("-o, --output <file>", "write the summary there instead of to stdout")
    .option(
      "--records <file>",
      "write every judged record there, CSV or NDJSON by its ending; - is stdout (summary to stderr)",
    )
    .addOption(
      new Option(
        "--records-format <format>",
        "form of --records where its name does not tell",
      ).choices(RECORDS_FORMATS),
    )
    .option(
      "--jobs <n>",
      "worker threads; the answer does not depend on it (with --records a single thread judges)",
      countValue(1, MAX_JOBS),
      1,
    );
  addTimeoutOption(command)
    .option(
      "--max-connections <n>",
      "connections remembered at once; the one idle longest goes first",
      countValue(1, MAX_CONNECTIONS),
    )
    .option(
      "--fields <list>",
      "fields of logs without a header, as describe-flow-logs shows LogFormat",
    )
    .option(
      "--from <time>",
      "only records from this time on (ISO, UTC, or Unix seconds)",
      timeValue,
    )
    .option("--to <time>", "only records before this time", timeValue)
    .option(
      "--interface <eni>",
      "only records of this interface; with =, one the rules do not hold: eni-1=sg-a,sg-b@10.0.0.5 (repeatable)",
      repeatedValue,
    )
    .option(
      "--group <group>",
      "only records of interfaces that carry this group (repeatable)",
      listValue,
    )
    .option("--vpc <vpc>", "only records of interfaces in this VPC (repeatable)", listValue)
    .option("--strict", "stop at the first line that is no record")
    .addHelpText("after", EXAMPLES)
    .action((logs: string[], flags: EvaluateFlags) =>
      launch(command, async (terminal) => {
        const { runEvaluate } = await import("../evaluate/run-evaluate.js");
        return runEvaluate(logs, flags, terminal);
      }),
    );
}
