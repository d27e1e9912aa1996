// The work of `tighten`: the span of the logs, what they teach, and what the suggestion does to the rest.

import type { JudgedOpener } from "../../model/opener.js";
import type { RuleSet } from "../../model/rule-set.js";
import { always, type Timeline } from "../../model/timeline.js";
import { writeAtomically } from "../../node/index.js";
import { splitSummaries } from "../../node/summary-files.js";
import {
  heldOut,
  impactOf,
  type LogSplit,
  RULES_PER_GROUP,
  type Suggestion,
  splitRows,
  tightenGroup,
} from "../../questions/index.js";
import { suggestionEdits, suggestionText } from "../../report/suggestion-text.js";
import type { HeldOutTrial, TightenAnswer, TightenSplit } from "../../report/tighten-answer.js";
import { tightenReport } from "../../report/tighten-report.js";
import { suggestionSentence, trialSentence, untriedSentence } from "../../report/tighten-words.js";
import type { TightenFlags } from "../commands/tighten.js";
import { EXIT_INTERRUPTED } from "../exit-code.js";
import { type Interrupt, watchInterrupt } from "../interrupt.js";
import { refuseSharedStdin } from "../load-rules.js";
import { concludeRun, writeReport } from "../survey/conclude.js";
import { withExactCounts } from "../survey/exact-counts.js";
import { loadBaseline } from "../survey/judging-options.js";
import { type LoadedTimeline, latestRules } from "../survey/load-timeline.js";
import type { OutputFlags } from "../survey/output-options.js";
import { refuseReadOnce } from "../survey/refuse-read-once.js";
import { writeReportFile } from "../survey/report-file.js";
import { runSurvey, type SurveyRun, type SurveyWanted } from "../survey/run-survey.js";
import type { SurveyFlags } from "../survey/survey-options.js";
import type { Terminal } from "../terminal.js";
import { noRules } from "./no-rules.js";
import { splitLog } from "./split-log.js";

/** What every pass of one run takes. */
interface Passes {
  readonly logs: readonly string[];
  readonly flags: SurveyFlags & OutputFlags;
  readonly baseline: LoadedTimeline;
  readonly ruleSet: RuleSet;
  readonly terminal: Terminal;
  /** Holds between the passes too: what was learnt is told then. */
  readonly interrupt: Interrupt;
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
  const baseline = lastRulesOnly(await loadBaseline(flags, terminal), terminal);
  const ruleSet = latestRules(baseline.timeline);
  const options = {
    budget: flags.budget ?? RULES_PER_GROUP,
    ...(flags.direction === undefined ? {} : { direction: flags.direction }),
    ...(flags.minGrade === undefined ? {} : { minGrade: flags.minGrade }),
  };
  // A wrong group is told before the passes, not after.
  tightenGroup([], ruleSet, group, options);
  const interrupt = watchInterrupt(terminal);
  const passes: Passes = { logs, flags, baseline, ruleSet, terminal, interrupt };
  const lesson = await learn(passes, allFlags);
  if (lesson === null) {
    terminal.warn("flowverdict: interrupted before anything was learnt");
    return EXIT_INTERRUPTED;
  }
  const { learnt } = lesson;
  const { train, test } = splitRows(learnt.survey.openers, lesson.split);
  const suggestion = tightenGroup(train, ruleSet, group, options);
  const trial = await tried(passes, suggestion, lesson, test);
  interrupt.dispose();
  const { openersDropped } = learnt.survey;
  const isCutShort = trial === null && lesson.split.cut !== null;
  const summary = { ...learnt.survey.summary, ...(isCutShort ? { partial: true } : {}) };
  const answer: TightenAnswer = {
    suggestion,
    present: ruleSet.groups.get(group)?.rules.length ?? 0,
    edits: suggestionEdits(ruleSet, suggestion),
    trial,
    summary,
    openersDropped,
  };
  const { sources } = learnt;
  if (flags.out === undefined) await writeReport(tightenReport(answer), flags, terminal, sources);
  else {
    await writeSuggestion(answer, flags, terminal);
    if (flags.report !== undefined)
      await writeReportFile(tightenReport(answer), flags.report, flags, sources);
  }
  return concludeRun(summary, learnt.found, terminal);
}

