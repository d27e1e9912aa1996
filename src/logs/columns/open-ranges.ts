// A columnar log by the places of its bytes, whatever its source can.
import { FlowError } from "../../errors.js";
import type { ReadLogOptions } from "../read-log.js";
import type { ByteQueue } from "./byte-queue.js";
import {
  type ByteRanges,
  type ColumnarForm,
  columnarForm,
  MAGIC_LENGTH,
} from "./recognise-columns.js";

/** Of a source that cannot be read by place, what is held in memory at most. */
const MAX_HELD = 64 << 20;
/** A source of no more bytes is read at once. */
const SMALL = 1 << 20;

function heldRanges(bytes: Uint8Array): ByteRanges {
  return {
    size: bytes.length,
    read: async (from, to) => bytes.subarray(from, to),
    close: async () => {},
  };
}

/** The source's own ranges, unless they show other bytes than it reads: those of gzip. */
async function ownRanges(
  form: ColumnarForm,
  { ranges }: ReadLogOptions,
): Promise<ByteRanges | undefined> {
  const source = await ranges?.();
  if (source === undefined) return undefined;
  if (columnarForm(await source.read(0, MAGIC_LENGTH)) === form) return source;
  await source.close();
  return undefined;
}

/**
 * Opens a log by place; the caller closes it. `queue` stands at its beginning: it stays there, or is emptied where the
 * bytes have to be held. Throws `log-refused` where there are too many of them.
 */
export async function openRanges(
  name: string,
  form: ColumnarForm,
  queue: ByteQueue,
  options: ReadLogOptions,
): Promise<ByteRanges> {
  // What is small is there already.
  const begun = await queue.takeUpTo(SMALL);
  if (await queue.ended()) return heldRanges(begun);
  queue.putBack(begun);
  const own = await ownRanges(form, options);
  if (own !== undefined) return own;
  const bytes = await queue.takeUpTo(MAX_HELD);
  if (await queue.ended()) return heldRanges(bytes);
  throw new FlowError(
    "log-refused",
    `its directory stands at its end: from a pipe, or inside of gzip, at most ${MAX_HELD >> 20} MiB are held`,
    { at: name, hint: "give the file itself, unpacked" },
  );
}
