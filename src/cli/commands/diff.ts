import type { Command } from "commander";
import { addFormatOption, type FormatFlags } from "../format-option.js";
import type { Launch } from "../program.js";
import { addRecordOptions } from "../records/record-options.js";
import { addCandidateOptions, type CandidateFlags, withPlan } from "../survey/candidate-options.js";
import { addOutputOption, addReportOption, type OutputFlags } from "../survey/output-options.js";
import { addSurveyOptions, type SurveyFlags } from "../survey/survey-options.js";
import { countValue } from "../values/count-value.js";
import { timeValue } from "../values/time-value.js";

/** The options of `diff` as commander hands them over. */
export interface DiffFlags extends SurveyFlags, CandidateFlags, OutputFlags, FormatFlags {
  readonly at?: number;
  readonly onlyChanged?: boolean;
  readonly hideScanners?: boolean;
  readonly limit?: number;
}

const MAX_LIMIT = 1_000_000;

const EXAMPLES = `
Examples:
  flowverdict diff logs/ --rules account/ --candidate next/ --only-changed
  flowverdict diff logs/ --rules account/ --candidate next-a.json --candidate next-b.json
  flowverdict diff logs/ --rules account/ --edit 'revoke sg-1 ingress tcp 22 0.0.0.0/0'
  flowverdict diff logs/ --plan plan.json                  what terraform apply would break (terraform show -json)
  flowverdict diff logs/ --rules account/ --plan plan.json the same, over all that stands in the account
  flowverdict diff logs/ --rules account/ --candidate next/ --at 2024-12-14T22:00:00Z
  flowverdict diff logs/ --rules account/ --candidate next/ --records both.csv --format markdown -o impact.md

A candidate holds what changes; everything else is as in --rules. Leaving something out deletes nothing: deletion is
said by an edit. Connections count by their opener; replies follow it. What would newly pass are attempts: the log
cannot show what would have followed.`;

/** `diff`: what other rules would have done to the connections of a log. */
export function addDiffCommand(program: Command, launch: Launch): void {
  const command = program
    .command("diff")
    .summary("what other rules would break or let in")
    .description(
      "Judges the connections of the logs by the rules and by up to seven candidates in one pass: what would break, what " +
        "would newly pass, and by which rules.",
    )
    .argument("<logs...>", "log files, folders, quoted patterns, or - for stdin");
  addCandidateOptions(addSurveyOptions(command, { needsRules: false }))
    .option(
      "--at <time>",
      "the candidates replace the rules at this time: what survives, what is cut, what is refused afterwards",
      timeValue,
    )
    .option("--only-changed", "list no connections that stay as they are")
    .option("--hide-scanners", "list no peers that only ever sent rejected openers")
    .option("--limit <n>", "most tuples listed per candidate", countValue(1, MAX_LIMIT));
  addReportOption(addOutputOption(addRecordOptions(addFormatOption(command))))
    .addHelpText("after", EXAMPLES)
    .action((logs: string[], flags: DiffFlags) =>
      launch(command, async (terminal) => {
        const { runDiff } = await import("../diff/run-diff.js");
        return runDiff(logs, withPlan(flags), terminal);
      }),
    );
}
