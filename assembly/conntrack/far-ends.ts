// How many far endpoints an endpoint was seen with (semantics 4.3), in a word: up to four as they are, by fingerprint, then
// a sketch. So whether three were seen does not hang on how addresses fall into a sketch, which a renaming of them changes.
// A word depends on the set alone, never on the order in which it was filled.

import { mix64 } from "../memory/hash";

/** Bits of a fingerprint. */
export const FAR_BITS: u64 = 14;
const FAR_MASK: u64 = 0x3fff;
const MOST: u64 = 4;
// Set: the other 63 bits are a sketch. Else fingerprints stand from the lowest bits on, smaller ones first, then zeros.
const SKETCH: u64 = 1 << 63;
const SKETCH_BITS: u64 = 63;

/** The fingerprint of a far endpoint, never 0: part of the specification (4.3). */
export function farEnd(high: u64, low: u64, port: u32): u32 {
  return <u32>max<u64>(mix64(mix64(mix64(high) ^ low) ^ <u64>port) >> (64 - FAR_BITS), 1);
}

/** The word with one more; 0 holds none, and a fingerprint is a word of one. */
export function withFarEnd(word: u64, far: u32): u64 {
  if (word & SKETCH) return word | sketchBit(far);
  for (let shift: u64 = 0; shift < MOST * FAR_BITS; shift += FAR_BITS) {
    const own = (word >> shift) & FAR_MASK;
    if (own == far) return word;
    if (own == 0) return word | ((<u64>far) << shift);
    if (own < far) continue;
    if (word >> ((MOST - 1) * FAR_BITS) != 0) break;
    const smaller = ((<u64>1) << shift) - 1;
    return (word & smaller) | ((<u64>far) << shift) | ((word & ~smaller) << FAR_BITS);
  }
  return sketchOf(word) | sketchBit(far);
}

/** Both words' far endpoints. */
export function withFarEnds(word: u64, other: u64): u64 {
  if (other & SKETCH) return other | (word & SKETCH ? word : sketchOf(word));
  for (; other != 0; other >>= FAR_BITS) word = withFarEnd(word, <u32>(other & FAR_MASK));
  return word;
}

/** Far endpoints in a word: up to four as they are, then at least five and what the sketch says, 63 at most. */
export function farEndCount(word: u64): u32 {
  if (word & SKETCH) return <u32>max<u64>(popcnt(word & ~SKETCH), MOST + 1);
  return <u32>((64 - clz(word) + FAR_BITS - 1) / FAR_BITS);
}

function sketchOf(word: u64): u64 {
  let sketch = SKETCH;
  for (; word != 0; word >>= FAR_BITS) sketch |= sketchBit(<u32>(word & FAR_MASK));
  return sketch;
}

function sketchBit(far: u32): u64 {
  return (<u64>1) << ((<u64>far * SKETCH_BITS) >> FAR_BITS);
}
