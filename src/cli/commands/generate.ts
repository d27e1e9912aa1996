import { type Command, Option } from "commander";
import type { Launch } from "../program.js";
import { countValue } from "../values/count-value.js";
import { timeValue } from "../values/time-value.js";

/** The options of `generate` as commander hands them over. */
export interface GenerateFlags {
  readonly output: string;
  readonly records: number;
  readonly seed: number;
  readonly format: "v2" | "v5";
  readonly fields?: string;
  readonly files: number;
  readonly gzip?: boolean;
  readonly truth?: boolean;
  readonly interfaces?: number;
  readonly rulesPerInterface?: number;
  readonly start?: number;
  readonly header: boolean;
}

const EXAMPLES = `
Writes DIR/account/*.json (what aws ec2 describe-... would answer) and DIR/logs/*.log. The same options write the same
bytes on every machine.

Example:
  flowverdict generate -o try/ --records 1_000_000 --format v5 --gzip
  flowverdict evaluate try/logs --rules try/account`;

/** `generate`: a made-up account and its flow log. */
export function addGenerateCommand(program: Command, launch: Launch): void {
  const command = program
    .command("generate")
    .summary("make up an account and its log")
    .description(
      "Makes up an account with security groups and the flow log of its traffic, from a seed.",
    )
    .requiredOption("-o, --output <dir>", "folder to write to; made if need be")
    .requiredOption("--records <n>", "log lines to write", countValue(0, 1e12))
    .option("--seed <n>", "another seed is another account", countValue(0, 4_294_967_295), 1)
    .addOption(
      new Option("--format <format>", "v2 = AWS's default fields, v5 = with flags and pkt-*")
        .choices(["v2", "v5"])
        .default("v2"),
    )
    .option("--fields <list>", "other fields, in order, instead of --format")
    .option("--files <k>", "log files to spread the lines over", countValue(1, 100_000), 1)
    .option("--gzip", "compress the log files")
    .option("--truth", "also write DIR/truth.csv: what really happened, line by line")
    .option("--interfaces <n>", "interfaces of the account", countValue(1, 10_000))
    .option("--rules-per-interface <n>", "rules of one interface", countValue(4, 100_000))
    .option("--start <time>", "first second of the log (ISO, UTC, or Unix seconds)", timeValue)
    .option("--no-header", "no header line in the log files")
    .addHelpText("after", EXAMPLES)
    .action((flags: GenerateFlags) =>
      launch(command, async (terminal) => {
        const { runGenerate } = await import("../generate/run-generate.js");
        return runGenerate(flags, terminal);
      }),
    );
}
