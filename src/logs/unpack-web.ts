// Packed logs without a host, told by their first bytes.
import { gunzipWeb } from "./gunzip-web.js";
import { isGzip } from "./gzip-limits.js";
import { unzstd } from "./unzstd.js";
import { isZstd, ZSTD_MAGIC_BYTES } from "./zstd-frames.js";

/** Collects chunks until their first bytes show what they are. */
async function peek(
  chunks: AsyncIterator<Uint8Array>,
): Promise<{ head: Uint8Array; ended: boolean }> {
  let head: Uint8Array = new Uint8Array(0);
  while (head.length < ZSTD_MAGIC_BYTES) {
    const next = await chunks.next();
    if (next.done === true) return { head, ended: true };
    const joined = new Uint8Array(head.length + next.value.length);
    joined.set(head);
    joined.set(next.value, head.length);
    head = head.length === 0 ? next.value : joined;
  }
  return { head, ended: false };
}

async function* following(
  head: Uint8Array,
  chunks: AsyncIterator<Uint8Array>,
  ended: boolean,
): AsyncGenerator<Uint8Array> {
  if (head.length > 0) yield head;
  if (ended) return;
  for (let next = await chunks.next(); next.done !== true; next = await chunks.next())
    yield next.value;
}

/**
 * Unpacks gzip and zstd, all members or frames one after the other; what begins with the magic bytes of neither is passed
 * on as it is. A break throws `log-broken` after what came before it, a bomb `log-bomb` (gunzipWeb, unzstd).
 */
export async function* unpackWeb(
  chunks: AsyncIterable<Uint8Array>,
  name = "log",
): AsyncGenerator<Uint8Array> {
  const iterator = chunks[Symbol.asyncIterator]();
  try {
    const { head, ended } = await peek(iterator);
    const source = following(head, iterator, ended);
    if (isGzip(head)) yield* gunzipWeb(source, name);
    else if (isZstd(head)) yield* unzstd(name, source);
    else yield* source;
  } finally {
    await iterator.return?.();
  }
}
