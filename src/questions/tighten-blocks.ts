// Few blocks that hold given addresses and as little else as possible. Optimal: a dynamic programme over their trie.
import { type Cidr, familyBits } from "../model/address.js";
import { type AddressRange, holdsRange } from "./address-ranges.js";

/** The least addresses that covers of 1, 2, ... blocks hold. */
export interface BlockCovers {
  /** `least[k]`: addresses in the best cover by exactly k blocks, k from 0; Infinity where there is none. */
  readonly least: Float64Array;
  /** The blocks of the best cover by exactly k blocks, ascending. `least[k]` must be finite. */
  readonly blocks: (k: number) => Cidr[];
}

/** Addresses from `low` up to `high` (excluded) of the sorted list, under their smallest common block. */
interface Node {
  readonly block: Cidr;
  readonly least: Float64Array;
  /** Blocks of the left half in the best cover by k; 0 = the block itself. */
  readonly leftShare: Uint16Array;
  readonly left: Node | undefined;
  readonly right: Node | undefined;
}

function commonBlock(first: bigint, last: bigint, family: 4 | 6): Cidr {
  const differing = first === last ? 0 : (first ^ last).toString(2).length;
  const shift = BigInt(differing);
  return {
    address: { family, value: (first >> shift) << shift },
    length: familyBits(family) - differing,
  };
}

function combine(a: Float64Array, b: Float64Array, whole: number, most: number): Node["least"][] {
  const size = Math.min(most, a.length + b.length - 2);
  const least = new Float64Array(size + 1).fill(Number.POSITIVE_INFINITY);
  const share = new Float64Array(size + 1);
  least[1] = whole;
  for (let i = 1; i < a.length; i++) {
    if (a[i] === Number.POSITIVE_INFINITY) continue;
    for (let j = 1; j < b.length && i + j <= size; j++) {
      const sum = a[i]! + b[j]!;
      if (sum >= least[i + j]!) continue;
      least[i + j] = sum;
      share[i + j] = i;
    }
  }
  return [least, share];
}

function build(
  sorted: readonly bigint[],
  low: number,
  high: number,
  allowed: readonly AddressRange[],
  family: 4 | 6,
  most: number,
): Node {
  const block = commonBlock(sorted[low]!, sorted[high - 1]!, family);
  const hosts = 1n << BigInt(familyBits(family) - block.length);
  const range = { first: block.address.value, last: block.address.value + hosts - 1n };
  const whole = holdsRange(allowed, range) ? Number(hosts) : Number.POSITIVE_INFINITY;
  if (high - low === 1) {
    const least = Float64Array.of(Number.POSITIVE_INFINITY, whole);
    return { block, least, leftShare: new Uint16Array(2), left: undefined, right: undefined };
  }
  const half = block.address.value + hosts / 2n;
  let start = low;
  let end = high;
  while (start < end) {
    const middle = (start + end) >>> 1;
    if (sorted[middle]! < half) start = middle + 1;
    else end = middle;
  }
  const left = build(sorted, low, start, allowed, family, most);
  const right = build(sorted, start, high, allowed, family, most);
  const [least, share] = combine(left.least, right.least, whole, most);
  return { block, least: least!, leftShare: Uint16Array.from(share!), left, right };
}

function collect(node: Node, k: number, out: Cidr[]): void {
  const share = node.leftShare[k]!;
  if (share === 0 || node.left === undefined || node.right === undefined) {
    out.push(node.block);
    return;
  }
  collect(node.left, share, out);
  collect(node.right, k - share, out);
}

const NOTHING: BlockCovers = { least: Float64Array.of(0), blocks: () => [] };

/**
 * Covers of distinct addresses by at most `most` blocks (below 65,536), each inside `allowed`. Only smallest common
 * blocks of neighbours need be looked at: any other block holds more for the same addresses. Cost: addresses × most.
 */
export function blockCovers(
  addresses: Iterable<bigint>,
  allowed: readonly AddressRange[],
  family: 4 | 6,
  most: number,
): BlockCovers {
  const sorted = [...addresses].sort((a, b) => (a < b ? -1 : 1));
  if (sorted.length === 0) return NOTHING;
  const root = build(sorted, 0, sorted.length, allowed, family, most);
  return {
    least: root.least,
    blocks: (k) => {
      const out: Cidr[] = [];
      collect(root, k, out);
      return out;
    },
  };
}
