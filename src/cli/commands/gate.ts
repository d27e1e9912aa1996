import type { Command } from "commander";
import { addGateFormatOption, type GateFormatFlags } from "../gate/gate-format-option.js";
import type { Launch } from "../program.js";
import { addCandidateOptions, type CandidateFlags, withPlan } from "../survey/candidate-options.js";
import { addOutputOption, addReportOption, type OutputFlags } from "../survey/output-options.js";
import { addSurveyOptions, type SurveyFlags } from "../survey/survey-options.js";
import { listValue, repeatedValue } from "../values/list-value.js";

/** The options of `gate` as commander hands them over. */
export interface GateFlags extends SurveyFlags, CandidateFlags, OutputFlags, GateFormatFlags {
  readonly failOn?: readonly string[];
  readonly assert?: readonly string[];
  readonly undecidedFails?: boolean;
}

const EXAMPLES = `
Conditions of --fail-on, each with the number that is still fine (0 unless given):
  would-break, newly-pass, undetermined     connections of the logs
  assertion                                 assertions of --assert that do not hold
  lint-error                                faults of the candidate that need no log
  fidelity-below=0.99                       the share of the log that --rules explain

Examples:
  flowverdict gate logs/ --rules account/ --candidate next/
  flowverdict gate logs/ --rules account/ --edit 'revoke sg-1 ingress tcp 22 0.0.0.0/0' --fail-on would-break=5
  flowverdict gate logs/ --rules account/ --plan plan.json
  flowverdict gate logs/ --rules account/ --candidate next/ --assert net.yml --format sarif -o gate.sarif

Exits with 0 where it passes, 1 where a condition fails, 2 where the logs or rules could not all be read.
The file of --assert is described in docs/FORMATS.md.`;

/** `gate`: whether a change of the rules may pass. */
export function addGateCommand(program: Command, launch: Launch): void {
  const command = program
    .command("gate")
    .summary("let a change of the rules pass, or not")
    .description(
      "Judges a candidate by the logs and by assertions, and ends with 1 where it must not pass: for pipelines.",
    )
    .argument("<logs...>", "log files, folders, quoted patterns, or - for stdin");
  addReportOption(
    addOutputOption(
      addGateFormatOption(addCandidateOptions(addSurveyOptions(command, { needsRules: false }))),
    ),
  )
    .option(
      "--fail-on <condition>",
      "fail on this; would-break and assertion where none is given (repeatable)",
      listValue,
    )
    .option(
      "--assert <file>",
      "assertions that must hold under the candidate, and changes somebody answers for (YAML; repeatable)",
      repeatedValue,
    )
    .option("--undecided-fails", "an assertion that nothing decides counts as violated")
    .addHelpText("after", EXAMPLES)
    .action((logs: string[], flags: GateFlags) =>
      launch(command, async (terminal) => {
        const { runGate } = await import("../gate/run-gate.js");
        return runGate(logs, withPlan(flags), terminal);
      }),
    );
}
