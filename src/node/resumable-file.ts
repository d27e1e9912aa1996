// An output that is written over several starts of the program, and appears under its name when it is whole.
import { type FileHandle, open, rename, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { FlowError } from "../errors.js";

function failed(path: string, error: unknown): FlowError {
  const reason = error instanceof Error ? error.message : String(error);
  return new FlowError("output-failed", `cannot be written: ${reason}`, { at: path });
}

function partOf(path: string): string {
  return join(dirname(path), `.${basename(path)}.part`);
}

/** Bytes of what an earlier start wrote of this output; undefined where there is nothing. */
export async function partSize(path: string): Promise<number | undefined> {
  try {
    return (await stat(partOf(path))).size;
  } catch {
    return undefined;
  }
}

export class ResumableFile {
  private readonly path: string;
  private readonly handle: FileHandle;
  /** Bytes written so far. */
  length: number;

  private constructor(path: string, handle: FileHandle, length: number) {
    this.path = path;
    this.handle = handle;
    this.length = length;
  }

  /** Opens the part of it behind its first `length` bytes; what was written beyond them goes. Throws `output-failed`. */
  static async open(path: string, length: number): Promise<ResumableFile> {
    try {
      const handle = await open(partOf(path), length === 0 ? "w" : "r+");
      await handle.truncate(length);
      return new ResumableFile(path, handle, length);
    } catch (error) {
      throw failed(path, error);
    }
  }

  async write(data: string | Uint8Array): Promise<void> {
    const bytes = typeof data === "string" ? Buffer.from(data, "utf8") : data;
    for (let at = 0; at < bytes.length; ) {
      const { bytesWritten } = await this.handle
        .write(bytes, at, bytes.length - at, this.length)
        .catch((error: unknown) => {
          throw failed(this.path, error);
        });
      at += bytesWritten;
      this.length += bytesWritten;
    }
  }

  /** Settles when all that was written would outlive a crash of the machine. */
  async sync(): Promise<void> {
    await this.handle.sync().catch((error: unknown) => {
      throw failed(this.path, error);
    });
  }

  /** Ends this start; the part stays for the next one. */
  async close(): Promise<void> {
    await this.handle.close();
  }

  /** Puts the whole under its name. */
  async finish(): Promise<void> {
    await this.sync();
    await this.handle.close();
    await rename(partOf(this.path), this.path).catch((error: unknown) => {
      throw failed(this.path, error);
    });
  }
}
