// The matcher: one rule image in use, beside any number of others. Each exported function says what it reads and
// writes and how long its result is valid. Nothing but matcherCreate, matcherReserve and matcherFree allocates.

import { arenaEnd, release, reserve, reserveRaw } from "../memory/arena";
import {
  ENTRY_INDEX_MASK,
  IMAGE_FLAG_ADDRESSES,
  IMAGE_OFF_ATTACH_EGRESS,
  IMAGE_OFF_ATTACH_INGRESS,
  SECTION_CLASSES,
  SECTION_CLASS_PEERS,
  SECTION_ENTRIES6,
  SECTION_INTERFACES,
  SECTION_LOCALS,
  SECTION_PAGES4,
  SECTION_POLICIES,
  SECTION_RESERVED,
  SECTION_ROOT4,
  SECTION_RULE_NAMES,
  SECTION_SERVICES4,
  SECTION_SERVICES6,
  SECTION_STARTS6,
  SECTION_TIMED,
  SECTION_TIMES,
  TIMED_BYTES,
} from "../shared/image";
import { DIRECTION_INGRESS, REASON_NO_RULE } from "../shared/codes";
import { addressEntry, isV4 } from "./address";
import { scratchBytes } from "./class-peers";
import { evaluatePair } from "./evaluate-pair";
import { isImage, sectionCount, sectionPtr } from "./image";
import { holdsAddress, interfaceAt, isServiceAddress, nlbAt, policyAt } from "./interfaces";
import {
  createOutcomes,
  freeOutcomes,
  FULL,
  growOutcomes,
  internOutcome,
  outcomeRow,
  setPtr,
} from "./outcomes";
import {
  EVIDENCE_PAIRS_BYTES,
  evidenceRow,
  findEvidence,
  findPair,
  keepEvidence,
  keepPair,
  MISS,
  pairSet,
  PAIRS_BYTES,
  POOL_BYTES,
  tableCell,
  tableOf,
} from "./pairs";
import { Matcher, OutcomeRow, TimedRow } from "./rows";
import { serviceOf } from "./service";
import { setAccepted, setRejected } from "./sides";

const TIMED_BIT: u32 = 0x40000000;

function bindSections(matcher: Matcher, image: usize): void {
  matcher.image = image;
  matcher.interfaces = sectionPtr(image, SECTION_INTERFACES);
  matcher.interfaceCount = sectionCount(image, SECTION_INTERFACES);
  matcher.locals = sectionPtr(image, SECTION_LOCALS);
  matcher.reserved = sectionPtr(image, SECTION_RESERVED);
  matcher.services4 = sectionPtr(image, SECTION_SERVICES4);
  matcher.services4Count = sectionCount(image, SECTION_SERVICES4);
  matcher.services6 = sectionPtr(image, SECTION_SERVICES6);
  matcher.services6Count = sectionCount(image, SECTION_SERVICES6);
  matcher.root4 = sectionPtr(image, SECTION_ROOT4);
  matcher.pages4 = sectionPtr(image, SECTION_PAGES4);
  matcher.starts6 = sectionPtr(image, SECTION_STARTS6);
  matcher.starts6Count = sectionCount(image, SECTION_STARTS6);
  matcher.entries6 = sectionPtr(image, SECTION_ENTRIES6);
  matcher.timed = sectionPtr(image, SECTION_TIMED);
  matcher.times = sectionPtr(image, SECTION_TIMES);
  matcher.classes = sectionPtr(image, SECTION_CLASSES);
  matcher.classCount = sectionCount(image, SECTION_CLASSES);
  matcher.classPeers = sectionPtr(image, SECTION_CLASS_PEERS);
  matcher.policies = sectionPtr(image, SECTION_POLICIES);
  matcher.policyCount = sectionCount(image, SECTION_POLICIES);
  matcher.ruleNames = sectionPtr(image, SECTION_RULE_NAMES);
  matcher.attachIngress = load<u32>(image, IMAGE_OFF_ATTACH_INGRESS);
  matcher.attachEgress = load<u32>(image, IMAGE_OFF_ATTACH_EGRESS);
}

function largestWords(matcher: Matcher): u32 {
  let words: u32 = 0;
  for (let policy: u32 = 1; policy <= matcher.policyCount; policy++)
    words = max(words, policyAt(matcher, policy).words);
  return words;
}

function asksEvidence(matcher: Matcher): bool {
  for (let policy: u32 = 1; policy <= matcher.policyCount; policy++) {
    if (policyAt(matcher, policy).nlbCount != 0) return true;
  }
  return false;
}

/** One pointer per policy, numbered from 1. */
function tablesBytes(matcher: Matcher): usize {
  return (<usize>matcher.policyCount + 1) << 2;
}

