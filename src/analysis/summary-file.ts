import {
  type Data,
  Field,
  FixedSizeBinary,
  makeData,
  RecordBatch,
  RecordBatchReader,
  RecordBatchStreamWriter,
  Schema,
  Struct,
  Uint8,
  Uint16,
  Uint32,
  Uint64,
} from "apache-arrow";
import * as c from "../contract.js";
import { FlowError } from "../errors.js";
import { type OpenerSummary, SUMMARY_VERSION, type SummaryFacts } from "./opener-summary.js";
import { isSummary } from "./summary-shape.js";

/** Metadata key of the schema that holds the facts as JSON. */
const FACTS_KEY = "flowverdict.summary";
const MAX_FACTS = 1 << 28;

/** One column of the file: a field of a row of openers. */
interface SummaryColumn {
  readonly name: string;
  readonly type: Uint8 | Uint16 | Uint32 | Uint64 | FixedSizeBinary;
  readonly bytes: number;
  /** Offset in the row. */
  readonly at: number;
}

function columnsOf(): SummaryColumn[] {
  const u16 = (name: string, at: number): SummaryColumn => {
    return { name, type: new Uint16(), bytes: 2, at };
  };
  const u32 = (name: string, at: number): SummaryColumn => {
    return { name, type: new Uint32(), bytes: 4, at };
  };
  const u64 = (name: string, at: number): SummaryColumn => {
    return { name, type: new Uint64(), bytes: 8, at };
  };
  const samples = Array.from({ length: c.TUPLE_SAMPLE_COUNT }, (_, i) => {
    const at = c.OPENING_SAMPLES + 12 * i;
    const name = `sample${i + 1}`;
    return [u32(`${name}_start`, at), u32(`${name}_file`, at + 4), u32(`${name}_line`, at + 8)];
  }).flat();
  return [
    u32("interface", c.OPENING_INTERFACE),
    { name: "remote", type: new FixedSizeBinary(16), bytes: 16, at: c.OPENING_HIGH },
    { name: "protocol", type: new Uint8(), bytes: 1, at: c.OPENING_PROTOCOL },
    u16("port", c.OPENING_PORT),
    u16("other_port", c.OPENING_OTHER_PORT),
    u16("client_port_least", c.OPENING_CLIENT_LOW),
    u16("client_port_greatest", c.OPENING_CLIENT_HIGH),
    u32("flags", c.OPENING_FLAGS),
    u64("connections", c.OPENING_CONNECTIONS),
    u64("openings_assumed", c.OPENING_ASSUMED),
    u64("forward_records", c.OPENING_FORWARD),
    u64("reply_records", c.OPENING_REPLIES),
    u64("bytes", c.OPENING_OCTETS),
    u32("first_start", c.OPENING_FIRST),
    u32("last_end", c.OPENING_LAST),
    ...samples,
    u16("open_at_begin", c.OPENING_HEADS),
    u16("open_at_end", c.OPENING_TAILS),
  ];
}

const COLUMNS: readonly SummaryColumn[] = columnsOf();

function schemaOf(facts: SummaryFacts): Schema {
  const fields = COLUMNS.map(({ name, type }) => new Field(name, type, false));
  return new Schema(fields, new Map([[FACTS_KEY, JSON.stringify(facts)]]));
}

/**
 * The summary as an Arrow IPC stream, batch by batch. Columns are the fields of a row; `interface` and the samples' files
 * are numbers of the lists in the schema's metadata. Constant memory in the number of rows.
 */
export async function* writeSummary(summary: OpenerSummary): AsyncGenerator<Uint8Array> {
  const schema = schemaOf(summary.facts);
  const writer = new RecordBatchStreamWriter();
  const chunks = writer[Symbol.asyncIterator]();
  const written = (async (): Promise<void> => {
    let any = false;
    for await (const rows of summary.rows()) {
      writer.write(batchOf(schema, rows));
      any = true;
    }
    if (!any) writer.write(batchOf(schema, new Uint8Array(0)));
    writer.close();
  })();
  for (;;) {
    const next = await chunks.next();
    if (next.done === true) break;
    yield next.value as Uint8Array;
  }
  await written;
}

