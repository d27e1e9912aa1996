import type { Command } from "commander";
import { addFormatOption, type FormatFlags } from "../format-option.js";
import type { Launch } from "../program.js";
import { addInterfaceDefinitionOption, addRuleOptions, type RuleFlags } from "../rule-options.js";

/** The options of `doctor` as commander hands them over. */
export interface DoctorFlags extends RuleFlags, FormatFlags {
  readonly fields?: string;
}

const EXAMPLES = `
Examples:
  flowverdict doctor                                 the commands that fetch everything
  flowverdict doctor logs/ --rules account/          what is recognised, and what is missing

Looks at the first MiB of each log; nothing is judged and nothing leaves this machine.`;

/** `doctor`: what the inputs are, what they lack, and how to fetch it. */
export function addDoctorCommand(program: Command, launch: Launch): void {
  const command = program
    .command("doctor")
    .summary("look at logs and rules, say what is missing")
    .description(
      "Says what was recognised in logs and rules, what does not resolve, what is missing and what that costs, and the " +
        "read-only AWS CLI commands that fetch it.",
    )
    .argument("[logs...]", "log files, folders, quoted patterns, or - for stdin");
  addFormatOption(addInterfaceDefinitionOption(addRuleOptions(command, false)))
    .option(
      "--fields <list>",
      "fields of logs without a header, as describe-flow-logs shows LogFormat",
    )
    .addHelpText("after", EXAMPLES)
    .action((logs: string[], flags: DoctorFlags) =>
      launch(command, async (terminal) => {
        const { runDoctor } = await import("../doctor/run-doctor.js");
        return runDoctor(logs, flags, terminal);
      }),
    );
}
