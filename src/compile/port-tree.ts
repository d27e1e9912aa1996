import * as image from "../contract.js";
import type { BitsetStore } from "./bitsets.js";
import type { Words } from "./words.js";

/** Disjoint port intervals in order: the last port and the service of each. The last interval ends at 65535. */
export interface PortIntervals {
  readonly ends: readonly number[];
  readonly services: readonly number[];
}

/** A rule's ports; `position` is its bit. */
export interface PortSpan {
  readonly position: number;
  readonly from: number;
  readonly to: number;
}

// An event is one number: port, position, and whether the rule begins there. Exact in a double.
const EVENT_PORT = 2 ** 24;

/**
 * Sweeps the ports: between two neighbouring range ends the set of fitting rules is constant. `base` holds the rules
 * that fit every port; it is changed on the way and restored. O(spans · (log spans + words of a bitset)).
 */
export function sweepPorts(
  spans: readonly PortSpan[],
  base: Uint32Array,
  bitsets: BitsetStore,
): PortIntervals {
  const events = new Float64Array(spans.length * 2);
  for (let i = 0; i < spans.length; i++) {
    const { position, from, to } = spans[i]!;
    events[i * 2] = from * EVENT_PORT + position;
    events[i * 2 + 1] = (to + 1) * EVENT_PORT + position;
  }
  events.sort();
  const ends: number[] = [];
  const services: number[] = [];

  function closeAt(end: number): void {
    const service = bitsets.intern(base);
    if (services.at(-1) === service) {
      ends[ends.length - 1] = end;
      return;
    }
    ends.push(end);
    services.push(service);
  }

  let at = 0;
  for (const event of events) {
    const port = Math.floor(event / EVENT_PORT);
    const position = event % EVENT_PORT;
    if (port > at) {
      closeAt(port - 1);
      at = port;
    }
    // Begin sets the bit, end clears it: each happens once.
    base[position >>> 5]! ^= 1 << (position & 31);
  }
  if (at <= 65535) closeAt(65535);
  return { ends, services };
}

/** u16 keys of one level, padded to whole blocks with 65535. */
function padded(keys: readonly number[]): number[] {
  const count = Math.ceil(keys.length / image.PORT_TREE_FAN) * image.PORT_TREE_FAN;
  return [...keys, ...Array<number>(count - keys.length).fill(65535)];
}

/** Appends the tree (see PORT_TREE_*); returns its word index. */
export function writePortTree(data: Words, intervals: PortIntervals, byteBase: number): number {
  const levels = [padded(intervals.ends)];
  while (levels[0]!.length > image.PORT_TREE_FAN) {
    const below = levels[0]!;
    levels.unshift(
      padded(below.filter((_, i) => i % image.PORT_TREE_FAN === image.PORT_TREE_FAN - 1)),
    );
  }
  data.align(4);
  const tree = data.fill(0, image.PORT_TREE_BYTES / 4);
  data.set(tree + image.PORT_TREE_LEVELS / 4, levels.length);
  levels.forEach((keys, depth) => {
    data.set(tree + image.PORT_TREE_TOP / 4 + depth, byteBase + data.length * 4);
    for (let i = 0; i < keys.length; i += 2) data.push(keys[i]! + keys[i + 1]! * 65536);
  });
  data.set(tree + image.PORT_TREE_SERVICES / 4, byteBase + data.length * 4);
  data.pushAll(intervals.services);
  return tree;
}
