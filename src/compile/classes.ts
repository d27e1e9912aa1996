import * as image from "../contract.js";
import type { Block, Blocks } from "./blocks.js";
import { BLOCK_AUTOMATIC, BLOCK_MEMBER, BLOCK_PRIVATE, BLOCK_UNDECIDED } from "./blocks.js";
import { PEER_EVERYWHERE } from "./peers.js";
import { tooLarge, Words } from "./words.js";

/** A block with its place in the nesting and the trie entry of the addresses that no deeper block takes. */
export interface Location {
  readonly value: bigint;
  readonly length: number;
  readonly entry: number;
}

/** Address classes of both families, and the sections they fill. */
export interface ClassTable {
  readonly classes: Words;
  readonly peers: Words;
  readonly timed: Words;
  readonly times: Words;
  /** Nested blocks of a family, in order of address, outer before inner. */
  place(blocks: Blocks, bits: number): Location[];
}

interface Open {
  readonly last: bigint;
  readonly settled: number;
  readonly late: number;
  readonly times: readonly number[];
  readonly flags: number;
}

// Attach times of all timed rows together; only hostile nesting of delegated prefixes reaches it.
const MAX_TIMES = 16_777_216;
const CLASS_WORDS = image.CLASS_BYTES / 4;

function byPlace(a: Block, b: Block): number {
  if (a.value !== b.value) return a.value < b.value ? -1 : 1;
  return a.length - b.length;
}

function classFlags(raw: number): number {
  const isStranger = (raw & (BLOCK_PRIVATE | BLOCK_MEMBER)) === BLOCK_PRIVATE;
  const isUnknownMember = isStranger || (raw & BLOCK_UNDECIDED) !== 0;
  const isAutomatic = (raw & BLOCK_AUTOMATIC) !== 0;
  return (
    (isUnknownMember ? image.CLASS_UNKNOWN_MEMBER : 0) | (isAutomatic ? image.CLASS_AUTOMATIC : 0)
  );
}

/** Classes are interned: the 10,000 entries of one prefix list below the same parent are one class. */
export function createClasses(): ClassTable {
  const classes = new Words();
  const peers = new Words();
  const timed = new Words();
  const times = new Words();
  const known = new Map<string, number>();

  function internClass(
    parent: number,
    own: readonly (readonly [number, number])[],
    flags: number,
  ): number {
    if (own.length === 0 && flags === classes.get(parent * CLASS_WORDS + 3)) return parent;
    const key = `${parent} ${flags} ${own.join(" ")}`;
    const found = known.get(key);
    if (found !== undefined) return found;
    const index = classes.length / CLASS_WORDS;
    known.set(key, index);
    classes.pushAll([parent, peers.length / 2, own.length, flags]);
    for (const [peer, since] of own) {
      peers.push(peer);
      peers.push(since);
    }
    return index;
  }

  /** From when on the class or a parent holds the peer; Infinity = never. O(peers of the chain). */
  function sinceOf(classIndex: number, peer: number): number {
    let earliest = Number.POSITIVE_INFINITY;
    for (let at = classIndex; at !== 0; at = classes.get(at * CLASS_WORDS)) {
      const from = classes.get(at * CLASS_WORDS + 1);
      const to = from + classes.get(at * CLASS_WORDS + 2);
      for (let i = from; i < to; i++)
        if (peers.get(i * 2) === peer) earliest = Math.min(earliest, peers.get(i * 2 + 1));
    }
    return earliest;
  }

  function internTimed(settled: number, late: number, moments: readonly number[]): number {
    const index = timed.length / 4;
    if (times.length + moments.length > MAX_TIMES) throw tooLarge(MAX_TIMES * 4);
    timed.pushAll([settled, late, times.length, moments.length]);
    times.pushAll(moments);
    return index;
  }

  function open(block: Block, parent: Open, bits: number): Open {
    const raw = parent.flags | block.flags;
    const flags = classFlags(raw);
    const entries = [...block.peers].sort((a, b) => a[0] - b[0]);
    const always = entries
      .filter(([peer]) => sinceOf(parent.settled, peer) > 0)
      .map(([peer]): readonly [number, number] => [peer, 0]);
    const settled = internClass(parent.settled, always, flags);
    const last = block.value + (1n << BigInt(bits - block.length)) - 1n;
    const news = entries.filter(([peer, since]) => sinceOf(parent.late, peer) > since);
    const moments = new Set([...parent.times, ...news.map(([, since]) => since)]);
    moments.delete(0);
    if (moments.size === 0) return { last, settled, late: settled, times: [], flags: raw };
    const late = internClass(parent.late, news, flags);
    return { last, settled, late, times: [...moments].sort((a, b) => a - b), flags: raw };
  }

  function place(blocks: Blocks, bits: number): Location[] {
    const root: Open = {
      last: (1n << BigInt(bits)) - 1n,
      settled: 0,
      late: 0,
      times: [],
      flags: 0,
    };
    const stack: Open[] = [root];
    const placed: Location[] = [];
    for (const block of [...blocks.values()].sort(byPlace)) {
      while (stack.at(-1)!.last < block.value) stack.pop();
      const opened = open(block, stack.at(-1)!, bits);
      stack.push(opened);
      const entry =
        opened.times.length === 0
          ? opened.settled
          : internTimed(opened.settled, opened.late, opened.times) + 2 ** image.ENTRY_TIMED_SHIFT;
      placed.push({ value: block.value, length: block.length, entry });
    }
    return placed;
  }

  classes.pushAll([0, 0, 1, 0]);
  peers.pushAll([PEER_EVERYWHERE, 0]);
  return { classes, peers, timed, times, place };
}
