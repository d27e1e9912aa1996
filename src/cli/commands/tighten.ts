import { type Command, Option } from "commander";
import type { Direction, Grade } from "../../model/verdict.js";
import { SUGGESTION_FORMS, type SuggestionForm } from "../../report/suggestion-form.js";
import { addFormatOption, type FormatFlags } from "../format-option.js";
import type { Launch } from "../program.js";
import { addOutputOption, addReportOption, type OutputFlags } from "../survey/output-options.js";
import { addUngroupedSurveyOptions, type SurveyFlags } from "../survey/survey-options.js";
import { countValue } from "../values/count-value.js";
import { durationValue } from "../values/timeout-value.js";

/** The options of `tighten` as commander hands them over. */
export interface TightenFlags extends Omit<SurveyFlags, "group">, OutputFlags, FormatFlags {
  readonly group: string;
  readonly budget?: number;
  readonly train?: number;
  readonly test?: number | false;
  readonly direction?: Direction;
  readonly minGrade?: Grade;
  readonly out?: SuggestionForm;
}

/** What AWS grants at most: a thousand rules over all groups of an interface. */
const MAX_BUDGET = 1000;

const EXAMPLES = `
Examples:
  flowverdict tighten logs/ --rules account/ --group sg-1 --budget 20
  flowverdict tighten logs/ --rules account/ --group sg-1 --train 60d --test 30d
  flowverdict tighten logs/ --rules account/ --group sg-1 --out edits -o narrower.edits
  flowverdict diff logs/ --rules account/ --candidate narrower.edits

Spans count back from the last record: the end of the logs is held out, and the suggestion is tried on it. What
the logs cannot judge stays. Nothing is ever applied.`;

/** `tighten`: narrower rules for one group. */
export function addTightenCommand(program: Command, launch: Launch): void {
  const command = program
    .command("tighten")
    .summary("suggest narrower rules for a group")
    .description(
      "Suggests narrower rules for a group from what its rules admitted, and tries them on a part of the logs that it " +
        "did not learn from.",
    )
    .argument("<logs...>", "log files, folders or quoted patterns; they are read three times");
  addUngroupedSurveyOptions(command)
    .requiredOption("--group <group>", "the group to narrow, by its id")
    .option(
      "--budget <n>",
      "most rules per direction and address family (default: 60, the quota of AWS)",
      countValue(1, MAX_BUDGET),
    )
    .option(
      "--train <span>",
      "learn from this long before the part that is held out, such as 60d (default: all of it)",
      durationValue,
    )
    .option(
      "--test <span>",
      "hold out this long before the end, such as 30d (default: a third of the logs)",
      durationValue,
    )
    .option("--no-test", "learn from everything: what the suggestion would break stays unknown")
    .addOption(
      new Option("--direction <direction>", "narrow only this direction").choices([
        "ingress",
        "egress",
      ]),
    )
    .addOption(
      new Option(
        "--min-grade <grade>",
        "weakest evidence of who opened to learn from (default: inferred)",
      ).choices(["measured", "inferred", "paired", "one-way"]),
    )
    .addOption(
      new Option(
        "--out <form>",
        "print the suggestion alone: json (as describe-security-groups answers), terraform or edits",
      ).choices(SUGGESTION_FORMS),
    );
  addReportOption(addOutputOption(addFormatOption(command)))
    .addHelpText("after", EXAMPLES)
    .action((logs: string[], flags: TightenFlags) =>
      launch(command, async (terminal) => {
        const { runTighten } = await import("../tighten/run-tighten.js");
        return runTighten(logs, flags, terminal);
      }),
    );
}
