// The work of `gate`.

import { STORAGE_NOTES } from "../../analysis/index.js";
import type { Summary } from "../../analysis/summary.js";
import { FlowError } from "../../errors.js";
import { lintRuleSet } from "../../lint/index.js";
import type { RuleSet } from "../../model/rule-set.js";
import { readText } from "../../node/index.js";
import {
  type AssertionFile,
  checkAssertions,
  type GateLintFinding,
  type GateOptions,
  type GatePlanFinding,
  type GateResult,
  gateOf,
  impactOf,
  parseAssertions,
  splitAccepted,
} from "../../questions/index.js";
import { ruleNotes, withNotes } from "../../report/noted.js";
import { isPlanWarning } from "../../rules/index.js";
import type { GateFlags } from "../commands/gate.js";
import { EXIT_GATE, EXIT_INTERRUPTED } from "../exit-code.js";
import { refuseSharedStdin } from "../load-rules.js";
import { concludeRun } from "../survey/conclude.js";
import { loadBaseline } from "../survey/judging-options.js";
import { type LoadedCandidateTimeline, loadCandidates } from "../survey/load-candidates.js";
import { type LoadedTimeline, latestRules } from "../survey/load-timeline.js";
import { runSurvey, type SurveyRun } from "../survey/run-survey.js";
import { sayCandidate } from "../survey/say-candidate.js";
import type { Terminal } from "../terminal.js";
import { failConditions } from "./fail-conditions.js";
import { writeGate } from "./write-gate.js";

/** Runs `gate` and gives its exit code: 1 where a condition fails; what was refused is thrown. */
export async function runGate(
  logs: readonly string[],
  flags: GateFlags & { readonly rules: readonly string[] },
  terminal: Terminal,
): Promise<number> {
  const otherRules = [...(flags.candidate ?? []), ...(flags.assert ?? [])];
  refuseSharedStdin(logs, [...flags.rules, ...otherRules]);
  const files: AssertionFile[] = [];
  for (const path of flags.assert ?? []) files.push(parseAssertions(await readText(path), path));
  const options: GateOptions = {
    failOn: failConditions(
      flags.failOn,
      files.some(({ assertions }) => assertions.length > 0),
    ),
    undecidedFails: flags.undecidedFails === true,
  };
  const baseline = await loadBaseline(flags, terminal);
  const candidate = onlyOne(await loadCandidates(baseline.timeline, flags, terminal));
  sayCandidate(candidate, terminal);
  const wanted = {
    baseline,
    candidates: [candidate.timeline],
    openers: "all",
    otherRules,
  } as const;
  const run = await runSurvey(logs, flags, wanted, terminal);
  const result = judged(run, baseline, candidate, files, options);
  const { openersDropped } = run.survey;
  const summary = withNotes(run.survey.summary, ruleNotes(candidate.warnings));
  // Logs of another account are all unknown, and show as little as none: a pipeline that looks at the wrong logs must not
  // read that its gate has passed.
  const isEmpty = summary.connections.allow + summary.connections.deny === 0;
  if (isEmpty && result.verdict === "pass" && !summary.partial)
    throw new FlowError("nothing-judged", "no connection was judged: nothing is shown", {
      hint: "give logs of the account that the rules describe; flowverdict doctor LOGS --rules PATH compares them",
    });
  for (const text of storageNotesOf(summary))
    terminal.warn(`flowverdict: the log may fail where its summary passes: ${text}`);
  await writeGate({ result, summary, openersDropped }, flags, terminal, run.sources);
  const code = concludeRun(summary, run.found, terminal);
  if (code === EXIT_INTERRUPTED) return code;
  return result.verdict === "fail" ? EXIT_GATE : code;
}

function onlyOne(candidates: readonly LoadedCandidateTimeline[]): LoadedCandidateTimeline {
  const [first, ...more] = candidates;
  if (first === undefined || more.length > 0)
    throw new FlowError("gate-candidates", "a gate judges one candidate", {
      hint: "give one --candidate, or --edit lines alone; diff compares several",
    });
  return first;
}

function storageNotesOf({ coverage }: Summary): readonly string[] {
  return coverage.notes.flatMap(({ code, message }) =>
    STORAGE_NOTES.includes(code) ? [message] : [],
  );
}

function lintErrorsOf(ruleSet: RuleSet, { failOn }: GateOptions): readonly GateLintFinding[] {
  if (!failOn.some(({ what }) => what === "lint-error")) return [];
  return lintRuleSet(ruleSet)
    .filter(({ level }) => level === "error")
    .map(({ code, message, at }) => ({ code, message, at }));
}

function planFindingsOf({ report }: LoadedCandidateTimeline): readonly GatePlanFinding[] {
  return (report?.findings ?? []).map((finding) => ({
    code: finding.code,
    level: isPlanWarning(finding) ? "warning" : "note",
    message: `${finding.subject}: ${finding.message}`,
    at: finding.at,
  }));
}

function judged(
  { survey, timers }: SurveyRun,
  baseline: LoadedTimeline,
  candidate: LoadedCandidateTimeline,
  files: readonly AssertionFile[],
  options: GateOptions,
): GateResult {
  const { openers, openersDropped, summary } = survey;
  const baselineRules = latestRules(baseline.timeline);
  const candidateRules = latestRules(candidate.timeline);
  const { firstStart: first, lastEnd: last } = summary.coverage;
  const window = first === null || last === null ? {} : { window: { first, last } };
  const now = Math.floor(Date.now() / 1000);
  const acceptances = files.flatMap(({ accepted }) => accepted);
  const ruleSets = [baselineRules, candidateRules];
  const { accepted, uses } = splitAccepted(openers, 0, acceptances, ruleSets, now);
  const assertions = checkAssertions(
    files.flatMap((file) => file.assertions),
    openers,
    candidateRules,
    { timeline: 1, interfaces: summary.coverage.interfaces.list, ...window },
  );
  const impact = impactOf(openers, baselineRules, candidateRules, 0, {
    onlyChanged: true,
    without: accepted,
    timers,
  });
  return gateOf(
    {
      candidate: candidate.timeline.name,
      impact,
      accepted: uses,
      assertions,
      fidelity: summary.fidelity,
      openersDropped,
      storageNotes: storageNotesOf(summary),
      lintErrors: lintErrorsOf(candidateRules, options),
      plan: planFindingsOf(candidate),
      baselineRules,
      candidateRules,
    },
    options,
  );
}
