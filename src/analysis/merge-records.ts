// The judged records of the shards of a run in the order, and in the batches, that one run would have given out.

import {
  type Data,
  Dictionary,
  Field,
  Int32,
  Int64,
  makeData,
  RecordBatch,
  Schema,
  Struct,
  Uint32,
  Utf8,
} from "apache-arrow";
import * as c from "../contract.js";
import { GROWING_COLUMNS, Names } from "./judged-batch.js";
import type {
  ColumnPiece,
  NumberPiece,
  RecordPiece,
  TextPiece,
  WordPiece,
} from "./record-piece.js";
import type { JudgedPlace } from "./run.js";

/** What a shard has given and nobody has taken. */
interface Queue {
  readonly pieces: RecordPiece[];
  /** Pieces of places up to this many records were all given. */
  reached: number;
  /** By column: numbers of its words among those of all shards; -1 = not met yet. */
  readonly numbers: Map<number, number[]>;
  /** By column: its words by its own numbers. */
  readonly words: Map<number, string[]>;
}

/** A row of a piece of a shard. */
interface Cursor {
  readonly queue: Queue;
  readonly pieces: readonly RecordPiece[];
  piece: number;
  row: number;
}

/** Rows in output order: which of the pieces, and which of its rows. */
interface Order {
  readonly pieces: readonly RecordPiece[];
  readonly queues: readonly Queue[];
  readonly piece: Uint16Array;
  readonly row: Uint32Array;
}

/**
 * Merges what shards give. Batches end where those of one run do, but for lines longer than a kilobyte on average, of
 * which one run puts fewer into a batch. Memory: what some shards have given before the slowest.
 */
export class RecordMerge {
  private readonly queues: readonly Queue[];
  private schema: Schema | undefined;
  private readonly names = new Map<number, Names>();
  /** An empty piece tells the columns where no shard has a row. */
  private empty: RecordPiece | undefined;
  private any = false;

  constructor(shards: number) {
    this.queues = Array.from({ length: shards }, () => ({
      pieces: [],
      reached: -1,
      numbers: new Map(),
      words: new Map(),
    }));
  }

  /** Takes the next piece of a shard. */
  add(shard: number, piece: RecordPiece): void {
    const queue = this.queues[shard]!;
    piece.columns.forEach((column, i) => {
      if (column.kind === "words") this.learn(queue, i, piece.names[i]!, column);
    });
    if (piece.rows > 0) queue.pieces.push(piece);
    else this.empty ??= piece;
  }

  /** A shard has given all pieces of places up to so many records; infinite = all. */
  reach(shard: number, records: number): void {
    const queue = this.queues[shard]!;
    queue.reached = Math.max(queue.reached, records);
  }

  /** The batches that are whole by now. */
  *ready(): Generator<RecordBatch> {
    for (;;) {
      const place = this.firstPlace();
      if (place === undefined) break;
      const cursors = this.queues.map((queue) => ({
        queue,
        pieces: takeAt(queue, place),
        piece: 0,
        row: 0,
      }));
      this.any = true;
      yield* this.merged(cursors.filter(({ pieces }) => pieces.length > 0));
    }
    const ended = this.queues.every(({ reached }) => reached === Number.POSITIVE_INFINITY);
    if (!ended || this.any || this.empty === undefined) return;
    this.any = true;
    yield this.batch(orderOf(this.queues[0]!, this.empty), 0, 0);
  }

  /** The first place of all, where all that stands there was given. */
  private firstPlace(): JudgedPlace | undefined {
    let first: JudgedPlace | undefined;
    for (const { pieces } of this.queues) {
      const head = pieces[0]?.place;
      if (head !== undefined && (first === undefined || isBefore(head, first))) first = head;
    }
    if (first === undefined) return undefined;
    for (const { pieces, reached } of this.queues) {
      const last = pieces.at(-1)?.place;
      const isPast = last !== undefined && isBefore(first, last);
      if (!isPast && reached < first.after) return undefined;
    }
    return first;
  }

