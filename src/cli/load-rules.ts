// Paths and options of the command line → a rule set.

import { FlowError } from "../errors.js";
import { findRuleFiles, readText } from "../node/index.js";
import { type LoadedRules, loadRuleSet, type RuleDocument } from "../rules/index.js";
import type { Terminal } from "./terminal.js";

export interface RuleSources {
  readonly paths: readonly string[];
  /** `eni-…=sg-a,sg-b@10.0.0.5`. */
  readonly interfaces: readonly string[];
  readonly attach: readonly string[];
  readonly snapshotComplete: boolean;
}

/** Throws where stdin is to be both a log and a rule document. */
export function refuseSharedStdin(logs: readonly string[], rules: readonly string[]): void {
  if (!logs.includes("-") || !rules.includes("-")) return;
  throw new FlowError("no-such-input", "stdin cannot be a log and a rule document at once", {
    at: "-",
    hint: "give one of them as a file",
  });
}

/** Reads all rule documents and says what the loader had to pass over. */
export async function loadRules(sources: RuleSources, terminal: Terminal): Promise<LoadedRules> {
  const files = await findRuleFiles(sources.paths);
  const documents: RuleDocument[] = [];
  for (const file of files)
    documents.push({ name: file.name, text: await readText(file.path), explicit: file.explicit });
  const loaded = loadRuleSet(documents, {
    interfaces: sources.interfaces,
    attach: sources.attach,
    snapshotComplete: sources.snapshotComplete,
  });
  for (const warning of loaded.warnings)
    terminal.say(`warning: ${warning.at}: ${warning.message} (${warning.code})`);
  return loaded;
}
