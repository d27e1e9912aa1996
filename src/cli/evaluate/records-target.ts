// Where judged records go: a file that appears whole, a device or pipe, or stdout.

import { type FileHandle, open, rename, rm, stat } from "node:fs/promises";
import { FlowError } from "../../errors.js";
import { printable } from "../../report/printable.js";
import { type RecordsFormat, recordsFormatOf } from "../../report/records-format.js";
import type { Terminal } from "../terminal.js";

export interface RecordsTarget {
  readonly format: RecordsFormat;
  write(bytes: Uint8Array): Promise<void>;
  /** Makes the file appear under its name. */
  finish(): Promise<void>;
  /** Leaves no trace of an unfinished file. */
  discard(): Promise<void>;
}

function chooseFormat(path: string, wanted: RecordsFormat | undefined): RecordsFormat {
  const format = wanted ?? recordsFormatOf(path) ?? (path === "-" ? "csv" : undefined);
  if (format !== undefined) return format;
  throw new FlowError("records-format", "the name does not tell the format of the records", {
    at: path,
    hint: "end it in .csv, .ndjson or .jsonl, or give --records-format csv|ndjson",
  });
}

/** Log text may hold escape sequences: a terminal gets them spelled out, files and pipes get the bytes. */
function terminalBytes(bytes: Uint8Array): string {
  const lines = new TextDecoder().decode(bytes).split("\n");
  return lines.map(printable).join("\n");
}

function stdoutTarget(format: RecordsFormat, terminal: Terminal): RecordsTarget {
  return {
    format,
    write: (bytes) => terminal.write(terminal.outIsTty ? terminalBytes(bytes) : bytes),
    finish: async () => {},
    discard: async () => {},
  };
}

async function isSpecial(path: string): Promise<boolean> {
  try {
    return !(await stat(path)).isFile();
  } catch {
    return false;
  }
}

async function writeAll(file: FileHandle, bytes: Uint8Array): Promise<void> {
  let at = 0;
  while (at < bytes.length) at += (await file.write(bytes, at)).bytesWritten;
}

async function fileTarget(path: string, format: RecordsFormat): Promise<RecordsTarget> {
  // A pipe or a device cannot be renamed onto: it is written as it is.
  const direct = await isSpecial(path);
  const written = direct ? path : `${path}.${process.pid}.part`;
  const file = await open(written, "w");
  return {
    format,
    write: (bytes) => writeAll(file, bytes),
    async finish() {
      await file.close();
      if (!direct) await rename(written, path);
    },
    async discard() {
      await file.close();
      if (!direct) await rm(written, { force: true });
    },
  };
}

/** Opens `--records PATH`, so that a wrong path is told before hours of work. */
export async function openRecordsTarget(
  path: string,
  wanted: RecordsFormat | undefined,
  terminal: Terminal,
): Promise<RecordsTarget> {
  const format = chooseFormat(path, wanted);
  return path === "-" ? stdoutTarget(format, terminal) : await fileTarget(path, format);
}
