// How many records were allowed, denied and left open, by time of their start.

import type { OverTime } from "./summary.js";

/** Bins told at most. */
const MOST_BINS = 120;
/** Bins kept while the log is read; beyond, they become twice as wide. */
const MOST_KEPT = 65_536;

type Counts = readonly [allow: number, deny: number, unknown: number];

/** The least multiple of `seconds` by a power of two that cuts the span into few enough bins. */
function widthOf(seconds: number, first: number, last: number): number {
  let width = seconds;
  while (Math.floor(last / width) - Math.floor(first / width) >= MOST_BINS) width *= 2;
  return width;
}

/** Bins by number, as they are kept; can be written as JSON. */
export interface OverTimeState {
  readonly seconds: number;
  readonly bins: readonly (readonly [bin: number, counts: Counts])[];
}

export class VerdictsOverTime {
  private seconds: number;
  private bins = new Map<number, Counts>();

  /** `seconds`: width of a bin, which begins at a multiple of it. */
  constructor(seconds: number) {
    this.seconds = seconds;
  }

  add(time: number, [allow, deny, unknown]: Counts): void {
    const bin = Math.floor(time / this.seconds);
    const before = this.bins.get(bin) ?? [0, 0, 0];
    this.bins.set(bin, [before[0] + allow, before[1] + deny, before[2] + unknown]);
    if (this.bins.size > MOST_KEPT) this.widen(this.seconds * 2);
  }

  state(): OverTimeState {
    return { seconds: this.seconds, bins: [...this.bins] };
  }

  resume({ seconds, bins }: OverTimeState): void {
    this.seconds = seconds;
    this.bins = new Map(bins);
  }

  private widen(seconds: number): void {
    const { bins, seconds: old } = this;
    this.seconds = seconds;
    this.bins = new Map();
    for (const [bin, counts] of bins) this.add(bin * old, counts);
  }

  /** Every bin from the first to the last that holds something, empty ones between them too; null without any. */
  told(): OverTime | null {
    if (this.bins.size === 0) return null;
    const times = [...this.bins.keys()].map((bin) => bin * this.seconds);
    const [first, last] = [Math.min(...ends(times)), Math.max(...ends(times))];
    this.widen(widthOf(this.seconds, first, last));
    const { seconds, bins } = this;
    const from = Math.floor(first / seconds);
    const counts = Array.from(
      { length: Math.floor(last / seconds) - from + 1 },
      (_, i) => bins.get(from + i) ?? [0, 0, 0],
    );
    return {
      seconds,
      first: from * seconds,
      allow: counts.map(([allow]) => allow),
      deny: counts.map(([, deny]) => deny),
      unknown: counts.map(([, , unknown]) => unknown),
    };
  }
}

/** Least and greatest of a list that is too long to be spread. */
function ends(times: readonly number[]): readonly [number, number] {
  return times.reduce<readonly [number, number]>(
    ([least, greatest], time) => [Math.min(least, time), Math.max(greatest, time)],
    [times[0]!, times[0]!],
  );
}

/** Both together: bins of the wider one, or wider still where both together last longer. */
export function addOverTime(a: OverTime | null, b: OverTime | null): OverTime | null {
  if (a === null || b === null) return a ?? b;
  const sum = new VerdictsOverTime(Math.max(a.seconds, b.seconds));
  for (const { first, seconds, allow, deny, unknown } of [a, b])
    allow.forEach((count, i) => {
      sum.add(first + i * seconds, [count, deny[i]!, unknown[i]!]);
    });
  return sum.told();
}
