/** Tuples that there is room for at first; a power of two. */
const FIRST_ROOM = 1024;

/** Tuples as numbers, in order of first sight, with the two sums that rank them. Nothing is allocated per tuple. */
export class TupleTally {
  /** Tuples so far. */
  count = 0;
  /** By tuple: its ends, and everything else that tells it apart. */
  sources: Int32Array = new Int32Array(FIRST_ROOM);
  destinations: Int32Array = new Int32Array(FIRST_ROOM);
  kinds: Int32Array = new Int32Array(FIRST_ROOM);
  connections: Float64Array = new Float64Array(FIRST_ROOM);
  records: Float64Array = new Float64Array(FIRST_ROOM);
  /** Open addressing: number of a tuple + 1, 0 = free. At least half of the slots stay free. */
  private slots: Int32Array = new Int32Array(2 * FIRST_ROOM);

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
    if (this.count === this.kinds.length) this.grow();
    return tuple;
  }

  /** Doubles the room: many rows make few tuples, and what is small stays in the caches. */
  private grow(): void {
    const room = 2 * this.kinds.length;
    this.sources = widened(this.sources, new Int32Array(room));
    this.destinations = widened(this.destinations, new Int32Array(room));
    this.kinds = widened(this.kinds, new Int32Array(room));
    this.connections = widened(this.connections, new Float64Array(room));
    this.records = widened(this.records, new Float64Array(room));
    this.slots = new Int32Array(2 * room);
    const mask = this.slots.length - 1;
    for (let tuple = 0; tuple < this.count; tuple++) {
      let slot = mix(this.sources[tuple]!, this.destinations[tuple]!, this.kinds[tuple]!) & mask;
      while (this.slots[slot] !== 0) slot = (slot + 1) & mask;
      this.slots[slot] = tuple + 1;
    }
  }
}

function widened<Numbers extends Int32Array | Float64Array>(from: Numbers, to: Numbers): Numbers {
  to.set(from);
  return to;
}

function mix(a: number, b: number, c: number): number {
  let hash = Math.imul(a, 0x9e3779b1) ^ Math.imul(b, 0x85ebca6b) ^ Math.imul(c, 0xc2b2ae35);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return hash ^ (hash >>> 13);
}