  private learn(queue: Queue, index: number, name: string, { fresh }: WordPiece): void {
    const words = entry(queue.words, index, (): string[] => []);
    const numbers = entry(queue.numbers, index, (): number[] => []);
    const names = entry(this.names, index, () => new Names());
    for (const word of fresh) {
      words.push(word);
      numbers.push(GROWING_COLUMNS.has(name) ? -1 : names.number(word));
    }
  }

  private *merged(cursors: Cursor[]): Generator<RecordBatch> {
    const [only] = cursors;
    if (cursors.length === 1) {
      for (const piece of only!.pieces)
        yield this.batch(orderOf(only!.queue, piece), 0, piece.rows);
      return;
    }
    const order = mergeRows(cursors);
    for (const [from, to] of emissions(order)) yield this.batch(order, from, to);
  }

  private batch(order: Order, from: number, to: number): RecordBatch {
    const first = order.pieces[0]!;
    this.schema ??= schemaOf(first);
    const { schema } = this;
    const children = first.columns.map((column, i) => this.column(column, i, order, from, to));
    const type = new Struct(schema.fields);
    return new RecordBatch(schema, makeData({ type, length: to - from, nullCount: 0, children }));
  }

  private column(
    { kind }: ColumnPiece,
    index: number,
    order: Order,
    from: number,
    to: number,
  ): Data {
    if (kind === "words") return this.words(index, order, from, to);
    const columns = order.pieces.map((piece) => piece.columns[index] as NumberPiece | TextPiece);
    const length = to - from;
    const nullBitmap = nullsOf(columns, order, from, to);
    if (kind === "text")
      return makeData({
        type: new Utf8(),
        length,
        nullBitmap,
        ...textOf(columns as TextPiece[], order, from, to),
      });
    const data = numbersOf(columns as NumberPiece[], order, from, to);
    return makeData({ type: typeOf(kind) as Int32, length, nullBitmap, data: data as Int32Array });
  }

  private words(index: number, order: Order, from: number, to: number): Data {
    const names = this.names.get(index)!;
    const columns = order.pieces.map((piece) => piece.columns[index] as WordPiece);
    const numbers = order.queues.map((queue) => queue.numbers.get(index)!);
    const data = new Int32Array(to - from);
    for (let i = from; i < to; i++) {
      const piece = order.piece[i]!;
      const code = columns[piece]!.codes[order.row[i]!]!;
      let number = numbers[piece]![code]!;
      if (number < 0) {
        number = names.number(order.queues[piece]!.words.get(index)![code]!);
        numbers[piece]![code] = number;
      }
      data[i - from] = number;
    }
    const { type } = this.schema!.fields[index]!;
    const dictionary = names.dictionary();
    return makeData({ type: type as Dictionary<Utf8>, length: to - from, data, dictionary });
  }
}

function entry<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  const found = map.get(key);
  if (found !== undefined) return found;
  const made = make();
  map.set(key, made);
  return made;
}

function isBefore(a: JudgedPlace, b: JudgedPlace): boolean {
  return a.after < b.after || (a.after === b.after && a.rank < b.rank);
}

function takeAt({ pieces }: Queue, place: JudgedPlace): readonly RecordPiece[] {
  const end = pieces.findIndex((piece) => isBefore(place, piece.place));
  return pieces.splice(0, end < 0 ? pieces.length : end);
}

function orderOf(queue: Queue, piece: RecordPiece): Order {
  const row = Uint32Array.from({ length: piece.rows }, (_, i) => i);
  return { pieces: [piece], queues: [queue], piece: new Uint16Array(piece.rows), row };
}

