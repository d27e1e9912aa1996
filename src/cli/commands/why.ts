import type { Command } from "commander";
import type { Timers } from "../../model/timers.js";
import { addFormatOption, type FormatFlags } from "../format-option.js";
import type { Launch } from "../program.js";
import {
  addInterfaceDefinitionOption,
  addRuleOptions,
  addTimeoutOption,
  type RuleFlags,
} from "../rule-options.js";

/** The options of `why` as commander hands them over. */
export interface WhyFlags extends RuleFlags, FormatFlags {
  readonly rules: readonly string[];
  readonly context?: readonly string[];
  readonly fields?: string;
  readonly timeout?: Timers;
}

const EXAMPLES = `
Examples:
  flowverdict why '2 123456789012 eni-0a 10.0.1.5 10.0.2.9 41122 5432 6 1 60 1734193850 1734193863 REJECT OK' --rules account/
  flowverdict why logs/a.log.gz:4711 --rules account/
  flowverdict why logs/a.log.gz:4711 --context logs/ --rules account/

Who opened a connection is told by the other records of the interface: those of the same file, and those of
--context. A line by itself is judged as the only record of its connection.`;

/** `why`: one record, explained rule by rule. */
export function addWhyCommand(program: Command, launch: Launch): void {
  const command = program
    .command("why")
    .summary("explain the verdict of one record")
    .description(
      "Explains the verdict of one record: interface, groups, every rule, opener, grade.",
    )
    .argument("<record>", "a quoted log line, or FILE:LINE");
  addRuleOptions(command, true).option(
    "--context <logs...>",
    "logs to look for the rest of the connection in",
  );
  addFormatOption(addInterfaceDefinitionOption(addTimeoutOption(command)))
    .option("--fields <list>", "fields of the line, and of logs without a header")
    .addHelpText("after", EXAMPLES)
    .action((record: string, flags: WhyFlags) =>
      launch(command, async (terminal) => {
        const { runWhy } = await import("../why/run-why.js");
        return runWhy(record, flags, terminal);
      }),
    );
}
