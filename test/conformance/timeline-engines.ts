import { fromCutOver } from "../../src/analysis/timeline-images.js";
import type { Timeline } from "../../src/model/timeline.js";
import {
  judgeTimelines,
  type LogOptions,
  type TimelineEvaluation,
} from "../../src/reference/index.js";
import type { EngineCounters, EngineFile } from "../support/engines.js";
import { readLogText } from "../support/log-text.js";
import { runSurvey } from "../support/survey-engine.js";
import { type CoreTarget, countersOf, malformedOf } from "../support/wasm-engine.js";

/** What an engine says of a log under several timelines; judgements as in `EngineAnswer`, per timeline. */
export interface TimelineAnswer extends Omit<TimelineEvaluation, "counters"> {
  readonly counters: EngineCounters;
  /** Malformed lines by reason. */
  readonly malformed: Readonly<Record<string, number>>;
}

/** An implementation of sections 6.5, 9 and 10. */
export interface TimelineEngine {
  readonly name: string;
  readonly judge: (
    files: readonly EngineFile[],
    timelines: readonly Timeline[],
    options: LogOptions,
  ) => TimelineAnswer | Promise<TimelineAnswer>;
}

/** Every case runs on each of these. */
export const TIMELINE_ENGINES: readonly TimelineEngine[] = [
  { name: "reference, by timelines", judge: judgeByReference },
  surveyEngine("debug"),
  surveyEngine("release"),
];

function judgeByReference(
  files: readonly EngineFile[],
  timelines: readonly Timeline[],
  options: LogOptions,
): TimelineAnswer {
  const { records, malformed } = readLogText(files);
  return { ...judgeTimelines(records, timelines, options), malformed };
}

/** The core, by way of a survey. A case writes a cut-over out; a survey makes it of baseline and candidate. */
function surveyEngine(target: CoreTarget): TimelineEngine {
  return {
    name: `survey by wasm-${target}`,
    async judge(files, [baseline, ...candidates], options): Promise<TimelineAnswer> {
      if (baseline === undefined) throw new Error("a survey needs a baseline");
      const { cutOverAt } = options;
      const proposed =
        cutOverAt === undefined
          ? candidates
          : candidates.map((each) => fromCutOver(each, cutOverAt));
      const answer = await runSurvey(target, files, {
        ...options,
        baseline,
        candidates: proposed,
      });
      return {
        judgements: answer.judgements,
        changes: answer.candidates,
        openers: answer.openers,
        counters: countersOf(answer.summary),
        malformed: malformedOf(answer.summary, readLogText(files).malformed),
      };
    },
  };
}