/** By start, then by the log's fields as text: rows of two shards always differ there, in their interfaces at the latest. */
function mergeRows(cursors: readonly Cursor[]): Order {
  const pieces = cursors.flatMap(({ pieces: own }) => own);
  const queues = cursors.flatMap(({ queue, pieces: own }) => own.map(() => queue));
  const count = pieces.reduce((sum, { rows }) => sum + rows, 0);
  const order: Order = {
    pieces,
    queues,
    piece: new Uint16Array(count),
    row: new Uint32Array(count),
  };
  const starts = new Map(pieces.map((piece) => [piece, startsOf(piece)]));
  const numbers = new Map(pieces.map((piece, i) => [piece, i]));
  const startOf = ({ pieces: own, piece, row }: Cursor): number => starts.get(own[piece]!)!(row);
  const left = [...cursors];
  for (let i = 0; i < count; i++) {
    let best = left[0]!;
    let start = startOf(best);
    for (let k = 1; k < left.length; k++) {
      const other = left[k]!;
      const otherStart = startOf(other);
      if (otherStart > start || (otherStart === start && !isLineBefore(other, best))) continue;
      best = other;
      start = otherStart;
    }
    order.piece[i] = numbers.get(best.pieces[best.piece]!)!;
    order.row[i] = best.row;
    if (++best.row < best.pieces[best.piece]!.rows) continue;
    best.row = 0;
    if (++best.piece === best.pieces.length) left.splice(left.indexOf(best), 1);
  }
  return order;
}

/** Starts by row; 0 = it has none. */
function startsOf({ names, columns }: RecordPiece): (row: number) => number {
  const column = columns[names.indexOf("start")] as NumberPiece | undefined;
  if (column === undefined) return () => 0;
  const values = column.values as BigInt64Array;
  const halves = new Uint32Array(values.buffer, values.byteOffset, values.length * 2);
  const present = presentOf(column.nulls);
  return (row) => (present(row) ? halves[2 * row]! : 0);
}

function presentOf(nulls: Uint8Array | null): (row: number) => boolean {
  if (nulls === null) return () => true;
  return (row) => ((nulls[row >> 3]! >> (row & 7)) & 1) === 1;
}

function isLineBefore(a: Cursor, b: Cursor): boolean {
  const [left, right] = [a.pieces[a.piece]!.columns, b.pieces[b.piece]!.columns];
  for (let i = 0; i < left.length; i++) {
    const [x, y] = [left[i]!, right[i]!];
    // The log's fields end where the results begin.
    if (x.kind === "words" || y.kind === "words") break;
    const order = compareCells(x, a.row, y as typeof x, b.row);
    if (order !== 0) return order < 0;
  }
  return false;
}

function compareCells(
  a: NumberPiece | TextPiece,
  x: number,
  b: NumberPiece | TextPiece,
  y: number,
): number {
  const [hasX, hasY] = [presentOf(a.nulls)(x), presentOf(b.nulls)(y)];
  if (!hasX || !hasY) return Number(hasX) - Number(hasY);
  if (a.kind === "text" && b.kind === "text") return compareText(a, x, b, y);
  const [left, right] = [a.values[x]!, b.values[y]!];
  if (left === right) return 0;
  return String(left) < String(right) ? -1 : 1;
}

function compareText(a: TextPiece, x: number, b: TextPiece, y: number): number {
  const [from, to] = [a.ends[x]!, a.ends[x + 1]!];
  const [other, otherTo] = [b.ends[y]!, b.ends[y + 1]!];
  const length = Math.min(to - from, otherTo - other);
  for (let i = 0; i < length; i++) {
    const order = a.values[from + i]! - b.values[other + i]!;
    if (order !== 0) return order;
  }
  return to - from - (otherTo - other);
}