function batchOf(schema: Schema, rows: Uint8Array): RecordBatch {
  const length = rows.length / c.OPENING_BYTES;
  const children = COLUMNS.map((column): Data => {
    const bytes = new Uint8Array(length * column.bytes);
    gather(rows, bytes, column);
    return makeData({ type: column.type, length, data: valuesOf(column, bytes) } as never);
  });
  const type = new Struct(schema.fields);
  return new RecordBatch(schema, makeData({ type, length, nullCount: 0, children }));
}

function valuesOf({ bytes, name }: SummaryColumn, data: Uint8Array): ArrayLike<unknown> {
  if (name === "remote" || bytes === 1) return data;
  if (bytes === 2) return new Uint16Array(data.buffer);
  return bytes === 4 ? new Uint32Array(data.buffer) : new BigUint64Array(data.buffer);
}

// Column by column, two bytes at a time: every field of a row is so aligned but the protocol.
function gather(rows: Uint8Array, to: Uint8Array, { bytes, at }: SummaryColumn): void {
  if (bytes === 1) {
    for (let i = 0, from = at; i < to.length; i++, from += c.OPENING_BYTES) to[i] = rows[from]!;
    return;
  }
  const source = new Uint16Array(rows.buffer, rows.byteOffset, rows.byteLength / 2);
  const target = new Uint16Array(to.buffer);
  const words = bytes / 2;
  for (let i = 0, from = at / 2; i < target.length; i += words, from += c.OPENING_BYTES / 2)
    for (let word = 0; word < words; word++) target[i + word] = source[from + word]!;
}

function scatter(from: Uint8Array, rows: Uint8Array, { bytes, at }: SummaryColumn): void {
  if (bytes === 1) {
    for (let i = 0, to = at; i < from.length; i++, to += c.OPENING_BYTES) rows[to] = from[i]!;
    return;
  }
  const source = from.byteOffset % 2 === 0 ? from : from.slice();
  const words16 = new Uint16Array(source.buffer, source.byteOffset, source.byteLength / 2);
  const target = new Uint16Array(rows.buffer);
  const words = bytes / 2;
  for (let i = 0, to = at / 2; i < words16.length; i += words, to += c.OPENING_BYTES / 2)
    for (let word = 0; word < words; word++) target[to + word] = words16[i + word]!;
}

/**
 * Reads a summary; its rows come as they are asked for, once. Throws `summary-invalid` for what is no summary, is cut, or
 * names what does not exist, and `summary-version` for one of another version.
 */
export async function readSummary(
  name: string,
  bytes: AsyncIterable<Uint8Array>,
): Promise<OpenerSummary> {
  const invalid = (found: string): FlowError =>
    new FlowError("summary-invalid", `not a summary: ${found}`, {
      at: name,
      hint: "give a file that `flowverdict summarize LOGS -o FILE` has written",
    });
  let reader: RecordBatchReader;
  try {
    reader = await RecordBatchReader.from(bytes);
    await reader.open();
  } catch (error) {
    throw invalid(error instanceof Error ? error.message : String(error));
  }
  // Arrow's reader takes an empty stream for one without a schema.
  if ((reader.schema as Schema | undefined) === undefined) throw invalid("it is empty");
  const facts = factsOf(reader.schema, name, invalid);
  checkColumns(reader.schema, invalid);
  return {
    facts,
    async *rows() {
      try {
        for await (const batch of reader as AsyncIterable<RecordBatch>) yield rowsOf(batch);
      } catch (error) {
        throw error instanceof FlowError
          ? error
          : invalid(error instanceof Error ? error.message : String(error));
      }
    },
  };

  function rowsOf(batch: RecordBatch): Uint8Array {
    // Before anything is made as large as the batch says it is.
    const views = COLUMNS.map(({ name, bytes }, i) => {
      const { values } = batch.data.children[i] as { readonly values: ArrayBufferView };
      const length = batch.numRows * bytes;
      if (values.byteLength < length) throw invalid(`${name} is cut`);
      return new Uint8Array(values.buffer, values.byteOffset, length);
    });
    const rows = new Uint8Array(batch.numRows * c.OPENING_BYTES);
    COLUMNS.forEach((column, i) => {
      scatter(views[i]!, rows, column);
    });
    checkRows(rows);
    return rows;
  }

  // What the core uses as an index is looked at before the core sees it.
  function checkRows(rows: Uint8Array): void {
    const words = new Uint32Array(rows.buffer);
    for (let row = 0; row < words.length; row += c.OPENING_BYTES / 4) {
      if (words[row + c.OPENING_INTERFACE / 4]! >= facts.interfaces.length)
        throw invalid("a row of an interface that is not listed");
      for (let i = 0; i < c.TUPLE_SAMPLE_COUNT; i++) {
        const sample = row + c.OPENING_SAMPLES / 4 + 3 * i;
        if (words[sample + 2] !== 0 && words[sample + 1]! >= facts.files.length)
          throw invalid("a sample of a file that is not listed");
      }
      if (COUNTS.some((at) => words[row + at / 4 + 1]! >= UNCOUNTED))
        throw invalid("a row of more than 2^53 records");
      const borders = words[row + c.OPENING_HEADS / 4]!;
      const connections = row + c.OPENING_CONNECTIONS / 4;
      const few = words[connections + 1] === 0 ? words[connections]! : 0xffff;
      if (Math.max(borders & 0xffff, borders >>> 16) > few)
        throw invalid("a row that leaves more connections open than it has");
      const flags = words[row + c.OPENING_FLAGS / 4]!;
      if ((flags & c.OF_DIRECTION_MASK) > c.DIRECTION_EGRESS)
        throw invalid("a row of no direction");
      if (((flags >> c.OF_GRADE_SHIFT) & 7) >= c.GRADE_COUNT) throw invalid("a row of no grade");
      if (((flags >> c.OF_ACTION_SHIFT) & 3) > c.ACTION_REJECT) throw invalid("a row of no action");
      words[row + c.OPENING_FLAGS / 4] = flags & STORED_FLAGS;
    }
  }
}

