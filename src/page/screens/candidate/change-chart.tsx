import { duration, grouped, timestamp } from "../../../report/quantity.js";
import { AnswerView } from "../../parts/answer-view.js";
import { HeldNote } from "../../parts/held-note.js";
import { ChangeMark } from "../../parts/verdict-mark.js";
import { CHANGE_CELLS, type ChangeSeriesTold } from "../../protocol.js";
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
  const first = starts[0];
  const last = starts.at(-1);
  const sums = starts.map((_, i) => counts.reduce((sum, list) => sum + list[i]!, 0));
  const most = Math.max(0, ...sums);
  if (first === undefined || last === undefined || most === 0)
    return <p class="faint">No record that is held changes.</p>;
  const span = last + width - first;
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
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`Records that change, from ${timestamp(first)} to ${timestamp(last + width)}`}
      >
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
                x={(WIDTH * (start - first)) / span}
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
    </figure>
  );
}
