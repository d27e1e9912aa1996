import * as c from "../contract.js";
import type { Core } from "../core/core.js";
import { borderOrder } from "./border-order.js";

const BORDER_WORDS = c.BORDER_BYTES / 4;
/** Connections handed to the core at once. */
const STEP = 16_384;
/** Connections held before those that are over are closed. */
const FEW_HELD = 1 << 18;

/** The connections of one summary that are still to come, in order of their first start. */
interface Queue {
  /** Those behind the ones in hand. */
  readonly rest: Uint32Array[];
  words: Uint32Array;
  next: number;
}

/**
 * Hands the connections at the borders of several summaries to the core, in order of their first start over all of them:
 * as their records came, or would have come, in one log.
 */
export class BorderMerge {
  private readonly core: Core;
  /** By number of the summary, those that have some left. */
  private readonly queues = new Map<number, Queue>();
  /** Made for the first connection: many summaries have none. */
  private staged = new Uint32Array(0);
  private filled = 0;
  private held = FEW_HELD;

  constructor(core: Core) {
    this.core = core;
  }

  /** Adds those of summary `source`, with the core's numbers of interfaces and files. `rows` are the caller's no more. */
  add(source: number, rows: readonly Uint8Array[]): void {
    const filled = rows.filter(({ length }) => length > 0);
    const [words, ...rest] = filled.map(
      (chunk) => new Uint32Array(chunk.buffer, chunk.byteOffset, chunk.byteLength / 4),
    );
    if (words !== undefined) this.queues.set(source, { rest, words, next: 0 });
  }

  /** Hands over all that begin before `time`: later summaries have none of them. */
  handOver(time: number): void {
    for (;;) {
      const [source, queue] = this.earliest();
      if (queue === undefined || firstOf(queue) >= time) return;
      this.stage(queue.words.subarray(queue.next, queue.next + BORDER_WORDS), source);
      queue.next += BORDER_WORDS;
      if (queue.next < queue.words.length) continue;
      const words = queue.rest.shift();
      if (words === undefined) this.queues.delete(source);
      else Object.assign(queue, { words, next: 0 });
    }
  }

  /** Hands over the rest. */
  end(): void {
    this.handOver(Number.POSITIVE_INFINITY);
    this.flush();
  }

  private earliest(): readonly [source: number, queue: Queue | undefined] {
    let best: readonly [number, Queue | undefined] = [-1, undefined];
    for (const entry of this.queues)
      if (best[1] === undefined || orderOf(entry[1]) < orderOf(best[1])) best = entry;
    return best;
  }

  private stage(row: Uint32Array, source: number): void {
    if (this.staged.length === 0) this.staged = new Uint32Array(STEP * BORDER_WORDS);
    this.staged.set(row, this.filled);
    this.staged[this.filled + c.BORDER_AT / 4]! |= source << c.AT_BITS;
    this.filled += BORDER_WORDS;
    if (this.filled === this.staged.length) this.flush();
  }

  private flush(): void {
    if (this.filled === 0) return;
    const words = this.staged.subarray(0, this.filled);
    this.core.takeConnections(new Uint8Array(words.buffer, 0, words.byteLength));
    const last = words[this.filled - BORDER_WORDS + c.BORDER_FIRST / 4]!;
    this.filled = 0;
    if (this.core.usage.connections < this.held) return;
    this.core.closeConnections(last, false);
    this.held = Math.max(FEW_HELD, 2 * this.core.usage.connections);
  }
}

function orderOf({ words, next }: Queue): number {
  return borderOrder((at) => words[next + at / 4]!);
}

function firstOf({ words, next }: Queue): number {
  return words[next + c.BORDER_FIRST / 4]!;
}
