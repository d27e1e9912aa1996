// Idle timers of a connection (semantics 6.2).

import { interfaceState } from "../decode/interfaces";
import { PROTOCOL_ICMP, PROTOCOL_ICMPV6, PROTOCOL_TCP, PROTOCOL_UDP } from "../shared/codes";
import {
  CONN_KEY_B,
  CONN_STATE,
  STATE_TIMERS,
  ST_ESTABLISHED,
  ST_FIN,
  ST_PACKETS_SHIFT,
} from "../shared/layout";
import { interfaceOf, protocolOf } from "./key";

const ESTABLISHED: usize = STATE_TIMERS;
const TRANSITORY: usize = STATE_TIMERS + 4;
const UDP: usize = STATE_TIMERS + 8;
const UDP_STREAM: usize = STATE_TIMERS + 12;
const ICMP: usize = STATE_TIMERS + 16;
const OTHER: usize = STATE_TIMERS + 20;

/** Seconds of TCP's established timer at the connection's interface. */
export function establishedTimer(conn: usize): u32 {
  return load<u32>(interfaceState(interfaceOf(load<u64>(conn, CONN_KEY_B))), ESTABLISHED);
}

/** The idle timer that holds for the connection now, seconds. */
export function idleTimer(conn: usize): u32 {
  const b = load<u64>(conn, CONN_KEY_B);
  const face = interfaceState(interfaceOf(b));
  const state = load<u32>(conn, CONN_STATE);
  const protocol = protocolOf(b);
  if (protocol == PROTOCOL_TCP) {
    if (state & (ST_FIN * 3)) return load<u32>(face, TRANSITORY);
    return load<u32>(face + (state & ST_ESTABLISHED ? ESTABLISHED : TRANSITORY));
  }
  if (protocol == PROTOCOL_UDP) {
    // Two packets each way: both two-bit counts have reached 2.
    const packets = (state >> ST_PACKETS_SHIFT) & 15;
    return load<u32>(face + ((packets & 10) == 10 ? UDP_STREAM : UDP));
  }
  return load<u32>(
    face + (protocol == PROTOCOL_ICMP || protocol == PROTOCOL_ICMPV6 ? ICMP : OTHER),
  );
}

/** The longest idle timer that a connection of the key (second word) can have, seconds. */
export function longestTimer(b: u64): u32 {
  const face = interfaceState(interfaceOf(b));
  const protocol = protocolOf(b);
  if (protocol == PROTOCOL_TCP)
    return max(load<u32>(face, ESTABLISHED), load<u32>(face, TRANSITORY));
  if (protocol == PROTOCOL_UDP) return max(load<u32>(face, UDP), load<u32>(face, UDP_STREAM));
  return max(load<u32>(face, ICMP), load<u32>(face, OTHER));
}
