// gzip without a host: DecompressionStream of browsers fails on concatenated members, fflate does not.
import { type FlateError, Gunzip } from "fflate";
import { logBroken, refuseBomb } from "./gzip-limits.js";

/** Compressed bytes a step takes: at most 16 MiB of output wait to be handed on. */
const STEP = 16_384;
/** Bytes of the shortest gzip member. */
const MEMBER = 18;
/** fflate's code for a header that is none. */
const INVALID_HEADER = 6;

function trailingZeros(bytes: Uint8Array): number {
  let count = 0;
  while (count < bytes.length && bytes[bytes.length - 1 - count] === 0) count++;
  return count;
}

/**
 * Whether a member ends with the size of its text, as it must. fflate does not notice every cut. `tail` ends with a byte
 * that is not zero; of the zeros behind it, up to four belong to the size and the others are padding.
 */
function endsWithSize(tail: Uint8Array, zeros: number, size: number): boolean {
  const bytes = new Uint8Array(tail.length + 4);
  bytes.set(tail);
  const view = new DataView(bytes.buffer);
  for (let own = 0; own <= Math.min(zeros, 4); own++) {
    const at = tail.length + own - 4;
    if (at >= 0 && view.getUint32(at, true) === size) return true;
  }
  return false;
}

function lastFour(before: Uint8Array, added: Uint8Array): Uint8Array {
  if (added.length >= 4) return added.slice(-4);
  const joined = new Uint8Array(before.length + added.length);
  joined.set(before);
  joined.set(added, before.length);
  return joined.slice(-4);
}

/**
 * Unpacks gzip, all members one after the other. Zero bytes after the last member are padding. A break throws `log-broken`
 * after what came before it (all but the output of the last 16 KiB of input), a bomb `log-bomb`. About 200 MB/s of output.
 * Unlike node:zlib this compares no check sums.
 */
export async function* gunzipWeb(
  source: AsyncIterable<Uint8Array>,
  name: string,
): AsyncGenerator<Uint8Array> {
  let ready: Uint8Array[] = [];
  let input = 0;
  let output = 0;
  const gunzip = new Gunzip((bytes) => {
    if (bytes.length > 0) ready.push(bytes);
  });
  let memberStart = 0;
  let memberInput = 0;
  gunzip.onmember = (offset) => {
    memberInput = offset;
    // All text of the member before is in `ready` by now.
    memberStart = output + ready.reduce((sum, bytes) => sum + bytes.length, 0);
  };
  const push = (bytes: Uint8Array, final: boolean): unknown => {
    try {
      gunzip.push(bytes, final);
      return undefined;
    } catch (error) {
      return error;
    }
  };
  const pushZeros = (count: number, final: boolean): unknown => {
    for (let left = count; left >= STEP; left -= STEP) {
      const error = push(new Uint8Array(STEP), false);
      if (error !== undefined) return error;
    }
    return push(new Uint8Array(count % STEP), final);
  };
  const take = function* (): Generator<Uint8Array> {
    const taken = ready;
    ready = [];
    for (const bytes of taken) {
      output += bytes.length;
      refuseBomb(name, input, output);
      yield bytes;
    }
  };
  // Zeros are held back until something follows them: at the end they may be padding, which fflate takes for a header.
  let zeros = 0;
  let tail: Uint8Array = new Uint8Array(0);
  for await (const chunk of source) {
    for (let at = 0; at < chunk.length; at += STEP) {
      const step = chunk.subarray(at, at + STEP);
      const held = trailingZeros(step);
      input += step.length;
      if (held === step.length) {
        zeros += held;
        continue;
      }
      let error = zeros === 0 ? undefined : pushZeros(zeros, false);
      error ??= push(step.subarray(0, step.length - held), false);
      const added = step.subarray(0, step.length - held);
      tail = lastFour(
        zeros === 0 ? tail : lastFour(tail, new Uint8Array(Math.min(zeros, 4))),
        added,
      );
      zeros = held;
      yield* take();
      if (error !== undefined) throw logBroken(name, messageOf(error), output);
    }
  }
  const error = pushZeros(zeros, true);
  yield* take();
  const isPadding = zeros > 0 && (error as FlateError | undefined)?.code === INVALID_HEADER;
  if (error !== undefined && !isPadding) throw logBroken(name, messageOf(error), output);
  const size = (output - memberStart) % 2 ** 32;
  if (input - memberInput < MEMBER || !endsWithSize(tail, zeros, size))
    throw logBroken(name, "unexpected end of gzip data", output);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
