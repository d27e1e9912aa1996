import type { LogInput } from "../analysis/index.js";
import { FlowError } from "../errors.js";
import type { ByteRanges } from "../logs/index.js";
import { fileRanges } from "./file-ranges.js";
import type { LogFile } from "./find-logs.js";
import { readBytes } from "./read-bytes.js";
import { SMALL } from "./read-small.js";
import { replayable } from "./replayable.js";
import { objectRanges } from "./s3/read-object.js";
import { isS3 } from "./s3/s3-place.js";
import { SmallFiles } from "./small-files.js";

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
  const { name, size, doubtful = false } = file;
  if (isS3(file.path)) {
    const ranges = async (): Promise<ByteRanges> => objectRanges(file.path, name, size);
    return { name, size, doubtful, open: read, ranges };
  }
  if (size > 0) {
    const ranges = (): Promise<ByteRanges> => fileRanges(file.path, name);
    return { name, size, doubtful, open: read, ranges };
  }
  const watched = (): AsyncGenerator<Uint8Array> =>
    signal === undefined ? read() : interruptible(file.name, read(), signal);
  return { name, doubtful, open: replayable(name, watched) };
}

/** Below so many small files a thread for them does not pay for its start of 40 ms. */
const MANY = 100;

async function* smallOr(
  text: Promise<Uint8Array | undefined>,
  otherwise: () => AsyncGenerator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  const whole = await text;
  if (whole === undefined) yield* otherwise();
  else if (whole.length > 0) yield whole;
}

/** The inputs of all files; where many are small, a thread beside this one reads them. */
export function logInputs(files: readonly LogFile[], signal?: AbortSignal): LogInput[] {
  const isSmall = ({ path, size }: LogFile): boolean => size > 0 && size <= SMALL && !isS3(path);
  const inputs = files.map((file) => logInput(file, signal));
  if (files.filter(isSmall).length < MANY) return inputs;
  const small = new SmallFiles();
  return inputs.map((input, i) => {
    const file = files[i]!;
    if (!isSmall(file)) return input;
    return {
      ...input,
      open: () => smallOr(small.read(file.path, file.size), () => readBytes(file)),
    };
  });
}
