// What the chart of verdicts over time shows.

import { byteSize, grouped } from "../../../report/quantity.js";
import { ACTIONS, SERIES_CELLS, type SeriesTold } from "../../protocol.js";
import { timeSpan } from "../../state/selection.js";

export type Measure = "records" | "bytes";

/** Per verdict the sums over the actions, with an empty bucket at the edges of every gap. */
export interface Stacks {
  readonly times: number[];
  readonly values: readonly [number[], number[], number[]];
}

export function stacksOf({ width, starts, counts }: SeriesTold, measure: Measure): Stacks {
  const times: number[] = [];
  const values: [number[], number[], number[]] = [[], [], []];
  const put = (time: number, at: (verdict: number) => number): void => {
    times.push(time);
    values.forEach((list, verdict) => {
      list.push(at(verdict));
    });
  };
  const offset = measure === "bytes" ? SERIES_CELLS : 0;
  starts.forEach((start, i) => {
    const before = starts[i - 1];
    if (before !== undefined && before + width < start) {
      put(before + width, () => 0);
      if (before + 2 * width < start) put(start - width, () => 0);
    }
    const base = i * 2 * SERIES_CELLS + offset;
    put(start, (verdict) => {
      let sum = 0;
      for (let action = 0; action < ACTIONS.length; action++)
        sum += counts[base + verdict * ACTIONS.length + action]!;
      return sum;
    });
  });
  const last = starts.at(-1);
  if (last !== undefined) put(last + width, () => 0);
  return { times, values };
}

export function axisValue(measure: Measure): (value: number) => string {
  return measure === "bytes" ? byteSize : (value) => grouped(Math.round(value));
}

/** Whole buckets. */
export function choose(width: number, from: number, to: number): void {
  const first = Math.floor(from / width) * width;
  timeSpan.value = [first, Math.max(first + width, Math.ceil(to / width) * width)];
}
