// The command tree. Loads nothing heavy: each command imports its work when it runs.

import { Command, CommanderError } from "commander";
import { printable } from "../model/printable.js";
import { TOOL } from "../report/tool.js";
import { addAnonymizeCommand } from "./commands/anonymize.js";
import { addCheckCommand } from "./commands/check.js";
import { addCompletionCommand } from "./commands/completion.js";
import { addDiffCommand } from "./commands/diff.js";
import { addDoctorCommand } from "./commands/doctor.js";
import { addEvaluateCommand } from "./commands/evaluate.js";
import { addGateCommand } from "./commands/gate.js";
import { addGenerateCommand } from "./commands/generate.js";
import { addLintCommand } from "./commands/lint.js";
import { addManCommand } from "./commands/man.js";
import { addPageCommand } from "./commands/page.js";
import { addSnapshotCommand } from "./commands/snapshot.js";
import { addSummarizeCommand } from "./commands/summarize.js";
import { addTightenCommand } from "./commands/tighten.js";
import { addUsageCommand } from "./commands/usage.js";
import { addWhyCommand } from "./commands/why.js";
import { CONFIG_NAME } from "./config/read-config.js";
import { withConfig } from "./config/with-defaults.js";
import { EXIT_INPUT, EXIT_OK } from "./exit-code.js";
import { describeFailure } from "./failure.js";
import { moveSummaries } from "./from-summaries.js";
import { processTerminal, type TalkOptions, type Terminal } from "./terminal.js";

/** What a command's action gives back: the exit code. */
export type Action = (terminal: Terminal) => Promise<number>;

/** Runs an action with the terminal its options ask for; set by the program, called by the commands. */
export type Launch = (command: Command, action: Action) => Promise<void>;

const SHORT_HELP = `${TOOL.name} ${TOOL.version}: replays VPC flow logs against security-group rules, offline.

  evaluate LOGS --rules PATH                    a verdict for every record, and what disagrees with the log
  diff LOGS --rules PATH --candidate PATH       what other rules would break or let in
  check LOGS --rules PATH                       how far the rules explain the log
  summarize LOGS -o FILE.fvs                    a log as who opened what, to be judged again by any rules
  why RECORD --rules PATH                       why one record, or a flow, is allowed or denied
  usage LOGS --rules PATH                       what each rule admitted, and which can go together
  tighten LOGS --rules PATH --group GROUP       narrower rules that admit what was seen
  gate LOGS --rules PATH --candidate PATH       whether a change may pass, for pipelines
  lint --rules PATH                             what the rules alone show
  doctor [LOGS] [--rules PATH]                  what is recognised, what is missing, how to fetch it
  snapshot -o FOLDER                            the rules of an account, fetched read-only by the AWS SDK
  anonymize LOGS --rules PATH --anonymize KEY -o FOLDER   a case without real addresses, ids and accounts
  generate -o FOLDER                            a made-up account with its log, to try things on
  page                                          the same engine as one HTML file, for a browser
  completion SHELL                              completion for bash, zsh or fish
  man                                           the manual page

${TOOL.name} help COMMAND shows the options of a command.
`;

/** Advice that commander cannot know. */
function adviceFor(error: CommanderError): string {
  if (error.code === "commander.missingArgument")
    return "  hint: --rules and other lists take values up to the next option; put LOGS first, or after --\n";
  return "";
}

interface Outcome {
  exitCode: number;
}

function buildProgram(outcome: Outcome): Command {
  const program = new Command(TOOL.name);
  const launch: Launch = async (command, action) => {
    outcome.exitCode = await action(processTerminal(command.optsWithGlobals<TalkOptions>()));
  };
  program
    .description("Replays VPC flow logs against security-group rules, statefully and offline.")
    .version(TOOL.version, "-V, --version", "print the version")
    .option("-q, --quiet", "print nothing but results and errors")
    .option("-v, --verbose", "say more on stderr")
    .option("--no-color", "no colours (so does NO_COLOR; FORCE_COLOR forces them)")
    .option("--no-progress", "no progress on stderr")
    .option("--config <file>", `defaults of options; else ${CONFIG_NAME} of the working folder`)
    .option("--no-config", "no defaults from a file")
    .configureHelp({ showGlobalOptions: true })
    .addHelpText(
      "after",
      "\nExit codes: 0 fine, 1 a gate failed, 2 usage or input, 3 a fault of ours, 130 interrupted.",
    )
    .exitOverride();
  addEvaluateCommand(program, launch);
  addDiffCommand(program, launch);
  addCheckCommand(program, launch);
  addSummarizeCommand(program, launch);
  addWhyCommand(program, launch);
  addUsageCommand(program, launch);
  addTightenCommand(program, launch);
  addGateCommand(program, launch);
  addLintCommand(program, launch);
  addDoctorCommand(program, launch);
  addSnapshotCommand(program, launch);
  addAnonymizeCommand(program, launch);
  addGenerateCommand(program, launch);
  addPageCommand(program, launch);
  addCompletionCommand(program, launch);
  addManCommand(program, launch);
  // Settings are copied to subcommands only when these are made; the errors of all are to end here.
  for (const command of program.commands) command.copyInheritedSettings(program);
  return program;
}

/** Runs the command line and gives the exit code. Writes to the streams of this process. */
export async function runProgram(argv: readonly string[]): Promise<number> {
  if (argv.length === 0) {
    if (process.stdout.isTTY === true) {
      process.stdout.write(SHORT_HELP);
      return EXIT_OK;
    }
    process.stderr.write(SHORT_HELP);
    return EXIT_INPUT;
  }
  const outcome: Outcome = { exitCode: EXIT_OK };
  const program = buildProgram(outcome);
  const quiet = argv.includes("-q") || argv.includes("--quiet");
  const note = (text: string): void => {
    if (!quiet) process.stderr.write(`${printable(text)}\n`);
  };
  try {
    const words = await withConfig(argv, program, note);
    await program.parseAsync(moveSummaries(words), { from: "user" });
    return outcome.exitCode;
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return EXIT_OK;
      process.stderr.write(adviceFor(error));
      return EXIT_INPUT;
    }
    const failure = describeFailure(error);
    process.stderr.write(failure.text);
    return failure.exitCode;
  }
}
