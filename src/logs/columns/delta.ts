// Parquet's delta encodings. They are read whole, page by page, for their values lie behind their lengths.
import type { LogTexts } from "./log-columns.js";
import { TextBuilder } from "./texts.js";

/** Values of a delta-encoded page at most. */
const MAX_VALUES = 1 << 22;
const MAX_MINIBLOCKS = 1024;
/** Bytes of all texts of a page at most: with shared beginnings a few bytes stand for many. */
const MAX_TEXT_BYTES = 128 << 20;

/** A place in the bytes of a page. */
interface Cursor {
  readonly bytes: Uint8Array;
  at: number;
}

function byteAt(cursor: Cursor): number {
  const byte = cursor.bytes[cursor.at++];
  if (byte === undefined) throw new RangeError("deltas that end too early");
  return byte;
}

function varint(cursor: Cursor): bigint {
  let value = 0n;
  for (let shift = 0n; shift < 70n; shift += 7n) {
    const byte = byteAt(cursor);
    value |= BigInt(byte & 127) << shift;
    if (byte < 128) return value;
  }
  throw new RangeError("a delta whose length has no end");
}

function zigzag(cursor: Cursor): bigint {
  const value = varint(cursor);
  return (value >> 1n) ^ -(value & 1n);
}

/** `width` bits from bit `bit` on, as two halves of 32 bits. */
function bitsAt(
  bytes: Uint8Array,
  bit: number,
  width: number,
  into: { low: number; high: number },
): void {
  into.low = halfAt(bytes, bit, Math.min(width, 32));
  into.high = width > 32 ? halfAt(bytes, bit + 32, width - 32) : 0;
}

function halfAt(bytes: Uint8Array, bit: number, width: number): number {
  const at = bit >>> 3;
  // Five bytes hold any 32 bits; doubles hold forty exactly.
  let word = 0;
  for (let i = 4; i >= 0; i--) word = word * 256 + (bytes[at + i] ?? 0);
  return Math.floor(word / 2 ** (bit & 7)) % 2 ** width;
}

/**
 * DELTA_BINARY_PACKED: `count` numbers as pairs of 32-bit halves, the lower first, and where they end. Throws RangeError
 * for what does not hold together.
 */
export function readDeltas(
  bytes: Uint8Array,
  from: number,
  count: number,
): { readonly halves: Uint32Array; readonly end: number } {
  if (count > MAX_VALUES) throw new RangeError(`a page of ${count} deltas`);
  const cursor: Cursor = { bytes, at: from };
  const blockSize = Number(varint(cursor));
  const miniblocks = Number(varint(cursor));
  const total = Number(varint(cursor));
  const perMiniblock = blockSize / miniblocks;
  if (!(miniblocks >= 1 && miniblocks <= MAX_MINIBLOCKS && Number.isInteger(perMiniblock)))
    throw new RangeError(`blocks of ${blockSize} deltas in ${miniblocks} parts`);
  if (total < count) throw new RangeError(`${total} deltas, where ${count} are needed`);
  const halves = new Uint32Array(2 * count);
  const first = BigInt.asUintN(64, zigzag(cursor));
  let low = Number(first & 0xffffffffn);
  let high = Number(first >> 32n);
  let done = 0;
  const put = (): void => {
    halves[2 * done] = low;
    halves[2 * done + 1] = high;
    done++;
  };
  if (count > 0) put();
  const bits = { low: 0, high: 0 };
  while (done < count) {
    const least = BigInt.asUintN(64, zigzag(cursor));
    const leastLow = Number(least & 0xffffffffn);
    const leastHigh = Number(least >> 32n);
    const widths = Array.from({ length: miniblocks }, () => byteAt(cursor));
    for (let i = 0; i < miniblocks && done < count; i++) {
      const width = widths[i]!;
      const end = cursor.at + (perMiniblock * width) / 8;
      if (width > 64 || end > bytes.length) throw new RangeError("deltas that end too early");
      for (let j = 0; j < perMiniblock && done < count; j++) {
        bitsAt(bytes, cursor.at * 8 + j * width, width, bits);
        const sum = low + leastLow + bits.low;
        low = sum >>> 0;
        high = (high + leastHigh + bits.high + (sum - low) / 2 ** 32) >>> 0;
        put();
      }
      cursor.at = end;
    }
  }
  // A block is whole where values behind ours are promised: then they were not ours to skip.
  return { halves, end: cursor.at };
}

/** Lengths among deltas: numbers that are not negative and below 2^31. */
function readLengths(
  bytes: Uint8Array,
  from: number,
  count: number,
): { readonly lengths: Int32Array; readonly end: number } {
  const { halves, end } = readDeltas(bytes, from, count);
  const lengths = Int32Array.from({ length: count }, (_, i) => {
    const low = halves[2 * i]!;
    if (low > 0x7fffffff) throw new RangeError("a text of negative length");
    return low;
  });
  return { lengths, end };
}

/** DELTA_LENGTH_BYTE_ARRAY: all lengths, then all texts. */
export function readDeltaLengthTexts(bytes: Uint8Array, from: number, count: number): LogTexts {
  const { lengths, end } = readLengths(bytes, from, count);
  const begins = new Int32Array(count);
  const ends = new Int32Array(count);
  let at = end;
  for (let i = 0; i < count; i++) {
    begins[i] = at;
    at += lengths[i]!;
    if (at > bytes.length) throw new RangeError("texts that end too early");
    ends[i] = at;
  }
  return { begins, ends, bytes };
}

/** DELTA_BYTE_ARRAY: how much each text shares with the one before, and what is its own. */
export function readDeltaTexts(bytes: Uint8Array, from: number, count: number): LogTexts {
  const shared = readLengths(bytes, from, count);
  const suffixes = readDeltaLengthTexts(bytes, shared.end, count);
  const builder = new TextBuilder(count, bytes.length);
  let before = 0;
  for (let i = 0; i < count; i++) {
    const prefix = shared.lengths[i]!;
    const begin = suffixes.begins[i]!;
    const length = prefix + suffixes.ends[i]! - begin;
    const start = builder.at;
    if (prefix > start - before) throw new RangeError("a text that shares more than there was");
    if (start + length > MAX_TEXT_BYTES) throw new RangeError("a page of too long texts");
    const room = builder.room(length);
    room.copyWithin(start, before, before + prefix);
    room.set(bytes.subarray(begin, suffixes.ends[i]), start + prefix);
    builder.end(start + length);
    before = start;
  }
  return builder.texts();
}
