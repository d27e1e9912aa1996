// What a pair of address class and service comes to under a network ACL: the first entry that matches (semantics 10.1).
// The slow path behind the pair cache: O(peers of the class * log(peers of the policy) + words of a bitset).

import { REASON_ACL, REASON_ICMP_TYPE, REASON_RULE } from "../shared/codes";
import {
  gatherPeers,
  NONE,
  SCRATCH_PEER,
  scratchBitset,
  scratchBytes,
  wordAt,
} from "./class-peers";
import { internOutcome } from "./outcomes";
import { Matcher, OutcomeRow, PolicyRow } from "./rows";
import { setAccepted, setRejected } from "./sides";

function conclude(matcher: Matcher, row: OutcomeRow, reason: i32, detail: u32): u32 {
  setAccepted(row, reason, detail);
  setRejected(row, reason, detail);
  return internOutcome(matcher, row);
}

/**
 * Outcome of one pair, interned, or FULL. An entry for one ICMP type may match (3.6): where one that could decide
 * otherwise stands before the first that surely matches, the outcome is unknown.
 */
export function evaluateOrdered(
  matcher: Matcher,
  policy: PolicyRow,
  classIndex: u32,
  service: u32,
  time: u32,
): u32 {
  const image = matcher.image;
  const words = policy.words;
  memory.fill(matcher.scratch, 0, scratchBytes(words));
  const row = changetype<OutcomeRow>(matcher.scratch);
  gatherPeers(matcher, policy, classIndex, time);
  const fitting = image + <usize>policy.services + <usize>(service * words * 8);
  const holding = scratchBitset(matcher, policy, SCRATCH_PEER);
  let first: u32 = NONE;
  let isDenied = true; // by `*`, where nothing matches
  let mayAllow = false;
  let mayDeny = false;
  for (let word: u32 = 0; word < words && first == NONE; word++) {
    const at = <usize>(word << 3);
    const match = load<u64>(fitting + at) & load<u64>(holding + at);
    const typed = match & wordAt(image, policy.typed, word);
    const denies = wordAt(image, policy.denies, word);
    const certain = match & ~typed;
    const lowest = certain & -certain;
    // All below the first certain entry; all, where there is none.
    const before = typed & (lowest - 1);
    mayAllow = mayAllow || (before & ~denies) != 0;
    mayDeny = mayDeny || (before & denies) != 0;
    if (certain == 0) continue;
    first = (word << 6) + <u32>ctz(certain);
    isDenied = (lowest & denies) != 0;
  }
  if (isDenied ? mayAllow : mayDeny) return conclude(matcher, row, REASON_ICMP_TYPE, 0);
  if (!isDenied) return conclude(matcher, row, REASON_RULE, 0);
  const names = image + <usize>policy.rules;
  const name = first == NONE ? policy.closing : load<u32>(names + <usize>(first << 2));
  return conclude(matcher, row, REASON_ACL, name);
}
