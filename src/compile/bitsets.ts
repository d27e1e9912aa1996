import { Words } from "./words.js";

/** Distinct bitsets of one policy: equal content is one service. Reused from policy to policy. */
export interface BitsetStore {
  /** Starts anew for bitsets of `words` u32 words. */
  reset(words: number): void;
  /** Number of the bitset with this content. O(words) unless hashes collide. */
  intern(bits: Uint32Array): number;
  /** Number of a bitset of its own, which intern never gives for equal content. */
  append(bits: Uint32Array): number;
  readonly count: number;
  view(): Uint32Array;
}

function hashOf(bits: Uint32Array, words: number): number {
  let hash = 0;
  for (let i = 0; i < words; i++) hash = Math.imul(hash ^ bits[i]!, 0x5bd1e995) ^ (hash >>> 15);
  return hash;
}

export function createBitsets(): BitsetStore {
  const byHash = new Map<number, number[]>();
  const data = new Words();
  let words = 0;
  let count = 0;

  function isEqual(index: number, bits: Uint32Array): boolean {
    const from = index * words;
    for (let i = 0; i < words; i++) if (data.get(from + i) !== bits[i]) return false;
    return true;
  }

  function append(bits: Uint32Array): number {
    data.pushAll(bits.subarray(0, words));
    return count++;
  }

  return {
    append,
    reset(wordCount: number): void {
      byHash.clear();
      data.length = 0;
      words = wordCount;
      count = 0;
    },
    intern(bits: Uint32Array): number {
      const hash = hashOf(bits, words);
      const bucket = byHash.get(hash);
      for (const index of bucket ?? []) if (isEqual(index, bits)) return index;
      const index = append(bits);
      if (bucket === undefined) byHash.set(hash, [index]);
      else bucket.push(index);
      return index;
    },
    get count(): number {
      return count;
    },
    view(): Uint32Array {
      return data.view();
    },
  };
}
