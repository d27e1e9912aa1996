import type { Timeline } from "../../src/model/timeline.js";
import {
  judgeTimelines,
  type LogOptions,
  type TimelineEvaluation,
} from "../../src/reference/index.js";
import type { EngineFile } from "../support/engines.js";
import { readLogText } from "../support/log-text.js";

/** What an engine says of a log under several timelines; judgements as in `EngineAnswer`, per timeline. */
export interface TimelineAnswer extends TimelineEvaluation {
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
];

function judgeByReference(
  files: readonly EngineFile[],
  timelines: readonly Timeline[],
  options: LogOptions,
): TimelineAnswer {
  const { records, malformed } = readLogText(files);
  return { ...judgeTimelines(records, timelines, options), malformed };
}
