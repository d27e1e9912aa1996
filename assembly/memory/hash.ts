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

/**
 * Once, before the first record, from the rule image: who can write into a log but does not know the rules cannot aim at
 * a bucket. The same input still gives the same order everywhere.
 */
export function seedHash(value: u64): void {
  seed = mix64(value);
}

/** Hash of two words under the seed; not symmetric. */
export function hash2(a: u64, b: u64): u64 {
  return mix64(mix64(a ^ seed) ^ b);
}
