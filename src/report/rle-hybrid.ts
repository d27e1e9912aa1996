// Parquet's hybrid of run-length and bit-packed encoding, for small numbers: indices of dictionaries.

import type { ByteSink } from "./byte-sink.js";

/** Runs shorter than this are packed with their neighbours. */
const SHORTEST_RUN = 8;

/** Bits that hold every number up to `most`; one at least, for there are readers that stumble over none. */
export function bitsFor(most: number): number {
  return Math.max(1, 32 - Math.clz32(most));
}

export function appendVarInt(sink: ByteSink, value: number): void {
  let rest = value;
  while (rest > 127) {
    sink.push((rest & 127) | 128);
    rest >>>= 7;
  }
  sink.push(rest);
}

/** Writes the numbers, `bits` each (24 at most). Linear. */
export function appendHybrid(sink: ByteSink, numbers: Int32Array, bits: number): void {
  const count = numbers.length;
  let packedFrom = 0;
  let at = 0;
  while (at < count) {
    const run = runAt(numbers, at);
    if (run < SHORTEST_RUN) {
      at = Math.min(at + SHORTEST_RUN, count);
      continue;
    }
    appendPacked(sink, numbers, packedFrom, at, bits);
    appendRun(sink, numbers[at]!, run, bits);
    at += run;
    packedFrom = at;
  }
  appendPacked(sink, numbers, packedFrom, count, bits);
}

function runAt(numbers: Int32Array, from: number): number {
  const value = numbers[from];
  let to = from + 1;
  while (to < numbers.length && numbers[to] === value) to++;
  return to - from;
}

/** `count` times the same number. */
export function appendRun(sink: ByteSink, value: number, count: number, bits: number): void {
  appendVarInt(sink, count * 2);
  for (let shift = 0; shift < bits; shift += 8) sink.push((value >> shift) & 255);
}

/** Groups of eight; the last one is filled up with zeros, and only at the end of all numbers. */
function appendPacked(
  sink: ByteSink,
  numbers: Int32Array,
  from: number,
  to: number,
  bits: number,
): void {
  if (from === to) return;
  const groups = Math.ceil((to - from) / 8);
  appendVarInt(sink, groups * 2 + 1);
  sink.reserve(groups * bits);
  const { bytes } = sink;
  let out = sink.length;
  let word = 0;
  let filled = 0;
  for (let i = from; i < from + groups * 8; i++) {
    word |= (i < to ? numbers[i]! : 0) << filled;
    filled += bits;
    while (filled >= 8) {
      bytes[out++] = word & 255;
      word >>>= 8;
      filled -= 8;
    }
  }
  sink.length = out;
}

/** A bitmap as numbers of one bit; its bytes are groups of eight already. */
export function appendBitmap(
  sink: ByteSink,
  bitmap: Uint8Array,
  from: number,
  count: number,
): void {
  const groups = (count + 7) >> 3;
  appendVarInt(sink, groups * 2 + 1);
  sink.append(bitmap.subarray(from >> 3, (from >> 3) + groups));
}
