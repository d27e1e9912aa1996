// Questions about interfaces: own addresses (semantics 2.2), services groups never filter (1.4), carriers of an NLB
// group (3.5d). None changes memory.

import {
  LOCAL_BYTES,
  NLB_BYTES,
  POLICY_BYTES,
  SERVICE6_BYTES,
  IMAGE_INTERFACE_BYTES,
} from "../shared/image";
import { isV4 } from "./address";
import { InterfaceRow, LocalRow, Matcher, NlbRow, PolicyRow } from "./rows";

/** An interface that the rule image does not hold. */
export const NO_INTERFACE: u32 = 0xffffffff;

/** Row of an interface (IMAGE_INTERFACE_*); valid while the matcher lives. */
export function interfaceAt(matcher: Matcher, index: u32): InterfaceRow {
  return changetype<InterfaceRow>(matcher.interfaces + <usize>index * IMAGE_INTERFACE_BYTES);
}

function isAtMost(highA: u64, lowA: u64, highB: u64, lowB: u64): bool {
  return highA < highB || (highA == highB && lowA <= lowB);
}

/** Whether a range of the interface holds the address. O(log ranges). */
export function holdsAddress(matcher: Matcher, owner: InterfaceRow, high: u64, low: u64): bool {
  const ranges = matcher.locals + <usize>owner.locals * LOCAL_BYTES;
  let from: u32 = 0;
  let to: u32 = owner.localCount;
  while (from < to) {
    const middle = (from + to) >> 1;
    const range = changetype<LocalRow>(ranges + <usize>middle * LOCAL_BYTES);
    if (!isAtMost(range.firstHigh, range.firstLow, high, low)) to = middle;
    else if (isAtMost(high, low, range.lastHigh, range.lastLow)) return true;
    else from = middle + 1;
  }
  return false;
}

function isLinkLocalService(matcher: Matcher, high: u64, low: u64): bool {
  if (isV4(high, low)) {
    const end = matcher.services4 + <usize>(matcher.services4Count << 2);
    // Sorted: almost every address lies outside the first and the last.
    if (<u32>low < load<u32>(matcher.services4) || <u32>low > load<u32>(end - 4)) return false;
    for (let at = matcher.services4; at < end; at += 4) if (load<u32>(at) == <u32>low) return true;
    return false;
  }
  if (high != load<u64>(matcher.services6)) return false;
  const end = matcher.services6 + <usize>matcher.services6Count * SERVICE6_BYTES;
  for (let at = matcher.services6; at < end; at += SERVICE6_BYTES) {
    if (load<u64>(at) == high && load<u64>(at, 8) == low) return true;
  }
  return false;
}

/** Semantics 1.4 by remote address: link-local services, and the reserved addresses of the interface's network. */
export function isServiceAddress(matcher: Matcher, index: u32, high: u64, low: u64): bool {
  if (isLinkLocalService(matcher, high, low)) return true;
  if (index == NO_INTERFACE || !isV4(high, low)) return false;
  const owner = interfaceAt(matcher, index);
  let at = matcher.reserved + <usize>(owner.reserved << 2);
  const end = at + <usize>(owner.reservedCount << 2);
  for (; at < end; at += 4) if (load<u32>(at) == <u32>low) return true;
  return false;
}

/** Row of a policy, numbered from 1. */
export function policyAt(matcher: Matcher, policy: u32): PolicyRow {
  return changetype<PolicyRow>(matcher.policies + <usize>(policy - 1) * POLICY_BYTES);
}

/** Row of an NLB slot of a policy. */
export function nlbAt(matcher: Matcher, policy: u32, slot: u32): NlbRow {
  return changetype<NlbRow>(
    matcher.image + <usize>policyAt(matcher, policy).nlb + <usize>slot * NLB_BYTES,
  );
}
