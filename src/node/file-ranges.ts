import { type FileHandle, open } from "node:fs/promises";
import { type ByteRanges, logBroken } from "../logs/index.js";

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

async function readRange(handle: FileHandle, from: number, to: number): Promise<Uint8Array> {
  const bytes = Buffer.allocUnsafeSlow(Math.max(0, to - from));
  let filled = 0;
  while (filled < bytes.length) {
    const { bytesRead } = await handle.read(bytes, filled, bytes.length - filled, from + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return new Uint8Array(bytes.buffer, 0, filled);
}

/** Opens a file to be read by place; `name` is for messages. Throws `log-broken` where it cannot be opened or read. */
export async function fileRanges(path: string, name: string): Promise<ByteRanges> {
  const broken = (error: unknown): never => {
    throw logBroken(name, messageOf(error), 0);
  };
  const handle = await open(path, "r").catch(broken);
  const { size } = await handle.stat();
  return {
    size,
    read: (from, to) => readRange(handle, from, to).catch(broken),
    close: () => handle.close(),
  };
}
