// Touches of endpoints that wait for a batch of them: their buckets lie all over a table far larger than any cache, and
// asked for together their misses overlap (one after the other they cost as much as all the rest of the split pass).

import { endpointKey, touchEndpoint, touchEntry } from "./endpoints";
import { farEnd } from "./far-ends";
import { highOf, interfaceOf, lowOf, portOf, protocolOf } from "./key";

// Touch: [key u64][slot u32][fingerprint of the far end u16][whether its port is below 1024 u8][-]
const TOUCH_BYTES: usize = 16;
const MOST: u32 = 64;
const touches: usize = memory.data(64 * 16, 16);
let waiting: u32 = 0;
/** Sums of words read ahead: written so that the reads are not dropped. */
export let readAhead: u32 = 0;

/** Both ends of a connection's key were seen in `slot`. The caller made sure of room for two endpoints. */
export function touchBoth(a: u64, b: u64, sides: usize, slot: u32): void {
  const face = interfaceOf(b);
  const protocol = protocolOf(b);
  const high0 = highOf(b, sides, 0);
  const low0 = lowOf(a, b, sides, 0);
  const high1 = highOf(b, sides, 1);
  const low1 = lowOf(a, b, sides, 1);
  const port0 = portOf(b, 0);
  const port1 = portOf(b, 1);
  put(endpointKey(face, protocol, high0, low0, port0), farEnd(high1, low1, port1), port1, slot);
  put(endpointKey(face, protocol, high1, low1, port1), farEnd(high0, low0, port0), port0, slot);
  if (waiting == MOST) touchWaiting();
}

function put(key: u64, far: u32, farPort: u32, slot: u32): void {
  const at = touches + <usize>waiting * TOUCH_BYTES;
  store<u64>(at, key);
  store<u32>(at, slot, 8);
  store<u16>(at, <u16>far, 12);
  store<u8>(at, <u8>(farPort < 1024), 14);
  waiting++;
}

/** Carries out what waits, in order. */
export function touchWaiting(): void {
  const end = touches + <usize>waiting * TOUCH_BYTES;
  let sum: u32 = 0;
  for (let at = touches; at < end; at += TOUCH_BYTES) sum += touchEntry(load<u64>(at));
  for (let at = touches; at < end; at += TOUCH_BYTES)
    touchEndpoint(load<u64>(at), load<u16>(at, 12), load<u8>(at, 14) != 0, load<u32>(at, 8));
  waiting = 0;
  readAhead = sum;
}
