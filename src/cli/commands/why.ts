import type { Command } from "commander";
import { addFormatOption, type FormatFlags } from "../format-option.js";
import type { Launch } from "../program.js";
import {
  addInterfaceDefinitionOption,
  addRuleOptions,
  addTimeoutOption,
  type RuleFlags,
  type TimeoutFlags,
} from "../rule-options.js";
import { addCandidateOptions, type CandidateFlags, withPlan } from "../survey/candidate-options.js";
import { addReportOption, type OutputFlags } from "../survey/output-options.js";
import { repeatedValue } from "../values/list-value.js";
import { timeValue } from "../values/time-value.js";

/** The options of `why` as commander hands them over. */
export interface WhyFlags
  extends RuleFlags,
    TimeoutFlags,
    CandidateFlags,
    FormatFlags,
    Pick<OutputFlags, "report"> {
  readonly rules: readonly string[];
  readonly context?: readonly string[];
  readonly from?: readonly string[];
  readonly fields?: string;
  readonly flow?: readonly string[];
  readonly at?: number;
}

const EXAMPLES = `
Examples:
  flowverdict why '2 123456789012 eni-0a 10.0.1.5 10.0.2.9 41122 5432 6 1 60 1734193850 1734193863 REJECT OK' --rules account/
  flowverdict why logs/a.log.gz:4711 --rules account/
  flowverdict why 2024/12/14/a.log.gz:4711 --context logs/ --rules account/
  flowverdict why --flow 'eni-0a ingress tcp 10.1.2.3:* -> :5432' --rules account/
  flowverdict why --flow '10.0.1.5 egress udp -> 10.0.2.9:53' --rules account/ --edit 'delete sg-1'
  flowverdict why 2024/12/14/a.log.gz:4711 --from days/*.fvs --rules account/

A hypothetical flow is: interface (id or address, several with commas), direction there, protocol (icmp/8/0: type and
code), SOURCE -> DESTINATION. The interface's own side may be :PORT or nothing; * is any client port.
Who opened a connection is told by the other records of the interface: those of the same file, and those of
--context. A line by itself is judged as the only record of its connection. Names as reports print them are found in
the folders of --context. A summary holds openings, not records: with --from the opening of the record's connection
is explained, and what was seen of it; FILE:LINE may be a sample of a log that is gone.`;

/** `why`: one record, or a connection nobody saw, explained rule by rule. */
export function addWhyCommand(program: Command, launch: Launch): void {
  const command = program
    .command("why")
    .summary("explain the verdict of one record, or of a flow that might be")
    .description(
      "Explains one verdict: interface, groups, every rule, opener and how it is known, state, network ACL, and the other " +
        "end.",
    )
    .argument("[record]", "a quoted log line, or FILE:LINE");
  addRuleOptions(command, false)
    .option(
      "--context <logs...>",
      "logs to look for the rest of the connection in; with --flow: for connections like it",
    )
    .option("--from <summaries...>", "summaries to look in, in place of logs")
    .option(
      "--flow <text>",
      "instead of a record: 'eni-1 ingress tcp 10.1.2.3:* -> :5432' (repeatable)",
      repeatedValue,
    )
    .option(
      "--at <time>",
      "the time of --flow, for rules over time; the latest by default",
      timeValue,
    );
  addCandidateOptions(addInterfaceDefinitionOption(addTimeoutOption(command)));
  addReportOption(addFormatOption(command))
    .option("--fields <list>", "fields of the line, and of logs without a header")
    .addHelpText("after", EXAMPLES)
    .action((record: string | undefined, flags: WhyFlags) => {
      if (record === undefined && flags.flow === undefined)
        command.error("error: missing required argument 'record', or --flow", {
          code: "commander.missingArgument",
        });
      return launch(command, async (terminal) => {
        const { runWhy } = await import("../why/run-why.js");
        return runWhy(record, withPlan(flags), terminal);
      });
    });
}
