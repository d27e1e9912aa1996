// How the further timelines change the baseline's verdicts, in records and bytes (semantics 9.1).

import { CHANGES_BYTES, CHANGES_OCTETS } from "../shared/layout";
import { addUpTo } from "./counters";

const changes: usize = memory.data(24 * 64, 16); // CHANGES_BYTES per timeline

/** CHANGES_BYTES per timeline, the baseline's unused. Valid for the instance's life. */
export function changesPtr(): usize {
  return changes;
}

export function countChange(timeline: u32, change: u32, bytes: u64): void {
  const at = changes + <usize>(timeline * CHANGES_BYTES + (change << 3));
  store<u64>(at, load<u64>(at) + 1);
  addUpTo(at + CHANGES_OCTETS, bytes);
}
