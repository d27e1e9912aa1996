// Interned rule sets and outcomes: equal content has one number, which stays valid while the matcher lives. Grows only
// in growOutcomes; in between a full table makes intern* return FULL.

import { mix64 } from "../memory/hash";
import { release, reserve } from "../memory/arena";
import { regrow } from "../memory/pool";
import { OUTCOME_BYTES } from "../shared/image";
import { Matcher, OutcomeRow } from "./rows";

/** No room: the host calls matcherReserve between batches and asks again. */
export const FULL: u32 = 0xffffffff;

const FIRST_OUTCOMES: u32 = 4096;
const FIRST_SETS: u32 = 4096;
const FIRST_SET_WORDS: u32 = 32768;

// An index is an open-addressing table of u32 row + 1, twice as many slots as rows, linear probing.
function indexBytes(cap: u32): usize {
  return (<usize>cap) << 3;
}

function hashWords(ptr: usize, words: u32): u64 {
  let hash: u64 = words;
  for (let i: u32 = 0; i < words; i++) hash = mix64(hash ^ <u64>load<u32>(ptr + <usize>(i << 2)));
  return hash;
}

function setHash(matcher: Matcher, id: u32): u64 {
  const ptr = setPtr(matcher, id);
  return hashWords(ptr, load<u32>(ptr) + 1);
}

function outcomeHash(row: usize): u64 {
  return hashWords(row, OUTCOME_BYTES >> 2);
}

function enter(index: usize, mask: u32, hash: u64, row: u32): void {
  let slot = <u32>hash & mask;
  while (load<u32>(index + <usize>(slot << 2)) != 0) slot = (slot + 1) & mask;
  store<u32>(index + <usize>(slot << 2), row + 1);
}

/** [count u32][rule number u32 ...], ascending. Moves when the store grows. */
export function setPtr(matcher: Matcher, id: u32): usize {
  return matcher.sets + ((<usize>load<u32>(matcher.setOffs + <usize>(id << 2))) << 2);
}

/** Tables with room for sets of `largest` rules; rule set 0 is empty. False = out of memory. */
export function createOutcomes(matcher: Matcher, largest: u32): bool {
  // A doubled store must have room for the largest set there is, else growing could be asked for without end.
  matcher.setWordsCap = max(FIRST_SET_WORDS, (largest + 2) * 2);
  matcher.setCap = FIRST_SETS;
  matcher.outcomeCap = FIRST_OUTCOMES;
  matcher.sets = reserve((<usize>matcher.setWordsCap) << 2);
  matcher.setOffs = reserve((<usize>matcher.setCap) << 2);
  matcher.setIndex = reserve(indexBytes(matcher.setCap));
  matcher.outcomes = reserve(<usize>matcher.outcomeCap * OUTCOME_BYTES);
  matcher.outcomeIndex = reserve(indexBytes(matcher.outcomeCap));
  if (matcher.sets == 0 || matcher.setOffs == 0 || matcher.setIndex == 0) return false;
  if (matcher.outcomes == 0 || matcher.outcomeIndex == 0) return false;
  matcher.setWordsUsed = 1;
  matcher.setCount = 1;
  enter(matcher.setIndex, matcher.setCap * 2 - 1, setHash(matcher, 0), 0);
  return true;
}

export function freeOutcomes(matcher: Matcher): void {
  release(matcher.sets, (<usize>matcher.setWordsCap) << 2);
  release(matcher.setOffs, (<usize>matcher.setCap) << 2);
  release(matcher.setIndex, indexBytes(matcher.setCap));
  release(matcher.outcomes, <usize>matcher.outcomeCap * OUTCOME_BYTES);
  release(matcher.outcomeIndex, indexBytes(matcher.outcomeCap));
}

/** Room at the end of the set store to write [count][rules ...] of a candidate; 0 = full. */
export function stageSet(matcher: Matcher, rules: u32): usize {
  if (matcher.setCount == matcher.setCap || matcher.setWordsUsed + rules + 1 > matcher.setWordsCap)
    return 0;
  const ptr = matcher.sets + ((<usize>matcher.setWordsUsed) << 2);
  store<u32>(ptr, rules);
  return ptr;
}

