import type { Command } from "commander";
import { addFormatOption, type FormatFlags } from "../format-option.js";
import type { Launch } from "../program.js";
import { addOutputOption, addReportOption } from "../survey/output-options.js";
import { addSurveyOptions, type SurveyFlags } from "../survey/survey-options.js";

/** The options of `check` as commander hands them over. */
export interface CheckFlags extends SurveyFlags, FormatFlags {
  readonly output?: string;
}

const EXAMPLES = `
Examples:
  flowverdict check logs/ --rules account/
  flowverdict check logs/ --rules account/ network-acls.json
  flowverdict check logs/ --rules account/ --format markdown -o fidelity.md

Trust in diff, usage and tighten rests on this: rules that do not explain the log cannot foretell it. Causes are
explained in docs/SEMANTICS.md, section 8.`;

/** `check`: whether the rules explain the log. */
export function addCheckCommand(program: Command, launch: Launch): void {
  const command = program
    .command("check")
    .summary("how far the rules explain the logs")
    .description(
      "Compares every verdict with the action AWS logged: agreement, and every disagreement with its suspected cause, " +
        "strongest evidence first, and with what would settle it.",
    )
    .argument("<logs...>", "log files, folders, quoted patterns, or - for stdin");
  addReportOption(addOutputOption(addFormatOption(addSurveyOptions(command))))
    .addHelpText("after", EXAMPLES)
    .action((logs: string[], flags: CheckFlags) =>
      launch(command, async (terminal) => {
        const { runCheck } = await import("../check/run-check.js");
        return runCheck(logs, flags, terminal);
      }),
    );
}
