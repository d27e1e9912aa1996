// Connections at the borders of a log (layout.ts, BORDER_*). Where a log is summed up they are kept one by one: a log
// before may have begun them, a log behind may go on with them, and only one by one can they be joined.

import { count } from "../evaluate/counters";
import { hasPorts } from "../decode/decode";
import { interfaceState } from "../decode/interfaces";
import { isV4 } from "../decode/tokens";
import { slotOf } from "../lookahead/slots";
import { hash2, mix64 } from "../memory/hash";
import { poolCreate, poolEnd, poolGrow, poolRoom, poolRow, poolTake } from "../memory/pool";
import { addSamples } from "../memory/samples";
import { ACTION_REJECT } from "../shared/codes";
import * as L from "../shared/layout";
import { addEpoch, endpointKey, epochFirst, epochLast, epochFarEnds, findEpoch } from "./endpoints";
import { highOf, interfaceOf, isUnoriented, keyB, lowOf, portOf, protocolOf } from "./key";
import { connSides } from "./sides";
import { connPtr, ledgerPtr } from "./table";
import { longestTimer } from "./timers";

/** Connections kept at either border: 80 MiB for both. */
export const MOST_AT_BORDER: u32 = 1 << 18;

/** Whether a log, or summaries of logs, are being summed up. */
export let keepsBorder: bool = false;
let pool: usize = 0;
let begun: u32 = 0;

export function borderInit(fold: u32): bool {
  keepsBorder = fold == <u32>L.FOLD_SUMMARY;
  if (!keepsBorder) return true;
  pool = poolCreate(L.BORDER_BYTES);
  return pool != 0;
}

/** Connections that can be kept without growing anything. */
export function borderRoom(): u32 {
  return keepsBorder ? poolRoom(pool) : 0xffffffff;
}

/** Reserve-type call. */
export function borderReserve(connections: u32): bool {
  return !keepsBorder || poolGrow(pool, connections);
}

/** Connection kept at a border, numbered from 1. Stable. */
export function borderPtr(row: u32): usize {
  return poolRow(pool, row);
}

/** One past the last of them; 1 = none. */
export function borderEnd(): u32 {
  return keepsBorder ? poolEnd(pool) : 1;
}

/** AT_* of a connection, by its ledger. */
export function atOf(ledger: usize): u32 {
  return (load<u32>(ledger, L.LEDGER_FLAGS) >> L.LEDGER_AT_SHIFT) & ((1 << L.AT_BITS) - 1);
}

export function setAt(ledger: usize, at: u32): void {
  const others = load<u32>(ledger, L.LEDGER_FLAGS) & ((1 << L.LEDGER_AT_SHIFT) - 1);
  store<u32>(ledger, others | (at << L.LEDGER_AT_SHIFT), L.LEDGER_FLAGS);
}

/**
 * Whether a log before may have begun a connection of the key whose first record, with SYN or not, is at `start`.
 * `earlier` is the one before it of the same key, 0 = none is known.
 */
export function mayGoOnBefore(earlier: u32, b: u64, start: u32, syn: bool): bool {
  // What follows one that may have begun before the log, for want of records, may belong to it: its timers depend on what
  // that log saw.
  const follows = earlier == 0 || (!syn && (atOf(ledgerPtr(earlier)) & L.AT_BEGIN) != 0);
  return follows && mayHaveBegunBefore(b, start, syn);
}

/** Notes how a connection begins: `bits` are those of its first record (layout.ts, BIT_*). */
export function noteBegin(conn: u32, goesOn: bool, bits: u32, syn: bool): void {
  let at: u32 = goesOn ? countBegun() : 0;
  if (syn) at |= L.AT_SYN;
  if ((bits & L.BIT_ACTION_MASK) == ACTION_REJECT) at |= L.AT_REJECT;
  if (bits & L.BIT_FROM_SIDE_1) at |= L.AT_SIDE_1;
  setAt(ledgerPtr(conn), at);
}

/** AT_BEGIN, or 0 where no more are kept. */
export function countBegun(): u32 {
  if (begun == MOST_AT_BORDER) {
    count(L.COUNT_BORDER_DROPPED, 1);
    return 0;
  }
  begun++;
  return L.AT_BEGIN;
}

/** Whether a connection of a log before could still have been found by a record at `start` (semantics 6.2-6.4). */
export function mayHaveBegunBefore(b: u64, start: u32, syn: bool): bool {
  const first = <u64>load<u32>(interfaceState(interfaceOf(b)), L.STATE_FIRST_START);
  const idle = <u64>L.SLACK_SECONDS + (syn ? 0 : <u64>longestTimer(b) + L.FORGET_SECONDS);
  return <u64>start <= first + idle + L.BORDER_OVERLAP;
}

