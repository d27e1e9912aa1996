import type { RecordBatch } from "apache-arrow";
import { columnOf } from "../../filter/index.js";
import { ByteTable } from "../../model/byte-table.js";
import type { CalendarTold } from "../protocol.js";
import { TimeBuckets } from "./time-buckets.js";

/** As many as fit side by side on a small screen. */
const MOST_BUCKETS = 96;

/** Interfaces told: nobody looks through more. */
const MOST_FACES = 1000;

/** All that a calendar counts. Can be cloned. */
export interface CalendarCounts {
  readonly width: number;
  /** By their numbers. */
  readonly ids: readonly Uint8Array[];
  readonly buckets: readonly (readonly [start: number, records: Uint32Array])[];
}

/** Records of one bucket by interface. */
class FaceCounts {
  private counts = new Uint32Array(16);

  add(face: number, records: number): void {
    if (face >= this.counts.length) {
      const wider = new Uint32Array(Math.max(face + 1, 2 * this.counts.length));
      wider.set(this.counts);
      this.counts = wider;
    }
    this.counts[face]! += records;
  }

  of(face: number): number {
    return this.counts[face] ?? 0;
  }

  join(other: FaceCounts): void {
    other.all.forEach((records, face) => {
      if (records > 0) this.add(face, records);
    });
  }

  get all(): Uint32Array {
    return this.counts;
  }
}

/** When each interface has judged records. Memory: four bytes per interface and bucket, of which there are few. */
export class FaceCalendar {
  private readonly faces = new ByteTable();
  private readonly buckets = new TimeBuckets<FaceCounts>(
    MOST_BUCKETS,
    () => new FaceCounts(),
    (into, other) => into.join(other),
  );

  add(batch: RecordBatch): void {
    const starts = columnOf(batch, "start");
    const ids = columnOf(batch, "interface_id");
    if (starts?.kind !== "number" || ids?.kind !== "text") return;
    const { bytes, ends } = ids;
    for (let row = 0; row < batch.numRows; row++) {
      if (!starts.present(row) || !ids.present(row)) continue;
      const face = this.faces.add(bytes, ends[row]!, ends[row + 1]!);
      this.buckets.at(starts.at(row)).add(face, 1);
    }
  }

  get counts(): CalendarCounts {
    return {
      width: this.buckets.width,
      ids: Array.from({ length: this.faces.size }, (_, face) => this.faces.get(face).slice()),
      buckets: this.buckets.sorted().map(([start, counts]) => [start, counts.all] as const),
    };
  }

  /** Takes in what another one counted. */
  join({ width, ids, buckets }: CalendarCounts): void {
    const faces = ids.map((id) => this.faces.add(id, 0, id.length));
    const renumbered = buckets.map(([start, records]) => {
      const counts = new FaceCounts();
      for (const [face, number] of faces.entries())
        if ((records[face] ?? 0) > 0) counts.add(number, records[face]!);
      return [start, counts] as const;
    });
    this.buckets.addAll(width, renumbered);
  }

  /** The interfaces with most records. */
  told(): CalendarTold {
    const sorted = this.buckets.sorted();
    const decoder = new TextDecoder();
    const all = Array.from({ length: this.faces.size }, (_, face) => ({
      face,
      id: decoder.decode(this.faces.get(face)),
      records: sorted.reduce((sum, [, counts]) => sum + counts.of(face), 0),
    }));
    all.sort((a, b) => b.records - a.records || (a.id < b.id ? -1 : 1));
    return {
      width: this.buckets.width,
      starts: sorted.map(([start]) => start),
      faces: all.slice(0, MOST_FACES).map(({ face, id }) => ({
        id,
        records: sorted.map(([, counts]) => counts.of(face)),
      })),
      more: Math.max(0, all.length - MOST_FACES),
    };
  }
}
