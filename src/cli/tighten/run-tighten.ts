// The work of `tighten`: the span of the logs, what they teach, and what the suggestion does to the rest.

import { FlowError } from "../../errors.js";
import type { RuleSet } from "../../model/rule-set.js";
import { always } from "../../model/timeline.js";
import { writeAtomically } from "../../node/index.js";
import {
  heldOut,
  impactOf,
  RULES_PER_GROUP,
  type Suggestion,
  tightenGroup,
} from "../../questions/index.js";
import type { HeldOutTrial, TightenAnswer } from "../../report/tighten-answer.js";
import { tightenReport } from "../../report/tighten-report.js";
import { suggestionSentence, trialSentence, untriedSentence } from "../../report/tighten-words.js";
import type { TightenFlags } from "../commands/tighten.js";
import { refuseSharedStdin } from "../load-rules.js";
import { concludeRun, writeReport } from "../survey/conclude.js";
import { withExactCounts } from "../survey/exact-counts.js";
import { loadBaseline } from "../survey/judging-options.js";
import { type LoadedTimeline, latestRules } from "../survey/load-timeline.js";
import type { OutputFlags } from "../survey/output-options.js";
import { refuseReadOnce } from "../survey/refuse-read-once.js";
import { runSurvey, type SurveyRun } from "../survey/run-survey.js";
import type { SurveyFlags } from "../survey/survey-options.js";
import type { Terminal } from "../terminal.js";
import { noRules } from "./no-rules.js";
import { type LogSplit, splitLog, splitRows } from "./split-log.js";
import { suggestionEdits, suggestionText } from "./suggestion-text.js";

/** What every pass of one run takes. */
interface Passes {
  readonly logs: readonly string[];
  readonly flags: SurveyFlags & OutputFlags;
  readonly baseline: LoadedTimeline;
  readonly ruleSet: RuleSet;
  readonly terminal: Terminal;
}

/** Runs `tighten` and gives its exit code; what was refused is thrown. */
export async function runTighten(
  logs: readonly string[],
  allFlags: TightenFlags,
  terminal: Terminal,
): Promise<number> {
  const { group, ...flags } = allFlags;
  refuseSharedStdin(logs, flags.rules);
  await refuseReadOnce(logs, "tighten, which learns from one part and tries on the other,");
  const baseline = await loadBaseline(flags, terminal);
  refuseHistory(baseline);
  const ruleSet = latestRules(baseline.timeline);
  const options = {
    budget: flags.budget ?? RULES_PER_GROUP,
    ...(flags.direction === undefined ? {} : { direction: flags.direction }),
    ...(flags.minGrade === undefined ? {} : { minGrade: flags.minGrade }),
  };
  // A wrong group is told before the passes, not after.
  tightenGroup([], ruleSet, group, options);
  const passes: Passes = { logs, flags, baseline, ruleSet, terminal };
  const { split, learnt } = await learn(passes, allFlags);
  const { train, test } = splitRows(learnt.survey.openers, split);
  const suggestion = tightenGroup(train, ruleSet, group, options);
  const trial = await tried(passes, suggestion, split, test, learnt);
  const { summary, openersDropped } = learnt.survey;
  const answer: TightenAnswer = {
    suggestion,
    present: ruleSet.groups.get(group)?.rules.length ?? 0,
    edits: suggestionEdits(ruleSet, suggestion),
    trial,
    summary,
    openersDropped,
  };
  if (flags.out === undefined) await writeReport(tightenReport(answer), flags, terminal);
  else await writeSuggestion(answer, flags, terminal);
  return concludeRun(summary, learnt.found, terminal);
}

function refuseHistory({ timeline }: LoadedTimeline): void {
  if (timeline.periods.length === 1) return;
  throw new FlowError("tighten-history", "tighten narrows the rules of one time", {
    hint: "give the present rules alone, and --from the time since which they hold",
  });
}

/**
 * The pass that teaches. The cut counts back from the log's end, so a look at its span comes first. The whole log is
 * judged, not the part before the cut: a filter would take evidence of who opened, and cut connections in two.
 */
async function learn(
  { logs, flags, baseline, ruleSet, terminal }: Passes,
  splitFlags: TightenFlags,
): Promise<{ readonly split: LogSplit; readonly learnt: SurveyRun }> {
  terminal.say("note: the logs are read three times: their span, what to learn, what would break");
  const look = await runSurvey(logs, flags, { baseline, openers: "changed" }, terminal);
  const split = splitLog(look.survey.summary.coverage, splitFlags);
  const cutOver = split.cut === null ? {} : { cutOverAt: split.cut };
  const candidates = split.cut === null ? [] : [noRules(ruleSet)];
  const wanted = { baseline, candidates, openers: "all", ...cutOver } as const;
  return { split, learnt: await runSurvey(logs, flags, wanted, terminal) };
}

/** Null where nothing is held out, or Ctrl-C left only a part of the log. */
async function tried(
  { logs, flags, baseline, ruleSet, terminal }: Passes,
  suggestion: Suggestion,
  { trainFrom, cut, end }: LogSplit,
  test: Parameters<typeof heldOut>[2],
  learnt: SurveyRun,
): Promise<HeldOutTrial | null> {
  if (cut === null || learnt.survey.summary.partial) return null;
  const candidates = [always("suggestion", suggestion.ruleSet)];
  const wanted = { baseline, candidates, openers: "all", cutOverAt: cut } as const;
  const { survey, timers } = await runSurvey(logs, flags, wanted, terminal);
  if (survey.summary.partial) return null;
  const impact = impactOf(survey.openers, ruleSet, suggestion.ruleSet, 0, {
    onlyChanged: true,
    timers,
  });
  return {
    split: { trainFrom, cut, end },
    heldOut: heldOut(suggestion, ruleSet, test),
    diff: withExactCounts(impact, survey.candidates[0]!),
  };
}

async function writeSuggestion(
  answer: TightenAnswer,
  { out, output }: Pick<TightenFlags, "out" | "output">,
  terminal: Terminal,
): Promise<void> {
  const { suggestion, edits, trial } = answer;
  const remarks = [
    suggestionSentence(answer),
    trial === null ? untriedSentence() : trialSentence(trial),
  ];
  for (const remark of remarks) terminal.say(remark);
  const text = suggestionText(out ?? "json", suggestion, edits, remarks);
  if (output === undefined || output === "-") await terminal.write(text);
  else await writeAtomically(output, text);
}
