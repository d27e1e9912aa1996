import { once } from "node:events";
import { createGzip } from "node:zlib";
import type { Write } from "../../node/index.js";

/** Calls `produce` with a writer that packs into one gzip stream. Memory: zlib's window and one piece. */
export async function gzipInto(
  write: Write,
  produce: (packed: Write) => Promise<void>,
): Promise<void> {
  const gzip = createGzip();
  let waiting: Uint8Array[] = [];
  gzip.on("data", (chunk: Uint8Array) => waiting.push(chunk));
  const drain = async (): Promise<void> => {
    const chunks = waiting;
    waiting = [];
    for (const chunk of chunks) await write(chunk);
  };
  await produce(async (data) => {
    await new Promise<void>((resolve, reject) => {
      gzip.write(data, (error) => (error == null ? resolve() : reject(error)));
    });
    await drain();
  });
  gzip.end();
  await once(gzip, "end");
  await drain();
}
