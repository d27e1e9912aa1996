// Judges stored rows of openers again, without their log (semantics 9.7): each row stands for its connections, as one
// connection with its opener, evidence and first start. Rows do not tell when each of their connections was opened, which
// client ports lay between the least and the greatest, or what balancers saw: timelines have one period here, and an ACL
// that treats the two ends of the client ports differently leaves the row undecided.

import { interfaceOf, keyB } from "../conntrack/key";
import { foldStored, openersReserve, openersRoom, touchBucket } from "../conntrack/openers";
import { sidesPtr, takeSides } from "../conntrack/sides";
import { clearConnection, connPtr, ledgerPtr, scratchConnection } from "../conntrack/table";
import { hasPorts } from "../decode/decode";
import { interfaceState } from "../decode/interfaces";
import { isV4 } from "../decode/tokens";
import { ruleSetCount } from "../match/matcher";
import * as C from "../shared/codes";
import * as F from "../shared/fields";
import * as L from "../shared/layout";
import { refuse, takeConnection } from "./connection-ruling";
import { count } from "./counters";
import { hitsReserve } from "./hits";
import { read, readVerdict } from "./readings";
import {
  hasAcls,
  hasGroups,
  imageAt,
  imageCount,
  matcherOf,
  matchersReserve,
  timelineCount,
} from "./timelines";

const LOST: u32 = L.OF_LOST_LOCAL | L.OF_LOST_REMOTE;

let conn: u32 = 0; // scratch
let sides: u32 = 0;
let judged: u32 = 0;
const rulings: usize = memory.data(24 * 16, 16);

/** Makes room for `rows` more rows and in the stores of the matchers. Reserve-type call. 0 or STATUS_NO_MEMORY. */
export function reserveForStored(rows: u32): i32 {
  if (!openersReserve(rows) || !matchersReserve()) return L.STATUS_NO_MEMORY;
  for (let image: u32 = 0; image < imageCount; image++)
    if (!hitsReserve(image, ruleSetCount(matcherOf(image)) + 4096)) return L.STATUS_NO_MEMORY;
  return L.STATUS_DONE;
}

/** Rows of the last call that were judged; the others wait for a reserve. */
export function storedJudged(): u32 {
  return judged;
}

/**
 * Judges `count` rows (OPENING_BYTES each, interfaces interned in this session) and folds them. Room for a connection must
 * have been reserved once. STATUS_DONE, or STATUS_RESERVE: reserve, and go on behind the rows judged.
 */
export function judgeStored(rows: usize, count: u32): i32 {
  let ahead: u32 = 0;
  for (judged = 0; judged < count; judged++) {
    if (openersRoom() == 0) return L.STATUS_RESERVE;
    const row = rows + <usize>judged * L.OPENING_BYTES;
    if (judged == ahead) {
      ahead = min(count, judged + TOUCHED_AHEAD);
      touch(row, ahead - judged);
    }
    if (!judgeOne(row)) return L.STATUS_RESERVE;
    foldOne(row);
  }
  return L.STATUS_DONE;
}

// Buckets lie anywhere in a table larger than any cache: their loads overlap when they stand side by side.
const TOUCHED_AHEAD: u32 = 32;
let touched: u32 = 0;

function touch(rows: usize, count: u32): void {
  let sum: u32 = 0;
  for (let i: u32 = 0; i < count; i++) sum += touchBucket(rows + <usize>i * L.OPENING_BYTES);
  touched = sum;
}

/** Judges one row and counts it. False = tables of matchers are full: nothing happened. */
export function judgeOne(row: usize): bool {
  if (!judgeRowOfOpeners(row)) return false;
  countRow(row);
  return true;
}

/** Folds the row that was judged last. The caller made sure of room. */
export function foldOne(row: usize): void {
  const flags = load<u32>(interfaceState(load<u32>(row, L.OPENING_INTERFACE)), L.STATE_FLAGS);
  foldStored(row, rulings, (flags & L.INTERFACE_HAS_RULES) != 0);
}

// The records of the row, by the baseline's verdict, at its interface; those that groups judge by grade (9.4).
function countRow(row: usize): void {
  const verdict = <u32>load<u8>(rulings);
  const face = load<u32>(row, L.OPENING_INTERFACE);
  const at = interfaceState(face) + L.STATE_ALLOW + <usize>(verdict << 3);
  const records = load<u64>(row, L.OPENING_FORWARD) + load<u64>(row, L.OPENING_REPLIES);
  store<u64>(at, load<u64>(at) + records);
  if (!hasGroups(imageAt(0, 0), face)) return;
  count(L.COUNT_STORED + verdict, load<u64>(row, L.OPENING_CONNECTIONS));
  count(L.COUNT_GRADES + ((load<u32>(row, L.OPENING_FLAGS) >> L.OF_GRADE_SHIFT) & 7), records);
  count(L.COUNT_OPENINGS_ASSUMED, load<u64>(row, L.OPENING_ASSUMED));
}

