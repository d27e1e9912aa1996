// Rows of openers as every edit is answered from: held once, by interface, so that only those are judged again whose
// rules differ.

import * as c from "../contract.js";
import {
  BORDER_BYTES,
  OPENER_BYTES,
  type OpenerSummary,
  type SummaryFacts,
} from "./opener-summary.js";

const ROWS_AT_ONCE = 16_384;
const WORDS = OPENER_BYTES / 4;

/** Memory: that of the rows, once more beside the core that folded them. */
export class StoredRows {
  readonly facts: SummaryFacts;
  /** In order of their interfaces, and of their making within each. */
  private readonly rows: Uint8Array;
  /** First row of each interface, and the end. */
  private readonly begins: Uint32Array;
  /** Connections that the rows stand for. */
  readonly connections: number;
  private readonly borders: readonly Uint8Array[];
  /** Room for the rows that are given out; taken while some are. */
  private room: Uint8Array | undefined;

  private constructor(
    facts: SummaryFacts,
    chunks: readonly Uint8Array[],
    borders: readonly Uint8Array[],
  ) {
    this.facts = facts;
    const count = sizeOf(chunks) / OPENER_BYTES;
    const faces = facts.interfaces.length;
    const begins = new Uint32Array(faces + 1);
    forEachFace(chunks, (face) => {
      begins[face + 1]!++;
    });
    for (let face = 0; face < faces; face++) begins[face + 1]! += begins[face]!;
    const next = begins.slice();
    const rows = new Uint8Array(count * OPENER_BYTES);
    forEachFace(chunks, (face, chunk, at) => {
      rows.set(chunk.subarray(at, at + OPENER_BYTES), next[face]!++ * OPENER_BYTES);
    });
    this.rows = rows;
    this.begins = begins;
    this.connections = connectionsOf(rows) + sizeOf(borders) / BORDER_BYTES;
    this.borders = borders;
  }

  static async of({ facts, rows, borders }: OpenerSummary): Promise<StoredRows> {
    const chunks: Uint8Array[] = [];
    for await (const chunk of rows()) chunks.push(chunk.slice());
    const kept: Uint8Array[] = [];
    for await (const chunk of borders()) kept.push(chunk.slice());
    return new StoredRows(facts, chunks, kept);
  }

  get count(): number {
    return this.rows.length / OPENER_BYTES;
  }

  /**
   * The rows of the interfaces that are asked about, as a summary; of connections at its borders, all. `most`: the others
   * are left out.
   */
  of(asked: (interfaceId: string) => boolean, most: number = this.count): OpenerSummary {
    const wanted = this.facts.interfaces.map(asked);
    return {
      facts: this.facts,
      rows: () => this.chunks(wanted, most),
      borders: () => this.borders.map((chunk) => chunk.slice()),
      isClosed: this.borders.length === 0,
    };
  }

  /** All rows. */
  all(): OpenerSummary {
    return this.of(() => true);
  }

  // Copies: whoever judges them numbers their interfaces anew. All in the same room: memory that was touched before is
  // faster than fresh.
  private *chunks(wanted: readonly boolean[], most: number): Generator<Uint8Array> {
    let left = most;
    const room = this.room ?? new Uint8Array(Math.min(this.count, ROWS_AT_ONCE) * OPENER_BYTES);
    this.room = undefined;
    for (let face = 0; face < wanted.length; face++) {
      if (!wanted[face]!) continue;
      // Neighbours that are wanted too go out together.
      const first = face;
      while (wanted[face + 1] === true) face++;
      const end = this.begins[face + 1]!;
      for (let row = this.begins[first]!; row < end && left > 0; row += ROWS_AT_ONCE) {
        const to = Math.min(end, row + Math.min(left, ROWS_AT_ONCE));
        left -= to - row;
        room.set(this.rows.subarray(row * OPENER_BYTES, to * OPENER_BYTES));
        yield room.subarray(0, (to - row) * OPENER_BYTES);
      }
    }
    this.room = room;
  }
}

function forEachFace(
  chunks: readonly Uint8Array[],
  each: (face: number, chunk: Uint8Array, at: number) => void,
): void {
  for (const chunk of chunks) {
    const words = new Uint32Array(chunk.buffer, chunk.byteOffset, chunk.byteLength / 4);
    for (let word = 0; word < words.length; word += WORDS)
      each(words[word + c.OPENING_INTERFACE / 4]!, chunk, word * 4);
  }
}

function sizeOf(chunks: readonly Uint8Array[]): number {
  return chunks.reduce((sum, chunk) => sum + chunk.length, 0);
}

function connectionsOf(rows: Uint8Array): number {
  const words = new Uint32Array(rows.buffer);
  let sum = 0;
  for (let at = c.OPENING_CONNECTIONS / 4; at < words.length; at += WORDS)
    sum += words[at]! + words[at + 1]! * 4_294_967_296;
  return sum;
}