/** AT_FOLLOWED where `next`, which came behind the connection, is kept too; 0 where not, or the row is another one's. */
export function followed(conn: usize, next: u32): u32 {
  const heir = connPtr(next);
  const same =
    load<u64>(heir, L.CONN_KEY_A) == load<u64>(conn, L.CONN_KEY_A) &&
    load<u64>(heir, L.CONN_KEY_B) == load<u64>(conn, L.CONN_KEY_B);
  return same && atOf(ledgerPtr(next)) & L.AT_BEGIN ? L.AT_FOLLOWED : 0;
}

/** The first start of a side lies in the first five minutes of its interface: of this log, maybe not of the whole. */
export function noteEarly(conn: u32, side: u32): void {
  const ledger = ledgerPtr(conn);
  setAt(ledger, atOf(ledger) | (L.AT_EARLY << side));
}

export function isAtBorder(ledger: usize): bool {
  return (atOf(ledger) & (L.AT_BEGIN | L.AT_END)) != 0;
}

const PAIRS: u32 = 0x10155; // lower bits of the pairs of ST_*, but for the packets

// State or AT_* with side 1 first.
function swapState(state: u32): u32 {
  const low = state & PAIRS;
  const high = (state >> 1) & PAIRS;
  const packets = (state >> L.ST_PACKETS_SHIFT) & 15;
  const fixed = <u32>(PAIRS * 3) | (15 << L.ST_PACKETS_SHIFT);
  return (
    swapOpener(swapOpener(state & ~fixed, L.ST_OPENER_SHIFT), L.ST_EARLIER_OPENER_SHIFT) |
    (low << 1) |
    high |
    (((packets >> 2) | ((packets & 3) << 2)) << L.ST_PACKETS_SHIFT)
  );
}

function swapOpener(state: u32, shift: u32): u32 {
  const opener = (state >> shift) & 3;
  return opener == 0 ? state : state ^ ((<u32>3) << shift);
}

function swapAt(at: u32): u32 {
  const early = at / L.AT_EARLY;
  const pair = ((early & 1) << 1) | ((early >> 1) & 1);
  return ((at & ~(<u32>(L.AT_EARLY * 3))) | (pair * L.AT_EARLY)) ^ L.AT_SIDE_1;
}

/** Keeps a connection by itself, the interface's side first. The caller made sure of room. */
export function storeBorder(conn: usize, ledger: usize): void {
  const row = borderPtr(poolTake(pool));
  const b = load<u64>(conn, L.CONN_KEY_B);
  const flags = load<u32>(ledger, L.LEDGER_FLAGS);
  const local: u32 = flags & L.LEDGER_LOCAL_1 ? 1 : 0;
  const state = load<u32>(conn, L.CONN_STATE);
  const kept = state & ~(<u32>(L.ST_IN_USE | L.ST_SUPERSEDED));
  const at = atOf(ledger);
  storeSide(row, 0, conn, ledger, local);
  storeSide(row, 1, conn, ledger, 1 - local);
  store<u64>(row, load<u64>(ledger, L.LEDGER_OCTETS), L.BORDER_OCTETS);
  store<u32>(row, interfaceOf(b), L.BORDER_INTERFACE);
  store<u32>(row, protocolOf(b), L.BORDER_PROTOCOL);
  store<u32>(row, load<u32>(conn, L.CONN_FIRST), L.BORDER_FIRST);
  const last = load<u32>(conn, L.CONN_LAST_END);
  store<u32>(row, last, L.BORDER_LAST_END);
  // Of a superseded one nobody knows any more when it closed: at its end, about.
  const closed = state & L.ST_SUPERSEDED ? last : load<u32>(conn, L.CONN_CLOSE_AT);
  store<u32>(row, closed, L.BORDER_CLOSE_AT);
  store<u32>(row, local == 0 ? kept : swapState(kept), L.BORDER_STATE);
  store<u32>(
    row,
    (local == 0 ? at : swapAt(at)) | (isUnoriented(b) ? L.AT_UNTOLD : 0),
    L.BORDER_AT,
  );
  store<u32>(row, sidesOf(flags, local), L.BORDER_FLAGS);
  memory.copy(row + L.BORDER_SAMPLES, ledger + L.LEDGER_SAMPLES, 12 * L.TUPLE_SAMPLE_COUNT);
}

const LEDGER_PAIRS: u32 = L.LEDGER_ACCEPTED | L.LEDGER_OPEN | L.LEDGER_LOST;

function sidesOf(flags: u32, local: u32): u32 {
  const low = flags & LEDGER_PAIRS;
  const high = (flags >> 1) & LEDGER_PAIRS;
  return local == 0 ? low | (high << 1) : high | (low << 1);
}

