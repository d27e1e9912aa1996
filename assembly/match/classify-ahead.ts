// Pairs classified a batch at a time. Root, pages, service and cell of a pair are loads that depend on each other, and
// most miss the near caches; those of different pairs do not. Taken step by step for all of them they overlap, and no
// branch depends on how deep an address lies.

import { ENTRY_INDEX_MASK, PAGE4_BYTES } from "../shared/image";
import { PAGE_BIT, rootEntry } from "./address";
import { policyAt } from "./interfaces";
import { MISS, tableCell, tableOf } from "./pairs";
import { Matcher } from "./rows";
import { serviceOf } from "./service";

/** Pairs of a batch. */
export const MOST_AHEAD: u32 = 64;

// Question: [matcher u32][policy u32][address u32][entry, then the answer u32][protocol, then service u32][port u32]
const QUESTION_BYTES: usize = 24;
const QUESTION_ENTRY: usize = 12;
const questions: usize = memory.data(64 * 24, 16);
let asked: u32 = 0;

/** Begins a batch anew. */
export function beginAhead(): void {
  asked = 0;
}

/**
 * A pair of an IPv4 address (its 32 bits) is to be classified under a policy, not 0, of a matcher. Returns its number in
 * the batch, of at most MOST_AHEAD.
 */
export function askAhead(matcher: usize, policy: u32, address: u32, protocol: u32, port: u32): u32 {
  const at = questions + <usize>asked * QUESTION_BYTES;
  store<u32>(at, <u32>matcher);
  store<u32>(at, policy, 4);
  store<u32>(at, address, 8);
  store<u32>(at, rootEntry(changetype<Matcher>(matcher), address), QUESTION_ENTRY);
  store<u32>(at, protocol, 16);
  store<u32>(at, port, 20);
  return asked++;
}

/**
 * Answers the batch: the outcome that classify would give, or MISS where it has to be asked: pairs not met before, timed
 * addresses, policies without a table. Reads the images, takes tables for policies.
 */
export function classifyAhead(): void {
  const end = questions + <usize>asked * QUESTION_BYTES;
  for (let shift: u32 = 12; walkPages(end, shift) && shift != 0; shift -= 4);
  for (let at = questions; at < end; at += QUESTION_BYTES) {
    const matcher = changetype<Matcher>(<usize>load<u32>(at));
    const row = policyAt(matcher, load<u32>(at, 4));
    store<u32>(at, serviceOf(matcher, row, load<u32>(at, 16), load<u32>(at, 20)), 16);
  }
  for (let at = questions; at < end; at += QUESTION_BYTES) {
    const matcher = changetype<Matcher>(<usize>load<u32>(at));
    const policy = load<u32>(at, 4);
    const row = policyAt(matcher, policy);
    const table = tableOf(matcher, policy, row);
    const entry = load<u32>(at, QUESTION_ENTRY);
    // A cell holds the outcome + 1; what it does not hold becomes MISS.
    const known =
      table == 0 || entry > <u32>ENTRY_INDEX_MASK
        ? 0
        : load<u32>(tableCell(table, row, entry, load<u32>(at, 16)));
    store<u32>(at, known - 1, QUESTION_ENTRY);
  }
}

// One step down for all; whether some address lies deeper.
function walkPages(end: usize, shift: u32): bool {
  let open: u32 = 0;
  for (let at = questions; at < end; at += QUESTION_BYTES) {
    const entry = load<u32>(at, QUESTION_ENTRY);
    const pages = changetype<Matcher>(<usize>load<u32>(at)).pages4;
    const page =
      pages +
      <usize>(entry & ENTRY_INDEX_MASK) * PAGE4_BYTES +
      <usize>(((load<u32>(at, 8) >> shift) & 15) << 2);
    // Where the entry is no page it is read again.
    const next = load<u32>(select<usize>(page, at + QUESTION_ENTRY, (entry & PAGE_BIT) != 0));
    store<u32>(at, next, QUESTION_ENTRY);
    open |= next;
  }
  return (open & PAGE_BIT) != 0;
}

/** Outcome of a pair of the batch, or MISS. Valid until the next beginAhead. */
export function answerAhead(number: u32): u32 {
  return load<u32>(questions + <usize>number * QUESTION_BYTES, QUESTION_ENTRY);
}
