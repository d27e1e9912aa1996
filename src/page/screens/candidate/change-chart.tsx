import { useRef } from "preact/hooks";
import { duration, grouped, timestamp } from "../../../report/quantity.js";
import { AnswerView } from "../../parts/answer-view.js";
import { HeldNote } from "../../parts/held-note.js";
import { ChangeMark } from "../../parts/verdict-mark.js";
import { CHANGE_CELLS, type ChangeSeriesTold } from "../../protocol.js";
import { hrefOf } from "../../state/route.js";
import { timeSpan } from "../../state/selection.js";
import { changesAnswer } from "./asked.js";

const HEIGHT = 96;
const WIDTH = 960;

const TONES = ["bad", "new", "warn"] as const;

/** When the records came whose connections the candidate changes. */
export function ChangeChart() {
  return (
    <>
      <HeldNote />
      <AnswerView answer={changesAnswer()}>{(series) => <Chart series={series} />}</AnswerView>
    </>
  );
}

function Chart({ series: { width, starts, counts } }: { readonly series: ChangeSeriesTold }) {
  const anchor = useRef<number | null>(null);
  const first = starts[0];
  const last = starts.at(-1);
  const sums = starts.map((_, i) => counts.reduce((sum, list) => sum + list[i]!, 0));
  const most = Math.max(0, ...sums);
  if (first === undefined || last === undefined || most === 0)
    return <p class="faint">No record that is held changes.</p>;
  const span = last + width - first;
  const xOf = (time: number): number => (WIDTH * (time - first)) / span;
  const chosen = timeSpan.value;
  const timeAt = (event: {
    readonly clientX: number;
    readonly currentTarget: SVGSVGElement;
  }): number => {
    const { left, width: pixels } = event.currentTarget.getBoundingClientRect();
    return first + (span * (event.clientX - left)) / pixels;
  };
  /** Whole steps of the chart. */
  const brush = (a: number, b: number): void => {
    const stepOf = (time: number): number => Math.floor((time - first) / width);
    const from = Math.max(0, Math.min(stepOf(a), stepOf(b)));
    const to = Math.min(Math.round(span / width), Math.max(stepOf(a), stepOf(b)) + 1);
    timeSpan.value = [first + from * width, first + to * width];
  };
  const step = Math.max(1, (WIDTH * width) / span);
  return (
    <figure class="stack">
      <div class="row">
        {CHANGE_CELLS.map((change, cell) => (
          <span key={change}>
            <ChangeMark change={change} />{" "}
            {grouped(counts[cell]!.reduce((sum, count) => sum + count, 0))}
          </span>
        ))}
        <span class="faint">
          records, {grouped(most)} in {duration(width)} at most
        </span>
      </div>
      <svg
        class="changes"
        onPointerDown={(event) => {
          anchor.current = timeAt(event);
          event.currentTarget.setPointerCapture(event.pointerId);
        }}
        onPointerMove={(event) => {
          if (anchor.current !== null) brush(anchor.current, timeAt(event));
        }}
        onPointerUp={() => {
          anchor.current = null;
        }}
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`Records that change, from ${timestamp(first)} to ${timestamp(last + width)}`}
      >
        {chosen === null ? null : (
          <rect
            class="changes-chosen"
            x={xOf(Math.max(first, chosen[0]))}
            y={0}
            width={Math.max(
              2,
              xOf(Math.min(last + width, chosen[1])) - xOf(Math.max(first, chosen[0])),
            )}
            height={HEIGHT}
          />
        )}
        {starts.map((start, i) => {
          let y = HEIGHT;
          return counts.map((list, cell) => {
            const height = (HEIGHT * list[i]!) / most;
            y -= height;
            if (height === 0) return null;
            return (
              <rect
                key={`${start} ${TONES[cell]}`}
                class={`changes-${TONES[cell]}`}
                x={xOf(start)}
                y={y}
                width={step}
                height={height}
              />
            );
          });
        })}
      </svg>
      <figcaption class="faint calendar-ends">
        <span>{timestamp(first)}</span>
        <span>{timestamp(last + width)}</span>
      </figcaption>
      <Chosen steps={starts} width={width} />
    </figure>
  );
}

/** The span that is chosen, by the mouse or here; the screens that show records keep to it. */
function Chosen({ steps, width }: { readonly steps: readonly number[]; readonly width: number }) {
  const chosen = timeSpan.value;
  const choose = (end: 0 | 1, value: string): void => {
    const [from, to] = chosen ?? [steps[0]!, steps.at(-1)! + width];
    const time = Number(value);
    if (end === 0) timeSpan.value = [time, Math.max(time + width, to)];
    else timeSpan.value = [Math.min(from, time), time + width];
  };
  return (
    <div class="row">
      <TimeChoice
        label="From"
        steps={steps}
        value={chosen?.[0]}
        choose={(value) => choose(0, value)}
      />
      <TimeChoice
        label="to the end of"
        steps={steps}
        value={chosen === null ? undefined : chosen[1] - width}
        choose={(value) => choose(1, value)}
      />
      {chosen === null ? (
        <span class="faint">Drag over the chart, or choose here, to look at one time.</span>
      ) : (
        <>
          <a class="button" href={hrefOf("records")}>
            Open its records
          </a>
          <button
            type="button"
            class="button button-quiet"
            onClick={() => {
              timeSpan.value = null;
            }}
          >
            All times
          </button>
        </>
      )}
    </div>
  );
}

function TimeChoice({
  label,
  steps,
  value,
  choose,
}: {
  readonly label: string;
  readonly steps: readonly number[];
  readonly value: number | undefined;
  choose(value: string): void;
}) {
  return (
    <label class="row">
      <span class="faint">{label}</span>
      <select
        class="field field-auto"
        value={steps.includes(value ?? -1) ? String(value) : ""}
        onChange={(event) => choose(event.currentTarget.value)}
      >
        <option value="" disabled>
          any time
        </option>
        {steps.map((step) => (
          <option key={step} value={step}>
            {timestamp(step)}
          </option>
        ))}
      </select>
    </label>
  );
}
