import { OPENER_SAMPLES, type Sample } from "../model/opener.js";
import { compareText } from "./tuple-spread.js";

/** Of both, the OPENER_SAMPLES smallest by start, then file, then line. */
export function earliestSamples(a: readonly Sample[], b: readonly Sample[]): readonly Sample[] {
  const latest = a[OPENER_SAMPLES - 1];
  if (latest !== undefined && !b.some((sample) => compareSamples(sample, latest) < 0)) return a;
  return [...a, ...b].sort(compareSamples).slice(0, OPENER_SAMPLES);
}

function compareSamples(a: Sample, b: Sample): number {
  return a.start - b.start || compareText(a.file, b.file) || a.line - b.line;
}

/** Whether samples of which the first starts at `from` may be among the earliest. */
export function mayBeEarlier(earliest: readonly Sample[], from: number): boolean {
  const latest = earliest[OPENER_SAMPLES - 1];
  return latest === undefined || from <= latest.start;
}
