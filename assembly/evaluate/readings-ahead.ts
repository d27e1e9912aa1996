// The baseline's readings of a batch of connections, asked for together before their records are judged one by one
// (match/classify-ahead.ts). A reading is what rules say of addresses, so it holds whatever is judged in between.

import { isIpv6, interfaceOf, isUnoriented, portOf, protocolOf } from "../conntrack/key";
import { openerOf } from "../conntrack/opener";
import { answerAhead, askAhead, beginAhead } from "../match/classify-ahead";
import { MISS } from "../match/pairs";
import { DIRECTION_EGRESS, DIRECTION_INGRESS } from "../shared/codes";
import * as L from "../shared/layout";
import { standsFor } from "./judgement";
import { imageAt, matcherOf, policyOf } from "./timelines";

// Place of a reading, by connection and side: [batch u64][connection u32][image u32][number in the batch u32][-]
const PLACE_BYTES: usize = 24;
const places: usize = memory.data(128 * 24, 16);
let batch: u64 = 0;

/** Begins a batch anew; what was asked before is forgotten: a connection's row may be another one's by now. */
export function beginReadings(): void {
  batch++;
  beginAhead();
}

function placeOf(conn: usize, side: u32): usize {
  return places + <usize>(((<u32>conn >> 6) & 63) * 2 + side) * PLACE_BYTES;
}

/**
 * Asks for the readings that judging a record of the connection will need: none where its judgement stands, one where its
 * opener is known, else two. At most 32 connections a batch.
 */
export function readingsAhead(conn: usize): void {
  const b = load<u64>(conn, L.CONN_KEY_B);
  // Few are IPv6; of unoriented ones it is not known which side the rules are about.
  if (isIpv6(b) || isUnoriented(b)) return;
  const by = openerOf(load<u32>(conn, L.CONN_STATE));
  const bits = load<u32>(conn, L.CONN_JUDGEMENT + L.JUDGEMENT_BITS);
  if (standsFor(bits, by)) return;
  if (by != 2) ask(conn, b, 0);
  if (by != 1) ask(conn, b, 1);
}

// As opened by `side`; side 0 is the interface's own.
function ask(conn: usize, b: u64, side: u32): void {
  const image = imageAt(0, load<u32>(conn, L.CONN_FIRST));
  const direction = side == 0 ? DIRECTION_EGRESS : DIRECTION_INGRESS;
  const policy = policyOf(image, interfaceOf(b), direction);
  if (policy == 0) return;
  const number = askAhead(
    matcherOf(image),
    policy,
    <u32>load<u64>(conn, L.CONN_KEY_A),
    protocolOf(b),
    portOf(b, 1 - side),
  );
  const place = placeOf(conn, side);
  store<u64>(place, batch);
  store<u32>(place, <u32>conn, 8);
  store<u32>(place, image, 12);
  store<u32>(place, number, 16);
}

/** Outcome of the connection's rules under an image as opened by `side`, or MISS where classify has to be asked. */
export function readingOf(conn: usize, side: u32, image: u32): u32 {
  const place = placeOf(conn, side);
  if (
    load<u64>(place) != batch ||
    load<u32>(place, 8) != <u32>conn ||
    load<u32>(place, 12) != image
  )
    return MISS;
  return answerAhead(load<u32>(place, 16));
}
