// What unpacked gzip may grow to, and how a break in it is told.
import { FlowError } from "../errors.js";

/** Below this many bytes of output no file is a bomb. */
const BOMB_BYTES = 64 * 1024 * 1024;
/** Flow logs shrink to a fifth or a seventh; one line repeated to a 340th, gzip's own limit is a 1032nd. */
const BOMB_RATIO = 250;

/** Whether the bytes begin as a gzip member does. */
export function isGzip(head: Uint8Array): boolean {
  return head[0] === 0x1f && head[1] === 0x8b;
}

/** Throws `log-bomb` where the output so far is out of all proportion to the input read for it; `form` is its name. */
export function refuseBomb(name: string, input: number, output: number, form = "gzip"): void {
  if (output <= BOMB_BYTES || output <= input * BOMB_RATIO) return;
  throw new FlowError(
    "log-bomb",
    `${input} bytes of ${form} unpack to more than ${output} bytes, over ${BOMB_RATIO} times as many; no flow log does that`,
    { at: name, hint: "unpack it yourself if it is meant" },
  );
}

/** The error for a log that cannot be read to its end; `output` bytes of it were. */
export function logBroken(name: string, what: string, output: number): FlowError {
  return new FlowError(
    "log-broken",
    `cannot be read to its end: ${what}; used up to there (${output} bytes)`,
    {
      at: name,
      hint: "fetch the file again",
    },
  );
}
