import {
  type Data,
  Field,
  makeData,
  RecordBatch,
  RecordBatchReader,
  RecordBatchStreamWriter,
  Schema,
  Struct,
} from "apache-arrow";
import * as c from "../contract.js";
import { FlowError } from "../errors.js";
import {
  type OpenerSummary,
  SUMMARY_KEY,
  SUMMARY_VERSION,
  type SummaryFacts,
} from "./opener-summary.js";
import {
  BORDERS,
  gather,
  ROWS,
  type SummaryColumn,
  type SummaryTable,
  scatter,
} from "./summary-columns.js";
import { checkBorders, checkOpeners, type RowCheck } from "./summary-rows.js";
import { isSummary } from "./summary-shape.js";
import { wholeMessages } from "./whole-messages.js";

const MAX_FACTS = 1 << 28;

function schemaOf({ columns }: SummaryTable, metadata: ReadonlyMap<string, string>): Schema {
  const fields = columns.map(({ name, type }) => new Field(name, type, false));
  return new Schema(fields, new Map(metadata));
}

/**
 * The summary as two Arrow IPC streams, one behind the other, batch by batch: the rows of openers, then the connections
 * at the borders. Columns are the fields of a row; `interface` and the samples' files are numbers of the lists in the
 * first schema's metadata. Constant memory in the number of rows.
 */
export async function* writeSummary(summary: OpenerSummary): AsyncGenerator<Uint8Array> {
  const facts = new Map([[SUMMARY_KEY, JSON.stringify(summary.facts)]]);
  yield* writeTable(ROWS, facts, summary.rows());
  yield* writeTable(BORDERS, new Map(), summary.borders());
}

async function* writeTable(
  table: SummaryTable,
  metadata: ReadonlyMap<string, string>,
  rows: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  const schema = schemaOf(table, metadata);
  const writer = new RecordBatchStreamWriter();
  const chunks = writer[Symbol.asyncIterator]();
  const written = (async (): Promise<void> => {
    let any = false;
    for await (const each of rows) {
      writer.write(batchOf(table, schema, each));
      any = true;
    }
    if (!any) writer.write(batchOf(table, schema, new Uint8Array(0)));
    writer.close();
  })();
  for (;;) {
    const next = await chunks.next();
    if (next.done === true) break;
    yield next.value as Uint8Array;
  }
  await written;
}

function batchOf(table: SummaryTable, schema: Schema, rows: Uint8Array): RecordBatch {
  const length = rows.length / table.rowBytes;
  const children = table.columns.map((column): Data => {
    const bytes = new Uint8Array(length * column.bytes);
    gather(rows, bytes, column, table.rowBytes);
    return makeData({ type: column.type, length, data: valuesOf(column, bytes) } as never);
  });
  const type = new Struct(schema.fields);
  return new RecordBatch(schema, makeData({ type, length, nullCount: 0, children }));
}

function valuesOf({ bytes }: SummaryColumn, data: Uint8Array): ArrayLike<unknown> {
  if (bytes === 16 || bytes === 1) return data;
  if (bytes === 2) return new Uint16Array(data.buffer);
  return bytes === 4 ? new Uint32Array(data.buffer) : new BigUint64Array(data.buffer);
}

/**
 * Reads a summary; its rows, and then its connections, come as they are asked for, once. Throws `summary-invalid` for
 * what is no summary, is cut, or names what does not exist, and `summary-version` for one of another version.
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
  // Whatever the decoder throws is about the file.
  const reading = async <Result>(read: () => Promise<Result>): Promise<Result> => {
    try {
      return await read();
    } catch (error) {
      if (error instanceof FlowError) throw error;
      throw invalid(error instanceof Error ? error.message : String(error));
    }
  };
  // The second stream stands behind the first: the reader is opened twice.
  const reader = await reading(async () => {
    const made = await RecordBatchReader.from(wholeMessages(bytes));
    return made.open({ autoDestroy: false });
  });
  // Arrow's reader takes an empty stream for one without a schema.
  if ((reader.schema as Schema | undefined) === undefined) throw invalid("it is empty");
  const facts = factsOf(reader.schema, name, invalid);
  let spare = new Uint8Array(0);
  let spareRowBytes = 0;
  checkColumns(ROWS, reader.schema, invalid);
  return {
    facts,
    rows: () => rowsIn(ROWS, checkOpeners(facts, invalid)),
    async *borders() {
      await reading(() => Promise.resolve(reader.reset(null).open({ autoDestroy: true })));
      if ((reader.schema as Schema | undefined) == null) throw invalid("it is cut behind its rows");
      checkColumns(BORDERS, reader.schema, invalid);
      yield* rowsIn(BORDERS, checkBorders(facts, invalid));
    },
  };

  async function* rowsIn(table: SummaryTable, check: RowCheck): AsyncGenerator<Uint8Array> {
    for (;;) {
      const next = await reading(async () => reader.next());
      if (next.done === true) return;
      const rows = rowsOf(table, next.value as RecordBatch);
      check(rows);
      yield rows;
    }
  }

  function rowsOf({ columns, rowBytes }: SummaryTable, batch: RecordBatch): Uint8Array {
    // Before anything is made as large as the batch says it is.
    const views = columns.map((column, i) => {
      const { values } = batch.data.children[i] as { readonly values: ArrayBufferView };
      const length = batch.numRows * column.bytes;
      if (values.byteLength < length) throw invalid(`${column.name} is cut`);
      return new Uint8Array(values.buffer, values.byteOffset, length);
    });
    const wanted = batch.numRows * rowBytes;
    // Every column writes its own bytes of a row, and nothing else is in them.
    if (spare.length < wanted || spareRowBytes !== rowBytes) spare = new Uint8Array(wanted);
    spareRowBytes = rowBytes;
    const rows = spare.subarray(0, wanted);
    columns.forEach((column, i) => {
      scatter(views[i]!, rows, column, rowBytes);
    });
    return rows;
  }
}

function factsOf(
  schema: Schema,
  name: string,
  invalid: (found: string) => FlowError,
): SummaryFacts {
  const text = schema.metadata.get(SUMMARY_KEY);
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
  const { tool, addressesKnown, openersDropped, borderDropped, summary } = facts;
  const told =
    typeof tool === "string" &&
    typeof addressesKnown === "boolean" &&
    typeof openersDropped === "number" &&
    typeof borderDropped === "number" &&
    isTimers(facts.timers) &&
    typeof facts.timersOf === "object" &&
    facts.timersOf !== null &&
    Object.values(facts.timersOf).every(isTimers);
  if (!texts || !told || !isSummary(summary)) throw invalid("its facts lack something");
  const encoder = new TextEncoder();
  if (facts.interfaces.some((id) => encoder.encode(id).length > c.MAX_INTERFACE_ID_BYTES))
    throw invalid(`the id of an interface has over ${c.MAX_INTERFACE_ID_BYTES} bytes`);
  return facts;
}

/** Six numbers of seconds (STATE_TIMERS). */
function isTimers(value: unknown): boolean {
  return (
    Array.isArray(value) &&
    value.length === 6 &&
    value.every((each) => Number.isInteger(each) && each >= 0 && each <= 0xffffffff)
  );
}

function checkColumns(
  { columns }: SummaryTable,
  schema: Schema,
  invalid: (found: string) => FlowError,
): void {
  columns.forEach(({ name, type }, i) => {
    const field = schema.fields[i];
    if (field?.name !== name || String(field.type) !== String(type))
      throw invalid(`column ${i + 1} is ${field?.name ?? "missing"}, not ${name}`);
  });
}
