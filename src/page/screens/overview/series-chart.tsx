// biome-ignore-all lint/a11y/noNoninteractiveTabindex: the arrow keys choose a time in the chart

import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { VERDICTS } from "../../../model/verdict.js";
import { byteSize, grouped, timestamp } from "../../../report/quantity.js";
import { ACTIONS, SERIES_CELLS, type SeriesTold } from "../../protocol.js";
import { timeSpan } from "../../state/selection.js";

export type Measure = "records" | "bytes";

const HEIGHT = 220;

/** Per verdict the sums over the actions, with an empty bucket at the edges of every gap. */
interface Stacks {
  readonly times: number[];
  readonly values: readonly [number[], number[], number[]];
}

function stacksOf({ width, starts, counts }: SeriesTold, measure: Measure): Stacks {
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

function axisValue(measure: Measure): (value: number) => string {
  return measure === "bytes" ? byteSize : (value) => grouped(Math.round(value));
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

function chartOf(
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

/** Whole buckets. */
function choose(width: number, from: number, to: number): void {
  const first = Math.floor(from / width) * width;
  timeSpan.value = [first, Math.max(first + width, Math.ceil(to / width) * width)];
}

/** Verdicts over time, stacked; a span is chosen with the mouse, or with the arrow keys. */
export function SeriesChart({
  series,
  measure,
}: {
  readonly series: SeriesTold;
  readonly measure: Measure;
}) {
  const host = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const hover = useSignal<number | null>(null);
  const anchor = useSignal<number | null>(null);
  const { times, values } = stacksOf(series, measure);
  useEffect(() => {
    const element = host.current!;
    const draw = () => {
      plot.current?.destroy();
      plot.current = chartOf(element, series, measure, (at) => {
        hover.value = at;
      });
      showSpan(plot.current, timeSpan.peek());
    };
    draw();
    const resized = new ResizeObserver(() =>
      plot.current?.setSize({ width: Math.max(200, element.clientWidth), height: HEIGHT }),
    );
    resized.observe(element);
    const scheme = new MutationObserver(draw);
    scheme.observe(document.documentElement, { attributes: true, attributeFilter: ["style"] });
    const system = matchMedia("(prefers-color-scheme: dark)");
    system.addEventListener("change", draw);
    return () => {
      resized.disconnect();
      scheme.disconnect();
      system.removeEventListener("change", draw);
      plot.current?.destroy();
      plot.current = null;
    };
  }, [series, measure]);
  const span = timeSpan.value;
  useEffect(() => showSpan(plot.current, span), [span]);
  const last = times.length - 2;
  const onKey = (event: KeyboardEvent) => {
    const step = ({ ArrowLeft: -1, ArrowRight: 1, PageUp: -20, PageDown: 20 } as const)[
      event.key as "ArrowLeft"
    ];
    if (event.key === "Escape") {
      anchor.value = null;
      timeSpan.value = null;
      return;
    }
    let to = hover.value ?? 0;
    if (event.key === "Home") to = 0;
    else if (event.key === "End") to = last;
    else if (step !== undefined) to = Math.min(last, Math.max(0, to + step));
    else if (event.key !== "Enter") return;
    event.preventDefault();
    if (event.shiftKey || event.key === "Enter") {
      anchor.value ??= hover.value ?? to;
      const [first, end] = [Math.min(anchor.value, to), Math.max(anchor.value, to)];
      choose(series.width, times[first]!, times[end]! + series.width);
    } else anchor.value = null;
    hover.value = to;
    plot.current?.setCursor({ left: plot.current.valToPos(times[to]!, "x"), top: 0 });
  };
  const at = hover.value;
  const shown = axisValue(measure);
  return (
    <div class="chart">
      <div
        class="chart-host"
        ref={host}
        role="application"
        aria-label="Verdicts over time. Left and right move, with Shift they choose a span, Escape takes it back."
        tabIndex={0}
        onKeyDown={onKey}
      />
      <p class="chart-said" aria-live="polite">
        {at === null || times[at] === undefined ? (
          <span class="faint">
            Drag over the chart, or use the arrow keys with Shift, to choose a time.
          </span>
        ) : (
          <>
            {timestamp(times[at])}: {shown(values[0][at]!)} allow, {shown(values[1][at]!)} deny,{" "}
            {shown(values[2][at]!)} unknown
          </>
        )}
      </p>
    </div>
  );
}

function showSpan(plot: uPlot | null, span: readonly [number, number] | null): void {
  if (plot === null) return;
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
