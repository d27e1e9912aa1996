import type { Command } from "commander";
import type { Launch } from "../program.js";
import {
  addInterfaceDefinitionOption,
  addRuleOptions,
  addTimeoutOption,
  type RuleFlags,
  type TimeoutFlags,
} from "../rule-options.js";

/** The options of `anonymize` as commander hands them over. */
export interface AnonymizeFlags extends RuleFlags, TimeoutFlags {
  readonly rules: readonly string[];
  readonly anonymize: string;
  readonly output: string;
  readonly fields?: string;
}

const EXAMPLES = `
Addresses keep the prefixes that they share and their kind (private, link-local, multicast), ids and account numbers
become others of the same kind, names and descriptions go. The same key maps alike, so several logs fit together.
Whoever has the key can undo the mapping: keep it.

Example:
  openssl rand -hex 32 > case.key
  flowverdict anonymize logs/ --rules account/ --anonymize case.key -o case
  flowverdict evaluate case/logs --rules case/rules.json`;

/** `anonymize`: a case that may leave the house. */
export function addAnonymizeCommand(program: Command, launch: Launch): void {
  const command = program
    .command("anonymize")
    .summary("a case without real addresses, ids and accounts")
    .description(
      "Writes logs and rules with mapped addresses, ids and account numbers, and proves that they are judged alike.",
    )
    .argument("<logs...>", "log files, folders, quoted patterns, or - for stdin")
    .requiredOption(
      "--anonymize <keyfile>",
      "key of the mapping: 32 bytes, or 64 hexadecimal digits",
    )
    .requiredOption("-o, --output <dir>", "folder to make: logs/ and the rules")
    .option(
      "--fields <list>",
      "fields of logs without a header, as describe-flow-logs shows LogFormat",
    );
  addRuleOptions(command, true, { dated: true });
  addInterfaceDefinitionOption(addTimeoutOption(command))
    .addHelpText("after", EXAMPLES)
    .action((logs: string[], flags: AnonymizeFlags) =>
      launch(command, async (terminal) => {
        const { runAnonymize } = await import("../anonymize/run-anonymize.js");
        return runAnonymize(logs, flags, terminal);
      }),
    );
}
