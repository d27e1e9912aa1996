import * as image from "../contract.js";
import type { Block } from "./blocks.js";
import { BLOCK_AUTOMATIC, BLOCK_MEMBER, BLOCK_PRIVATE, BLOCK_UNDECIDED } from "./blocks.js";
import { PEER_EVERYWHERE } from "./peers.js";
import { tooLarge, Words } from "./words.js";

/** A block with its place in the nesting and the trie entry of the addresses that no deeper block takes. */
export interface Location {
  readonly value: number | bigint;
  readonly length: number;
  readonly entry: number;
}

/** Address classes of both families, and the sections they fill. */
export interface ClassTable {
  readonly classes: Words;
  readonly peers: Words;
  readonly timed: Words;
  readonly times: Words;
  /** Places the blocks of a family, which stand in order of address, outer before inner; the places are in that order. */
  place(blocks: readonly Block[], bits: number): Location[];
}

interface Open {
  readonly last: number | bigint;
  readonly settled: number;
  readonly late: number;
  readonly times: readonly number[];
  readonly flags: number;
}

// Attach times of all timed rows together; only hostile nesting of delegated prefixes reaches it.
const MAX_TIMES = 16_777_216;
const NEVER: readonly number[] = [];
const CLASS_WORDS = image.CLASS_BYTES / 4;

function classFlags(raw: number): number {
  const isStranger = (raw & (BLOCK_PRIVATE | BLOCK_MEMBER)) === BLOCK_PRIVATE;
  const isUnknownMember = isStranger || (raw & BLOCK_UNDECIDED) !== 0;
  const isAutomatic = (raw & BLOCK_AUTOMATIC) !== 0;
  return (
    (isUnknownMember ? image.CLASS_UNKNOWN_MEMBER : 0) | (isAutomatic ? image.CLASS_AUTOMATIC : 0)
  );
}

/** The last address of a block. */
function lastOf({ value, length }: Block, bits: number): number | bigint {
  return typeof value === "number"
    ? value + 2 ** (bits - length) - 1
    : value + (1n << BigInt(bits - length)) - 1n;
}

/** Peers and seconds in turn, by peer, each once: of several seconds the earliest (semantics 3.5c). */
function entriesOf({ peers }: Block): readonly number[] {
  if (peers.length <= 2) return peers;
  const earliest = new Map<number, number>();
  for (let i = 0; i < peers.length; i += 2) {
    const since = peers[i + 1]!;
    const known = earliest.get(peers[i]!);
    if (known === undefined || since < known) earliest.set(peers[i]!, since);
  }
  return [...earliest].sort((a, b) => a[0] - b[0]).flat();
}

/** Below these a class with one peer has a number for a name. */
const MAX_NAMED_PARENT = 2 ** 24;
const MAX_NAMED_PEER = 2 ** 26;

/** What tells classes apart: a number where it can be one, since nearly all classes add one peer to their parent. */
function className(parent: number, own: readonly number[], flags: number): number | string {
  const [peer = 0, since = 0] = own;
  const isShort = own.length === 2 && since === 0;
  return isShort && parent < MAX_NAMED_PARENT && peer < MAX_NAMED_PEER
    ? (parent * MAX_NAMED_PEER + peer) * 4 + flags
    : `${parent} ${flags} ${own.join(" ")}`;
}

/** Classes are interned: the 10,000 entries of one prefix list below the same parent are one class. */
export function createClasses(): ClassTable {
  const classes = new Words();
  const peers = new Words();
  const timed = new Words();
  const times = new Words();
  const known = new Map<number | string, number>();

  /** `own`: peers and seconds in turn. */
  function internClass(parent: number, own: readonly number[], flags: number): number {
    if (own.length === 0 && flags === classes.get(parent * CLASS_WORDS + 3)) return parent;
    const key = className(parent, own, flags);
    const found = known.get(key);
    if (found !== undefined) return found;
    const index = classes.length / CLASS_WORDS;
    known.set(key, index);
    classes.push(parent);
    classes.push(peers.length / 2);
    classes.push(own.length / 2);
    classes.push(flags);
    peers.pushAll(own);
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
    const entries = entriesOf(block);
    const always: number[] = [];
    const news: number[] = [];
    let moments: Set<number> | undefined =
      parent.times.length === 0 ? undefined : new Set(parent.times);
    for (let i = 0; i < entries.length; i += 2) {
      const [peer, since] = [entries[i]!, entries[i + 1]!];
      if (sinceOf(parent.settled, peer) > 0) always.push(peer, 0);
      if (sinceOf(parent.late, peer) <= since) continue;
      news.push(peer, since);
      if (since > 0) moments = (moments ?? new Set()).add(since);
    }
    const settled = internClass(parent.settled, always, flags);
    const last = lastOf(block, bits);
    if (moments === undefined) return { last, settled, late: settled, times: NEVER, flags: raw };
    const late = internClass(parent.late, news, flags);
    return { last, settled, late, times: [...moments].sort((a, b) => a - b), flags: raw };
  }

  function place(blocks: readonly Block[], bits: number): Location[] {
    const last = bits === 32 ? 2 ** 32 - 1 : (1n << 128n) - 1n;
    const root: Open = { last, settled: 0, late: 0, times: NEVER, flags: 0 };
    const stack: Open[] = [root];
    const placed: Location[] = [];
    for (const block of blocks) {
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
