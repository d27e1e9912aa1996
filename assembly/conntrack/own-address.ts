// The own address of an interface of which the rule set knows none (semantics 2.3): the one address that all its records
// share, per address family.

import { interfaceState } from "../decode/interfaces";
import { isV4 } from "../decode/tokens";
import { STATE_CANDIDATES, STATE_CANDIDATE_COUNTS } from "../shared/layout";

// Candidate count per family: 0 untouched, 1 or 2 left, NONE_LEFT.
const NONE_LEFT: u32 = 3;

/** One more record of the interface, with its addresses as shown. */
export function narrowOwnAddress(
  face: u32,
  srcHigh: u64,
  srcLow: u64,
  dstHigh: u64,
  dstLow: u64,
): void {
  const family: u32 = isV4(srcHigh, srcLow) ? 0 : 1;
  const state = interfaceState(face);
  const first = state + STATE_CANDIDATES + (family << 5);
  const second = first + 16;
  const countAt = state + STATE_CANDIDATE_COUNTS + family;
  const left = <u32>load<u8>(countAt);
  if (left == NONE_LEFT) return;
  if (left == 0) {
    put(first, srcHigh, srcLow);
    put(second, dstHigh, dstLow);
    store<u8>(countAt, srcHigh == dstHigh && srcLow == dstLow ? 1 : 2);
    return;
  }
  const keepsFirst = same(first, srcHigh, srcLow) || same(first, dstHigh, dstLow);
  const keepsSecond = left == 2 && (same(second, srcHigh, srcLow) || same(second, dstHigh, dstLow));
  if (keepsFirst && keepsSecond) return;
  if (!keepsFirst && keepsSecond) put(first, load<u64>(second), load<u64>(second, 8));
  store<u8>(countAt, keepsFirst || keepsSecond ? 1 : NONE_LEFT);
}

function put(at: usize, high: u64, low: u64): void {
  store<u64>(at, high);
  store<u64>(at, low, 8);
}

function same(at: usize, high: u64, low: u64): bool {
  return load<u64>(at) == high && load<u64>(at, 8) == low;
}

/** Whether the records of the family share no address any more. */
export function hasNoOwnAddress(face: u32, family: u32): bool {
  return load<u8>(interfaceState(face) + STATE_CANDIDATE_COUNTS + family) == NONE_LEFT;
}

/** The inferred own address of the family (0 IPv4, 1 IPv6), 0 = not decided. Points to high, low. */
export function ownAddress(face: u32, family: u32): usize {
  const state = interfaceState(face);
  return load<u8>(state + STATE_CANDIDATE_COUNTS + family) == 1
    ? state + STATE_CANDIDATES + (family << 5)
    : 0;
}
