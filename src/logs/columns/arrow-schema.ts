// Arrow's messages (Schema.fbs, Message.fbs of format version 1.5): what a reader of columns asks of them.
import { FlatTable } from "./flat-table.js";

/** How the values of a column are kept, as far as they are read. */
export type ArrowType =
  | { readonly kind: "null" }
  | { readonly kind: "int"; readonly bits: number; readonly signed: boolean }
  | { readonly kind: "float"; readonly bits: number }
  | { readonly kind: "decimal"; readonly scale: number; readonly bits: number }
  | { readonly kind: "time"; readonly unit: number }
  | { readonly kind: "bytes"; readonly large: boolean }
  | { readonly kind: "views" }
  | { readonly kind: "fixed"; readonly width: number }
  /** Not read; how many buffers it has of its own, its children not counted. */
  | { readonly kind: "other"; readonly buffers: number };

/** A column, or one inside another. */
export interface ArrowField {
  readonly name: string;
  readonly type: ArrowType;
  /** For messages: as Arrow calls it. */
  readonly typeName: string;
  readonly children: readonly ArrowField[];
  /** Number of the dictionary that the values are kept in. */
  readonly dictionary:
    | { readonly id: number; readonly index: ArrowType & { readonly kind: "int" } }
    | undefined;
}

/** Where the values of some rows lie in the body that follows a message. */
export interface ArrowBatch {
  readonly rows: number;
  /** Rows and missing values of each column, children behind their parents. */
  readonly nodes: readonly (readonly [number, number])[];
  /** Offset and length. */
  readonly buffers: readonly (readonly [number, number])[];
  readonly compression: "none" | "lz4" | "zstd" | "unknown";
  /** Data buffers of each column of views. */
  readonly viewBuffers: readonly number[];
}

export type ArrowMessage =
  | { readonly kind: "schema"; readonly fields: readonly ArrowField[]; readonly bodyLength: number }
  | { readonly kind: "batch"; readonly batch: ArrowBatch; readonly bodyLength: number }
  | {
      readonly kind: "dictionary";
      readonly id: number;
      readonly isDelta: boolean;
      readonly batch: ArrowBatch;
      readonly bodyLength: number;
    }
  | { readonly kind: "other"; readonly bodyLength: number };

const NAMES: readonly string[] = (
  "none null int float binary utf8 bool decimal date time timestamp interval list struct union fixed-size-binary " +
  "fixed-size-list map duration large-binary large-utf8 large-list run-end-encoded binary-view utf8-view list-view large-list-view"
).split(" ");
const TICKS: readonly number[] = [1, 1000, 1_000_000, 1_000_000_000];
const FLOATS: readonly number[] = [16, 32, 64];
/** A schema is a tree only by promise: tables may be named twice. */
const MAX_FIELDS = 10_000;
const MAX_DEPTH = 64;
const BIG_ENDIAN = 1;

function intOf(table: FlatTable | undefined): ArrowType & { readonly kind: "int" } {
  return { kind: "int", bits: table?.int(0, 32) ?? 32, signed: (table?.byte(1, 1) ?? 1) !== 0 };
}

function typeOf(name: string, table: FlatTable | undefined): ArrowType {
  switch (name) {
    case "null":
      return { kind: "null" };
    case "int":
      return intOf(table);
    case "float":
      return { kind: "float", bits: FLOATS[table?.short(0) ?? 0] ?? 0 };
    case "decimal":
      return { kind: "decimal", scale: table?.int(1) ?? 0, bits: table?.int(2, 128) ?? 128 };
    case "timestamp":
      return { kind: "time", unit: TICKS[table?.short(0) ?? 0] ?? 1 };
    case "date":
      // Milliseconds; days are no time that a record could have.
      return table?.short(0, 1) === 0
        ? { kind: "other", buffers: 2 }
        : { kind: "time", unit: 1000 };
    case "binary":
    case "utf8":
      return { kind: "bytes", large: false };
    case "large-binary":
    case "large-utf8":
      return { kind: "bytes", large: true };
    case "binary-view":
    case "utf8-view":
      return { kind: "views" };
    case "fixed-size-binary":
      return { kind: "fixed", width: table?.int(0) ?? 0 };
    case "run-end-encoded":
      return { kind: "other", buffers: 0 };
    case "struct":
    case "fixed-size-list":
      return { kind: "other", buffers: 1 };
    case "union":
      return { kind: "other", buffers: table?.short(0) === 1 ? 2 : 1 };
    case "list-view":
    case "large-list-view":
      return { kind: "other", buffers: 3 };
    default:
      return { kind: "other", buffers: 2 };
  }
}

