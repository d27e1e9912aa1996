// Hits per interned rule set (not per rule: every rule of a set was hit as often; the host expands them once).

import { regrow } from "../memory/pool";
import { HIT_BYTES } from "../shared/layout";
import { addUpTo } from "./counters";

let hits: usize = 0;
let cap: u32 = 0;

export function hitsRoom(ruleSets: u32): bool {
  return ruleSets <= cap;
}

/** Reserve-type call. */
export function hitsReserve(ruleSets: u32): bool {
  if (ruleSets <= cap) return true;
  const fresh = max(ruleSets + (ruleSets >> 1), 4096);
  hits = regrow(hits, <usize>cap * HIT_BYTES, <usize>cap * HIT_BYTES, <usize>fresh * HIT_BYTES);
  cap = fresh;
  return hits != 0;
}

/** HIT_BYTES per rule set id: records u64, bytes u64, connections u64. Valid until the next reserve. */
export function hitsPtr(): usize {
  return hits;
}

export function hitRecord(rules: u32, bytes: u64): void {
  const at = hits + <usize>rules * HIT_BYTES;
  store<u64>(at, load<u64>(at) + 1);
  addUpTo(at + 8, bytes);
}

export function hitConnection(rules: u32, by: u64): void {
  const at = hits + <usize>rules * HIT_BYTES + 16;
  store<u64>(at, load<u64>(at) + by);
}
