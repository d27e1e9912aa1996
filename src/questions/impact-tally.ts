/** Tuples as numbers, in order of first sight, with the two sums that rank them. Nothing is allocated per tuple. */
export class TupleTally {
  /** Tuples so far. */
  count = 0;
  /** By tuple: its ends, and everything else that tells it apart. */
  readonly sources: Int32Array;
  readonly destinations: Int32Array;
  readonly kinds: Int32Array;
  readonly connections: Float64Array;
  readonly records: Float64Array;
  /** Open addressing: number of a tuple + 1, 0 = free. At least half of the slots stay free. */
  private readonly slots: Int32Array;

  /** Room for `most` tuples: some 40 bytes for each. */
  constructor(most: number) {
    this.sources = new Int32Array(most);
    this.destinations = new Int32Array(most);
    this.kinds = new Int32Array(most);
    this.connections = new Float64Array(most);
    this.records = new Float64Array(most);
    this.slots = new Int32Array(2 ** Math.ceil(Math.log2(2 * most + 2)));
  }

  /** Adds to the tuple of these three numbers; gives its number. */
  add(
    source: number,
    destination: number,
    kind: number,
    connections: number,
    records: number,
  ): number {
    const mask = this.slots.length - 1;
    let slot = mix(source, destination, kind) & mask;
    for (;;) {
      const found = this.slots[slot]! - 1;
      if (found < 0) break;
      if (
        this.sources[found] === source &&
        this.destinations[found] === destination &&
        this.kinds[found] === kind
      ) {
        this.connections[found]! += connections;
        this.records[found]! += records;
        return found;
      }
      slot = (slot + 1) & mask;
    }
    const tuple = this.count++;
    this.slots[slot] = tuple + 1;
    this.sources[tuple] = source;
    this.destinations[tuple] = destination;
    this.kinds[tuple] = kind;
    this.connections[tuple] = connections;
    this.records[tuple] = records;
    return tuple;
  }
}

function mix(a: number, b: number, c: number): number {
  let hash = Math.imul(a, 0x9e3779b1) ^ Math.imul(b, 0x85ebca6b) ^ Math.imul(c, 0xc2b2ae35);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return hash ^ (hash >>> 13);
}
