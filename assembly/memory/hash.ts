// 64-bit mixing (the finaliser of MurmurHash3): every bit of the input moves every bit of the output.
// Also the sketch hash of SEMANTICS 4.3: do not change it without changing the specification.

/** Bijective mixer. */
export function mix64(value: u64): u64 {
  let k = value;
  k ^= k >> 33;
  k *= 0xff51afd7ed558ccd;
  k ^= k >> 33;
  k *= 0xc4ceb9fe1a85ec53;
  k ^= k >> 33;
  return k;
}

let seed: u64 = 0;
/** Odd words that depend on the seed: factors of multiply-shift hashes. */
export let seedOdd0: u64 = 0x9e3779b97f4a7c15;
export let seedOdd1: u64 = 0xc2b2ae3d27d4eb4f;
export let seedOdd2: u64 = 0x165667b19e3779f9;

/**
 * Once, before the first record, from the rule image: who can write into a log but does not know the rules cannot aim at
 * a bucket. The same input still gives the same order everywhere.
 */
export function seedHash(value: u64): void {
  seed = mix64(value);
  seedOdd0 = mix64(seed + 1) | 1;
  seedOdd1 = mix64(seed + 2) | 1;
  seedOdd2 = mix64(seed + 3) | 1;
}

/** Hash of two words under the seed; not symmetric. */
export function hash2(a: u64, b: u64): u64 {
  return mix64(mix64(a ^ seed) ^ b);
}