/** Where the core ends a batch: full, or before the rows of a second that find no room in it but in one of their own. */
function* emissions({ pieces, piece, row }: Order): Generator<readonly [from: number, to: number]> {
  const starts = pieces.map(startsOf);
  const startAt = (i: number): number => starts[piece[i]!]!(row[i]!);
  const count = row.length;
  let from = 0;
  let at = 0;
  let runEnd = 0;
  let isWhole = false;
  while (at < count) {
    if (at === runEnd) {
      const start = startAt(at);
      while (runEnd < count && startAt(runEnd) === start) runEnd++;
      isWhole = runEnd - at <= c.EMIT_ROWS;
    }
    const to = isWhole ? runEnd : Math.min(runEnd, from + c.EMIT_ROWS);
    if (to - from <= c.EMIT_ROWS) at = to;
    const isFull = at < to || at - from === c.EMIT_ROWS;
    if (!isFull) continue;
    yield [from, at];
    from = at;
  }
  if (from < at) yield [from, at];
}

function nullsOf(
  columns: readonly (NumberPiece | TextPiece)[],
  { piece, row }: Order,
  from: number,
  to: number,
): Uint8Array | null {
  if (columns.every(({ nulls }) => nulls === null)) return null;
  const made = new Uint8Array((to - from + 7) >> 3);
  for (let i = from; i < to; i++) {
    const { nulls } = columns[piece[i]!]!;
    const at = row[i]!;
    if (nulls === null || ((nulls[at >> 3]! >> (at & 7)) & 1) === 1)
      made[(i - from) >> 3]! |= 1 << ((i - from) & 7);
  }
  return made;
}

function numbersOf(
  columns: readonly NumberPiece[],
  { piece, row }: Order,
  from: number,
  to: number,
): NumberPiece["values"] {
  const [first] = columns;
  if (first!.values instanceof BigInt64Array) {
    // As pairs of halves: a bigint per cell would cost more than the copy.
    const halves = columns.map(
      ({ values }) => new Uint32Array(values.buffer, values.byteOffset, values.length * 2),
    );
    const made = new Uint32Array(2 * (to - from));
    for (let i = from; i < to; i++) {
      const source = halves[piece[i]!]!;
      made[2 * (i - from)] = source[2 * row[i]!]!;
      made[2 * (i - from) + 1] = source[2 * row[i]! + 1]!;
    }
    return new BigInt64Array(made.buffer);
  }
  const sources = columns.map(({ values }) => values as Int32Array);
  const made = new (first!.values.constructor as Int32ArrayConstructor)(to - from);
  for (let i = from; i < to; i++) made[i - from] = sources[piece[i]!]![row[i]!]!;
  return made;
}

function textOf(
  columns: readonly TextPiece[],
  { piece, row }: Order,
  from: number,
  to: number,
): { valueOffsets: Int32Array; data: Uint8Array } {
  const valueOffsets = new Int32Array(to - from + 1);
  for (let i = from; i < to; i++) {
    const { ends } = columns[piece[i]!]!;
    valueOffsets[i - from + 1] = valueOffsets[i - from]! + ends[row[i]! + 1]! - ends[row[i]!]!;
  }
  const data = new Uint8Array(valueOffsets[to - from]!);
  let at = 0;
  for (let i = from; i < to; i++) {
    const { ends, values } = columns[piece[i]!]!;
    // Cells are a few bytes long: a loop beats `set`, whose call costs more than the copy.
    const end = ends[row[i]! + 1]!;
    for (let k = ends[row[i]!]!; k < end; k++) data[at++] = values[k]!;
  }
  return { valueOffsets, data };
}

function typeOf(kind: NumberPiece["kind"]): Int32 | Uint32 | Int64 {
  if (kind === "int32") return new Int32();
  return kind === "uint32" ? new Uint32() : new Int64();
}

/** As a run's own batches have it. */
function schemaOf({ names, columns }: RecordPiece): Schema {
  let dictionaries = 0;
  let isLog = true;
  return new Schema(
    columns.map(({ kind }, i) => {
      if (kind === "words") {
        isLog = false;
        const type = new Dictionary(new Utf8(), new Int32(), dictionaries++);
        return new Field(names[i]!, type, false);
      }
      return new Field(names[i]!, kind === "text" ? new Utf8() : typeOf(kind), isLog);
    }),
  );
}
