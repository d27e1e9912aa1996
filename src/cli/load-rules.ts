// Paths and options of the command line → a rule set.

import { FlowError } from "../errors.js";
import { usableRules } from "../inspect/usable-rules.js";
import { findRuleFiles, type RuleFile, readText } from "../node/index.js";
import {
  type DatedRules,
  type LoadedRules,
  loadHistory,
  loadRuleSet,
  type RuleDocument,
  type RuleOptions,
} from "../rules/index.js";
import type { Terminal } from "./terminal.js";

export interface RuleSources {
  readonly paths: readonly string[];
  /** `eni-…=sg-a,sg-b@10.0.0.5`. */
  readonly interfaces: readonly string[];
  readonly attach: readonly string[];
  readonly snapshotComplete: boolean;
  /** Files with what templates leave open. */
  readonly parameters?: readonly string[];
}

/** Throws where stdin is to be both a log and a rule document, or two rule documents. */
export function refuseSharedStdin(logs: readonly string[], rules: readonly string[]): void {
  const asRules = rules.filter((path) => path === "-").length;
  if (asRules < 2 && !(logs.includes("-") && asRules > 0)) return;
  const what = asRules > 1 ? "two rule documents" : "a log and a rule document";
  throw new FlowError("no-such-input", `stdin cannot be ${what} at once`, {
    at: "-",
    hint: "give one of them as a file",
  });
}

/** Reads all rule documents and says what the loader had to pass over. */
export async function loadRules(sources: RuleSources, terminal: Terminal): Promise<LoadedRules> {
  const loaded = loadRuleSet(await readDocuments(sources), optionsOf(sources));
  sayWarnings(loaded, terminal);
  return loaded;
}

/** The same for rules that hold from a time on; their documents may tell of changes after it. */
export async function loadDatedRules(
  sources: RuleSources,
  when: { readonly name: string; readonly from: number; readonly until?: number },
  terminal: Terminal,
): Promise<readonly DatedRules[]> {
  const dated = loadHistory(when, await readDocuments(sources), optionsOf(sources));
  const said = new Set<string>();
  for (const { loaded } of dated)
    sayWarnings(
      { warnings: loaded.warnings.filter(({ at, code }) => isNew(said, `${at} ${code}`)) },
      terminal,
    );
  return dated;
}

function isNew(known: Set<string>, key: string): boolean {
  const { size } = known;
  return known.add(key).size > size;
}

async function readDocuments({ paths, parameters }: RuleSources): Promise<RuleDocument[]> {
  const documents: RuleDocument[] = [];
  for (const file of await findRuleFiles(paths)) documents.push(await readDocument(file));
  documents.push(...(await readParameters(parameters)));
  return documents;
}

/**
 * Reads what can be read: a document at fault is told to `onFault` and set aside. Nothing where no fault names a
 * document, or where too many are at fault.
 */
export async function loadUsableRules(
  sources: RuleSources,
  terminal: Terminal,
  onFault: (error: FlowError) => void,
): Promise<LoadedRules | undefined> {
  const documents: RuleDocument[] = [];
  try {
    for (const file of await findRuleFiles(sources.paths)) {
      try {
        documents.push(await readDocument(file));
      } catch (error) {
        if (!(error instanceof FlowError)) throw error;
        onFault(error);
      }
    }
    documents.push(...(await readParameters(sources.parameters)));
  } catch (error) {
    if (!(error instanceof FlowError)) throw error;
    onFault(error);
    return undefined;
  }
  const loaded = usableRules(documents, optionsOf(sources), onFault);
  if (loaded !== undefined) sayWarnings(loaded, terminal);
  return loaded;
}

/** The documents of `--parameters`. */
export async function readParameters(
  paths: readonly string[] | undefined,
): Promise<readonly RuleDocument[]> {
  const documents: RuleDocument[] = [];
  for (const file of await findRuleFiles(paths ?? []))
    documents.push({ ...(await readDocument(file)), isParameters: true });
  return documents;
}

/** Reads one document. */
export async function readDocument({ name, path, explicit }: RuleFile): Promise<RuleDocument> {
  return { name, text: await readText(path), explicit };
}

function optionsOf({ interfaces, attach, snapshotComplete }: RuleSources): RuleOptions {
  return { interfaces, attach, snapshotComplete };
}

/** Says what the loader had to pass over. */
export function sayWarnings({ warnings }: Pick<LoadedRules, "warnings">, terminal: Terminal): void {
  for (const { at, message, code } of warnings)
    terminal.say(`warning: ${at}: ${message} (${code})`);
}
