// Protocol and destination port -> service of a policy: the number of the bitset of rules that fit both.

import { PORT_TREE_TOP } from "../shared/image";
import { PROTOCOL_TCP, PROTOCOL_UDP } from "../shared/codes";
import { Matcher, PolicyRow, PortTreeRow } from "./rows";

/** One compare of eight keys per level: how many intervals end before the port. */
function portService(image: usize, treeOff: u32, port: u32): u32 {
  const tree = image + <usize>treeOff;
  const row = changetype<PortTreeRow>(tree);
  const needle = i16x8.splat(<i16>port);
  let index: u32 = 0;
  let level = tree + PORT_TREE_TOP;
  const end = level + <usize>(row.levels << 2);
  while (level < end) {
    const keys = v128.load(image + <usize>load<u32>(level) + <usize>(index << 4));
    const before = i16x8.bitmask(i16x8.lt_u(keys, needle));
    index = (index << 3) + <u32>popcnt(before);
    level += 4;
  }
  return load<u32>(image + <usize>row.services + <usize>(index << 2));
}

/** Service of the policy; ports count for TCP and UDP only (semantics 3.3). */
export function serviceOf(matcher: Matcher, policy: PolicyRow, protocol: u32, port: u32): u32 {
  const image = matcher.image;
  if (protocol == PROTOCOL_TCP) return portService(image, policy.tcp, port);
  if (protocol == PROTOCOL_UDP) return portService(image, policy.udp, port);
  let row = image + <usize>policy.protocols;
  const end = row + <usize>(policy.protocolCount << 3);
  while (row < end) {
    if (load<u32>(row) == protocol) return load<u32>(row, 4);
    row += 8;
  }
  return policy.anyService;
}
