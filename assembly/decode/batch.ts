// What is kept of the batch being decoded beside its columns: where the tokens of its rows stand, what the kernels pass
// over, and why a row is none. Rows count from the first one of the batch.

import { reserve } from "../memory/arena";
import { BATCH_ROWS } from "../shared/layout";

// u32 per row: the entry of the separator before its first token; the entries behind end its tokens, one each.
let entries: usize = 0;
// u8 per row: MALFORMED_* of its first token that failed, 0 = none so far.
let reasons: usize = 0;
// u32 per token of the column in hand that its kernel passed over: its row.
let passed: usize = 0;
/** Whether some row of the batch has a reason. */
export let anyReason: bool = false;

export function batchInit(): bool {
  entries = reserve((<usize>BATCH_ROWS) << 2);
  reasons = reserve(<usize>BATCH_ROWS);
  passed = reserve((<usize>BATCH_ROWS + 1) << 2);
  return entries != 0 && reasons != 0 && passed != 0;
}

/** An empty batch of at most `rows` rows. */
export function batchBegin(rows: u32): void {
  memory.fill(reasons, 0, rows);
  anyReason = false;
}

/** Where the entry of a row is kept. */
export function entryAt(row: u32): usize {
  return entries + ((<usize>row) << 2);
}

/** Where a kernel lists the rows of tokens that it passes over. */
export function passedAt(): usize {
  return passed;
}

export function reasonOf(row: u32): u32 {
  return load<u8>(reasons + row);
}

export function setReason(row: u32, reason: u32): void {
  store<u8>(reasons + row, reason);
  anyReason = true;
}

export function moveEntry(from: u32, to: u32): void {
  store<u32>(entryAt(to), load<u32>(entryAt(from)));
}
