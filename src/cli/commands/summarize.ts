import type { Command } from "commander";
import { addFormatOption, type FormatFlags } from "../format-option.js";
import type { Launch } from "../program.js";
import {
  addInterfaceDefinitionOption,
  addRuleOptions,
  addTimeoutOption,
  type RuleFlags,
  type TimeoutFlags,
} from "../rule-options.js";

/** The options of `summarize` as commander hands them over. */
export interface SummarizeFlags extends RuleFlags, TimeoutFlags, FormatFlags {
  readonly output: string;
  readonly fields?: string;
  readonly strict?: boolean;
}

const EXAMPLES = `
Examples:
  flowverdict summarize logs/2024/12/14/ --rules account/ -o 2024-12-14.fvs
  flowverdict summarize 2024-12-*.fvs -o december.fvs
  flowverdict summarize december.fvs logs/2025/01/01/ --rules account/ -o until-now.fvs
  flowverdict diff december.fvs --rules account/ --candidate new.json

The summary holds no rules: diff, usage, tighten and gate take it in place of logs and judge it by any. It is an Arrow
IPC stream. --rules only tells the addresses of interfaces: name the account the logs are of.

A long run is resumed by days: a summary appears whole or not at all, so sum up each day apart, do again what was cut
short, and give all of them to diff, usage, tighten or gate, which have no --checkpoint of their own.`;

/** `summarize`: a log as rows of openers, small, mergeable, to be judged again by any rules. */
export function addSummarizeCommand(program: Command, launch: Launch): void {
  const command = program
    .command("summarize")
    .summary("keep what a log says of openers, small and mergeable")
    .description(
      "Sums up logs, and summaries made before, as who opened what: rule-independent, so that a year is a merge of days.",
    )
    .argument("<logs...>", "log files, folders, quoted patterns, summaries, or - for stdin")
    .requiredOption("-o, --output <file>", "the summary to write");
  addFormatOption(addInterfaceDefinitionOption(addTimeoutOption(addRuleOptions(command, false))))
    .option(
      "--fields <list>",
      "fields of logs without a header, as describe-flow-logs shows LogFormat",
    )
    .option(
      "--strict",
      "stop at the first line that is no record, and at a log that cannot be read to its end",
    )
    .addHelpText("after", EXAMPLES)
    .action((logs: string[], flags: SummarizeFlags) =>
      launch(command, async (terminal) => {
        const { runSummarize } = await import("../summarize/run-summarize.js");
        return runSummarize(logs, flags, terminal);
      }),
    );
}
