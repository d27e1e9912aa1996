import { type Impact, impactOf, type RemovalPlan } from "../../questions/index.js";
import { withExactCounts } from "../survey/exact-counts.js";
import { latestRules } from "../survey/load-timeline.js";
import type { OutputFlags } from "../survey/output-options.js";
import { runSurvey, type SurveyWanted } from "../survey/run-survey.js";
import type { SurveyFlags } from "../survey/survey-options.js";
import type { Terminal } from "../terminal.js";
import { withoutRules } from "./without-rules.js";

/**
 * Judges the same log a second time, with the rules of the plan and without them. Null where that was interrupted: half
 * a log proves nothing.
 */
export async function provePlan(
  plan: RemovalPlan,
  logs: readonly string[],
  flags: SurveyFlags & OutputFlags,
  { baseline, interrupt }: SurveyWanted,
  terminal: Terminal,
): Promise<Impact | null> {
  const gone = new Set(plan.removed.map(({ id }) => id));
  const candidate = withoutRules(baseline.timeline, gone, "without the removed rules");
  const held = interrupt === undefined ? {} : { interrupt };
  const wanted = { baseline, candidates: [candidate], openers: "all", ...held } as const;
  const { survey, timers } = await runSurvey(logs, flags, wanted, terminal);
  if (survey.summary.partial) return null;
  const before = latestRules(baseline.timeline);
  const after = latestRules(candidate);
  const impact = impactOf(survey.openers, before, after, 0, { onlyChanged: true, timers });
  return withExactCounts(impact, survey.candidates[0]!);
}
