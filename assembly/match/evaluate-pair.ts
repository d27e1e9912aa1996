// What a pair of address class and service comes to: semantics 1.2, 3.1-3.6 on bitsets. The slow path behind the pair
// cache: O(peers of the class * log(peers of the policy) + words of a bitset).

import {
  CLASS_AUTOMATIC,
  CLASS_BYTES,
  CLASS_UNKNOWN_MEMBER,
  NLB_BYTES,
  POLICY_ORDERED,
} from "../shared/image";
import {
  PROTOCOL_ICMP,
  PROTOCOL_ICMPV6,
  PROTOCOL_TCP,
  PROTOCOL_UDP,
  REASON_ICMP_RELATED,
  REASON_ICMP_TYPE,
  REASON_INTERFACE_NOT_IN_SNAPSHOT,
  REASON_NO_RULE,
  REASON_PEER_UNRESOLVED,
  REASON_RULE,
} from "../shared/codes";
import {
  gatherPeers,
  NONE,
  SCRATCH_ASKING,
  SCRATCH_EVIDENCE,
  SCRATCH_LATE,
  SCRATCH_MATCH,
  SCRATCH_PEER,
  scratchBitset,
  scratchBytes,
  wordAt,
} from "./class-peers";
import { evaluateOrdered } from "./evaluate-ordered";
import { FULL, internOutcome, internStagedSet, stageSet } from "./outcomes";
import { ClassRow, Matcher, NlbRow, OutcomeRow, PolicyRow } from "./rows";
import { setAccepted, setRejected } from "./sides";

/** Semantics 3.5d: slots whose rules fit the service and whose peer does not hold the address anyway. */
function gatherNlb(matcher: Matcher, policy: PolicyRow, fitting: usize, nlbMask: u64): u64 {
  const image = matcher.image;
  const matched = scratchBitset(matcher, policy, SCRATCH_PEER);
  const evidence = scratchBitset(matcher, policy, SCRATCH_EVIDENCE);
  const asking = scratchBitset(matcher, policy, SCRATCH_ASKING);
  let ask: u64 = 0;
  for (let slot: u32 = 0; slot < policy.nlbCount; slot++) {
    const row = changetype<NlbRow>(image + <usize>policy.nlb + <usize>slot * NLB_BYTES);
    const bit = (<u64>1) << slot;
    const target = (nlbMask & bit) != 0 ? evidence : asking;
    for (let word: u32 = 0; word < policy.words; word++) {
      const at = <usize>(word << 3);
      const open =
        load<u64>(fitting + at) &
        load<u64>(image + <usize>row.rules + at) &
        ~load<u64>(matched + at);
      if (open == 0) continue;
      ask |= bit;
      store<u64>(target + at, load<u64>(target + at) | open);
    }
  }
  return ask;
}

/** Lowest set position of the word, given its index; NONE where the word is empty. */
function firstPosition(bits: u64, word: u32): u32 {
  return bits == 0 ? NONE : (word << 6) + <u32>ctz(bits);
}

/** Interns the rules of the match bitset; FULL where the store has no room. */
function internMatch(matcher: Matcher, policy: PolicyRow, rules: u32): u32 {
  if (rules == 0) return 0;
  const staged = stageSet(matcher, rules);
  if (staged == 0) return FULL;
  const match = scratchBitset(matcher, policy, SCRATCH_MATCH);
  const numbers = matcher.image + <usize>policy.rules;
  let target = staged + 4;
  for (let word: u32 = 0; word < policy.words; word++) {
    let bits = load<u64>(match + <usize>(word << 3));
    while (bits != 0) {
      const position = (word << 6) + <u32>ctz(bits);
      store<u32>(target, load<u32>(numbers + <usize>(position << 2)));
      target += 4;
      bits &= bits - 1;
    }
  }
  return internStagedSet(matcher);
}

/** Name index + 1 of the peer of the rule at a position of the policy. */
function peerNameAt(matcher: Matcher, policy: PolicyRow, position: u32): u32 {
  const rule = load<u32>(matcher.image + <usize>policy.rules + <usize>(position << 2));
  return load<u32>(matcher.ruleNames + <usize>(rule << 2));
}

/**
 * Outcome of one pair, interned, or FULL. `nlbMask`: slots with evidence (3.5d); their rules match and join the set,
 * but never for a REJECTed record.
 */
