// The bytes of an object, from the beginning on or by place.
import type { Readable } from "node:stream";
import { type ByteRanges, logBroken } from "../../logs/index.js";
import { s3Client, s3Reason } from "./s3-client.js";
import { s3Place } from "./s3-place.js";

/**
 * Reads an object from its beginning on, as it comes; `name` is for messages. Throws `log-broken` after all that could be
 * read. The connection is closed when the generator is left.
 */
export async function* readObject(path: string, name: string): AsyncGenerator<Uint8Array> {
  let total = 0;
  let body: Readable | undefined;
  try {
    const { sdk, client } = await s3Client();
    const { bucket, key } = s3Place(path);
    const answer = await client.send(new sdk.GetObjectCommand({ Bucket: bucket, Key: key }));
    body = answer.Body as Readable;
    for await (const chunk of body) {
      const bytes: Uint8Array = chunk;
      total += bytes.length;
      yield bytes;
    }
    const { ContentLength: size = total } = answer;
    if (total < size) throw new Error(`the connection ended after ${total} of ${size} bytes`);
  } catch (error) {
    throw logBroken(name, s3Reason(error), total);
  } finally {
    body?.destroy();
  }
}

/** The same by place, a request for every part; `size` is that of the object. Throws `log-broken`. */
export function objectRanges(path: string, name: string, size: number): ByteRanges {
  const read = async (from: number, to: number): Promise<Uint8Array> => {
    const until = Math.min(to, size);
    if (until <= from) return new Uint8Array(0);
    try {
      const { sdk, client } = await s3Client();
      const { bucket, key } = s3Place(path);
      const range = `bytes=${from}-${until - 1}`;
      const input = { Bucket: bucket, Key: key, Range: range };
      const { Body } = await client.send(new sdk.GetObjectCommand(input));
      return (await Body?.transformToByteArray()) ?? new Uint8Array(0);
    } catch (error) {
      throw logBroken(name, s3Reason(error), 0);
    }
  };
  return { size, read, close: async () => {} };
}
