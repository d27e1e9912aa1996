// What pairs of address class and service have come to, so that bitsets are ANDed once per pair and policy and not once
// per record. All capacities are fixed; nothing here allocates while a batch runs.
//
// Tables: while the pool lasts, a policy takes a table of u32 outcome + 1, one row per class key, one column per service
// (0 = not known yet). Neighbouring services share a cache line, and a lookup is one load.
//
// Pairs: what found no room for a table shares a cache of sets of four pairs, one cache line each; a full set forgets
// its oldest pair:
//
//   0      4     8       12        16        32        48        64
//   |policy|class|service|outcome+1| pair 1  | pair 2  | pair 3  |
//
// Evidence: records with load-balancer evidence (semantics 3.5d) have a smaller cache of one pair per row:
//
//   0      4     8       12        16      24  32
//   |policy|class|service|outcome+1|nlbMask| - |

import { Matcher, PolicyRow } from "./rows";

/** Cells of the pool: 16 MiB per matcher, touched, and where they were written before zeroed, as they are used. */
const POOL_CELLS: u32 = 4194304;
export const POOL_BYTES: usize = (<usize>POOL_CELLS) << 2;
/** In `tables`: the policy asked and found no room. */
const NO_TABLE: usize = 1;

const PAIR_BYTES: usize = 16;
const PAIR_SETS_SHIFT: u64 = 15;
const SET_BYTES: usize = 64;
/** 131,072 pairs, 2 MiB per matcher. */
export const PAIRS_BYTES: usize = SET_BYTES << (<usize>PAIR_SETS_SHIFT);

const EVIDENCE_ROW_BYTES: usize = 32;
const EVIDENCE_SHIFT: u64 = 12;
export const EVIDENCE_PAIRS_BYTES: usize = EVIDENCE_ROW_BYTES << (<usize>EVIDENCE_SHIFT);

/** Not in the cache. */
export const MISS: u32 = 0xffffffff;

/** Table of the policy, taken from the pool at its first question; 0 = it has none. */
export function tableOf(matcher: Matcher, policy: u32, row: PolicyRow): usize {
  const slot = matcher.tables + ((<usize>policy) << 2);
  const known = load<usize>(slot);
  if (known > NO_TABLE) return known;
  if (known == NO_TABLE) return 0;
  const cells = <u64>matcher.keyCount * <u64>row.serviceCount;
  if (<u64>matcher.pairPoolUsed + cells > <u64>POOL_CELLS) {
    store<usize>(slot, NO_TABLE);
    return 0;
  }
  const table = matcher.pairPool + ((<usize>matcher.pairPoolUsed) << 2);
  matcher.pairPoolUsed += <u32>cells;
  if (matcher.pairPoolWritten) memory.fill(table, 0, (<usize>cells) << 2);
  store<usize>(slot, table);
  return table;
}

/** Cell of a pair in a table. */
export function tableCell(table: usize, row: PolicyRow, classKey: u32, service: u32): usize {
  return table + ((<usize>(classKey * row.serviceCount + service)) << 2);
}

function pairHash(policy: u32, addressClass: u32, service: u32): u64 {
  let key = (((<u64>policy) << 32) | <u64>addressClass) * 0x9e3779b97f4a7c15;
  key = (key ^ (key >> 32) ^ <u64>service) * 0xff51afd7ed558ccd;
  return key;
}

/** The set a pair belongs to: where findPair looks and keepPair writes. */
export function pairSet(pairs: usize, policy: u32, addressClass: u32, service: u32): usize {
  return (
    pairs + <usize>(pairHash(policy, addressClass, service) >> (64 - PAIR_SETS_SHIFT)) * SET_BYTES
  );
}

/** Outcome of the pair or MISS. */
export function findPair(set: usize, policy: u32, addressClass: u32, service: u32): u32 {
  const key = ((<u64>addressClass) << 32) | <u64>policy;
  let pair = set;
  const end = set + SET_BYTES;
  do {
    if (load<u64>(pair) == key && load<u32>(pair, 8) == service) return load<u32>(pair, 12) - 1;
    pair += PAIR_BYTES;
  } while (pair < end);
  return MISS;
}

/** Enters the pair in front; the oldest of the set falls out. */
export function keepPair(
  set: usize,
  policy: u32,
  addressClass: u32,
  service: u32,
  outcome: u32,
): void {
  memory.copy(set + PAIR_BYTES, set, SET_BYTES - PAIR_BYTES);
  store<u64>(set, ((<u64>addressClass) << 32) | <u64>policy);
  store<u32>(set, service, 8);
  store<u32>(set, outcome + 1, 12);
}

/** The row of a pair with evidence. */
export function evidenceRow(
  pairs: usize,
  policy: u32,
  addressClass: u32,
  service: u32,
  nlbMask: u64,
): usize {
  const hash = (pairHash(policy, addressClass, service) ^ nlbMask) * 0xc4ceb9fe1a85ec53;
  return pairs + <usize>(hash >> (64 - EVIDENCE_SHIFT)) * EVIDENCE_ROW_BYTES;
}

export function findEvidence(
  row: usize,
  policy: u32,
  addressClass: u32,
  service: u32,
  nlbMask: u64,
): u32 {
  if (load<u64>(row) != (((<u64>addressClass) << 32) | <u64>policy)) return MISS;
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
  store<u64>(row, ((<u64>addressClass) << 32) | <u64>policy);
  store<u32>(row, service, 8);
  store<u32>(row, outcome + 1, 12);
  store<u64>(row, nlbMask, 16);
}
