// How one text value is written in CSV (RFC 4180) and in JSON, as bytes.

import type { ByteSink } from "./byte-sink.js";
import { jsonString } from "./json-text.js";

/** Writes `source[from, to)` as one cell. */
export type TextEncoding = (sink: ByteSink, source: Uint8Array, from: number, to: number) => void;

const QUOTE = 34;
const COMMA = 44;
const BACKSLASH = 92;
const DELETE = 127;

const decoder: TextDecoder = new TextDecoder("utf-8");
const encoder: TextEncoder = new TextEncoder();

/**
 * Text with anything but printable ASCII, decoded: what is not UTF-8 becomes U+FFFD, so that the file is valid UTF-8
 * whatever the log held. Rare, hence slow on purpose.
 */
function decode(source: Uint8Array, from: number, to: number): string {
  return decoder.decode(source.subarray(from, to));
}

/**
 * A CSV field: quoted where it holds a comma, a quote or a line break, quotes doubled. A value that a spreadsheet would
 * run (=, +, -, @) is data and stays as it is.
 */
export function encodeCsvText(sink: ByteSink, source: Uint8Array, from: number, to: number): void {
  sink.reserve(to - from);
  const target = sink.bytes;
  const start = sink.length;
  let at = start;
  for (let i = from; i < to; i++) {
    const byte = source[i]!;
    if (byte < 32 || byte >= DELETE || byte === QUOTE || byte === COMMA) {
      const text = decode(source, from, to);
      const field = /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
      sink.append(encoder.encode(field));
      return;
    }
    target[at++] = byte;
  }
  sink.length = at;
}

/** A JSON string with its quotes. */
export function encodeJsonText(sink: ByteSink, source: Uint8Array, from: number, to: number): void {
  sink.reserve(to - from + 2);
  const target = sink.bytes;
  let at = sink.length;
  target[at++] = QUOTE;
  for (let i = from; i < to; i++) {
    const byte = source[i]!;
    if (byte < 32 || byte >= DELETE || byte === QUOTE || byte === BACKSLASH) {
      sink.append(encoder.encode(jsonString(decode(source, from, to))));
      return;
    }
    target[at++] = byte;
  }
  target[at++] = QUOTE;
  sink.length = at;
}
