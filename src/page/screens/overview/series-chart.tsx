// biome-ignore-all lint/a11y/noNoninteractiveTabindex: the arrow keys choose a time in the chart

import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type uPlot from "uplot";
import { timestamp } from "../../../report/quantity.js";
import type { SeriesTold } from "../../protocol.js";
import { timeSpan } from "../../state/selection.js";
import { axisValue, choose, type Measure, stacksOf } from "./series.js";
import type { showSpan as ShowSpan } from "./series-plot.js";

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
  const spanShown = useRef<typeof ShowSpan | null>(null);
  const hover = useSignal<number | null>(null);
  const anchor = useSignal<number | null>(null);
  const { times, values } = stacksOf(series, measure);
  useEffect(() => {
    const element = host.current!;
    let shown = true;
    const draw = async () => {
      const { chartOf, showSpan } = await import("./series-plot.js");
      if (!shown) return;
      plot.current?.destroy();
      plot.current = chartOf(element, series, measure, (at) => {
        hover.value = at;
      });
      spanShown.current = showSpan;
      showSpan(plot.current, timeSpan.peek());
    };
    void draw();
    const resized = new ResizeObserver(() =>
      plot.current?.setSize({
        width: Math.max(200, element.clientWidth),
        height: plot.current.height,
      }),
    );
    resized.observe(element);
    const scheme = new MutationObserver(draw);
    scheme.observe(document.documentElement, { attributes: true, attributeFilter: ["style"] });
    const system = matchMedia("(prefers-color-scheme: dark)");
    system.addEventListener("change", draw);
    return () => {
      shown = false;
      resized.disconnect();
      scheme.disconnect();
      system.removeEventListener("change", draw);
      plot.current?.destroy();
      plot.current = null;
    };
  }, [series, measure]);
  const span = timeSpan.value;
  useEffect(() => {
    if (plot.current !== null) spanShown.current?.(plot.current, span);
  }, [span]);
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
