import type { RecordBatch } from "apache-arrow";
import { columnOf, dictionaryTexts } from "../../filter/index.js";
import { VERDICTS } from "../../model/verdict.js";
import { ACTIONS, SERIES_CELLS, type SeriesTold } from "../protocol.js";

/** Widths of a bucket in seconds, finest first: whole minutes, hours, days, weeks. */
const WIDTHS = [60, 300, 900, 3600, 21_600, 86_400, 604_800, 31_536_000] as const;

/** More than a screen has columns; at the next width the buckets are joined. */
const MOST_BUCKETS = 2048;

const ACCEPT = "A".charCodeAt(0);
const REJECT = "R".charCodeAt(0);
const VERDICT_NUMBERS: ReadonlyMap<string, number> = new Map(VERDICTS.map((name, i) => [name, i]));

/** Records and bytes by time, verdict and action. Memory is bounded, whatever times a log holds. */
export class TimeIndex {
  private width: number = WIDTHS[0];
  /** By the second in which the bucket begins: per cell records, then per cell bytes. */
  private buckets = new Map<number, Float64Array>();

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
    // Rows come in order of time: mostly it is the bucket of the row before.
    let bucket: Float64Array | undefined;
    let ends = Number.NEGATIVE_INFINITY;
    let begins = Number.POSITIVE_INFINITY;
    const count = rows?.length ?? batch.numRows;
    for (let i = 0; i < count; i++) {
      const row = rows === undefined ? i : rows[i]!;
      if (!starts.present(row)) continue;
      const start = starts.at(row);
      if (bucket === undefined || start < begins || start >= ends) {
        bucket = this.bucketAt(start);
        begins = start - (start % this.width);
        ends = begins + this.width;
      }
      const cell = numbers[verdicts.codes[row]!]! * ACTIONS.length + actionOf(row);
      bucket[cell]!++;
      if (sizes?.kind === "number" && sizes.present(row))
        bucket[SERIES_CELLS + cell]! += sizes.at(row);
    }
  }

  told(): SeriesTold {
    const starts = Float64Array.from(this.buckets.keys()).sort();
    const counts = new Float64Array(starts.length * 2 * SERIES_CELLS);
    starts.forEach((start, i) => {
      counts.set(this.buckets.get(start)!, i * 2 * SERIES_CELLS);
    });
    return { width: this.width, starts, counts };
  }

  private bucketAt(second: number): Float64Array {
    const known = this.buckets.get(second - (second % this.width));
    if (known !== undefined) return known;
    while (this.buckets.size >= MOST_BUCKETS && this.widen());
    const at = second - (second % this.width);
    const bucket = this.buckets.get(at) ?? new Float64Array(2 * SERIES_CELLS);
    this.buckets.set(at, bucket);
    return bucket;
  }

  /** Joins buckets into those of the next width; false where there is none. */
  private widen(): boolean {
    const width = WIDTHS.find((wider) => wider > this.width);
    if (width === undefined) return false;
    this.width = width;
    const before = this.buckets;
    this.buckets = new Map();
    for (const [second, counts] of before) {
      const at = second - (second % width);
      const sum = this.buckets.get(at);
      if (sum === undefined) this.buckets.set(at, counts);
      else
        counts.forEach((value, i) => {
          sum[i]! += value;
        });
    }
    return true;
  }
}
