// Hits per image and interned rule set of the baseline (not per rule: every rule of a set was hit as often; the host
// expands them once).

import { regrow } from "../memory/pool";
import { HIT_BYTES } from "../shared/layout";
import { addUpTo } from "./counters";

// Per image: [table u32][rows u32]
const tables: usize = memory.data(64 * 8, 16);

function tableOf(image: u32): usize {
  return tables + ((<usize>image) << 3);
}

export function hitsRoom(image: u32, ruleSets: u32): bool {
  return ruleSets <= load<u32>(tableOf(image), 4);
}

/** Reserve-type call. */
export function hitsReserve(image: u32, ruleSets: u32): bool {
  const table = tableOf(image);
  const cap = load<u32>(table, 4);
  if (ruleSets <= cap) return true;
  const fresh = max(ruleSets + (ruleSets >> 1), 4096);
  const bytes = <usize>cap * HIT_BYTES;
  const hits = regrow(<usize>load<u32>(table), bytes, bytes, <usize>fresh * HIT_BYTES);
  store<u32>(table, <u32>hits);
  store<u32>(table, fresh, 4);
  return hits != 0;
}

/** HIT_BYTES per rule set id: records u64, bytes u64, connections u64. Valid until the next reserve; 0 = never asked. */
export function hitsPtr(image: u32): usize {
  return <usize>load<u32>(tableOf(image));
}

export function hitRecord(image: u32, rules: u32, bytes: u64): void {
  const at = hitsPtr(image) + <usize>rules * HIT_BYTES;
  store<u64>(at, load<u64>(at) + 1);
  addUpTo(at + 8, bytes);
}

export function hitConnection(image: u32, rules: u32, by: u64): void {
  const at = hitsPtr(image) + <usize>rules * HIT_BYTES + 16;
  store<u64>(at, load<u64>(at) + by);
}
