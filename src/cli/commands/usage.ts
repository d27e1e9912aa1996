import { type Command, Option } from "commander";
import { addFormatOption, type FormatFlags } from "../format-option.js";
import type { Launch } from "../program.js";
import { addOutputOption, addReportOption, type OutputFlags } from "../survey/output-options.js";
import { addSurveyOptions, type SurveyFlags } from "../survey/survey-options.js";

/** The options of `usage` as commander hands them over. */
export interface UsageFlags extends SurveyFlags, OutputFlags, FormatFlags {
  readonly plan?: "removal";
  readonly planOut?: string;
}

const EXAMPLES = `
Examples:
  flowverdict usage logs/ --rules account/
  flowverdict usage logs/ --rules account/ --plan removal
  flowverdict usage logs/ --rules account/ --plan removal --plan-out remove.edits
  flowverdict diff logs/ --rules account/ --candidate remove.edits      the same proof, in full

All rules that admit a connection count, not only the first. A rule without evidence is one that these logs
never show in use: how much they could show stands beside it. Nothing is ever applied.`;

/** `usage`: the rule ledger. */
export function addUsageCommand(program: Command, launch: Launch): void {
  const command = program
    .command("usage")
    .summary("show what each rule was good for")
    .description(
      "Shows for every rule what it admitted in the logs, what no other rule would have admitted, the used part of its " +
        "addresses and ports, and how much the logs could show of it.",
    )
    .argument("<logs...>", "log files, folders, quoted patterns, or - for stdin");
  addReportOption(addOutputOption(addFormatOption(addSurveyOptions(command))))
    .addOption(
      new Option(
        "--plan <plan>",
        "removal: a largest set of rules that can go together, proved by a diff on the same logs",
      ).choices(["removal"]),
    )
    .option(
      "--plan-out <file>",
      "write the plan there as edit lines, for --candidate and for review",
    )
    .addHelpText("after", EXAMPLES)
    .action((logs: string[], flags: UsageFlags) =>
      launch(command, async (terminal) => {
        const { runUsage } = await import("../usage/run-usage.js");
        return runUsage(logs, flags, terminal);
      }),
    );
}
