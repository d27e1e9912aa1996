import type { RecordBatch } from "apache-arrow";
import { columnOf, dictionaryTexts } from "../../filter/index.js";
import { VERDICTS } from "../../model/verdict.js";
import { ACTIONS, SERIES_CELLS, type SeriesTold } from "../protocol.js";
import { TimeBuckets } from "./time-buckets.js";

/** More than a screen has columns. */
const MOST_BUCKETS = 2048;

const ACCEPT = "A".charCodeAt(0);
const REJECT = "R".charCodeAt(0);
const VERDICT_NUMBERS: ReadonlyMap<string, number> = new Map(VERDICTS.map((name, i) => [name, i]));

/** Records and bytes by time, verdict and action. Memory is bounded, whatever times a log holds. */
export class TimeIndex {
  /** Per cell records, then per cell bytes. */
  private readonly buckets = new TimeBuckets<Float64Array>(
    MOST_BUCKETS,
    () => new Float64Array(2 * SERIES_CELLS),
    (into, other) => {
      for (let i = 0; i < into.length; i++) into[i]! += other[i]!;
    },
  );

  /** Adds the rows of these numbers; `undefined` = all. Rows without a start are in no bucket. */
  add(batch: RecordBatch, rows?: Uint32Array): void {
    const starts = columnOf(batch, "start");
    const verdicts = columnOf(batch, "verdict");
    if (starts?.kind !== "number" || verdicts?.kind !== "dictionary") return;
    const sizes = columnOf(batch, "bytes");
    const actions = columnOf(batch, "action");
    const numbers = dictionaryTexts(verdicts.dictionary).map((text) => VERDICT_NUMBERS.get(text)!);
    const actionOf = (row: number): number => {
      if (actions?.kind !== "text" || !actions.present(row)) return 2;
      const first = actions.bytes[actions.ends[row]!];
      if (first === ACCEPT) return 0;
      return first === REJECT ? 1 : 2;
    };
    const count = rows?.length ?? batch.numRows;
    for (let i = 0; i < count; i++) {
      const row = rows === undefined ? i : rows[i]!;
      if (!starts.present(row)) continue;
      const bucket = this.buckets.at(starts.at(row));
      const cell = numbers[verdicts.codes[row]!]! * ACTIONS.length + actionOf(row);
      bucket[cell]!++;
      if (sizes?.kind === "number" && sizes.present(row))
        bucket[SERIES_CELLS + cell]! += sizes.at(row);
    }
  }

  /** Takes in what another one told. */
  join({ width, starts, counts }: SeriesTold): void {
    const cells = 2 * SERIES_CELLS;
    const buckets = Array.from(
      starts,
      (start, i) => [start, counts.subarray(i * cells, (i + 1) * cells)] as const,
    );
    this.buckets.addAll(width, buckets);
  }

  told(): SeriesTold {
    const sorted = this.buckets.sorted();
    const counts = new Float64Array(sorted.length * 2 * SERIES_CELLS);
    sorted.forEach(([, bucket], i) => {
      counts.set(bucket, i * 2 * SERIES_CELLS);
    });
    return {
      width: this.buckets.width,
      starts: Float64Array.from(sorted, ([start]) => start),
      counts,
    };
  }
}
