import type { RecordBatch } from "apache-arrow";
import * as c from "../contract.js";
import type { Core } from "../core/core.js";
import { CHANGES, type ChangeCounts } from "../model/opener.js";
import type { OpenerTable } from "../model/opener-table.js";
import type { Timeline } from "../model/timeline.js";
import { batchesOf, columnsOf } from "./evaluate.js";
import { type CandidateTimelines, JudgedOpeners } from "./judged-openers.js";
import type { EvaluateOptions, LogInput } from "./options.js";
import { Run, type RunOptions, type RunTimeline } from "./run.js";
import type { Summary } from "./summary.js";
import { cutOver, fromCutOver } from "./timeline-images.js";

export interface SurveyOptions extends Omit<EvaluateOptions, "ruleSet" | "later" | "shard"> {
  readonly baseline: Timeline;
  /** At most seven. */
  readonly candidates: readonly Timeline[];
  /** The second (Unix) at which the candidates replace the baseline (semantics 6.5); absent = they held all the time. */
  readonly cutOverAt?: number;
  /** All rows of openers, or only those that some candidate judges otherwise. */
  readonly openers: "all" | "changed";
}

/** How one candidate changes the baseline's verdicts (semantics 9.1). */
export interface CandidateChanges {
  readonly name: string;
  readonly connections: ChangeCounts;
  readonly records: ChangeCounts;
  readonly bytes: ChangeCounts;
}

/** What one pass over the log says of several rule sets. */
export interface Survey {
  /** Of the baseline, as evaluate() gives it. */
  readonly summary: Summary;
  readonly candidates: readonly CandidateChanges[];
  readonly openers: OpenerTable;
  /** Connections that found no room among the rows of openers; they are counted everywhere else. */
  readonly openersDropped: number;
}

/**
 * Judges every record by the baseline and up to seven candidates in one pass, on the same connections, and folds
 * connections into rows of openers. Memory: one row of 128 bytes per kind of opener, twelve million of them at most.
 */
export async function survey(inputs: readonly LogInput[], options: SurveyOptions): Promise<Survey> {
  const { run, candidates } = await start(options, []);
  for await (const _ of run.read(inputs)) {
    // Nothing is emitted: the generator is only driven.
  }
  return finish(run, options, candidates);
}

/** The same, yielding every judged record as evaluateRecords() does, with the columns of each candidate. */
export async function* surveyRecords(
  inputs: readonly LogInput[],
  options: SurveyOptions,
): AsyncGenerator<RecordBatch, Survey, void> {
  const columns = await columnsOf(inputs, options.fields);
  const { run, candidates } = await start(options, columns);
  yield* batchesOf(
    run,
    inputs,
    columns,
    candidates.map(({ judged }) => judged),
  );
  return finish(run, options, candidates);
}

async function start(
  options: SurveyOptions,
  columns: Awaited<ReturnType<typeof columnsOf>>,
): Promise<{ readonly run: Run; readonly candidates: readonly CandidateTimelines[] }> {
  const { baseline, candidates, cutOverAt, openers, ...rest } = options;
  const timelines: RunTimeline[] = [{ ...baseline, kind: c.TIMELINE_JUDGES }];
  const add = (timeline: Timeline, kind: number): number =>
    timelines.push({ ...timeline, kind }) - 1;
  const numbers = candidates.map((candidate): CandidateTimelines => {
    if (cutOverAt === undefined)
      return { judged: add(candidate, c.TIMELINE_JUDGES), cutOver: undefined };
    const timeline = cutOver(baseline, candidate, cutOverAt);
    const judged = add(timeline, c.TIMELINE_JUDGES);
    const kept = add(timeline, c.TIMELINE_KEPT);
    const throughout = add(fromCutOver(timeline, cutOverAt), c.TIMELINE_JUDGES);
    return { judged, cutOver: { kept, throughout } };
  });
  const fold = openers === "all" ? c.FOLD_ALL : c.FOLD_CHANGED;
  const at = cutOverAt === undefined ? {} : { cutOverAt };
  const runOptions: RunOptions = { ...rest, timelines, fold, ...at };
  return { run: await Run.start(runOptions, columns), candidates: numbers };
}

function finish(
  run: Run,
  options: SurveyOptions,
  candidates: readonly CandidateTimelines[],
): Survey {
  const { core, ruleIds, files } = run;
  core.foldRest();
  const details = run.rules.names;
  const openers = new JudgedOpeners(core, { details, ruleIds, files, candidates });
  const connections = openers.connectionChanges();
  return {
    summary: run.summary(),
    candidates: options.candidates.map(({ name }, i) => {
      const timeline = candidates[i]!.judged;
      return {
        name,
        connections: connections[i]!,
        records: changeCounts(core, timeline, 0),
        bytes: changeCounts(core, timeline, c.CHANGES_OCTETS),
      };
    }),
    openers,
    openersDropped: core.counter(c.COUNT_OPENERS_DROPPED),
  };
}

// What all timelines judge alike is counted once, with the baseline.
function changeCounts(core: Core, timeline: number, offset: number): ChangeCounts {
  const at = (of: number): number => core.changes(of) + offset;
  const counts = CHANGES.map(
    (change, i) =>
      [change, core.memory.u64(at(timeline) + 8 * i) + core.memory.u64(at(0) + 8 * i)] as const,
  );
  return Object.fromEntries(counts) as ChangeCounts;
}
