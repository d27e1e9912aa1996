// Which positions of a policy have a peer that holds an address class, as bitsets in the matcher's scratch area. Knows
// neither protocols nor verdicts.

import { CLASS_BYTES, CLASS_PEER_BYTES, PEER_REF_BYTES } from "../shared/image";
import { ClassPeerRow, ClassRow, Matcher, PeerRefRow, PolicyRow } from "./rows";

/** No position, no peer. */
export const NONE: u32 = 0xffffffff;

// Scratch bitsets, in this order: rules whose peer holds the address; whose peer holds it only since later (3.5c);
// whose group a load balancer carries and evidence speaks for (3.5d); the same without evidence; the matching ones.
export const SCRATCH_PEER: u32 = 0;
export const SCRATCH_LATE: u32 = 1;
export const SCRATCH_EVIDENCE: u32 = 2;
export const SCRATCH_ASKING: u32 = 3;
export const SCRATCH_MATCH: u32 = 4;
const SCRATCH_BITSETS: u32 = 5;

/** Bytes of the scratch area for policies of up to `words` u64 words; a row for the outcome comes first. */
export function scratchBytes(words: u32): usize {
  return 64 + <usize>words * SCRATCH_BITSETS * 8;
}

/** One of the scratch bitsets. */
export function scratchBitset(matcher: Matcher, policy: PolicyRow, which: u32): usize {
  return matcher.scratch + 64 + <usize>(which * policy.words * 8);
}

/** Word of an optional bitset of the image; offset 0 = empty. */
export function wordAt(image: usize, off: u32, word: u32): u64 {
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
export function gatherPeers(matcher: Matcher, policy: PolicyRow, classIndex: u32, time: u32): void {
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
