import * as c from "../contract.js";
import { Core } from "../core/core.js";
import type { ReusableCore } from "../core/reusable-core.js";
import type { Timeline } from "../model/timeline.js";
import { DEFAULT_LOOK_AHEAD, DEFAULT_TIMERS } from "../model/timers.js";
import { GRADES } from "../model/verdict.js";
import { BorderMerge } from "./border-merge.js";
import { withBorderNotes } from "./border-notes.js";
import { mergeDays } from "./merge-days.js";
import type { OpenerSummary, SummaryFacts } from "./opener-summary.js";
import { DEFAULT_MAX_CONNECTIONS } from "./options.js";
import { OverlapNote } from "./overlap-note.js";
import { compileRun, type RunRules } from "./run-rules.js";
import type { Summary } from "./summary.js";

/** A core that holds stored rows, judged by the timelines given. */
export interface StoredCore {
  readonly core: Core;
  readonly rules: RunRules;
  readonly files: readonly string[];
  /** Of all summaries together; null without any. */
  readonly summary: Summary | null;
  readonly interfaces: readonly string[];
  readonly openersDropped: number;
  readonly borderDropped: number;
}

/**
 * Judges the rows of summaries, one after the other in order of time, and joins the connections that reach from one into
 * the next. `fold`: FOLD_*.
 */
export async function judgeSummaries(
  module: WebAssembly.Module | ReusableCore,
  summaries: readonly OpenerSummary[],
  timelines: readonly Timeline[],
  fold: number,
): Promise<StoredCore> {
  const rules = compileRun({
    timelines: timelines.map((timeline) => ({ ...timeline, kind: c.TIMELINE_JUDGES })),
  });
  const core = await Core.create(
    module,
    rules.images.map(({ image }) => image),
    rules.interfaceIds.length,
    {
      maxConnections: summaries.every(({ isClosed }) => isClosed) ? 1 : DEFAULT_MAX_CONNECTIONS,
      lookAhead: DEFAULT_LOOK_AHEAD,
      shard: { index: 0, count: 1 },
      time: undefined,
      timers: summaries[0]?.facts.timers ?? Object.values(DEFAULT_TIMERS),
      othersPass: true,
      timelines: rules.timelines,
      fold,
      cutOverAt: undefined,
    },
  );
  for (const [timeline, indices] of rules.alike.entries())
    for (const index of indices) core.setAlike(index, timeline);
  // In the order of their names, as in a run over the logs: the first files give the samples (semantics 9.5).
  const files = [...new Set(summaries.flatMap(({ facts }) => facts.files))].sort();
  const fileNumbers = new Map(files.map((name, number) => [name, number]));
  const ordered = [...summaries].sort((a, b) => beginOf(a.facts) - beginOf(b.facts));
  const faces = ordered.map(({ facts }) => internFaces(core, facts));
  const records = summaries.reduce((sum, { facts }) => sum + facts.summary.records.judged, 0);
  if (records <= DEFAULT_LOOK_AHEAD.minRecords) core.askAsWhole();
  const borders = new BorderMerge(core);
  let summary: Summary | null = null;
  let openersDropped = 0;
  let borderDropped = 0;
  const interfaces = new Set<string>();
  const overlap = new OverlapNote();
  for (const [number, { facts, ...each }] of ordered.entries()) {
    borders.handOver(beginOf(facts));
    for (const id of facts.interfaces) interfaces.add(id);
    const names = Uint32Array.from(facts.files, (name) => fileNumbers.get(name)!);
    for await (const chunk of each.rows()) {
      renumber(chunk, OPENER_FIELDS, faces[number]!, names);
      core.judgeStored(chunk);
    }
    const kept: Uint8Array[] = [];
    for await (const chunk of each.borders()) {
      renumber(chunk, BORDER_FIELDS, faces[number]!, names);
      kept.push(chunk.slice());
    }
    borders.add(number, kept);
    summary = summary === null ? facts.summary : mergeDays(summary, facts.summary);
    overlap.add(facts);
    openersDropped += facts.openersDropped;
    borderDropped += facts.borderDropped;
  }
  borders.end();
  core.closeConnections(summary?.coverage.lastEnd ?? 0, true);
  borderDropped += core.counter(c.COUNT_BORDER_DROPPED);
  return {
    core,
    rules,
    files,
    summary: summary === null ? null : withBorderNotes(overlap.told(summary), core, borderDropped),
    interfaces: [...interfaces],
    openersDropped: openersDropped + core.counter(c.COUNT_OPENERS_DROPPED),
    borderDropped,
  };
}

/** Records by grade of their connection's opener, as stored rows tell it; those that no group judges have none. */
export function gradesOfOpeners(core: Core, { records }: Summary): Summary["grades"] {
  const grades = GRADES.map((grade, i) => [grade, core.counter(c.COUNT_GRADES + i)] as const);
  const told = grades.reduce((sum, [, count]) => sum + count, 0);
  return { ...(Object.fromEntries(grades) as Summary["grades"]), none: records.judged - told };
}

function beginOf({ summary }: SummaryFacts): number {
  return summary.coverage.firstStart ?? 0;
}

/** Interfaces by the core's numbers, with their timers and where their log begins. */
function internFaces(core: Core, facts: SummaryFacts): Uint32Array {
  const timers = new Map(Object.entries(facts.timersOf));
  const begins = new Map(
    facts.summary.coverage.interfaces.list.map(({ id, firstStart }) => [id, firstStart]),
  );
  return Uint32Array.from(facts.interfaces, (id) => {
    const number = core.internInterface(id);
    const state = core.interfaceState(number);
    core.setTimers(state, timers.get(id) ?? facts.timers);
    const begin = begins.get(id) ?? null;
    if (begin !== null && begin < core.memory.u32(state + c.STATE_FIRST_START))
      core.memory.data.setUint32(state + c.STATE_FIRST_START, begin, true);
    return number;
  });
}

/** Where a row has the numbers that each summary gives by itself, and how many words it has. */
interface NumberedFields {
  readonly words: number;
  readonly face: number;
  readonly samples: number;
}

const OPENER_FIELDS: NumberedFields = {
  words: c.OPENING_BYTES / 4,
  face: c.OPENING_INTERFACE / 4,
  samples: c.OPENING_SAMPLES / 4,
};
const BORDER_FIELDS: NumberedFields = {
  words: c.BORDER_BYTES / 4,
  face: c.BORDER_INTERFACE / 4,
  samples: c.BORDER_SAMPLES / 4,
};
const SAMPLE_WORDS = 3;

// In place: the chunk is the caller's.
function renumber(
  chunk: Uint8Array,
  fields: NumberedFields,
  faces: Uint32Array,
  files: Uint32Array,
): void {
  const words = new Uint32Array(chunk.buffer, chunk.byteOffset, chunk.byteLength / 4);
  for (let row = 0; row < words.length; row += fields.words) {
    const face = row + fields.face;
    words[face] = faces[words[face]!]!;
    for (let i = 0; i < c.TUPLE_SAMPLE_COUNT; i++) {
      const sample = row + fields.samples + i * SAMPLE_WORDS;
      if (words[sample + 2] !== 0) words[sample + 1] = files[words[sample + 1]!]!;
    }
  }
}