// What the row has of one side: 0 = the interface's own.
function storeSide(row: usize, which: u32, conn: usize, ledger: usize, side: u32): void {
  const b = load<u64>(conn, L.CONN_KEY_B);
  const sides = connSides(conn);
  const high = highOf(b, sides, side);
  const low = lowOf(load<u64>(conn, L.CONN_KEY_A), b, sides, side);
  const port = portOf(b, side);
  const address = row + L.BORDER_LOCAL + (which << 4);
  store<u64>(address, high);
  store<u64>(address, low, 8);
  store<u16>(row + (which << 1), <u16>port, L.BORDER_LOCAL_PORT);
  store<u32>(
    row + (which << 2),
    load<u32>(conn + (side << 2), L.CONN_FIRST_0),
    L.BORDER_FIRST_LOCAL,
  );
  store<u32>(
    row + (which << 2),
    load<u32>(ledger + (side << 2), L.LEDGER_SIDE_0),
    L.BORDER_LOCAL_RECORDS,
  );
  const epoch = row + (which << 3);
  store<u64>(epoch, 0, L.BORDER_LOCAL_FAR_ENDS);
  store<u64>(epoch, 0, L.BORDER_LOCAL_EPOCH);
  if (!hasPorts(protocolOf(b))) return;
  const slot = slotOf(load<u32>(conn, L.CONN_LAST_END));
  const key = endpointKey(interfaceOf(b), protocolOf(b), high, low, port);
  if (!findEpoch(key, slot)) return;
  store<u64>(epoch, epochFarEnds, L.BORDER_LOCAL_FAR_ENDS);
  store<u32>(epoch, epochFirst, L.BORDER_LOCAL_EPOCH);
  store<u32>(epoch, epochLast, L.BORDER_LOCAL_EPOCH + 4);
}

/** Second word of the key of a stored connection, whose side 0 is the interface's own; its addresses stand in the row. */
export function borderKeyB(row: usize): u64 {
  const remote = row + L.BORDER_REMOTE;
  return keyB(
    load<u32>(row, L.BORDER_INTERFACE),
    (load<u32>(row, L.BORDER_AT) & L.AT_UNTOLD) != 0,
    !isV4(load<u64>(remote), load<u64>(remote, 8)),
    load<u32>(row, L.BORDER_PROTOCOL),
    load<u16>(row, L.BORDER_LOCAL_PORT),
    load<u16>(row, L.BORDER_REMOTE_PORT),
  );
}

/** First word; `ipv6`: that of the second word. */
export function borderKeyA(row: usize, ipv6: bool): u64 {
  const local = load<u64>(row, L.BORDER_LOCAL + 8);
  const remote = load<u64>(row, L.BORDER_REMOTE + 8);
  if (!ipv6) return (local << 32) | (remote & 0xffffffff);
  const high = load<u64>(row, L.BORDER_REMOTE);
  return mix64(hash2(load<u64>(row, L.BORDER_LOCAL), local) ^ hash2(remote, high));
}

/** What the row says beside its key, into a connection that was cleared. */
export function restoreConnection(row: usize, conn: usize, ledger: usize): void {
  store<u32>(conn, load<u32>(row, L.BORDER_FIRST), L.CONN_FIRST);
  store<u64>(conn, load<u64>(row, L.BORDER_FIRST_LOCAL), L.CONN_FIRST_0);
  store<u32>(conn, load<u32>(row, L.BORDER_LAST_END), L.CONN_LAST_END);
  store<u32>(conn, load<u32>(row, L.BORDER_CLOSE_AT), L.CONN_CLOSE_AT);
  store<u32>(conn, load<u32>(row, L.BORDER_STATE) | L.ST_IN_USE, L.CONN_STATE);
  store<u64>(ledger, load<u64>(row, L.BORDER_LOCAL_RECORDS), L.LEDGER_SIDE_0);
  store<u64>(ledger, load<u64>(row, L.BORDER_OCTETS), L.LEDGER_OCTETS);
  store<u32>(ledger, load<u32>(row, L.BORDER_FLAGS) | L.LEDGER_JUDGED, L.LEDGER_FLAGS);
  addSamples(ledger + L.LEDGER_SAMPLES, row + L.BORDER_SAMPLES);
}

/** Its endpoints serve or do not, as everybody's (4.3). The caller made sure of room. */
export function restoreEndpoints(row: usize): void {
  for (let which: u32 = 0; which < 2; which++) {
    const epoch = row + (which << 3);
    const farEnds = load<u64>(epoch, L.BORDER_LOCAL_FAR_ENDS);
    if (farEnds == 0) continue;
    const address = row + L.BORDER_LOCAL + (which << 4);
    const key = endpointKey(
      load<u32>(row, L.BORDER_INTERFACE),
      load<u32>(row, L.BORDER_PROTOCOL),
      load<u64>(address),
      load<u64>(address, 8),
      load<u16>(row + (which << 1), L.BORDER_LOCAL_PORT),
    );
    addEpoch(
      key,
      farEnds,
      load<u32>(epoch, L.BORDER_LOCAL_EPOCH),
      load<u32>(epoch, L.BORDER_LOCAL_EPOCH + 4),
    );
  }
}
