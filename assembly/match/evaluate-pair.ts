// What a pair of address class and service comes to: semantics 1.2, 3.1-3.6 on bitsets. The slow path behind the pair
// cache: O(peers of the class * log(peers of the policy) + words of a bitset).

import {
  CLASS_AUTOMATIC,
  CLASS_UNKNOWN_PRIVATE,
  CLASS_BYTES,
  CLASS_PEER_BYTES,
  NLB_BYTES,
  PEER_REF_BYTES,
} from "../shared/image";
import {
  PROTOCOL_ICMP,
  PROTOCOL_ICMPV6,
  PROTOCOL_TCP,
  PROTOCOL_UDP,
  REASON_ACL,
  REASON_ICMP_RELATED,
  REASON_ICMP_TYPE,
  REASON_INTERFACE_NOT_IN_SNAPSHOT,
  REASON_NOT_FILTERED,
  REASON_NO_RULE,
  REASON_PEER_UNRESOLVED,
  REASON_RULE,
  VERDICT_ALLOW,
  VERDICT_DENY,
  VERDICT_UNKNOWN,
} from "../shared/codes";
import { FULL, internOutcome, internStagedSet, stageSet } from "./outcomes";
import { ClassPeerRow, ClassRow, Matcher, NlbRow, OutcomeRow, PeerRefRow, PolicyRow } from "./rows";

const NONE: u32 = 0xffffffff;

// Scratch bitsets, in this order: rules whose peer holds the address; whose peer holds it only since later (3.5c);
// whose group a load balancer carries and evidence speaks for (3.5d); the same without evidence; the matching ones.
const SCRATCH_PEER: u32 = 0;
const SCRATCH_LATE: u32 = 1;
const SCRATCH_EVIDENCE: u32 = 2;
const SCRATCH_ASKING: u32 = 3;
const SCRATCH_MATCH: u32 = 4;
const SCRATCH_BITSETS: u32 = 5;

/** Bytes of the scratch area for policies of up to `words` u64 words; a row for the outcome comes first. */
export function scratchBytes(words: u32): usize {
  return 64 + <usize>words * SCRATCH_BITSETS * 8;
}

function scratchBitset(matcher: Matcher, policy: PolicyRow, which: u32): usize {
  return matcher.scratch + 64 + <usize>(which * policy.words * 8);
}

/** Word of an optional bitset of the image; offset 0 = empty. */
function wordAt(image: usize, off: u32, word: u32): u64 {
  return off == 0 ? 0 : load<u64>(image + <usize>off + <usize>(word << 3));
}

function orPeer(image: usize, ref: PeerRefRow, target: usize, words: u32): void {
  const ptr = image + <usize>ref.off;
  if (ref.count == NONE) {
    for (let word: u32 = 0; word < words; word++) {
      const at = target + <usize>(word << 3);
      store<u64>(at, load<u64>(at) | load<u64>(ptr + <usize>(word << 3)));
    }
    return;
  }
  for (let i: u32 = 0; i < ref.count; i++) {
    const position = load<u32>(ptr + <usize>(i << 2));
    const at = target + <usize>((position >> 6) << 3);
    store<u64>(at, load<u64>(at) | ((<u64>1) << (position & 63)));
  }
}

/** Index of the peer in the policy, or NONE. */
function findPeer(image: usize, policy: PolicyRow, peer: u32): u32 {
  const peers = image + <usize>policy.peers;
  let from: u32 = 0;
  let to: u32 = policy.peerCount;
  while (from < to) {
    const middle = (from + to) >> 1;
    const found = load<u32>(peers + <usize>(middle << 2));
    if (found == peer) return middle;
    if (found < peer) from = middle + 1;
    else to = middle;
  }
  return NONE;
}

/** Walks the class and its parents: which rules of the policy have a peer that holds the address at that time. */
function gatherPeers(matcher: Matcher, policy: PolicyRow, classIndex: u32, time: u32): void {
  const image = matcher.image;
  const matched = scratchBitset(matcher, policy, SCRATCH_PEER);
  const late = scratchBitset(matcher, policy, SCRATCH_LATE);
  let at = classIndex;
  for (;;) {
    const row = changetype<ClassRow>(matcher.classes + <usize>at * CLASS_BYTES);
    let entry = matcher.classPeers + <usize>row.peers * CLASS_PEER_BYTES;
    const end = entry + <usize>row.peerCount * CLASS_PEER_BYTES;
    for (; entry < end; entry += CLASS_PEER_BYTES) {
      const held = changetype<ClassPeerRow>(entry);
      const index = findPeer(image, policy, held.peer);
      if (index == NONE) continue;
      const ref = changetype<PeerRefRow>(
        image + <usize>policy.peerRefs + <usize>index * PEER_REF_BYTES,
      );
      orPeer(image, ref, held.since <= time ? matched : late, policy.words);
    }
    if (at == 0) return;
    at = row.parent;
  }
}

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

/** Semantics 5.6: the reasons are in the order of their verdicts. */
function verdictOf(reason: i32): u8 {
  if (reason <= REASON_NOT_FILTERED) return <u8>VERDICT_ALLOW;
  return reason <= REASON_ACL ? <u8>VERDICT_DENY : <u8>VERDICT_UNKNOWN;
}

/** What holds for a record AWS ACCEPTed. */
export function setAccepted(row: OutcomeRow, reason: i32, detail: u32): void {
  row.acceptedVerdict = verdictOf(reason);
  row.acceptedReason = <u8>reason;
  row.acceptedDetail = detail;
}

/** What holds for one it REJECTed. */
export function setRejected(row: OutcomeRow, reason: i32, detail: u32): void {
  row.rejectedVerdict = verdictOf(reason);
  row.rejectedReason = <u8>reason;
  row.rejectedDetail = detail;
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
  const image = matcher.image;
  const words = policy.words;
  memory.fill(matcher.scratch, 0, scratchBytes(words));
  const row = changetype<OutcomeRow>(matcher.scratch);
  const fitting = image + <usize>policy.services + <usize>(service * words * 8);
  gatherPeers(matcher, policy, classIndex, time);
  if (policy.nlbCount != 0) row.nlbAsk = gatherNlb(matcher, policy, fitting, nlbMask);

  const classFlags = changetype<ClassRow>(matcher.classes + <usize>classIndex * CLASS_BYTES).flags;
  const isUnknownPrivate = (classFlags & CLASS_UNKNOWN_PRIVATE) != 0;
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
    if (isUnknownPrivate) open |= wordAt(image, policy.groupPeers, word);
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
