// Arrow IPC, streams and files alike: a file is a stream between its magic bytes and a footer, and is read as one. So
// what stands before a break is read, and nothing has to be held.
import { FlowError } from "../../errors.js";
import type { LogPart } from "../log-part.js";
import type { ReadLogOptions } from "../read-log.js";
import { type ArrowBuffers, buffersOf, MAX_BODY_BYTES } from "./arrow-buffers.js";
import { arrowColumn, dictionaryTexts, offerOf } from "./arrow-columns.js";
import {
  type ArrowBatch,
  type ArrowField,
  type ArrowMessage,
  placesOf,
  readFooter,
  readMessage,
} from "./arrow-schema.js";
import { columnsBroken } from "./broken.js";
import { type ByteQueue, CutShort } from "./byte-queue.js";
import { columnParts, isAddressField, type UsedColumn, useColumns } from "./column-use.js";
import { cutParts, type LogColumn, type LogTexts, PART_ROWS } from "./log-columns.js";
import { openRanges } from "./open-ranges.js";

/** Bytes of the description of one message at most. */
const MAX_DESCRIPTION = 16 << 20;
const CONTINUATION = 0xffffffff;
/** Before the stream of a file: its magic bytes, padded. */
const FILE_HEAD = 8;
const FILE_MAGIC: Uint8Array = Uint8Array.of(65, 82, 82, 79, 87, 49, 0, 0);
/** Behind a footer: its length and the magic bytes. */
const FILE_TAIL = 10;

/** A stream under way. */
interface Stream {
  readonly name: string;
  readonly queue: ByteQueue;
  readonly how: "arrow-file" | "arrow-stream";
  readonly options: ReadLogOptions;
  fields: readonly ArrowField[];
  used: readonly UsedColumn[];
  /** A column that keeps its values in each dictionary: all that do are of one type. */
  dictionaryFields: Map<number, ArrowField>;
  dictionaries: Map<number, LogTexts>;
  /** Rows before the present one, of all streams that stand one behind the other. */
  rows: number;
}

function wordOf(bytes: Uint8Array, at = 0): number {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(at, true);
}

async function need(queue: ByteQueue, length: number): Promise<Uint8Array> {
  if (length === 0) return new Uint8Array(0);
  const bytes = await queue.take(length);
  if (bytes === undefined) throw new CutShort(length, 0);
  return bytes;
}

/** Whether what follows `begun` is the footer of a file, for those that end their stream without a mark. */
async function isFooter(queue: ByteQueue, begun: Uint8Array): Promise<boolean> {
  const rest = await queue.takeUpTo(MAX_DESCRIPTION);
  const bytes = new Uint8Array(begun.length + rest.length);
  bytes.set(begun);
  bytes.set(rest, begun.length);
  const footer = bytes.length - FILE_TAIL;
  return footer > 0 && wordOf(bytes, footer) === footer && (await queue.ended());
}

type Ending = "marked" | "unmarked";

/** Messages up to the end of the stream. Throws RangeError and CutShort where they break off. */
async function* messages(
  stream: Stream,
): AsyncGenerator<{ readonly message: ArrowMessage; readonly body: Uint8Array }, Ending> {
  const { queue, how } = stream;
  for (;;) {
    const marker = await queue.take(4);
    if (marker === undefined) {
      if (how === "arrow-file") throw new RangeError("the footer is missing");
      return "unmarked";
    }
    if (wordOf(marker) !== CONTINUATION) {
      if (how === "arrow-file" && (await isFooter(queue, marker))) return "marked";
      throw new RangeError("no message begins here");
    }
    const length = wordOf(await need(queue, 4));
    if (length === 0) return "marked";
    if (length > MAX_DESCRIPTION) throw new RangeError(`a description of ${length} bytes`);
    const message = readMessage(await need(queue, length));
    if (message.bodyLength > MAX_BODY_BYTES)
      throw new RangeError(
        `a batch of ${message.bodyLength} bytes, of which at most ${MAX_BODY_BYTES} are held: write smaller ones`,
      );
    yield { message, body: await need(queue, message.bodyLength) };
  }
}

/** A summary file is an Arrow stream too: whoever names it as a log meant another option. */
function refuseSummary(name: string, fields: readonly ArrowField[]): void {
  const names = new Set(fields.map((field) => field.name));
  if (!names.has("openings_assumed") || !names.has("client_port_least")) return;
  throw new FlowError("log-unrecognised", "this is a summary, as summarize writes it", {
    at: name,
    hint: "give it with --from in place of logs",
  });
}

function* takeSchema(stream: Stream, fields: readonly ArrowField[]): Generator<LogPart> {
  const { name, how, options } = stream;
  refuseSummary(name, fields);
  const what = how === "arrow-file" ? "an Arrow file" : "an Arrow stream";
  const { used, notes } = useColumns(name, what, fields.map(offerOf), options);
  stream.fields = fields;
  stream.used = used;
  stream.dictionaries = new Map();
  stream.dictionaryFields = new Map();
  for (const { index, wanted } of used) {
    const field = fields[index]!;
    if (wanted && field.dictionary !== undefined)
      stream.dictionaryFields.set(field.dictionary.id, field);
  }
  yield* columnParts(how, used, notes, options.fields);
}

