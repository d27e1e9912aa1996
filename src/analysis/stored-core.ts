import type { CompiledRules } from "../compile/compile-rule-sets.js";
import { compileRuleSets } from "../compile/compile-rule-sets.js";
import * as c from "../contract.js";
import { Core } from "../core/core.js";
import type { Timeline } from "../model/timeline.js";
import { DEFAULT_LOOK_AHEAD, DEFAULT_TIMERS } from "../model/timers.js";
import { mergeDays } from "./merge-days.js";
import type { OpenerSummary } from "./opener-summary.js";
import { OverlapNote } from "./overlap-note.js";
import type { Summary } from "./summary.js";
import { timelineImages } from "./timeline-images.js";

/** A core that holds stored rows, judged by the timelines given. */
export interface StoredCore {
  readonly core: Core;
  readonly rules: readonly CompiledRules[];
  readonly files: readonly string[];
  /** Of all summaries together; null without any. */
  readonly summary: Summary | null;
  readonly interfaces: readonly string[];
  readonly openersDropped: number;
}

/** Judges the rows of summaries, one after the other. `fold`: FOLD_*. */
export async function judgeSummaries(
  module: WebAssembly.Module,
  summaries: readonly OpenerSummary[],
  timelines: readonly Timeline[],
  fold: number,
): Promise<StoredCore> {
  const images = timelineImages(timelines);
  const rules = compileRuleSets(images.ruleSets, DEFAULT_TIMERS);
  const core = await Core.create(
    module,
    rules.map(({ image }) => image),
    rules[0]!.interfaceIds.length,
    {
      maxConnections: 1,
      lookAhead: DEFAULT_LOOK_AHEAD,
      shard: { index: 0, count: 1 },
      time: undefined,
      timers: Object.values(DEFAULT_TIMERS),
      othersPass: true,
      timelines: images.timelines.map((periods) => ({ kind: c.TIMELINE_JUDGES, periods })),
      fold,
      cutOverAt: undefined,
    },
  );
  // In the order of their names, as in a run over the logs: the first files give the samples (semantics 9.5).
  const files = [...new Set(summaries.flatMap(({ facts }) => facts.files))].sort();
  const fileNumbers = new Map(files.map((name, number) => [name, number]));
  let summary: Summary | null = null;
  let openersDropped = 0;
  const interfaces = new Set<string>();
  const overlap = new OverlapNote();
  // In order of time: what one day leaves open the next may go on with.
  const begin = ({ facts }: OpenerSummary): number => facts.summary.coverage.firstStart ?? 0;
  for (const { facts, rows } of [...summaries].sort((a, b) => begin(a) - begin(b))) {
    const faces = Uint32Array.from(facts.interfaces, (id) => core.internInterface(id));
    for (const id of facts.interfaces) interfaces.add(id);
    const names = Uint32Array.from(facts.files, (name) => fileNumbers.get(name)!);
    for await (const chunk of rows()) {
      renumber(chunk, faces, names);
      core.judgeStored(chunk);
    }
    summary = summary === null ? facts.summary : mergeDays(summary, facts.summary);
    overlap.add(facts);
    openersDropped += facts.openersDropped;
  }
  openersDropped += core.counter(c.COUNT_OPENERS_DROPPED);
  return {
    core,
    rules,
    files,
    summary: summary === null ? null : overlap.told(summary),
    interfaces: [...interfaces],
    openersDropped,
  };
}

const ROW_WORDS = c.OPENING_BYTES / 4;
const SAMPLE_WORDS = 3;

// In place: the chunk is the caller's.
function renumber(chunk: Uint8Array, faces: Uint32Array, files: Uint32Array): void {
  const words = new Uint32Array(chunk.buffer, chunk.byteOffset, chunk.byteLength / 4);
  for (let row = 0; row < words.length; row += ROW_WORDS) {
    const face = row + c.OPENING_INTERFACE / 4;
    words[face] = faces[words[face]!]!;
    for (let i = 0; i < c.TUPLE_SAMPLE_COUNT; i++) {
      const sample = row + c.OPENING_SAMPLES / 4 + i * SAMPLE_WORDS;
      if (words[sample + 2] !== 0) words[sample + 1] = files[words[sample + 1]!]!;
    }
  }
}
