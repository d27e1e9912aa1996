// The parts of a connection key (semantics 4.7; layout.ts, ROW_KEY_A and KEYB_*).

import {
  KEYB_INTERFACE_SHIFT,
  KEYB_IPV6_SHIFT,
  KEYB_PORT1_SHIFT,
  KEYB_PROTOCOL_SHIFT,
  KEYB_UNORIENTED_SHIFT,
} from "../shared/layout";

const MAPPED: u64 = 0xffff00000000;

export function keyB(
  face: u32,
  unoriented: bool,
  ipv6: bool,
  protocol: u32,
  port0: u32,
  port1: u32,
): u64 {
  return (
    ((<u64>face) << KEYB_INTERFACE_SHIFT) |
    ((<u64>unoriented) << KEYB_UNORIENTED_SHIFT) |
    ((<u64>ipv6) << KEYB_IPV6_SHIFT) |
    ((<u64>protocol) << KEYB_PROTOCOL_SHIFT) |
    ((<u64>port1) << KEYB_PORT1_SHIFT) |
    <u64>port0
  );
}

export function interfaceOf(b: u64): u32 {
  return <u32>(b >> KEYB_INTERFACE_SHIFT);
}
export function isUnoriented(b: u64): bool {
  return ((b >> KEYB_UNORIENTED_SHIFT) & 1) != 0;
}
export function isIpv6(b: u64): bool {
  return ((b >> KEYB_IPV6_SHIFT) & 1) != 0;
}
export function protocolOf(b: u64): u32 {
  return <u32>(b >> KEYB_PROTOCOL_SHIFT) & 255;
}
/** Port of side 0 or 1. */
export function portOf(b: u64, side: u32): u32 {
  return <u32>(b >> (side << 4)) & 0xffff;
}

/** Upper half of a side's address; `sides`: the addresses of an IPv6 key (layout.ts, ROW_BYTES). */
export function highOf(b: u64, sides: usize, side: u32): u64 {
  return isIpv6(b) ? load<u64>(sides + (side << 4)) : 0;
}
/** Lower half of a side's address; IPv4 as ::ffff:a.b.c.d. */
export function lowOf(a: u64, b: u64, sides: usize, side: u32): u64 {
  if (isIpv6(b)) return load<u64>(sides + (side << 4), 8);
  return MAPPED | (side == 0 ? a >> 32 : a & 0xffffffff);
}
