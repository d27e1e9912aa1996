import * as c from "../contract.js";

/**
 * A number by which connections at borders are in order of their first records (semantics 7.1): start, ACCEPTed before
 * REJECTed, the smaller source endpoint first. `word` reads 32 bits at an offset of the row.
 */
export function borderOrder(word: (at: number) => number): number {
  const at = word(c.BORDER_AT);
  const rejected = (at & c.AT_REJECT) === 0 ? 0 : 2;
  const remoteFirst = isRemoteLarger(word) ? 0 : 1;
  // The source is the larger endpoint where it is the remote one and that is larger, or neither.
  const sourceLarger = (at & c.AT_SIDE_1) === 0 ? remoteFirst : 1 - remoteFirst;
  return word(c.BORDER_FIRST) * 4 + rejected + sourceLarger;
}

/** Words of an address from the highest down: two little-endian halves, the higher first. */
const ADDRESS_WORDS: readonly number[] = [4, 0, 12, 8];

function isRemoteLarger(word: (at: number) => number): boolean {
  for (const at of ADDRESS_WORDS) {
    const local = word(c.BORDER_LOCAL + at);
    const remote = word(c.BORDER_REMOTE + at);
    if (local !== remote) return remote > local;
  }
  // Both ports stand in one word, the local one below.
  const ports = word(c.BORDER_LOCAL_PORT);
  return ports >>> 16 > (ports & 0xffff);
}
