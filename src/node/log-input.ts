import type { LogInput } from "../analysis/index.js";
import { FlowError } from "../errors.js";
import type { LogFile } from "./find-logs.js";
import { readBytes } from "./read-bytes.js";
import { replayable } from "./replayable.js";

/** Rejects once the signal is aborted; the listener goes with `dispose`. */
function untilAborted(
  name: string,
  signal: AbortSignal,
): { promise: Promise<never>; dispose: () => void } {
  let dispose = (): void => {};
  const promise = new Promise<never>((_, reject) => {
    const onAbort = (): void =>
      reject(new FlowError("interrupted", "was not read to its end", { at: name }));
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
  name: string,
  chunks: AsyncGenerator<Uint8Array>,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const { promise, dispose } = untilAborted(name, signal);
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
 * number of times, and whoever reads it minds the signal between chunks. Stdin and pipes can be opened again only after
 * a look at their heads; an abort ends them with `interrupted`.
 */
export function logInput(file: LogFile, signal?: AbortSignal): LogInput {
  const read = (): AsyncGenerator<Uint8Array> => readBytes(file);
  if (file.size > 0) return { name: file.name, size: file.size, open: read };
  const watched = (): AsyncGenerator<Uint8Array> =>
    signal === undefined ? read() : interruptible(file.name, read(), signal);
  return { name: file.name, open: replayable(file.name, watched) };
}