function fieldOf(table: FlatTable, depth: number, budget: { left: number }): ArrowField {
  if (depth > MAX_DEPTH || budget.left-- === 0)
    throw new RangeError(`a schema of more than ${MAX_FIELDS} fields, or ${MAX_DEPTH} levels`);
  const name = NAMES[table.byte(2)];
  if (name === undefined) throw new RangeError(`a type of number ${table.byte(2)}`);
  const coding = table.table(4);
  const type = typeOf(name, table.table(3));
  return {
    name: table.text(0),
    type,
    typeName: type.kind === "int" ? `${type.signed ? "" : "u"}int${type.bits}` : name,
    children: table.tables(5).map((child) => fieldOf(child, depth + 1, budget)),
    dictionary:
      coding === undefined ? undefined : { id: coding.long(0), index: intOf(coding.table(1)) },
  };
}

function batchOf(table: FlatTable | undefined): ArrowBatch {
  if (table === undefined) throw new RangeError("a batch without its description");
  const codec = table.table(3);
  const codecs = ["lz4", "zstd"] as const;
  return {
    rows: table.long(0),
    nodes: table.pairs(1),
    buffers: table.pairs(2),
    compression: codec === undefined ? "none" : (codecs[codec.byte(0)] ?? "unknown"),
    viewBuffers: table.longs(4),
  };
}

function fieldsOf(schema: FlatTable | undefined): readonly ArrowField[] {
  if (schema?.short(0) === BIG_ENDIAN) throw new RangeError("big-endian values");
  const budget = { left: MAX_FIELDS };
  return (schema?.tables(1) ?? []).map((field) => fieldOf(field, 0, budget));
}

/** The columns that the footer of a file describes. Throws as readMessage. */
export function readFooter(bytes: Uint8Array): readonly ArrowField[] {
  return fieldsOf(FlatTable.root(bytes).table(1));
}

/** Reads the description of a message. Throws RangeError where it does not hold together, or is of another byte order. */
export function readMessage(bytes: Uint8Array): ArrowMessage {
  const message = FlatTable.root(bytes);
  const header = message.table(2);
  const bodyLength = message.long(3);
  if (!(bodyLength >= 0)) throw new RangeError(`a body of ${bodyLength} bytes`);
  switch (message.byte(1)) {
    case 1:
      return { kind: "schema", fields: fieldsOf(header), bodyLength };
    case 2: {
      const batch = batchOf(header?.table(1));
      const isDelta = header?.byte(2) === 1;
      return { kind: "dictionary", id: header?.long(0) ?? 0, isDelta, batch, bodyLength };
    }
    case 3:
      return { kind: "batch", batch: batchOf(header), bodyLength };
    default:
      return { kind: "other", bodyLength };
  }
}

/** Buffers of its own that a column has in a batch. */
function buffersOf(field: ArrowField, views: () => number): number {
  if (field.dictionary !== undefined) return 2;
  const { type } = field;
  if (type.kind === "null") return 0;
  if (type.kind === "other") return type.buffers;
  if (type.kind === "views") return 2 + views();
  return type.kind === "bytes" ? 3 : 2;
}

/** Where a column's node and buffers stand among those of its batch. */
export interface ArrowPlace {
  readonly node: number;
  readonly buffer: number;
  readonly buffers: number;
}

/** Places of the columns of a schema in a batch of it. */
export function placesOf(fields: readonly ArrowField[], batch: ArrowBatch): ArrowPlace[] {
  let node = 0;
  let buffer = 0;
  let view = 0;
  // Preorder, with a stack: children follow their parents.
  const skip = (field: ArrowField): ArrowPlace => {
    const place = {
      node: node++,
      buffer,
      buffers: buffersOf(field, () => batch.viewBuffers[view++] ?? 0),
    };
    buffer += place.buffers;
    return place;
  };
  const places = fields.map((field) => {
    const place = skip(field);
    const stack = field.dictionary === undefined ? [...field.children].reverse() : [];
    for (let child = stack.pop(); child !== undefined; child = stack.pop()) {
      skip(child);
      if (child.dictionary === undefined) stack.push(...[...child.children].reverse());
    }
    return place;
  });
  if (node !== batch.nodes.length || buffer !== batch.buffers.length)
    throw new RangeError(
      `a batch of ${batch.nodes.length} columns in ${batch.buffers.length} buffers, where its schema has ${node} in ${buffer}`,
    );
  return places;
}