/** Number of the staged set: an equal older one, or the staged bytes become a new one. O(rules). */
export function internStagedSet(matcher: Matcher): u32 {
  const staged = matcher.sets + ((<usize>matcher.setWordsUsed) << 2);
  const words = load<u32>(staged) + 1;
  const mask = matcher.setCap * 2 - 1;
  let slot = <u32>hashWords(staged, words) & mask;
  let entry = load<u32>(matcher.setIndex + <usize>(slot << 2));
  while (entry != 0) {
    const known = setPtr(matcher, entry - 1);
    if (load<u32>(known) + 1 == words && memory.compare(known, staged, (<usize>words) << 2) == 0)
      return entry - 1;
    slot = (slot + 1) & mask;
    entry = load<u32>(matcher.setIndex + <usize>(slot << 2));
  }
  const id = matcher.setCount++;
  store<u32>(matcher.setOffs + <usize>(id << 2), matcher.setWordsUsed);
  matcher.setWordsUsed += words;
  store<u32>(matcher.setIndex + <usize>(slot << 2), id + 1);
  return id;
}

/** Pointer of an outcome row. Moves when the store grows. */
export function outcomeRow(matcher: Matcher, index: u32): usize {
  return matcher.outcomes + <usize>index * OUTCOME_BYTES;
}

/** Number of an outcome with the content of `row`, or FULL. */
export function internOutcome(matcher: Matcher, row: OutcomeRow): u32 {
  const ptr = changetype<usize>(row);
  const mask = matcher.outcomeCap * 2 - 1;
  let slot = <u32>outcomeHash(ptr) & mask;
  let entry = load<u32>(matcher.outcomeIndex + <usize>(slot << 2));
  while (entry != 0) {
    if (memory.compare(outcomeRow(matcher, entry - 1), ptr, OUTCOME_BYTES) == 0) return entry - 1;
    slot = (slot + 1) & mask;
    entry = load<u32>(matcher.outcomeIndex + <usize>(slot << 2));
  }
  if (matcher.outcomeCount == matcher.outcomeCap) return FULL;
  const index = matcher.outcomeCount++;
  memory.copy(outcomeRow(matcher, index), ptr, OUTCOME_BYTES);
  store<u32>(matcher.outcomeIndex + <usize>(slot << 2), index + 1);
  return index;
}

function growOutcomeRows(matcher: Matcher): bool {
  const cap = matcher.outcomeCap * 2;
  const index = reserve(indexBytes(cap));
  if (index == 0) return false;
  const used = <usize>matcher.outcomeCount * OUTCOME_BYTES;
  const rows = regrow(
    matcher.outcomes,
    <usize>matcher.outcomeCap * OUTCOME_BYTES,
    used,
    <usize>cap * OUTCOME_BYTES,
  );
  if (rows == 0) {
    release(index, indexBytes(cap));
    return false;
  }
  release(matcher.outcomeIndex, indexBytes(matcher.outcomeCap));
  matcher.outcomes = rows;
  matcher.outcomeIndex = index;
  matcher.outcomeCap = cap;
  for (let i: u32 = 0; i < matcher.outcomeCount; i++)
    enter(index, cap * 2 - 1, outcomeHash(outcomeRow(matcher, i)), i);
  return true;
}

function growSets(matcher: Matcher): bool {
  const cap = matcher.setCap * 2;
  const index = reserve(indexBytes(cap));
  if (index == 0) return false;
  const used = (<usize>matcher.setCount) << 2;
  const offs = regrow(matcher.setOffs, (<usize>matcher.setCap) << 2, used, (<usize>cap) << 2);
  if (offs == 0) {
    release(index, indexBytes(cap));
    return false;
  }
  release(matcher.setIndex, indexBytes(matcher.setCap));
  matcher.setOffs = offs;
  matcher.setIndex = index;
  matcher.setCap = cap;
  for (let i: u32 = 0; i < matcher.setCount; i++) enter(index, cap * 2 - 1, setHash(matcher, i), i);
  return true;
}

function growSetWords(matcher: Matcher): bool {
  const cap = matcher.setWordsCap * 2;
  const used = (<usize>matcher.setWordsUsed) << 2;
  const sets = regrow(matcher.sets, (<usize>matcher.setWordsCap) << 2, used, (<usize>cap) << 2);
  if (sets == 0) return false;
  matcher.sets = sets;
  matcher.setWordsCap = cap;
  return true;
}

/** Doubles what is more than half full. `largest`: rules of the largest policy. False = out of memory. */
export function growOutcomes(matcher: Matcher, largest: u32): bool {
  if (matcher.outcomeCount * 2 > matcher.outcomeCap && !growOutcomeRows(matcher)) return false;
  if (matcher.setCount * 2 > matcher.setCap && !growSets(matcher)) return false;
  const room = matcher.setWordsCap - matcher.setWordsUsed;
  if (matcher.setWordsUsed * 2 > matcher.setWordsCap || room < largest + 2)
    return growSetWords(matcher);
  return true;
}
