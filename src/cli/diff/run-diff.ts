// The work of `diff`.

import type { LogNote, Summary } from "../../analysis/summary.js";
import type { Timeline } from "../../model/timeline.js";
import { type Impact, type ImpactOptions, impactsOf } from "../../questions/index.js";
import { impactReport } from "../../report/impact-report.js";
import { optionNote, ruleNotes, withNotes } from "../../report/noted.js";
import { timestamp } from "../../report/quantity.js";
import type { DiffFlags } from "../commands/diff.js";
import { refuseSharedStdin } from "../load-rules.js";
import { baselineName } from "../survey/candidate-options.js";
import { concludeRun, writeReport } from "../survey/conclude.js";
import { withExactCounts } from "../survey/exact-counts.js";
import { loadBaseline } from "../survey/judging-options.js";
import { loadCandidates } from "../survey/load-candidates.js";
import { latestRules } from "../survey/load-timeline.js";
import { runSurvey, type SurveyRun } from "../survey/run-survey.js";
import { sayCandidate } from "../survey/say-candidate.js";
import type { Terminal } from "../terminal.js";

/** Runs `diff` and gives its exit code; what was refused is thrown. */
export async function runDiff(
  logs: readonly string[],
  flags: DiffFlags & { readonly rules: readonly string[] },
  terminal: Terminal,
): Promise<number> {
  const otherRules = flags.candidate ?? [];
  refuseSharedStdin(logs, [...flags.rules, ...otherRules]);
  const baseline = await loadBaseline(flags, terminal);
  const loaded = await loadCandidates(baseline.timeline, flags, terminal);
  for (const each of loaded) sayCandidate(each, terminal);
  const candidates = loaded.map(({ timeline }) => timeline);
  const run = await runSurvey(
    logs,
    flags,
    {
      baseline,
      candidates,
      // Rows that no candidate changes would only take room from those that matter.
      openers: flags.onlyChanged === true ? "changed" : "all",
      otherRules,
      ...(flags.at === undefined ? {} : { cutOverAt: flags.at }),
    },
    terminal,
  );
  const { openersDropped } = run.survey;
  const warnings = loaded.flatMap((each) => each.warnings);
  const summary = withNotes(run.survey.summary, [
    ...ruleNotes(warnings),
    ...sayCutOverOutside(flags.at, run.survey.summary, terminal),
  ]);
  const report = impactReport({
    baseline: baselineName(baseline.timeline.name, flags),
    candidates: impactsOfCandidates(run, baseline.timeline, candidates, flags).map((impact, i) => ({
      name: candidates[i]!.name,
      impact,
      plan: loaded[i]!.report?.findings ?? [],
    })),
    at: flags.at ?? null,
    summary,
    openersDropped,
    cost: run.cost,
  });
  await writeReport(report, flags, terminal, run.sources);
  return concludeRun(summary, run.found, terminal);
}

/** A mistyped day would else look like a change that breaks nothing. */
function sayCutOverOutside(
  at: number | undefined,
  { coverage }: Summary,
  terminal: Terminal,
): readonly LogNote[] {
  const { firstStart, lastEnd } = coverage;
  if (at === undefined || firstStart === null || lastEnd === null) return [];
  const say = (level: string, message: string): readonly LogNote[] => {
    terminal.say(`${level}: ${message}`);
    return [optionNote("--at", "cut-over-outside", message)];
  };
  if (at > lastEnd)
    return say(
      "warning",
      `the log ends at ${timestamp(lastEnd)}, before --at ${timestamp(at)}: nothing is seen of what opens afterwards`,
    );
  if (at < firstStart)
    return say(
      "note",
      `the log begins at ${timestamp(firstStart)}, after --at ${timestamp(at)}: the candidates hold all the time`,
    );
  return [];
}

function impactsOfCandidates(
  { survey, timers }: SurveyRun,
  baseline: Timeline,
  candidates: readonly Timeline[],
  flags: DiffFlags,
): readonly Impact[] {
  const options: ImpactOptions = {
    timers,
    onlyChanged: flags.onlyChanged === true,
    hideScanners: flags.hideScanners === true,
    ...(flags.limit === undefined ? {} : { limit: flags.limit }),
  };
  const rules = candidates.map(latestRules);
  const impacts = impactsOf(survey.openers, latestRules(baseline), rules, options);
  return impacts.map((impact, i) => withExactCounts(impact, survey.candidates[i]!));
}