const COUNTS: readonly number[] = [
  c.OPENING_CONNECTIONS,
  c.OPENING_ASSUMED,
  c.OPENING_FORWARD,
  c.OPENING_REPLIES,
];
/** Upper word of a count that no double tells from the next. */
const UNCOUNTED = 1 << 21;

const STORED_FLAGS =
  c.OF_DIRECTION_MASK |
  (7 << c.OF_GRADE_SHIFT) |
  (3 << c.OF_ACTION_SHIFT) |
  c.OF_LOCAL_LOWER |
  c.OF_BOTH_SIDES |
  c.OF_LOST_LOCAL |
  c.OF_LOST_REMOTE;

function factsOf(
  schema: Schema,
  name: string,
  invalid: (found: string) => FlowError,
): SummaryFacts {
  const text = schema.metadata.get(FACTS_KEY);
  if (text === undefined) throw invalid("Arrow data of another kind");
  if (text.length > MAX_FACTS) throw invalid("its facts are larger than 256 MiB");
  let facts: SummaryFacts;
  try {
    facts = JSON.parse(text) as SummaryFacts;
  } catch {
    throw invalid("its facts are no JSON");
  }
  if (typeof facts !== "object" || facts === null) throw invalid("its facts are no object");
  if (facts.version !== SUMMARY_VERSION)
    throw new FlowError("summary-version", `a summary of version ${facts.version}`, {
      at: name,
      hint: `this program reads version ${SUMMARY_VERSION}: sum up the logs again`,
    });
  const lists = [facts.interfaces, facts.files];
  const texts = lists.every(
    (list) => Array.isArray(list) && list.every((each) => typeof each === "string"),
  );
  const { tool, addressesKnown, openersDropped, summary } = facts;
  const told =
    typeof tool === "string" &&
    typeof addressesKnown === "boolean" &&
    typeof openersDropped === "number";
  if (!texts || !told || !isSummary(summary)) throw invalid("its facts lack something");
  const encoder = new TextEncoder();
  if (facts.interfaces.some((id) => encoder.encode(id).length > c.MAX_INTERFACE_ID_BYTES))
    throw invalid(`the id of an interface has over ${c.MAX_INTERFACE_ID_BYTES} bytes`);
  return facts;
}

function checkColumns(schema: Schema, invalid: (found: string) => FlowError): void {
  COLUMNS.forEach(({ name, type }, i) => {
    const field = schema.fields[i];
    if (field?.name !== name || String(field.type) !== String(type))
      throw invalid(`column ${i + 1} is ${field?.name ?? "missing"}, not ${name}`);
  });
}
