// From written lines to chunks: lines of a window are spread over lanes (AWS publishes several files per interval),
// lanes are emptied in random order, now and then one is delivered a window late. Memory: the lanes and one chunk.

import { MAX_LINE } from "./line-writer.js";
import type { Random } from "./random.js";
import { TruthBuffer, type TruthColumns } from "./truth.js";

const LANES = 16;
const LANE_BYTES = 1 << 20;
/** No line is shorter than this, NODATA in the shortest format excepted: then a lane is emptied early. */
const LANE_LINES = 1 << 14;
/** Chance that a lane waits for the next window. */
const LATE_LANE = 0.04;

/** Whole lines and what is true of them. */
export interface GeneratedChunk {
  readonly text: Uint8Array;
  readonly truth: TruthColumns;
}

/** Lines on their way, in a fixed place: its size must not depend on the caller's chunk size, or the order would. */
export class Lane {
  readonly bytes: Uint8Array = new Uint8Array(LANE_BYTES);
  length = 0;
  /** End of each line. */
  readonly ends: Int32Array = new Int32Array(LANE_LINES);
  readonly truth: TruthBuffer = new TruthBuffer(LANE_LINES);

  /** Ends the line that was written from `length` to `end`. */
  close(
    end: number,
    opener: number,
    verdict: number,
    cause: number,
    kind: number,
    connection: number,
  ): void {
    this.ends[this.truth.count] = end;
    this.truth.push(opener, verdict, cause, kind, connection);
    this.length = end;
  }

  get full(): boolean {
    return this.length > LANE_BYTES - MAX_LINE || this.truth.count === LANE_LINES;
  }
}

export class Delivery {
  readonly #random: Random;
  readonly #chunkBytes: number;
  readonly #lanes: Lane[] = [];
  readonly #order: number[];
  readonly #ready: GeneratedChunk[] = [];
  #bytes: Uint8Array;
  #length = 0;
  #truth: TruthBuffer;

  constructor(random: Random, chunkBytes: number) {
    this.#random = random;
    this.#chunkBytes = chunkBytes;
    this.#bytes = new Uint8Array(chunkBytes);
    this.#truth = new TruthBuffer(this.#linesPerChunk());
    for (let i = 0; i < LANES; i++) this.#lanes.push(new Lane());
    this.#order = this.#lanes.map((_, i) => i);
  }

  #linesPerChunk(): number {
    return Math.max(LANE_LINES, this.#chunkBytes >>> 5);
  }

  /** The field names come first in the first chunk. */
  writeHeader(header: Uint8Array): void {
    if (header.length > this.#bytes.length) {
      this.#ready.push({ text: header, truth: new TruthBuffer(0).take() });
      return;
    }
    this.#bytes.set(header, 0);
    this.#length = header.length;
  }

  /** A lane with room for a line. */
  lane(): Lane {
    const lane = this.#lanes[this.#random.next() >>> 28]!;
    if (lane.full) this.#empty(lane);
    return lane;
  }

  /** The window is over: empties the lanes. */
  endWindow(): void {
    for (let i = LANES - 1; i > 0; i--) {
      const j = this.#random.below(i + 1);
      const swap = this.#order[i]!;
      this.#order[i] = this.#order[j]!;
      this.#order[j] = swap;
    }
    for (const index of this.#order)
      if (!this.#random.chance(LATE_LANE)) this.#empty(this.#lanes[index]!);
  }

  /** The log is over: nothing stays behind. */
  end(): void {
    for (const lane of this.#lanes) this.#empty(lane);
    this.#flush();
  }

  #empty(lane: Lane): void {
    let line = 0;
    let from = 0;
    while (line < lane.truth.count) {
      // The longest run of whole lines that fits.
      const room = this.#bytes.length - this.#length;
      const lines = this.#linesPerChunk() - this.#truth.count;
      let next = line;
      while (next < lane.truth.count && next - line < lines && lane.ends[next]! - from <= room)
        next += 1;
      if (next === line) {
        this.#flush();
        continue;
      }
      const to = lane.ends[next - 1]!;
      this.#bytes.set(lane.bytes.subarray(from, to), this.#length);
      this.#length += to - from;
      this.#truth.append(lane.truth, line, next);
      line = next;
      from = to;
    }
    lane.length = 0;
    lane.truth.count = 0;
  }

  #flush(): void {
    if (this.#length === 0) return;
    this.#ready.push({ text: this.#bytes.slice(0, this.#length), truth: this.#truth.take() });
    this.#length = 0;
  }

  /** The next finished chunk. It belongs to the caller. */
  shift(): GeneratedChunk | undefined {
    return this.#ready.shift();
  }

  get hasChunk(): boolean {
    return this.#ready.length > 0;
  }
}
