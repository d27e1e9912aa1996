import { type Command, Option } from "commander";
import { LINT_LEVELS, type LintLevel } from "../../lint/lint-finding.js";
import { addFormatOption, type FormatFlags } from "../format-option.js";
import type { Launch } from "../program.js";
import { withPlan } from "../survey/candidate-options.js";
import { addOutputOption, addReportOption, type OutputFlags } from "../survey/output-options.js";
import { addSurveyOptions, type SurveyFlags } from "../survey/survey-options.js";

/** The options of `lint` as commander hands them over. */
export interface LintFlags extends SurveyFlags, OutputFlags, FormatFlags {
  readonly fix?: true | "json" | "edits";
  readonly acrossGroups?: boolean;
  readonly failOn?: LintLevel;
  readonly plan?: string;
}

const EXAMPLES = `
Examples:
  flowverdict lint --rules account/
  flowverdict lint logs/ --rules account/                  what of it was used in these logs
  flowverdict lint --rules account/ --fail-on error        exit 1 where there is an error: for a pipeline
  flowverdict lint --plan plan.json                        the rules as they are after terraform apply
  flowverdict lint --rules account/ --fix -o after.json    fewer rules that admit the same, with the proof on stderr
  flowverdict lint --rules account/ --fix=edits            the same as edit lines, to be read before they are applied

Options that choose records need logs. Nothing is ever applied.`;

/** `lint`: what the rules alone show. */
export function addLintCommand(program: Command, launch: Launch): void {
  const command = program
    .command("lint")
    .summary("look for faults in the rules, with or without a log")
    .description(
      "Looks for rules that are stale, superfluous, too wide or refused by AWS, for quotas, and for network ACLs that " +
        "stop replies; condenses groups and proves that nothing changed.",
    )
    .argument("[logs...]", "logs: each finding is then joined with what its rules admitted");
  addReportOption(
    addOutputOption(addFormatOption(addSurveyOptions(command, { needsRules: false }))),
  )
    .addOption(
      new Option(
        "--fix [form]",
        "print an equivalent rule set with fewer rules instead: json (as describe-security-groups answers) or edits",
      ).choices(["json", "edits"]),
    )
    .option(
      "--plan <path>",
      "look at what a Terraform plan (terraform show -json) makes of the rules, or of what stands before it",
    )
    .option(
      "--across-groups",
      "with --fix: also drop what the other groups of every interface that carries a group admit",
    )
    .addOption(
      new Option(
        "--fail-on <level>",
        "exit with 1 where a finding is of this level or graver",
      ).choices(LINT_LEVELS),
    )
    .addHelpText("after", EXAMPLES)
    .action((logs: string[], flags: LintFlags) =>
      launch(command, async (terminal) => {
        const { runLint } = await import("../lint/run-lint.js");
        return runLint(logs, withPlan(flags), terminal);
      }),
    );
}
