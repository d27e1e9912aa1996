// The chart itself: loaded with the first one that is shown.

import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { VERDICTS } from "../../../model/verdict.js";
import { timestamp } from "../../../report/quantity.js";
import type { SeriesTold } from "../../protocol.js";
import { axisValue, choose, type Measure, type Stacks, stacksOf } from "./series.js";

export const HEIGHT = 220;

/** Colour of a token as the canvas needs it. */
function colour(name: string): string {
  // light-dark() is resolved by an element alone.
  const probe = document.createElement("span");
  probe.style.color = `var(${name})`;
  document.body.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

const COLOURS = ["--allow", "--deny", "--unknown"] as const;

/** Sums from the first verdict on: the chart draws the highest first, and the lower ones over it. */
function stacked(values: Stacks["values"]): readonly [number[], number[], number[]] {
  const [allow, deny, unknown] = values;
  const both = allow.map((value, i) => value + deny[i]!);
  return [allow, both, both.map((value, i) => value + unknown[i]!)];
}

const DAY = 86_400;

/** Hours and minutes, with the date where a day begins and at the first. */
function timeTicks(_: uPlot, ticks: readonly number[]): string[] {
  return ticks.map((tick, i) => {
    const text = timestamp(tick);
    const [date = "", clock = ""] = text.split(" ");
    if (tick % DAY === 0 && i > 0) return date;
    return i === 0 ? `${clock.slice(0, 5)}\n${date}` : clock.slice(0, 5);
  });
}

export function chartOf(
  host: HTMLElement,
  series: SeriesTold,
  measure: Measure,
  onHover: (at: number | null) => void,
): uPlot {
  const { times, values } = stacksOf(series, measure);
  const [allow, both, all] = stacked(values);
  const ink = colour("--ink-2");
  const edge = colour("--edge");
  const font = `12px ${getComputedStyle(document.body).fontFamily}`;
  const stepped = uPlot.paths.stepped!({ align: 1 });
  const line = (verdict: number): uPlot.Series => ({
    label: VERDICTS[verdict]!,
    stroke: colour(COLOURS[verdict]!),
    fill: colour(COLOURS[verdict]!),
    width: 0,
    paths: stepped,
    points: { show: false },
  });
  const axis = { stroke: ink, font, grid: { stroke: edge, width: 1 }, ticks: { show: false } };
  return new uPlot(
    {
      width: Math.max(200, host.clientWidth),
      height: HEIGHT,
      tzDate: (second) => uPlot.tzDate(new Date(second * 1000), "Etc/UTC"),
      legend: { show: false },
      cursor: { y: false, points: { show: false }, drag: { x: true, y: false, setScale: false } },
      scales: { y: { range: (_, __, max) => [0, max <= 0 ? 1 : max * 1.05] } },
      axes: [
        { ...axis, values: timeTicks },
        { ...axis, size: 76, values: (_, ticks) => ticks.map((tick) => axisValue(measure)(tick)) },
      ],
      series: [{}, line(2), line(1), line(0)],
      hooks: {
        setCursor: [({ cursor: { idx } }) => onHover(idx ?? null)],
        setSelect: [
          (plot) => {
            const { left, width } = plot.select;
            if (width < 3) return;
            const from = plot.posToVal(left, "x");
            const to = plot.posToVal(left + width, "x");
            choose(series.width, from, to);
          },
        ],
      },
    },
    [times, all, both, allow],
    host,
  );
}

export function showSpan(plot: uPlot, span: readonly [number, number] | null): void {
  if (span === null) {
    plot.setSelect({ left: 0, width: 0, top: 0, height: 0 }, false);
    return;
  }
  const left = Math.max(0, plot.valToPos(span[0], "x"));
  const right = Math.min(plot.over.clientWidth, plot.valToPos(span[1], "x"));
  plot.setSelect(
    { left, width: Math.max(1, right - left), top: 0, height: plot.over.clientHeight },
    false,
  );
}
