// Inputs opened before their turn, so that reading and unpacking many small files overlaps with judging.
import type { LogInput } from "./options.js";

/** Inputs under way beside the one being read, at most; and their bytes on disk, but for the next one. */
const AHEAD_INPUTS = 32;
const AHEAD_BYTES = 4 << 20;

interface Opened {
  readonly chunks: AsyncGenerator<Uint8Array>;
  readonly first: Promise<IteratorResult<Uint8Array>>;
}

async function* chunksFrom(input: LogInput): AsyncGenerator<Uint8Array> {
  yield* input.open();
}

function begin(input: LogInput): Opened {
  const chunks = chunksFrom(input);
  const first = chunks.next();
  // Awaited in its turn; until then a failure is nobody's surprise.
  first.catch(() => {});
  return { chunks, first };
}

async function* chunksOf({ chunks, first }: Opened): AsyncGenerator<Uint8Array> {
  try {
    for (let next = await first; next.done !== true; next = await chunks.next()) yield next.value;
  } finally {
    await chunks.return(undefined);
  }
}

/**
 * Opens inputs in their order, the first chunk of the following ones under way. Memory: the first chunks of 32 inputs at
 * most, of no more than 4 MiB on disk together.
 */
export class OpenAhead {
  private readonly inputs: readonly LogInput[];
  private readonly opened = new Map<number, Opened>();
  private bytes = 0;
  private next = 0;

  constructor(inputs: readonly LogInput[]) {
    this.inputs = inputs;
  }

  /** The chunks of the input of this number; to be asked in ascending order. */
  open(number: number): AsyncIterable<Uint8Array> {
    this.next = Math.max(this.next, number);
    this.openUpTo(number);
    const opened = this.opened.get(number)!;
    this.opened.delete(number);
    this.bytes -= this.sizeOf(number);
    this.openMore();
    return chunksOf(opened);
  }

  /** Closes what was opened and is not wanted any more. */
  async close(): Promise<void> {
    const opened = [...this.opened.values()];
    this.opened.clear();
    for (const { chunks, first } of opened) {
      await first.catch(() => {});
      await chunks.return(undefined);
    }
  }

  private sizeOf(number: number): number {
    return this.inputs[number]!.size ?? 0;
  }

  // What has no size (stdin, pipes) may stay silent for ever, and is opened in its turn. Several at a time: whoever reads
  // them can be asked for all in one message.
  private openMore(): void {
    if (this.opened.size > AHEAD_INPUTS / 2) return;
    while (this.next < this.inputs.length && this.opened.size < AHEAD_INPUTS) {
      const size = this.sizeOf(this.next);
      if (size === 0 || (this.opened.size > 0 && this.bytes + size > AHEAD_BYTES)) return;
      this.openUpTo(this.next);
    }
  }

  private openUpTo(number: number): void {
    for (; this.next <= number; this.next++) {
      this.opened.set(this.next, begin(this.inputs[this.next]!));
      this.bytes += this.sizeOf(this.next);
    }
  }
}
