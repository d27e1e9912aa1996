// Short byte strings by number, found without making a string of them.

const INITIAL_SLOTS = 64;
const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}

// Four bytes at a time: ids have some twenty, and writing records asks for many columns of them.
function hashOf(source: DataView, from: number, to: number): number {
  let hash = FNV_OFFSET;
  let i = from;
  for (; i + 4 <= to; i += 4) {
    hash = Math.imul(hash ^ source.getUint32(i, true), FNV_PRIME);
    // A product moves bits up alone.
    hash ^= hash >>> 15;
  }
  for (; i < to; i++) hash = Math.imul(hash ^ source.getUint8(i), FNV_PRIME);
  // The low bits choose the slot: let the high ones take part.
  return hash ^ (hash >>> 15);
}

/** Numbers from 0 in the order of arrival. Amortised constant cost per call, linear in the bytes of the string. */
export class ByteTable {
  private slots = new Int32Array(INITIAL_SLOTS).fill(-1);
  /** By number: its hash, and where its bytes begin; one more than numbers. */
  private hashes = new Int32Array(INITIAL_SLOTS);
  private begins = new Int32Array(INITIAL_SLOTS);
  private bytes = new Uint8Array(1024);
  private kept: DataView = viewOf(this.bytes);
  /** What was asked about last: many strings of one buffer follow each other. */
  private source = this.bytes;
  private asked: DataView = this.kept;
  private count = 0;

  get size(): number {
    return this.count;
  }

  /** Bytes of all strings. */
  get length(): number {
    return this.begins[this.count]!;
  }

  /** The number of `source[from, to)`, -1 where it was never added. */
  find(source: Uint8Array, from: number, to: number): number {
    const view = this.viewed(source);
    return this.slots[this.slotOf(view, from, to, hashOf(view, from, to))]!;
  }

  /** The number of `source[from, to)`, a new one where it was never added. */
  add(source: Uint8Array, from: number, to: number): number {
    const view = this.viewed(source);
    const hash = hashOf(view, from, to);
    const slot = this.slotOf(view, from, to, hash);
    const found = this.slots[slot]!;
    if (found >= 0) return found;
    const number = this.count;
    this.slots[slot] = number;
    this.hashes[number] = hash;
    this.keep(source, from, to);
    // Half of the slots stay free.
    if (this.count * 2 >= this.slots.length) this.grow();
    return number;
  }

  /** The bytes of a number; a view that the next addition may replace. */
  get(number: number): Uint8Array {
    return this.bytes.subarray(this.begins[number]!, this.begins[number + 1]!);
  }

  /** The strings from a number on, one after the other, and where each ends; a copy. */
  since(first: number): { readonly bytes: Uint8Array; readonly ends: Int32Array } {
    const begin = this.begins[first]!;
    const ends = this.begins.slice(first, this.count + 1);
    for (let i = 0; i < ends.length; i++) ends[i]! -= begin;
    return { bytes: this.bytes.slice(begin, this.length), ends };
  }

  private viewed(source: Uint8Array): DataView {
    if (source !== this.source) {
      this.source = source as Uint8Array<ArrayBuffer>;
      this.asked = viewOf(source);
    }
    return this.asked;
  }

  private slotOf(source: DataView, from: number, to: number, hash: number): number {
    const mask = this.slots.length - 1;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const number = this.slots[slot]!;
      if (number < 0) return slot;
      if (this.hashes[number] === hash && this.equals(number, source, from, to)) return slot;
    }
  }

  private equals(number: number, source: DataView, from: number, to: number): boolean {
    const { kept, begins } = this;
    const begin = begins[number]!;
    if (begins[number + 1]! - begin !== to - from) return false;
    let i = from;
    for (; i + 4 <= to; i += 4)
      if (kept.getUint32(begin + i - from, true) !== source.getUint32(i, true)) return false;
    for (; i < to; i++) if (kept.getUint8(begin + i - from) !== source.getUint8(i)) return false;
    return true;
  }

  private keep(source: Uint8Array, from: number, to: number): void {
    const begin = this.length;
    const end = begin + to - from;
    if (end > this.bytes.length) {
      const grown = new Uint8Array(Math.max(end, this.bytes.length * 2));
      grown.set(this.bytes);
      this.bytes = grown;
      this.kept = viewOf(grown);
    }
    this.bytes.set(source.subarray(from, to), begin);
    this.begins[++this.count] = end;
  }

  private grow(): void {
    const slots = new Int32Array(this.slots.length * 2).fill(-1);
    const mask = slots.length - 1;
    for (let number = 0; number < this.count; number++) {
      let slot = this.hashes[number]! & mask;
      while (slots[slot]! >= 0) slot = (slot + 1) & mask;
      slots[slot] = number;
    }
    this.slots = slots;
    this.hashes = grown(this.hashes, slots.length);
    this.begins = grown(this.begins, slots.length);
  }
}

function grown(numbers: Int32Array, length: number): Int32Array<ArrayBuffer> {
  const longer = new Int32Array(length);
  longer.set(numbers);
  return longer;
}
