// Options that every command with a rule set and a log shares.

import type { Command } from "commander";
import type { Timers } from "../model/timers.js";
import { listValue, repeatedValue } from "./values/list-value.js";
import { TIMER_NAMES, timeoutValue } from "./values/timeout-value.js";

export interface RuleFlags {
  readonly rules?: readonly string[];
  readonly interface?: readonly string[];
  readonly attach?: readonly string[];
  readonly snapshotComplete?: boolean;
  readonly parameters?: readonly string[];
}

/**
 * Adds `--rules` and what completes a rule set by hand. `dated`: the command follows rules over time, each path with the
 * time from which it holds.
 */
export function addRuleOptions(
  command: Command,
  required: boolean,
  { dated = false }: { readonly dated?: boolean } = {},
): Command {
  const paths =
    "files and folders with the JSON of aws ec2 describe-...; paths up to the next option";
  const rules = dated ? `${paths}; PATH@TIME: rules from that time on` : paths;
  if (required) command.requiredOption("--rules <path...>", rules);
  else command.option("--rules <path...>", rules);
  return command
    .option(
      "--attach <group>",
      "these groups on every interface of the log that the rules do not hold (repeatable)",
      listValue,
    )
    .option(
      "--parameters <path>",
      "what CloudFormation templates leave open: parameters as the AWS CLI takes them, or what describe-stacks, " +
        "describe-stack-resources and list-exports answer (repeatable)",
      repeatedValue,
    )
    .option("--snapshot-complete", "a private address of no known interface is of no group (3.5b)");
}

/** Adds `--timeout`. */
export function addTimeoutOption(command: Command): Command {
  return command.option(
    "--timeout <name=span>",
    `idle timer, such as tcp-established=350s, or the profile nitro-v6 (repeatable; ${TIMER_NAMES.join(", ")})`,
    timeoutValue,
  );
}

/** Adds `--interface` for commands that only take rule data from it. */
export function addInterfaceDefinitionOption(command: Command): Command {
  return command.option(
    "--interface <eni=groups@addresses>",
    "an interface the rules do not hold: eni-1=sg-a,sg-b@10.0.0.5 (repeatable)",
    repeatedValue,
  );
}

export interface TimeoutFlags {
  readonly timeout?: Timers;
}