export function evaluatePair(
  matcher: Matcher,
  policy: PolicyRow,
  classIndex: u32,
  service: u32,
  protocol: u32,
  time: u32,
  nlbMask: u64,
): u32 {
  if ((policy.flags & POLICY_ORDERED) != 0)
    return evaluateOrdered(matcher, policy, classIndex, service, time);
  const image = matcher.image;
  const words = policy.words;
  memory.fill(matcher.scratch, 0, scratchBytes(words));
  const row = changetype<OutcomeRow>(matcher.scratch);
  const fitting = image + <usize>policy.services + <usize>(service * words * 8);
  gatherPeers(matcher, policy, classIndex, time);
  if (policy.nlbCount != 0) row.nlbAsk = gatherNlb(matcher, policy, fitting, nlbMask);

  const classFlags = changetype<ClassRow>(matcher.classes + <usize>classIndex * CLASS_BYTES).flags;
  const isUnknownMember = (classFlags & CLASS_UNKNOWN_MEMBER) != 0;
  let ruleCount: u32 = 0;
  let hasCertain = false; // a rule matches without evidence of 3.5d
  let hasTyped = false;
  let isOpen = false; // a matching rule admits every address of the family (6.1)
  let unresolved: u32 = NONE;
  let asking: u32 = NONE;
  for (let word: u32 = 0; word < words; word++) {
    const at = <usize>(word << 3);
    const fits = load<u64>(fitting + at);
    const typed = wordAt(image, policy.typed, word);
    const peer = load<u64>(scratchBitset(matcher, policy, SCRATCH_PEER) + at);
    const holding = peer | load<u64>(scratchBitset(matcher, policy, SCRATCH_EVIDENCE) + at);
    const match = fits & holding & ~typed;
    store<u64>(scratchBitset(matcher, policy, SCRATCH_MATCH) + at, match);
    ruleCount += <u32>popcnt(match);
    hasCertain = hasCertain || (fits & peer & ~typed) != 0;
    isOpen = isOpen || (match & wordAt(image, policy.open, word)) != 0;
    hasTyped = hasTyped || (fits & holding & typed) != 0;
    let open =
      wordAt(image, policy.unresolved, word) |
      load<u64>(scratchBitset(matcher, policy, SCRATCH_LATE) + at);
    if (isUnknownMember) open |= wordAt(image, policy.groupPeers, word);
    unresolved = min(unresolved, firstPosition(fits & open & ~holding, word));
    asking = min(
      asking,
      firstPosition(load<u64>(scratchBitset(matcher, policy, SCRATCH_ASKING) + at), word),
    );
  }

  const ruleSet = internMatch(matcher, policy, ruleCount);
  if (ruleSet == FULL) return FULL;
  row.ruleSet = ruleSet;
  const hasPorts = protocol == PROTOCOL_TCP || protocol == PROTOCOL_UDP;
  row.tracking = <u8>(hasPorts && isOpen && (classFlags & CLASS_AUTOMATIC) == 0);

  if (policy.missing != 0) {
    setAccepted(row, REASON_INTERFACE_NOT_IN_SNAPSHOT, policy.missing);
    setRejected(row, REASON_INTERFACE_NOT_IN_SNAPSHOT, policy.missing);
  } else if (unresolved != NONE) {
    const name = peerNameAt(matcher, policy, unresolved);
    setAccepted(row, REASON_PEER_UNRESOLVED, name);
    setRejected(row, REASON_PEER_UNRESOLVED, name);
  } else {
    if (hasTyped) setRejected(row, REASON_ICMP_TYPE, 0);
    else setRejected(row, REASON_NO_RULE, 0);
    if (asking != NONE)
      setAccepted(row, REASON_PEER_UNRESOLVED, peerNameAt(matcher, policy, asking));
    else if (hasTyped) setAccepted(row, REASON_ICMP_TYPE, 0);
    else if (protocol == PROTOCOL_ICMP || protocol == PROTOCOL_ICMPV6)
      setAccepted(row, REASON_ICMP_RELATED, 0);
    else setAccepted(row, REASON_NO_RULE, 0);
  }
  if (ruleCount != 0) setAccepted(row, REASON_RULE, 0);
  if (hasCertain) setRejected(row, REASON_RULE, 0);
  return internOutcome(matcher, row);
}
