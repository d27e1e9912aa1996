// Records whose action and verdict disagree, and what is suspected (semantics 8).

import { highOf, interfaceOf, lowOf, portOf, protocolOf } from "../conntrack/key";
import { isAssumed, openerOf } from "../conntrack/opener";
import { connSides } from "../conntrack/sides";
import { connPtr } from "../conntrack/table";
import { hasPorts } from "../decode/decode";
import { interfaceState } from "../decode/interfaces";
import { isV4 } from "../decode/tokens";
import { rowKey, rowSides } from "../lookahead/rows";
import * as C from "../shared/codes";
import * as F from "../shared/fields";
import * as L from "../shared/layout";
import { count } from "./counters";
import { aclOf, hasAcls, imageAt } from "./timelines";
import { addTuple } from "./tuples";

/** Notes a record whose action and verdict disagree, with its suspected cause. */
export function noteDisagreement(
  ptr: usize,
  bits: u32,
  b: u64,
  conn: u32,
  accepted: bool,
  local: u32,
  inConnection: bool,
  bytes: u64,
): void {
  const from: u32 = bits & L.BIT_FROM_SIDE_1 ? 1 : 0;
  const entry = inConnection ? connPtr(conn) : 0;
  // A row hands its key to its connection, whoever asks about it.
  const a = load<u64>(conn != 0 ? connPtr(conn) + L.CONN_KEY_A : rowKey(ptr));
  const sides = conn != 0 ? connSides(connPtr(conn)) : rowSides(ptr);
  // Where nobody knows the local side, side 1 stands for the remote one.
  const remote: u32 = local < 2 ? 1 - local : 1;
  const high = highOf(b, sides, remote);
  const low = lowOf(a, b, sides, remote);
  const protocol = protocolOf(b);
  const by = inConnection ? openerOf(load<u32>(entry, L.CONN_STATE)) : 0;
  const side = by == 0 ? from : by - 1;
  let opens: u32 = C.DIRECTION_NONE;
  if (by != 0) opens = side == local ? C.DIRECTION_EGRESS : C.DIRECTION_INGRESS;
  const port = hasPorts(protocol) ? portOf(b, 1 - side) : 0xffffffff;
  const cause = accepted
    ? causeOfDeny(bits, b, entry, by, high, low)
    : causeOfAllow(bits, entry, by, from, hasKnownAcl(ptr, interfaceOf(b)));
  count(L.COUNT_CAUSES + cause, 1);
  addTuple(
    accepted ? 1 : 2,
    interfaceOf(b),
    opens,
    high,
    low,
    protocol,
    port,
    cause,
    load<u32>(ptr, L.ROW_START),
    load<u32>(ptr, L.ROW_END),
    bytes,
    load<u32>(ptr, L.ROW_FILE),
    load<u32>(ptr, L.ROW_LINE),
  );
}

// 8.1
function causeOfDeny(bits: u32, b: u64, entry: usize, by: u32, high: u64, low: u64): u32 {
  if (entry != 0 && by != 0) {
    const begun = load<u32>(interfaceState(interfaceOf(b)), L.STATE_FIRST_START);
    const early = <u64>load<u32>(entry, L.CONN_FIRST) < <u64>begun + 300;
    if (early && isAssumed(load<u32>(entry, L.CONN_STATE), by - 1))
      return L.CAUSE_OPENED_BEFORE_LOG;
  }
  if (!(bits & L.BIT_HAS_PKT) && isPrivate(high, low)) return L.CAUSE_ADDRESS_TRANSLATED;
  return L.CAUSE_RULES_CHANGED_OR_INCOMPLETE;
}

function isPrivate(high: u64, low: u64): bool {
  if (!isV4(high, low)) return high >> 57 == 0x7e; // fc00::/7
  const v = <u32>low;
  return v >> 24 == 10 || v >> 20 == 0xac1 || v >> 16 == 0xc0a8 || v >> 22 == 0x191;
}

function hasKnownAcl(ptr: usize, face: u32): bool {
  return hasAcls && aclOf(imageAt(0, load<u32>(ptr, L.ROW_START)), face, C.DIRECTION_INGRESS) != 0;
}

// 8.2
function causeOfAllow(bits: u32, entry: usize, by: u32, from: u32, aclKnown: bool): u32 {
  const given = (bits >> L.BIT_REJECT_REASON_SHIFT) & 3;
  if (given == F.REJECT_REASON_BPA) return L.CAUSE_BLOCKED_PUBLIC_ACCESS;
  if (given == F.REJECT_REASON_EC) return L.CAUSE_ENCRYPTION_CONTROL;
  if (entry == 0) return L.CAUSE_RULES_CHANGED_OR_ACL;
  if (bits & (L.BIT_EXPIRED | L.BIT_AFTER_CLOSE)) return L.CAUSE_LATE_PACKET;
  // A known ACL allowed it: nothing is left to suspect of it but that it changed.
  if (aclKnown) return L.CAUSE_RULES_CHANGED_OR_ACL;
  const state = load<u32>(entry, L.CONN_STATE);
  if (by != 0 && from != by - 1) {
    const side: u32 = 1 << (by - 1);
    return ((state / L.ST_REJECT) & side) == 0
      ? L.CAUSE_ACL_STRONGLY_SUSPECTED
      : L.CAUSE_ACL_SUSPECTED;
  }
  return (state & ((<u32>L.ST_ACCEPT) << from)) != 0
    ? L.CAUSE_ACL_SUSPECTED
    : L.CAUSE_RULES_CHANGED_OR_ACL;
}
