import type { Command } from "commander";
import type { WantedPartitions } from "../../logs/index.js";
import {
  addRuleOptions,
  addTimeoutOption,
  type RuleFlags,
  type TimeoutFlags,
} from "../rule-options.js";
import { countValue } from "../values/count-value.js";
import { listValue, repeatedValue } from "../values/list-value.js";
import { partitionValue } from "../values/partition-value.js";
import { timeValue } from "../values/time-value.js";

/** The options of every command that judges logs, as commander hands them over. */
export interface SurveyFlags extends RuleFlags, TimeoutFlags {
  readonly rules: readonly string[];
  readonly maxConnections?: number;
  readonly fields?: string;
  readonly from?: number;
  readonly to?: number;
  readonly group?: readonly string[];
  readonly vpc?: readonly string[];
  readonly partition?: WantedPartitions;
  readonly strict?: boolean;
}

/** More entries than a 32-bit memory can hold would only fail later. */
const MAX_CONNECTIONS = 100_000_000;

/** What tells one command's survey options from another's. */
interface SurveyNeeds {
  /** False where something else may hold the rules: whoever reads the options then asks for them. */
  readonly needsRules?: boolean;
}

/** Adds the rules, which records of the logs are read, and how they are judged. */
export function addSurveyOptions(command: Command, needs: SurveyNeeds = {}): Command {
  return addUngroupedSurveyOptions(command, needs).option(
    "--group <group>",
    "only records of interfaces that carry this group (repeatable)",
    listValue,
  );
}

/** The same without `--group`, for commands to which it says something else. */
export function addUngroupedSurveyOptions(
  command: Command,
  { needsRules = true }: SurveyNeeds = {},
): Command {
  addRuleOptions(command, needsRules, { dated: true });
  return addTimeoutOption(command)
    .option(
      "--max-connections <n>",
      "connections remembered at once; the one idle longest goes first",
      countValue(1, MAX_CONNECTIONS),
    )
    .option(
      "--fields <list>",
      "fields of logs without a header, as describe-flow-logs shows LogFormat",
    )
    .option(
      "--from <time>",
      "only records from this time on (ISO, UTC, or Unix seconds); or summaries to judge in place of logs",
      timeValue,
    )
    .option("--to <time>", "only records before this time", timeValue)
    .option(
      "--interface <eni>",
      "only records of this interface; with =, one the rules do not hold: eni-1=sg-a,sg-b@10.0.0.5 (repeatable)",
      repeatedValue,
    )
    .option(
      "--partition <name=values>",
      "only files whose folders say so, such as aws-region=eu-west-1 (repeatable)",
      partitionValue,
    )
    .option("--vpc <vpc>", "only records of interfaces in this VPC (repeatable)", listValue)
    .option(
      "--strict",
      "stop at the first line that is no record, and at a log that cannot be read to its end",
    );
}
