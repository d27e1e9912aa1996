// What is drawn beside numbers, free of its form. Only HTML draws it: terminals and Markdown have the tables.

import type { OverTime } from "../analysis/summary.js";
import type { Verdict } from "../model/verdict.js";

/** Records by verdict over time, a stack per bin. */
export interface OverTimePlot {
  readonly kind: "over-time";
  readonly title: string;
  readonly overTime: OverTime;
}

/** Rows whose parts add up, each in the colour of its verdict. */
export interface SharePlot {
  readonly kind: "shares";
  readonly title: string;
  readonly rows: readonly {
    readonly label: string;
    readonly parts: Readonly<Record<Verdict, number>>;
  }[];
}

/** The largest of a list, one bar each. */
export interface BarPlot {
  readonly kind: "bars";
  readonly title: string;
  readonly bars: readonly Bar[];
}

export interface Bar {
  readonly label: string;
  readonly value: number;
  /** The value as people read it. */
  readonly text: string;
}

export type Plot = OverTimePlot | SharePlot | BarPlot;

/** Bars of one plot: more are no picture any more. */
const MOST_BARS = 10;

/** A plot of the first bars; none where there is nothing to compare. */
export function barPlots(title: string, bars: readonly Bar[]): readonly BarPlot[] {
  const shown = bars.slice(0, MOST_BARS).filter(({ value }) => value > 0);
  return shown.length < 2 ? [] : [{ kind: "bars", title, bars: shown }];
}
