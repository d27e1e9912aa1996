import type { Command } from "commander";
import { addCheckpointOptions, type CheckpointFlags } from "../checkpoint/checkpoint-options.js";
import { addFormatOption, type FormatFlags } from "../format-option.js";
import type { Launch } from "../program.js";
import { addSelectionOptions, type SelectionFlags } from "../records/record-options.js";
import { addOutputOption, addReportOption, type OutputFlags } from "../survey/output-options.js";
import { addSurveyOptions, type SurveyFlags } from "../survey/survey-options.js";
import { countValue } from "../values/count-value.js";

/** The options of `evaluate` as commander hands them over. */
export interface EvaluateFlags
  extends SurveyFlags,
    OutputFlags,
    SelectionFlags,
    CheckpointFlags,
    FormatFlags {
  readonly jobs: number;
}

const MAX_JOBS = 256;

const EXAMPLES = `
Examples:
  flowverdict evaluate logs/ --rules account/
  flowverdict evaluate --rules groups.json interfaces.json --json -- logs/2024/12/14/
  flowverdict evaluate logs/ --rules account/ --rules groups-later.json@2024-12-14T16:00:00Z
  zcat *.log.gz | flowverdict evaluate - --rules account/ --records verdicts.csv
  flowverdict evaluate s3://bucket/AWSLogs/ --rules account/ --from 2024-12-14 --checkpoint run.state
  flowverdict evaluate logs/ --rules account/ --deny-out denied.parquet --unknown-out unknown.parquet
  flowverdict evaluate logs/ --rules account/ --where 'verdict = deny and action = ACCEPT' --top port,remote+port

Coverage first: an answer speaks for the interfaces and times the log holds. Every term is explained in
docs/SEMANTICS.md. Times are UTC.`;

/** `evaluate`: a verdict for every record, and how far the rules explain the log. */
export function addEvaluateCommand(program: Command, launch: Launch): void {
  const command = program
    .command("evaluate")
    .summary("judge every record of the logs")
    .description(
      "Judges every record of the logs by the rules and compares the verdicts with the action AWS logged.",
    )
    .argument(
      "[logs...]",
      "log files, folders, quoted patterns, s3://bucket/prefix, or - for stdin, which is read where none are named",
    );
  addSelectionOptions(
    addReportOption(addOutputOption(addFormatOption(addSurveyOptions(command)))),
  ).option(
    "--jobs <n>",
    "worker threads; the answer does not depend on it (where records are written, filtered or counted, and with --checkpoint, a single thread judges)",
    countValue(1, MAX_JOBS),
    1,
  );
  addCheckpointOptions(command);
  command.addHelpText("after", EXAMPLES).action((logs: string[], flags: EvaluateFlags) =>
    launch(command, async (terminal) => {
      const { runEvaluate } = await import("../evaluate/run-evaluate.js");
      return runEvaluate(logs, flags, terminal);
    }),
  );
}
