// `--candidate` and `--edit` → timelines to be judged beside the baseline, and what each makes of it.

import { FlowError } from "../../errors.js";
import type { RuleSet } from "../../model/rule-set.js";
import type { Period, Timeline } from "../../model/timeline.js";
import { findRuleFiles } from "../../node/index.js";
import {
  applyEdits,
  type CandidateReport,
  type Edit,
  type EditOutcome,
  loadCandidate,
  looksLikeYaml,
  parseEdits,
  type RuleDocument,
  type Warning,
} from "../../rules/index.js";
import { readDocument, readParameters, sayWarnings } from "../load-rules.js";
import type { Terminal } from "../terminal.js";
import type { CandidateFlags } from "./candidate-options.js";
import { latestRules } from "./load-timeline.js";
import { shortNames } from "./short-names.js";

/** Candidates that one pass over a log can judge beside the baseline. */
export const MAX_CANDIDATES: number = 7;

export interface LoadedCandidateTimeline {
  readonly timeline: Timeline;
  /** What its documents make of the latest rules; null for edits. */
  readonly report: CandidateReport | null;
  /** What each edit does to the latest rules; empty for documents. */
  readonly outcomes: readonly EditOutcome[];
  /** Edits that some earlier rules of a history have no use for: they are left out there. */
  readonly notThen: readonly Edit[];
  /** What the loader had to pass over in its documents. */
  readonly warnings: readonly Warning[];
}

/**
 * One candidate per `--candidate`, and one named `edits` of all `--edit` together. With a history every rule set of it
 * has its own candidate, which inherits from the rules of its time. Throws a FlowError for none and for too many.
 */
export async function loadCandidates(
  baseline: Timeline,
  flags: CandidateFlags,
  terminal: Terminal,
): Promise<readonly LoadedCandidateTimeline[]> {
  const paths = flags.candidate ?? [];
  const lines = flags.edit ?? [];
  refuseCount(paths, lines.length > 0);
  const loaded: LoadedCandidateTimeline[] = [];
  const names = shortNames(paths);
  const parameters = await readParameters(flags.parameters);
  for (const [i, path] of paths.entries())
    loaded.push(await loadPath(baseline, path, parameters, names[i]!, terminal));
  if (lines.length > 0) {
    const edits = lines.flatMap((line, i) =>
      parseEdits(line, lines.length === 1 ? "--edit" : `--edit ${i + 1}`),
    );
    loaded.push(edited(names.includes("edits") ? "--edit" : "edits", baseline, edits));
  }
  return loaded;
}

function refuseCount(paths: readonly string[], hasEdits: boolean): void {
  const count = paths.length + (hasEdits ? 1 : 0);
  if (count === 0)
    throw new FlowError("no-candidate", "there is nothing to compare the rules with", {
      hint: "give --candidate PATH, or --edit 'revoke sg-1 ingress tcp 22 0.0.0.0/0'",
    });
  if (count > MAX_CANDIDATES)
    throw new FlowError(
      "too-many-candidates",
      `${count} candidates are more than one pass over the log can judge`,
      {
        hint: `give ${MAX_CANDIDATES} at most; all --edit together are one`,
      },
    );
  const twice = paths.find((path, i) => paths.indexOf(path) !== i);
  if (twice !== undefined)
    throw new FlowError("candidate-twice", "this candidate is given twice", {
      at: twice,
      hint: "name each once; several files that belong together go into one folder",
    });
}

async function loadPath(
  baseline: Timeline,
  path: string,
  parameters: readonly RuleDocument[],
  name: string,
  terminal: Terminal,
): Promise<LoadedCandidateTimeline> {
  const documents: RuleDocument[] = [];
  for (const file of await findRuleFiles([path])) documents.push(await readDocument(file));
  const [only] = documents;
  if (only?.explicit === true && holdsEdits(only))
    return edited(name, baseline, parseEdits(only.text, only.name));
  let report: CandidateReport | null = null;
  let warnings: readonly Warning[] = [];
  const periods = baseline.periods.map(({ from, ruleSet }, i): Period => {
    const loaded = loadCandidate(ruleSet, [...documents, ...parameters]);
    if (i === baseline.periods.length - 1) {
      sayWarnings(loaded, terminal);
      report = loaded.report;
      warnings = loaded.warnings;
    }
    return { from, ruleSet: loaded.ruleSet };
  });
  return { timeline: { name, periods }, report, outcomes: [], notThen: [], warnings };
}

/** Edit lines are neither JSON nor YAML; the JSON input of the AWS CLI tells its verb by its name or by a key. */
function holdsEdits({ name, text }: RuleDocument): boolean {
  if (!/^\ufeff?\s*[[{]/.test(text)) return !looksLikeYaml(text);
  const verb = /(authorize|revoke)-security-group-(ingress|egress)/;
  return (
    verb.test(name.slice(name.lastIndexOf("/") + 1)) ||
    /^\ufeff?\s*\[?\s*\{\s*"(authorize|revoke)-security-group-/.test(text)
  );
}

function edited(name: string, baseline: Timeline, edits: readonly Edit[]): LoadedCandidateTimeline {
  const { ruleSet, outcomes } = applyEdits(latestRules(baseline), edits);
  const notThen = new Set<Edit>();
  const earlier = baseline.periods.slice(0, -1).map(
    (period): Period => ({
      from: period.from,
      ruleSet: applyFitting(period.ruleSet, edits, notThen),
    }),
  );
  const last = { from: baseline.periods.at(-1)!.from, ruleSet };
  return {
    timeline: { name, periods: [...earlier, last] },
    report: null,
    outcomes,
    notThen: [...notThen],
    warnings: [],
  };
}

/** What fits the latest rules need not fit those before: a rule may have come between. */
function applyFitting(before: RuleSet, edits: readonly Edit[], notThen: Set<Edit>): RuleSet {
  let ruleSet = before;
  for (const edit of edits) {
    try {
      ruleSet = applyEdits(ruleSet, [edit]).ruleSet;
    } catch (error) {
      if (!(error instanceof FlowError)) throw error;
      notThen.add(edit);
    }
  }
  return ruleSet;
}
