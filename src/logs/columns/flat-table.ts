// FlatBuffers tables, as Arrow's messages are made of them. Read by hand: the library's own reader believes every length
// that a message claims, and builds as many objects.

/** A vector longer than its message is refused; DataView refuses whatever else lies outside of it (RangeError). */
function bounded(count: number, width: number, view: DataView, at: number): number {
  if (count * width > view.byteLength - at)
    throw new RangeError(`a list of ${count} entries does not fit into its message`);
  return count;
}

/** A table of a message. Slots are numbered as in Arrow's schema files; what a table lacks has its default. */
export class FlatTable {
  private readonly view: DataView;
  private readonly at: number;
  private readonly vtable: number;
  private readonly vtableBytes: number;

  constructor(view: DataView, at: number) {
    this.view = view;
    this.at = at;
    this.vtable = at - view.getInt32(at, true);
    this.vtableBytes = view.getUint16(this.vtable, true);
  }

  /** The table that a message is. */
  static root(bytes: Uint8Array): FlatTable {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return new FlatTable(view, view.getUint32(0, true));
  }

  private slot(slot: number): number | undefined {
    const entry = 4 + 2 * slot;
    if (entry + 2 > this.vtableBytes) return undefined;
    const offset = this.view.getUint16(this.vtable + entry, true);
    return offset === 0 ? undefined : this.at + offset;
  }

  byte(slot: number, absent = 0): number {
    const at = this.slot(slot);
    return at === undefined ? absent : this.view.getUint8(at);
  }

  short(slot: number, absent = 0): number {
    const at = this.slot(slot);
    return at === undefined ? absent : this.view.getInt16(at, true);
  }

  int(slot: number, absent = 0): number {
    const at = this.slot(slot);
    return at === undefined ? absent : this.view.getInt32(at, true);
  }

  /** A 64-bit number; exact up to 2^53. */
  long(slot: number, absent = 0): number {
    const at = this.slot(slot);
    return at === undefined ? absent : Number(this.view.getBigInt64(at, true));
  }

  private target(slot: number): number | undefined {
    const at = this.slot(slot);
    return at === undefined ? undefined : at + this.view.getUint32(at, true);
  }

  table(slot: number): FlatTable | undefined {
    const at = this.target(slot);
    return at === undefined ? undefined : new FlatTable(this.view, at);
  }

  text(slot: number): string {
    const at = this.target(slot);
    if (at === undefined) return "";
    const { view } = this;
    const length = bounded(view.getUint32(at, true), 1, view, at + 4);
    return new TextDecoder().decode(new Uint8Array(view.buffer, view.byteOffset + at + 4, length));
  }

  tables(slot: number): FlatTable[] {
    const at = this.target(slot);
    if (at === undefined) return [];
    const count = bounded(this.view.getUint32(at, true), 4, this.view, at + 4);
    return Array.from({ length: count }, (_, i) => {
      const entry = at + 4 + 4 * i;
      return new FlatTable(this.view, entry + this.view.getUint32(entry, true));
    });
  }

  /** Pairs of 64-bit numbers, one behind the other; exact up to 2^53. */
  pairs(slot: number): (readonly [number, number])[] {
    const numbers = this.longs(slot, 2);
    return Array.from({ length: numbers.length / 2 }, (_, i) => [
      numbers[2 * i]!,
      numbers[2 * i + 1]!,
    ]);
  }

  longs(slot: number, each = 1): number[] {
    const at = this.target(slot);
    if (at === undefined) return [];
    const count = bounded(this.view.getUint32(at, true), 8 * each, this.view, at + 4) * each;
    return Array.from({ length: count }, (_, i) =>
      Number(this.view.getBigInt64(at + 4 + 8 * i, true)),
    );
  }
}