function allocate(matcher: Matcher): bool {
  matcher.scratchWords = max<u32>(1, largestWords(matcher));
  matcher.scratch = reserve(scratchBytes(matcher.scratchWords));
  matcher.keyCount = matcher.classCount + sectionCount(matcher.image, SECTION_TIMES);
  const end = arenaEnd();
  matcher.pairPool = reserveRaw(POOL_BYTES);
  matcher.pairPoolWritten = matcher.pairPool < end;
  matcher.pairs = reserve(PAIRS_BYTES);
  matcher.tables = reserve(tablesBytes(matcher));
  const asks = asksEvidence(matcher);
  if (asks) matcher.evidencePairs = reserve(EVIDENCE_PAIRS_BYTES);
  if (matcher.pairPool == 0 || matcher.tables == 0) return false;
  if (matcher.scratch == 0 || matcher.pairs == 0 || (asks && matcher.evidencePairs == 0))
    return false;
  if (!createOutcomes(matcher, matcher.scratchWords * 64)) return false;
  // Outcome 0 answers for policy 0, which holds no rules.
  const row = changetype<OutcomeRow>(matcher.scratch);
  setAccepted(row, REASON_NO_RULE, 0);
  setRejected(row, REASON_NO_RULE, 0);
  internOutcome(matcher, row);
  return true;
}

/** Whether the bytes are a whole, unchanged image of this version. Reads the image. O(bytes). */
export function imageIsValid(image: usize, imageBytes: usize): bool {
  return isImage(image, imageBytes);
}

/**
 * Reads: the image, which stays the caller's, must not change or move while the matcher lives.
 * Writes: new blocks of the arena. Valid until: matcherFree. 0 = not an image, or out of memory.
 */
export function matcherCreate(image: usize, imageBytes: usize): usize {
  if (!isImage(image, imageBytes)) return 0;
  const ptr = reserve(offsetof<Matcher>());
  if (ptr == 0) return 0;
  const matcher = changetype<Matcher>(ptr);
  bindSections(matcher, image);
  if (allocate(matcher)) return ptr;
  matcherFree(ptr);
  return 0;
}

/** Gives back all blocks of the matcher, not the image. */
export function matcherFree(ptr: usize): void {
  const matcher = changetype<Matcher>(ptr);
  release(matcher.scratch, scratchBytes(matcher.scratchWords));
  release(matcher.pairPool, POOL_BYTES);
  release(matcher.tables, tablesBytes(matcher));
  release(matcher.pairs, PAIRS_BYTES);
  release(matcher.evidencePairs, EVIDENCE_PAIRS_BYTES);
  freeOutcomes(matcher);
  release(ptr, offsetof<Matcher>());
}

/**
 * To be called between batches after classify returned 0xffffffff, then ask again. Doubles the outcome and rule-set
 * stores where they are more than half full; moves what outcomePtr and ruleSetPtr point to. 0 = done, -1 = no memory.
 */
export function matcherReserve(ptr: usize): i32 {
  const matcher = changetype<Matcher>(ptr);
  return growOutcomes(matcher, matcher.scratchWords * 64) ? 0 : -1;
}

/** Interfaces of the image. */
export function interfaceCount(matcher: usize): u32 {
  return changetype<Matcher>(matcher).interfaceCount;
}

/** Row with IMAGE_INTERFACE_* fields. Valid while the matcher lives. */
export function interfaceRow(matcher: usize, index: u32): usize {
  return changetype<usize>(interfaceAt(changetype<Matcher>(matcher), index));
}

/** Whether the interface has the address, its delegated prefixes included (2.2). `family`: 4 or 6. */
export function isLocal(matcher: usize, index: u32, family: u32, high: u64, low: u64): bool {
  if ((family == 4) != isV4(high, low)) return false;
  const m = changetype<Matcher>(matcher);
  return holdsAddress(m, interfaceAt(m, index), high, low);
}

/** Whether any address of the interface is known (2.3). */
export function hasAddresses(matcher: usize, index: u32): bool {
  return (interfaceAt(changetype<Matcher>(matcher), index).flags & IMAGE_FLAG_ADDRESSES) != 0;
}

/** Semantics 1.4 by remote address. `index` 0xffffffff: an interface that the image does not hold. */
export function isService(matcher: usize, index: u32, high: u64, low: u64): bool {
  return isServiceAddress(changetype<Matcher>(matcher), index, high, low);
}

/** Policy of an interface that the image does not hold (`--attach`); 0 = none. */
export function defaultPolicy(matcher: usize, direction: u32): u32 {
  const m = changetype<Matcher>(matcher);
  return direction == DIRECTION_INGRESS ? m.attachIngress : m.attachEgress;
}

