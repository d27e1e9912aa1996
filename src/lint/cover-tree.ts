// Which leaves two families of ranges cover, while ranges come and go. O(log leaves) for each change; questions that
// concern all leaves are answered at the root.

/** Two channels of ranges over the leaves 0 to `leaves - 1`. */
export interface CoverTree {
  /** Adds (`delta` 1) or takes away (-1) a half-open range of leaves. */
  change(channel: 0 | 1, low: number, high: number, delta: 1 | -1): void;
  /** A leaf that only one channel covers, or -1. */
  differing(): number;
  /** The first leaf of the half-open range that channel 0 does not cover, or -1. */
  uncovered(low: number, high: number): number;
}

/** Bit `b + 2a`: some leaf below differs if channel 0 is (b) and channel 1 is (a) covered from above. */
const LEAF_MASK = 0b0110;

/** A tree without ranges. Memory: 10 bytes × 4 × leaves. */
export function createCoverTree(leaves: number): CoverTree {
  const counts = [new Int32Array(4 * leaves), new Int32Array(4 * leaves)] as const;
  const masks = new Uint8Array(4 * leaves).fill(LEAF_MASK);
  /** Bit 0: channel 0 covers every leaf below. */
  const full = new Uint8Array(4 * leaves);

  function pull(node: number, isLeaf: boolean): void {
    const own = (counts[0][node]! > 0 ? 1 : 0) | (counts[1][node]! > 0 ? 2 : 0);
    const below = isLeaf ? LEAF_MASK : masks[2 * node]! | masks[2 * node + 1]!;
    let mask = 0;
    for (let above = 0; above < 4; above++) if (below & (1 << (above | own))) mask |= 1 << above;
    masks[node] = mask;
    const childrenFull = !isLeaf && (full[2 * node]! & full[2 * node + 1]!) === 1;
    full[node] = (own & 1) === 1 || childrenFull ? 1 : 0;
  }

  function change(
    node: number,
    from: number,
    to: number,
    low: number,
    high: number,
    channel: 0 | 1,
    delta: number,
  ): void {
    if (high <= from || to <= low) return;
    const isLeaf = to - from === 1;
    if (low <= from && to <= high) {
      counts[channel][node] = counts[channel][node]! + delta;
      pull(node, isLeaf);
      return;
    }
    const middle = (from + to) >>> 1;
    change(2 * node, from, middle, low, high, channel, delta);
    change(2 * node + 1, middle, to, low, high, channel, delta);
    pull(node, isLeaf);
  }

  function differing(): number {
    if ((masks[1]! & 1) === 0) return -1;
    let node = 1;
    let from = 0;
    let to = leaves;
    let above = 0;
    while (to - from > 1) {
      above |= (counts[0][node]! > 0 ? 1 : 0) | (counts[1][node]! > 0 ? 2 : 0);
      const middle = (from + to) >>> 1;
      const isLeft = (masks[2 * node]! & (1 << above)) !== 0;
      node = isLeft ? 2 * node : 2 * node + 1;
      if (isLeft) to = middle;
      else from = middle;
    }
    return from;
  }

  function uncovered(node: number, from: number, to: number, low: number, high: number): number {
    if (high <= from || to <= low || full[node] === 1) return -1;
    if (to - from === 1) return from;
    const middle = (from + to) >>> 1;
    const left = uncovered(2 * node, from, middle, low, high);
    return left >= 0 ? left : uncovered(2 * node + 1, middle, to, low, high);
  }

  return {
    change: (channel, low, high, delta) => change(1, 0, leaves, low, high, channel, delta),
    differing,
    uncovered: (low, high) => uncovered(1, 0, leaves, low, high),
  };
}
