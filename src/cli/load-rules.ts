// Paths and options of the command line → a rule set.

import { FlowError } from "../errors.js";
import { findRuleFiles, type RuleFile, readText } from "../node/index.js";
import {
  type LoadedRules,
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
  const documents: RuleDocument[] = [];
  for (const file of await findRuleFiles(sources.paths)) documents.push(await readDocument(file));
  const loaded = loadRuleSet(documents, optionsOf(sources));
  sayWarnings(loaded, terminal);
  return loaded;
}

/** Documents set aside before the rest is given up: each costs another load. */
const MAX_FAULTY = 20;

/**
 * Reads what can be read: a document at fault is told to `onFault` and set aside. Nothing where no fault names a
 * document, or where too many are at fault.
 */
export async function loadUsableRules(
  sources: RuleSources,
  terminal: Terminal,
  onFault: (error: FlowError) => void,
): Promise<LoadedRules | undefined> {
  const told = async <T>(work: () => T | Promise<T>): Promise<T | FlowError> => {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof FlowError)) throw error;
      onFault(error);
      return error;
    }
  };
  const files = await told(() => findRuleFiles(sources.paths));
  if (files instanceof FlowError) return undefined;
  let documents: RuleDocument[] = [];
  for (const file of files) {
    const document = await told(() => readDocument(file));
    if (!(document instanceof FlowError)) documents.push(document);
  }
  for (let faulty = 0; faulty <= MAX_FAULTY; faulty++) {
    const loaded = await told(() => loadRuleSet(documents, optionsOf(sources)));
    if (!(loaded instanceof FlowError)) {
      sayWarnings(loaded, terminal);
      return loaded;
    }
    const left = documents.filter(({ name }) => !standsIn(loaded, name));
    if (left.length === documents.length) return undefined;
    documents = left;
  }
  return undefined;
}

function standsIn({ at }: FlowError, name: string): boolean {
  return at !== undefined && (at === name || at.startsWith(`${name}:`));
}

/** Reads one document. */
export async function readDocument({ name, path, explicit }: RuleFile): Promise<RuleDocument> {
  return { name, text: await readText(path), explicit };
}

function optionsOf({ interfaces, attach, snapshotComplete }: RuleSources): RuleOptions {
  return { interfaces, attach, snapshotComplete };
}

/** Says what the loader had to pass over. */
export function sayWarnings({ warnings }: LoadedRules, terminal: Terminal): void {
  for (const { at, message, code } of warnings)
    terminal.say(`warning: ${at}: ${message} (${code})`);
}
