/**
 * Reads and writes of the core's linear memory. Views are made anew whenever the memory has grown, so nobody can keep a
 * dead one: a detached view reads as undefined without any error.
 */
export class CoreMemory {
  private readonly memory: WebAssembly.Memory;
  private buffer: ArrayBufferLike;
  private bytesView: Uint8Array;
  private view: DataView;

  constructor(memory: WebAssembly.Memory) {
    this.memory = memory;
    this.buffer = memory.buffer;
    this.bytesView = new Uint8Array(this.buffer);
    this.view = new DataView(this.buffer);
  }

  private fresh(): void {
    if (this.buffer === this.memory.buffer) return;
    this.buffer = this.memory.buffer;
    this.bytesView = new Uint8Array(this.buffer);
    this.view = new DataView(this.buffer);
  }

  /** All bytes; valid until the next call into the core. */
  get bytes(): Uint8Array {
    this.fresh();
    return this.bytesView;
  }

  /** Little-endian access; valid until the next call into the core. */
  get data(): DataView {
    this.fresh();
    return this.view;
  }

  u32(ptr: number): number {
    return this.data.getUint32(ptr, true);
  }

  /** A 64-bit counter as a number; exact up to 2^53. */
  u64(ptr: number): number {
    const data = this.data;
    return data.getUint32(ptr + 4, true) * 4294967296 + data.getUint32(ptr, true);
  }

  /** A copy of `length` bytes. */
  copy(ptr: number, length: number): Uint8Array {
    return this.bytes.slice(ptr, ptr + length);
  }
}
