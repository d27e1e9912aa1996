// Plain u64 counters (layout.ts, COUNT_*).

import { reserve } from "../memory/arena";
import { COUNTER_SLOTS } from "../shared/layout";

let counters: usize = 0;

export function countersInit(): bool {
  counters = reserve((<usize>COUNTER_SLOTS) << 3);
  return counters != 0;
}

/** Address of the COUNTER_SLOTS u64 counters. Valid for the instance's life. */
export function countersPtr(): usize {
  return counters;
}

export function count(slot: u32, by: u64): void {
  const at = counters + ((<usize>slot) << 3);
  store<u64>(at, load<u64>(at) + by);
}

/** Adds to a u64 sum in memory and stays at the greatest one rather than begin anew: records may claim 2^63 - 1 bytes. */
export function addUpTo(at: usize, by: u64): void {
  const sum = load<u64>(at) + by;
  store<u64>(at, sum < by ? u64.MAX_VALUE : sum);
}