/** Only the rules that hold now can be narrowed: what others admitted before would be no lesson about them. */
function lastRulesOnly(loaded: LoadedTimeline, terminal: Terminal): LoadedTimeline {
  const { name, periods } = loaded.timeline;
  if (periods.length === 1) return loaded;
  terminal.say("note: the rules that hold last are narrowed, and the whole log is judged by them");
  return { ...loaded, timeline: always(name, periods.at(-1)!.ruleSet) };
}

interface Lesson {
  readonly split: LogSplit;
  readonly by: TightenSplit["by"];
  readonly learnt: SurveyRun;
}

/**
 * The pass that teaches. The cut counts back from the log's end, so a look at its span comes first. The whole log is
 * judged, not the part before the cut: a filter would take evidence of who opened, and cut connections in two. Null
 * where Ctrl-C left the span unknown.
 */
async function learn(
  { logs, flags, baseline, ruleSet, terminal, interrupt }: Passes,
  splitFlags: TightenFlags,
): Promise<Lesson | null> {
  terminal.say("note: the logs are read three times: their span, what to learn, what would break");
  const look = await runSurvey(logs, flags, { baseline, openers: "changed", interrupt }, terminal);
  if (look.survey.summary.partial) return null;
  const split = splitLog(look.survey.summary.coverage, splitFlags);
  const { summaries } = await splitSummaries(look.found.files);
  const by = summaries.length > 0 ? "openers" : "connections";
  const wanted = {
    baseline,
    openers: "all",
    interrupt,
    ...cutOver(split.cut, by, noRules(ruleSet)),
  } as const;
  return { split, by, learnt: await runSurvey(logs, flags, wanted, terminal) };
}

/** A summary holds no single connections, so nothing in it can be cut over. */
function cutOver(
  cut: number | null,
  by: TightenSplit["by"],
  candidate: Timeline,
): Pick<SurveyWanted, "candidates" | "cutOverAt"> {
  if (cut === null) return {};
  return by === "openers"
    ? { candidates: [candidate] }
    : { candidates: [candidate], cutOverAt: cut };
}

/** Null where nothing is held out, or Ctrl-C left only a part of the log. */
async function tried(
  { logs, flags, baseline, ruleSet, terminal, interrupt }: Passes,
  suggestion: Suggestion,
  { split: { trainFrom, cut, end }, by, learnt }: Lesson,
  test: readonly JudgedOpener[],
): Promise<HeldOutTrial | null> {
  if (cut === null || learnt.survey.summary.partial) return null;
  const candidate = always("suggestion", suggestion.ruleSet);
  const wanted = { baseline, openers: "all", interrupt, ...cutOver(cut, by, candidate) } as const;
  const { survey, timers } = await runSurvey(logs, flags, wanted, terminal);
  if (survey.summary.partial) return null;
  const rows =
    by === "connections" ? survey.openers : [...survey.openers].filter(({ first }) => first >= cut);
  const options = { onlyChanged: true, timers };
  const impact = impactOf(rows, ruleSet, suggestion.ruleSet, 0, options);
  return {
    split: { trainFrom, cut, end, by },
    heldOut: heldOut(suggestion, ruleSet, test),
    diff: by === "connections" ? withExactCounts(impact, survey.candidates[0]!) : impact,
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
    trial === null ? untriedSentence(answer) : trialSentence(trial),
  ];
  for (const remark of remarks) terminal.say(remark);
  const text = suggestionText(out ?? "json", suggestion, edits, remarks);
  if (output === undefined || output === "-") await terminal.write(text);
  else await writeAtomically(output, text);
}
