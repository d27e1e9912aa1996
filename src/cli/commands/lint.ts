import { type Command, Option } from "commander";
import { LINT_LEVELS, type LintLevel } from "../../lint/lint-finding.js";
import { addFormatOption, type FormatFlags } from "../format-option.js";
import type { Launch } from "../program.js";
import { addInterfaceDefinitionOption, addRuleOptions, type RuleFlags } from "../rule-options.js";

/** The options of `lint` as commander hands them over. */
export interface LintFlags extends RuleFlags, FormatFlags {
  readonly rules: readonly string[];
  readonly fix?: true | "json" | "edits";
  readonly acrossGroups?: boolean;
  readonly output?: string;
  readonly failOn?: LintLevel;
}

const EXAMPLES = `
Examples:
  flowverdict lint --rules account/
  flowverdict lint --rules account/ --fail-on error        exit 1 where there is an error: for a pipeline
  flowverdict lint --rules account/ --fix -o after.json    fewer rules that admit the same, with the proof on stderr
  flowverdict lint --rules account/ --fix=edits            the same as edit lines, to be read before they are applied

Needs no log. Nothing is ever applied.`;

/** `lint`: what the rules alone show. */
export function addLintCommand(program: Command, launch: Launch): void {
  const command = program
    .command("lint")
    .summary("look for faults in the rules, without a log")
    .description(
      "Looks for rules that are stale, superfluous, too wide or refused by AWS, for quotas, and for network ACLs that " +
        "stop replies; condenses groups and proves that nothing changed.",
    );
  addFormatOption(addInterfaceDefinitionOption(addRuleOptions(command, true)))
    .addOption(
      new Option(
        "--fix [form]",
        "print an equivalent rule set with fewer rules instead: json (as describe-security-groups answers) or edits",
      ).choices(["json", "edits"]),
    )
    .option(
      "--across-groups",
      "with --fix: also drop what the other groups of every interface that carries a group admit",
    )
    .option("-o, --output <file>", "write the answer there instead of to stdout")
    .addOption(
      new Option(
        "--fail-on <level>",
        "exit with 1 where a finding is of this level or graver",
      ).choices(LINT_LEVELS),
    )
    .addHelpText("after", EXAMPLES)
    .action((flags: LintFlags) =>
      launch(command, async (terminal) => {
        const { runLint } = await import("../lint/run-lint.js");
        return runLint(flags, terminal);
      }),
    );
}
