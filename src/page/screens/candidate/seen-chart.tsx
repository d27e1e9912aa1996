import { counted, duration, timestamp } from "../../../report/quantity.js";
import type { TupleSeries } from "../../protocol.js";
import { read } from "../../state/reading.js";

/** Parts of the height: bars above, the line of the log below. */
const LINE = 0.86;
const LINE_HEIGHT = 0.08;

/** Never so narrow that it is not seen. */
const NARROWEST = 0.03;

/** When in the log the connections of a row were: from first to last, and how many of the records held in each step. */
export function SeenChart({
  first,
  last,
  series,
}: {
  readonly first: number;
  readonly last: number;
  readonly series: TupleSeries | undefined;
}) {
  const { firstStart, lastEnd } = read.value?.summary.coverage ?? { firstStart: 0, lastEnd: 0 };
  const begin = firstStart ?? 0;
  const span = Math.max(1, (lastEnd ?? 0) - begin);
  const partOf = (time: number): number => Math.min(1, Math.max(0, (time - begin) / span));
  const from = partOf(first);
  const width = Math.max(NARROWEST, partOf(last) - from);
  const told = `${timestamp(first)} to ${timestamp(last)}${seriesText(series)}`;
  return (
    <svg
      class="seen"
      viewBox="0 0 1 1"
      preserveAspectRatio="none"
      role="img"
      aria-label={`from ${told}`}
    >
      <title>{told}</title>
      {series === undefined ? null : <Bars series={series} partOf={partOf} />}
      <rect class="seen-log" x={0} y={LINE} width={1} height={LINE_HEIGHT} />
      <rect
        class="seen-part"
        x={Math.min(from, 1 - width)}
        y={LINE}
        width={width}
        height={LINE_HEIGHT}
      />
    </svg>
  );
}

function Bars({
  series: { start, width, counts },
  partOf,
}: {
  readonly series: TupleSeries;
  partOf(time: number): number;
}) {
  const most = Math.max(1, ...counts);
  return (
    <>
      {Array.from(counts, (count, i) => {
        if (count === 0) return null;
        const from = start + i * width;
        const height = Math.max(0.1, LINE * (count / most));
        return (
          <rect
            key={from}
            class="seen-part"
            x={partOf(from)}
            y={LINE - height}
            width={Math.max(NARROWEST / 2, partOf(from + width) - partOf(from))}
            height={height}
          />
        );
      })}
    </>
  );
}

/** `: 185 records, 13 in 1 min at most`. */
function seriesText(series: TupleSeries | undefined): string {
  if (series === undefined) return "";
  const { counts, width } = series;
  const all = counts.reduce((sum, count) => sum + count, 0);
  return `: ${counted(all, "record")}, ${Math.max(...counts)} in ${duration(width)} at most`;
}
