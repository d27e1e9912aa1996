/** Before every message: a mark, and the bytes of its description. */
const HEAD = 8;
const CONTINUATION = 0xffffffff;
const FIRST_ROOM = 1 << 16;
/** Where the list of a description's fields has its fourth. */
const BODY_LENGTH = 4 + 2 * 3;

/** Bytes of a source, taken in as they are wanted. */
class Source {
  private readonly chunks: AsyncIterator<Uint8Array>;
  private chunk = new Uint8Array(0);

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.chunks = chunks[Symbol.asyncIterator]();
  }

  /** What is left of the chunk in hand, or the next one; undefined = the source has ended. At most `most` bytes. */
  async some(most: number): Promise<Uint8Array | undefined> {
    while (this.chunk.length === 0) {
      const next = await this.chunks.next();
      if (next.done === true) return undefined;
      this.chunk = next.value as Uint8Array<ArrayBuffer>;
    }
    const bytes = this.chunk.subarray(0, most);
    this.chunk = this.chunk.subarray(bytes.length);
    return bytes;
  }
}

/** One message; its room is used again, and grows only as bytes come: a length that is claimed costs nothing. */
class Message {
  private room = new Uint8Array(FIRST_ROOM);
  length = 0;

  get bytes(): Uint8Array {
    return this.room.subarray(0, this.length);
  }

  /** Reads until the message has `length` bytes; false = the source ended before. */
  async fill(source: Source, length: number): Promise<boolean> {
    while (this.length < length) {
      const bytes = await source.some(length - this.length);
      if (bytes === undefined) return false;
      if (this.length + bytes.length > this.room.length) {
        const room = new Uint8Array(Math.min(length, 2 * this.room.length) + bytes.length);
        room.set(this.bytes);
        this.room = room;
      }
      this.room.set(bytes, this.length);
      this.length += bytes.length;
    }
    return true;
  }
}

/**
 * The bytes of Arrow streams, cut anew: every chunk is one message. Arrow's reader then copies none of them. Two buffers
 * are used in turn, for the reader asks for the next message before it gives out the last: a chunk stays as it is until
 * two further ones were asked for. What is no message goes through as it is, for the reader to refuse.
 */
export async function* wholeMessages(
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, void, void> {
  const source = new Source(chunks);
  const messages = [new Message(), new Message()] as const;
  for (let turn = 0; ; turn++) {
    const message = messages[turn % 2 === 0 ? 0 : 1];
    message.length = 0;
    const hasHead = await message.fill(source, HEAD);
    if (!hasHead) {
      if (message.length > 0) yield message.bytes.slice();
      return;
    }
    const head = new DataView(message.bytes.buffer, 0, HEAD);
    if (head.getUint32(0, true) !== CONTINUATION) {
      yield message.bytes.slice();
      yield* restOf(source);
      return;
    }
    const described = HEAD + head.getUint32(4, true);
    if (await message.fill(source, described))
      await message.fill(source, described + bodyLength(message.bytes.subarray(HEAD)));
    yield message.bytes;
  }
}

async function* restOf(source: Source): AsyncGenerator<Uint8Array> {
  for (;;) {
    const rest = await source.some(Number.POSITIVE_INFINITY);
    if (rest === undefined) return;
    yield rest.slice();
  }
}

/** Of the description's table, field 3. What cannot be read is none: the reader says what is wrong with it. */
function bodyLength(description: Uint8Array): number {
  const data = new DataView(description.buffer, description.byteOffset, description.length);
  try {
    const table = data.getUint32(0, true);
    const fields = table - data.getInt32(table, true);
    if (data.getUint16(fields, true) < BODY_LENGTH + 2) return 0;
    const at = data.getUint16(fields + BODY_LENGTH, true);
    const length = at === 0 ? 0 : Number(data.getBigInt64(table + at, true));
    return Math.max(0, length);
  } catch (error) {
    // Also of an empty one, which ends a stream.
    if (error instanceof RangeError) return 0;
    throw error;
  }
}
