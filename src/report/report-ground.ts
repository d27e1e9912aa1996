// What every answer about a log rests on: how far the rules explain it, by which evidence, over which part of the traffic.

import type { Summary } from "../analysis/summary.js";
import { coverageSection } from "./coverage-section.js";
import { fidelitySentence } from "./fidelity-sentence.js";
import { byteSize, counted, elapsed, grouped } from "./quantity.js";
import type { Json } from "./report.js";
import { type Block, note, paragraph, type Section, toned } from "./report-body.js";
import { coverageDocument, gradeCounts } from "./summary-json.js";
import { gradeSection } from "./verdict-sections.js";

/** What only the host can measure; left out of every report that must repeat byte for byte. */
export interface RunCost {
  readonly seconds: number;
  readonly workers: number;
  /** Greatest resident memory of the process, bytes. */
  readonly peakMemory: number;
}

/** A run over a log, as every answer about it rests on it. */
export interface Ground {
  /** Under the rules that hold now. */
  readonly summary: Summary;
  /** Connections that found no room among the rows of openers: no finding speaks for them. */
  readonly openersDropped: number;
  readonly cost?: RunCost;
}

/** How fast it went. */
export function throughputSections({ summary, cost }: Pick<Ground, "summary" | "cost">): Section[] {
  if (cost === undefined) return [];
  // Below a millisecond the quotient says nothing.
  const seconds = Math.max(cost.seconds, 0.001);
  const rate = grouped(Math.round(summary.records.read / seconds));
  const bytes = byteSize(summary.coverage.bytesRead / seconds);
  const text =
    `${counted(summary.records.read, "record")} in ${elapsed(cost.seconds)}: ${rate} records/s, ${bytes}/s of log text; ` +
    `${counted(cost.workers, "worker")}, peak memory ${byteSize(cost.peakMemory)}`;
  return [{ heading: "Throughput", blocks: [paragraph(text)], fleeting: true }];
}

/** The answer, after a word that a run was interrupted, and before how far the rules explain the log. */
export function groundLead({ summary, openersDropped }: Ground, answer: readonly Block[]): Block[] {
  const partial = "PARTIAL: interrupted; this speaks only for what was read so far.";
  const dropped = `${counted(openersDropped, "connection")} found no room among the rows of openers: no finding speaks for them.`;
  return [
    ...(summary.partial ? [note(toned(partial, "warn"))] : []),
    ...(openersDropped > 0 ? [note(toned(dropped, "warn"))] : []),
    ...answer,
    paragraph(fidelitySentence(summary)),
  ];
}

/** Said after the findings: coverage, grades, and how fast it went where that is known. */
export function groundSections(ground: Ground): Section[] {
  const { summary } = ground;
  return [coverageSection(summary), gradeSection(summary), ...throughputSections(ground)];
}

/** The same for the first line of NDJSON, whose coverage has lines of its own. */
export function groundHead({ summary, openersDropped }: Ground): Json {
  return {
    fidelity: summary.fidelity,
    grades: gradeCounts(summary),
    partial: summary.partial,
    openersDropped,
  };
}

/** The same as JSON. */
export function groundKeys(ground: Ground): Json {
  return { coverage: coverageDocument(ground.summary.coverage), ...groundHead(ground) };
}
