import type { Command } from "commander";
import { FlowError } from "../../errors.js";
import { repeatedValue } from "../values/list-value.js";

/** What the rules are to become, as commander hands it over. */
export interface CandidateFlags {
  readonly candidate?: readonly string[];
  readonly edit?: readonly string[];
  readonly plan?: string;
  readonly parameters?: readonly string[];
}

/** The rules, which may stand in a plan. */
interface GivenRules {
  readonly rules?: readonly string[];
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
    )
    .option(
      "--plan <path>",
      "a Terraform plan as terraform show -json prints it: the rules are what stands before it, unless --rules says " +
        "otherwise, and the candidate is what it makes of them",
    );
}

/** `--plan` as the candidate that it is, and as the rules where there are no others. Throws where there are none at all. */
export function withPlan<T extends CandidateFlags & GivenRules>(
  flags: T,
): T & { readonly rules: readonly string[] } {
  const { plan, rules, candidate = [] } = flags;
  if (plan !== undefined)
    return { ...flags, rules: rules ?? [plan], candidate: [...candidate, plan] };
  if (rules !== undefined) return { ...flags, rules };
  throw new FlowError("no-rules", "--rules is missing", {
    hint: "give --rules PATH: the JSON of aws ec2 describe-...; or --plan, which holds the rules before it too",
  });
}

/** What the rules before are called: a plan that is both sides is named once. */
export function baselineName(name: string, { plan, rules }: CandidateFlags & GivenRules): string {
  return plan !== undefined && rules?.length === 1 && rules[0] === plan ? `before ${name}` : name;
}
