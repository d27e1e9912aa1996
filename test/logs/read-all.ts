import { type LogPart, type ReadLogOptions, readLog, rowLines } from "../../src/logs/index.js";

/** What a log yields, with its text joined: formats and notes as they come, text between them as one string. */
export type Told =
  | {
      readonly format: readonly string[];
      readonly line: number;
      readonly how: string;
      readonly time: boolean;
    }
  | { readonly text: string; readonly line: number }
  | { readonly note: string; readonly line: number };

export async function* cut(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

export async function* cutAt(bytes: Uint8Array, at: number): AsyncGenerator<Uint8Array> {
  yield bytes.subarray(0, at);
  yield bytes.subarray(at);
}

export function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** Adds a part to what was told; text that goes on is joined, notes do not interrupt it. Rows come as lines. */
export function tell(told: Told[], part: LogPart): void {
  if (part.kind === "format") {
    const { fields, line, how, timePrefix } = part;
    told.push({ format: fields, line, how, time: timePrefix });
    return;
  }
  if (part.kind === "note") {
    told.push({ note: part.code, line: part.line });
    return;
  }
  if (part.kind === "rows") {
    const before = told.at(-1);
    const rows = [...rowLines(part)].map((row) => `${row.text}\n`).join("");
    if (before !== undefined && "text" in before)
      told[told.length - 1] = { ...before, text: before.text + rows };
    else told.push({ text: rows, line: part.line });
    return;
  }
  const text = Buffer.from(part.bytes).toString("latin1");
  const last = told.findLastIndex((entry) => !("note" in entry));
  const before = told[last];
  if (before !== undefined && "text" in before) {
    if (part.line !== 0) throw new Error(`text goes on, yet tells its line ${part.line}`);
    told[last] = { ...before, text: before.text + text };
  } else {
    if (part.line === 0) throw new Error("the first text after a format does not tell its line");
    told.push({ text, line: part.line });
  }
}

export async function readAll(
  chunks: AsyncIterable<Uint8Array>,
  options: ReadLogOptions = {},
  told: Told[] = [],
): Promise<Told[]> {
  for await (const part of readLog("a.log", chunks, options)) tell(told, part);
  return told;
}

export function readText(text: string, options: ReadLogOptions = {}): Promise<Told[]> {
  return readAll(cut(bytesOf(text), 1 << 20), options);
}