function checked(batch: ArrowBatch): ArrowBatch {
  if (batch.compression === "unknown")
    throw new RangeError("compressed by another method than LZ4 and zstd");
  if (!(batch.rows >= 0)) throw new RangeError(`a batch of ${batch.rows} rows`);
  return batch;
}

function takeDictionary(
  stream: Stream,
  { id, isDelta, batch }: ArrowMessage & { readonly kind: "dictionary" },
  body: Uint8Array,
): void {
  const field = stream.dictionaryFields.get(id);
  if (field === undefined) return;
  const plain: ArrowField = { ...field, dictionary: undefined };
  const [place] = placesOf([plain], checked(batch));
  const before = isDelta ? stream.dictionaries.get(id) : undefined;
  const texts = dictionaryTexts(plain, batch, buffersOf(batch, body), place!, before);
  stream.dictionaries.set(id, texts);
}

function* takeBatch(stream: Stream, batch: ArrowBatch, body: Uint8Array): Generator<LogPart> {
  const { fields, used, dictionaries } = stream;
  const places = placesOf(fields, checked(batch));
  const buffers: ArrowBuffers = buffersOf(batch, body);
  const columns = used.map(({ index, field, wanted }) => {
    if (!wanted) return (): LogColumn => ({ kind: "none" });
    const asAddress = isAddressField(field);
    return arrowColumn(fields[index]!, batch, buffers, places[index]!, dictionaries, asAddress);
  });
  for (let from = 0; from < batch.rows; from += PART_ROWS) {
    const rows = Math.min(batch.rows - from, PART_ROWS);
    const made = columns.map((column) => column(from, rows));
    for (const part of cutParts(made, rows)) {
      yield { kind: "rows", ...part, line: stream.rows + 1 };
      stream.rows += part.rows;
    }
  }
}

/**
 * The schema of a file whose stream does not begin with it, as Arrow's JavaScript library writes them: it is in the footer.
 * `undefined` where the stream has it. The queue stays where it is, behind the magic bytes.
 */
async function schemaOfFooter(stream: Stream): Promise<readonly ArrowField[] | undefined> {
  const { name, queue, options } = stream;
  const begun = await need(queue, 8);
  const length = wordOf(begun, 4);
  if (wordOf(begun) !== CONTINUATION || length === 0 || length > MAX_DESCRIPTION) {
    queue.putBack(begun);
    return undefined;
  }
  const description = await need(queue, length);
  queue.putBack(description);
  queue.putBack(begun);
  if (readMessage(description).kind === "schema") return undefined;
  queue.putBack(FILE_MAGIC);
  const ranges = await openRanges(name, "arrow-file", queue, options);
  try {
    const tail = await ranges.read(ranges.size - FILE_TAIL, ranges.size);
    const footer = tail.length < FILE_TAIL ? 0 : wordOf(tail);
    const end = ranges.size - FILE_TAIL;
    if (footer === 0 || footer > Math.min(end, MAX_DESCRIPTION))
      throw new RangeError("the footer is missing");
    const fields = readFooter((await ranges.read(end - footer, end)).slice());
    // Where the bytes had to be held the queue is empty: they are what it goes on with.
    if (await queue.ended()) queue.putBack(await ranges.read(0, ranges.size));
    await need(queue, FILE_HEAD);
    return fields;
  } finally {
    await ranges.close();
  }
}

async function* readStream(stream: Stream): AsyncGenerator<LogPart, Ending> {
  const source = messages(stream);
  const fields = stream.how === "arrow-file" ? await schemaOfFooter(stream) : undefined;
  let begun = fields !== undefined;
  if (fields !== undefined) yield* takeSchema(stream, fields);
  for (let step = await source.next(); ; step = await source.next()) {
    if (step.done === true) return step.value;
    const { message, body } = step.value;
    if (message.kind === "schema") {
      if (begun) throw new RangeError("a second schema");
      begun = true;
      yield* takeSchema(stream, message.fields);
    } else if (!begun) throw new RangeError("no schema stands at the beginning");
    else if (message.kind === "dictionary") takeDictionary(stream, message, body);
    else if (message.kind === "batch") yield* takeBatch(stream, message.batch, body);
  }
}

/**
 * Reads Arrow IPC: a format part, then the rows in parts, with notes between; streams one behind the other are read on.
 * Compressed buffers (LZ4, zstd) are unpacked. Throws what useColumns does before any part, and `log-broken` after all
 * rows before a break. Memory: one batch of the stream, and its dictionaries.
 */
export async function* readArrow(
  name: string,
  queue: ByteQueue,
  how: "arrow-file" | "arrow-stream",
  options: ReadLogOptions,
): AsyncGenerator<LogPart> {
  const stream: Stream = {
    name,
    queue,
    how,
    options,
    fields: [],
    used: [],
    dictionaryFields: new Map(),
    dictionaries: new Map(),
    rows: 0,
  };
  try {
    if (how === "arrow-file") await need(queue, FILE_HEAD);
    for (;;) {
      const ending = yield* readStream(stream);
      if (ending === "unmarked") {
        const message =
          "the stream stops without its end mark: it may have been cut between two batches";
        yield { kind: "note", code: "arrow-end-missing", message, line: 0 };
      }
      if (how === "arrow-file" || (await queue.ended())) return;
    }
  } catch (error) {
    throw columnsBroken(name, error, `byte ${queue.position}`, stream.rows);
  }
}
