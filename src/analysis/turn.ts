// The thread, for others: what reads and unpacks ahead is told only between two turns that its next piece is ready.

type Later = (callback: () => void) => unknown;
const later = (globalThis as { readonly setImmediate?: Later }).setImmediate;

/** The rows of emissions, with a turn of the event loop wherever nothing was emitted (0). Browsers unpack without one. */
export async function* inTurns(work: Generator<number>): AsyncGenerator<number> {
  for (const rows of work) {
    if (rows > 0) yield rows;
    else if (later !== undefined) await new Promise<void>((resolve) => later(resolve));
  }
}
