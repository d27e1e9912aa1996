import type { LogInput } from "../analysis/index.js";
import type { LogFile } from "./find-logs.js";
import { readBytes } from "./read-bytes.js";
import { replayable } from "./replayable.js";

/** Rejects with the signal's reason once it is aborted; the listener goes with `dispose`. */
function untilAborted(signal: AbortSignal): { promise: Promise<never>; dispose: () => void } {
  let dispose = (): void => {};
  const promise = new Promise<never>((_, reject) => {
    const onAbort = (): void => reject(signal.reason);
    if (signal.aborted) onAbort();
    signal.addEventListener("abort", onAbort);
    dispose = () => signal.removeEventListener("abort", onAbort);
  });
  // Lost when no race is on at the moment of the abort.
  promise.catch(() => {});
  return { promise, dispose };
}

/** Chunks of a source that may stay silent for long: an abort ends the wait, not only the next chunk. */
async function* interruptible(
  chunks: AsyncGenerator<Uint8Array>,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const { promise, dispose } = untilAborted(signal);
  try {
    for (;;) {
      const next = await Promise.race([chunks.next(), promise]);
      if (next.done === true) return;
      yield next.value;
    }
  } finally {
    dispose();
    // A silent pipe would never settle this: nobody waits for it.
    chunks.return(undefined).catch(() => {});
  }
}

/**
 * A log file as the analysis reads it: opened when its turn comes, decompressed on the way. A file can be opened any
 * number of times; stdin and pipes again only after a look at their heads.
 */
export function logInput(file: LogFile, signal?: AbortSignal): LogInput {
  const read = (): AsyncGenerator<Uint8Array> =>
    readBytes(file, signal === undefined ? {} : { signal });
  if (file.size > 0) return { name: file.name, size: file.size, open: read };
  const watched = (): AsyncGenerator<Uint8Array> =>
    signal === undefined ? read() : interruptible(read(), signal);
  return { name: file.name, open: replayable(file.name, watched) };
}
