// The pair cache: (policy, address class, service) -> outcome, so that bitsets are ANDed once per pair and not once
// per record. Fixed capacity; a full set forgets its oldest pair. Sets are one cache line of four pairs:
//
//   0      4     8       12        16        32        48        64
//   |policy|class|service|outcome+1| pair 1  | pair 2  | pair 3  |
//
// A second, smaller cache serves records with load-balancer evidence (semantics 3.5d), one pair per row:
//
//   0      4     8       12        16      24  32
//   |policy|class|service|outcome+1|nlbMask| - |

const PAIR_BYTES: usize = 16;
const PAIR_SETS_SHIFT: u64 = 15;
const SET_BYTES: usize = 64;
/** 131,072 pairs, 2 MiB per matcher. */
export const PAIRS_BYTES: usize = SET_BYTES << <usize>PAIR_SETS_SHIFT;

const EVIDENCE_ROW_BYTES: usize = 32;
const EVIDENCE_SHIFT: u64 = 12;
export const EVIDENCE_PAIRS_BYTES: usize = EVIDENCE_ROW_BYTES << <usize>EVIDENCE_SHIFT;

/** Not in the cache. */
export const MISS: u32 = 0xffffffff;

function pairHash(policy: u32, addressClass: u32, service: u32): u64 {
  let key = ((<u64>policy << 32) | <u64>addressClass) * 0x9e3779b97f4a7c15;
  key = (key ^ (key >> 32) ^ <u64>service) * 0xff51afd7ed558ccd;
  return key;
}

/** The set a pair belongs to: where findPair looks and keepPair writes. */
export function pairSet(pairs: usize, policy: u32, addressClass: u32, service: u32): usize {
  return pairs + <usize>(pairHash(policy, addressClass, service) >> (64 - PAIR_SETS_SHIFT)) * SET_BYTES;
}

/** Outcome of the pair or MISS. */
export function findPair(set: usize, policy: u32, addressClass: u32, service: u32): u32 {
  const key = (<u64>addressClass << 32) | <u64>policy;
  let pair = set;
  const end = set + SET_BYTES;
  do {
    if (load<u64>(pair) == key && load<u32>(pair, 8) == service) return load<u32>(pair, 12) - 1;
    pair += PAIR_BYTES;
  } while (pair < end);
  return MISS;
}

/** Enters the pair in front; the oldest of the set falls out. */
export function keepPair(set: usize, policy: u32, addressClass: u32, service: u32, outcome: u32): void {
  memory.copy(set + PAIR_BYTES, set, SET_BYTES - PAIR_BYTES);
  store<u64>(set, (<u64>addressClass << 32) | <u64>policy);
  store<u32>(set, service, 8);
  store<u32>(set, outcome + 1, 12);
}

/** The row of a pair with evidence. */
export function evidenceRow(pairs: usize, policy: u32, addressClass: u32, service: u32, nlbMask: u64): usize {
  const hash = (pairHash(policy, addressClass, service) ^ nlbMask) * 0xc4ceb9fe1a85ec53;
  return pairs + <usize>(hash >> (64 - EVIDENCE_SHIFT)) * EVIDENCE_ROW_BYTES;
}

export function findEvidence(row: usize, policy: u32, addressClass: u32, service: u32, nlbMask: u64): u32 {
  if (load<u64>(row) != ((<u64>addressClass << 32) | <u64>policy)) return MISS;
  if (load<u32>(row, 8) != service || load<u64>(row, 16) != nlbMask) return MISS;
  return load<u32>(row, 12) - 1;
}

export function keepEvidence(
  row: usize,
  policy: u32,
  addressClass: u32,
  service: u32,
  nlbMask: u64,
  outcome: u32,
): void {
  store<u64>(row, (<u64>addressClass << 32) | <u64>policy);
  store<u32>(row, service, 8);
  store<u32>(row, outcome + 1, 12);
  store<u64>(row, nlbMask, 16);
}