function judgeRowOfOpeners(row: usize): bool {
  if (conn == 0) {
    conn = scratchConnection();
    sides = takeSides();
  }
  const flags = load<u32>(row, L.OPENING_FLAGS);
  const low = <u32>load<u16>(row, L.OPENING_CLIENT_LOW);
  const high = <u32>load<u16>(row, L.OPENING_CLIENT_HIGH);
  if (!judgeAt(row, flags, low)) return false;
  const taken = ledgerPtr(conn) + L.LEDGER_BYTES;
  const bytes = <usize>(timelineCount * L.RULING_BYTES);
  memory.copy(rulings, taken, bytes);
  if (!hasAcls || low == high) return true;
  if (!judgeAt(row, flags, high)) return false;
  for (let at: usize = 0; at < bytes; at += L.RULING_BYTES) {
    if (memory.compare(rulings + at, taken + at, L.RULING_BYTES) == 0) continue;
    memory.fill(rulings + at, 0, L.RULING_BYTES);
    store<u32>(
      rulings + at,
      C.VERDICT_UNKNOWN | (C.REASON_MISSING_FIELD << L.RULING_REASON_SHIFT),
      L.RULING_CODE,
    );
    store<u32>(rulings + at, F.FIELD_SRCPORT, L.RULING_OTHER);
  }
  return true;
}

// The row as one connection, side 0 the interface's own, opened from port `client`.
function judgeAt(row: usize, flags: u32, client: u32): bool {
  const protocol = load<u32>(row, L.OPENING_PROTOCOL);
  const high = load<u64>(row, L.OPENING_HIGH);
  const low = load<u64>(row, L.OPENING_LOW);
  const direction = flags & L.OF_DIRECTION_MASK;
  let by: u32 = 0;
  if (direction == C.DIRECTION_EGRESS) by = 1;
  else if (direction == C.DIRECTION_INGRESS) by = 2;
  const port = <u32>load<u16>(row, L.OPENING_PORT);
  const second = by == 0 ? <u32>load<u16>(row, L.OPENING_OTHER_PORT) : client;
  const ownServes = by == 0 ? (flags & L.OF_LOCAL_LOWER) != 0 : by == 2;
  const ports = hasPorts(protocol);
  const ipv6 = !isV4(high, low);
  clearConnection(conn);
  const entry = connPtr(conn);
  store<u64>(
    entry,
    keyB(
      load<u32>(row, L.OPENING_INTERFACE),
      false,
      ipv6,
      protocol,
      ports ? (ownServes ? port : second) : 0,
      ports ? (ownServes ? second : port) : 0,
    ),
    L.CONN_KEY_B,
  );
  store<u64>(entry, low & 0xffffffff, L.CONN_KEY_A);
  if (ipv6) {
    const at = sidesPtr(sides);
    memory.fill(at, 0, L.SIDES_BYTES);
    store<u64>(at, high, 16);
    store<u64>(at, low, 24);
    store<u32>(entry, sides, L.CONN_SIDES);
  }
  store<u32>(entry, load<u32>(row, L.OPENING_FIRST), L.CONN_FIRST);
  store<u32>(entry, stateOf(row, flags, by), L.CONN_STATE);
  // Timelines whose rules say of the interface what the baseline's say need no asking.
  const alike = load<u32>(interfaceState(load<u32>(row, L.OPENING_INTERFACE)), L.STATE_ALIKE);
  const first = ledgerPtr(conn) + L.LEDGER_BYTES;
  for (let t: u32 = 0; t < timelineCount; t++) {
    if ((alike >> t) & 1) {
      memory.copy(first + <usize>(t * L.RULING_BYTES), first, L.RULING_BYTES);
      continue;
    }
    const image = imageAt(t, 0);
    const filtered = hasGroups(image, load<u32>(row, L.OPENING_INTERFACE));
    if (!takeConnection(t, conn, image, image, by, 0, 0, filtered)) return false;
    if ((flags & LOST) != 0 && !refuseLost(t, image, flags)) return false;
  }
  return true;
}

// 6.3: the first record was refused unless a rule of its own direction admits it.
function refuseLost(timeline: u32, image: u32, flags: u32): bool {
  const entry = connPtr(conn);
  const face = interfaceOf(load<u64>(entry, L.CONN_KEY_B));
  if (!hasGroups(image, face)) return true;
  const side: u32 = flags & L.OF_LOST_LOCAL ? 0 : 1;
  if (!read(image, entry, side, 0, true, 0)) return false;
  if (readVerdict != C.VERDICT_ALLOW) refuse(timeline, conn);
  return true;
}

// What the judgement asks of the evidence: who sent, and what AWS did with it. How many openings nobody saw is counted by
// the row; and the connection is none of the table's.
function stateOf(row: usize, flags: u32, by: u32): u32 {
  const rejected = ((flags >> L.OF_ACTION_SHIFT) & 3) == C.ACTION_REJECT;
  const grade = (flags >> L.OF_GRADE_SHIFT) & 7;
  let state = (L.ST_FLAGLESS * 3) | (grade << L.ST_GRADE_SHIFT) | (by << L.ST_OPENER_SHIFT);
  if (by == 0) {
    // Which side a lone record came from does not matter: both readings are asked.
    const sides: u32 = flags & L.OF_BOTH_SIDES ? 3 : 1;
    return state | (rejected ? L.ST_REJECT * sides : L.ST_ACCEPT * sides);
  }
  if (load<u64>(row, L.OPENING_FORWARD) != 0) state |= (rejected ? L.ST_REJECT : L.ST_ACCEPT) * by;
  if (load<u64>(row, L.OPENING_REPLIES) != 0) state |= L.ST_ACCEPT * (3 - by);
  return state;
}