/** ANSWERS_* of a policy: replies that need no entry to get through (6.1). 0 for policy 0. */
export function policyAnswers(matcher: usize, policy: u32): u32 {
  return policy == 0 ? 0 : policyAt(changetype<Matcher>(matcher), policy).answers;
}

/** NLB slots of the policy. */
export function nlbSlotCount(matcher: usize, policy: u32): u32 {
  return policy == 0 ? 0 : policyAt(changetype<Matcher>(matcher), policy).nlbCount;
}

/** Interfaces that carry the group of an NLB slot. */
export function nlbInterfaceCount(matcher: usize, policy: u32, slot: u32): u32 {
  return nlbAt(changetype<Matcher>(matcher), policy, slot).interfaceCount;
}

/** Index of the i-th of them. */
export function nlbInterface(matcher: usize, policy: u32, slot: u32, i: u32): u32 {
  const m = changetype<Matcher>(matcher);
  return load<u32>(m.image + <usize>nlbAt(m, policy, slot).interfaces + <usize>(i << 2));
}

/**
 * Outcome of a record under a policy: remote address (IPv4 as ::ffff:a.b.c.d), protocol, destination port of the
 * forward direction, time for 3.5c, and the NLB slots that evidence speaks for (0 at first). An ordered policy (a
 * network ACL) answers for a packet: its own destination port; the reasons are rule, acl and icmp-type.
 * Reads: the image. Writes: caches and interned stores. Valid: an outcome index holds while the matcher lives.
 * 0xffffffff = stores are full: call matcherReserve, then ask again.
 */
export function classify(
  ptr: usize,
  policy: u32,
  high: u64,
  low: u64,
  protocol: u32,
  port: u32,
  time: u32,
  nlbMask: u64,
): u32 {
  if (policy == 0) return 0;
  const matcher = changetype<Matcher>(ptr);
  const row = policyAt(matcher, policy);
  let addressClass = addressEntry(matcher, high, low);
  let key = addressClass;
  if ((addressClass & TIMED_BIT) != 0) {
    const timed = changetype<TimedRow>(
      matcher.timed + <usize>(addressClass & ENTRY_INDEX_MASK) * TIMED_BYTES,
    );
    const times = matcher.times + <usize>(timed.times << 2);
    const epoch = epochAt(times, timed.count, time);
    addressClass = epoch == timed.count ? timed.settled : timed.late;
    key = epoch == timed.count ? timed.settled : matcher.classCount + timed.times + epoch;
  }
  const service = serviceOf(matcher, row, protocol, port);
  if (nlbMask != 0 && row.nlbCount != 0) {
    const line = evidenceRow(matcher.evidencePairs, policy, key, service, nlbMask);
    let outcome = findEvidence(line, policy, key, service, nlbMask);
    if (outcome != MISS) return outcome;
    outcome = evaluatePair(matcher, row, addressClass, service, protocol, time, nlbMask);
    if (outcome != FULL) keepEvidence(line, policy, key, service, nlbMask, outcome);
    return outcome;
  }
  const table = tableOf(matcher, policy, row);
  if (table != 0) {
    const cell = tableCell(table, row, key, service);
    const known = load<u32>(cell);
    if (known != 0) return known - 1;
    const outcome = evaluatePair(matcher, row, addressClass, service, protocol, time, 0);
    if (outcome != FULL) store<u32>(cell, outcome + 1);
    return outcome;
  }
  const set = pairSet(matcher.pairs, policy, key, service);
  let outcome = findPair(set, policy, key, service);
  if (outcome != MISS) return outcome;
  outcome = evaluatePair(matcher, row, addressClass, service, protocol, time, 0);
  if (outcome != FULL) keepPair(set, policy, key, service, outcome);
  return outcome;
}

/** How many attach times are not after the record. O(log times). */
function epochAt(times: usize, count: u32, time: u32): u32 {
  let from: u32 = 0;
  let to = count;
  while (from < to) {
    const middle = (from + to) >> 1;
    if (load<u32>(times + <usize>(middle << 2)) <= time) from = middle + 1;
    else to = middle;
  }
  return from;
}

/** Row with OUTCOME_* fields. Valid until the next matcherReserve. */
export function outcomePtr(matcher: usize, index: u32): usize {
  return outcomeRow(changetype<Matcher>(matcher), index);
}

/** Outcomes interned so far. */
export function outcomeCount(matcher: usize): u32 {
  return changetype<Matcher>(matcher).outcomeCount;
}

/** [count u32][rule number u32 ...] in policy order. Valid until the next matcherReserve. */
export function ruleSetPtr(matcher: usize, id: u32): usize {
  return setPtr(changetype<Matcher>(matcher), id);
}

/** Rule sets interned so far; 0 is the empty one. */
export function ruleSetCount(matcher: usize): u32 {
  return changetype<Matcher>(matcher).setCount;
}
