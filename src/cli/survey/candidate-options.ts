import type { Command } from "commander";
import { repeatedValue } from "../values/list-value.js";

/** What the rules are to become, as commander hands it over. */
export interface CandidateFlags {
  readonly candidate?: readonly string[];
  readonly edit?: readonly string[];
}

/** Adds `--candidate` and `--edit`. */
export function addCandidateOptions(command: Command): Command {
  return command
    .option(
      "--candidate <path>",
      "rules that are to hold instead: a file, a folder, or a file of edit lines; what it does not contain is as in " +
        "--rules (repeatable, seven at most)",
      repeatedValue,
    )
    .option(
      "--edit <line>",
      "a change of the rules: 'revoke sg-1 ingress tcp 22 0.0.0.0/0', authorize, attach, detach, delete, add-entry, " +
        "remove-entry (repeatable; all together are one candidate)",
      repeatedValue,
    );
}
