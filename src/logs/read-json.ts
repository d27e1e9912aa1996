// A log in JSON -> its parts: messages are text, objects of fields are records in a format of their names.
import { unknownNames } from "./field-list.js";
import type { JsonPiece } from "./json-lines.js";
import { jsonPieces } from "./json-pieces.js";
import type { LogPart, NotePart } from "./log-part.js";

type Pieces = ReturnType<typeof jsonPieces>;

/** Reads lines of text as if they were a file of their own. */
export type ReadText = (chunks: AsyncIterable<Uint8Array>) => AsyncIterable<LogPart>;

async function* recordParts(first: JsonPiece, pieces: Pieces): AsyncGenerator<LogPart> {
  let fields: readonly string[] = [];
  for (let piece: JsonPiece | NotePart = first; ; ) {
    if ("kind" in piece && piece.kind === "note") yield piece;
    else {
      const { bytes, line, fields: own = [] } = piece as JsonPiece;
      const isNew = own !== fields;
      if (isNew) {
        const known = new Set(fields);
        fields = own;
        yield { kind: "format", fields, line, how: "json-names", timePrefix: false };
        for (const message of unknownNames(fields.filter((name) => !known.has(name))))
          yield { kind: "note", code: "unknown-field", message, line };
      }
      yield { kind: "text", bytes, line: isNew ? line : 0 };
    }
    const next = await pieces.next();
    if (next.done === true) return;
    piece = next.value;
  }
}

/**
 * Reads a log in JSON. Lines are counted by messages or records, from 1: a document may stand on one line, and a message on
 * many. Throws what jsonPieces and `readText` throw.
 */
export async function* jsonParts(
  name: string,
  chunks: AsyncIterable<Uint8Array>,
  readText: ReadText,
): AsyncGenerator<LogPart> {
  const pieces = jsonPieces(name, chunks);
  const notes: NotePart[] = [];
  try {
    let next = await pieces.next();
    for (; next.done !== true && next.value.kind === "note"; next = await pieces.next())
      yield next.value;
    if (next.done === true) return;
    const first = next.value as JsonPiece;
    if (first.fields !== undefined) {
      yield* recordParts(first, pieces);
      return;
    }
    for await (const part of readText(messages(first, pieces, notes))) {
      yield part.kind === "format" ? { ...part, how: "json-message" } : part;
      yield* notes.splice(0);
    }
    yield* notes;
  } finally {
    await pieces.return(undefined);
  }
}

async function* messages(
  first: JsonPiece,
  pieces: Pieces,
  notes: NotePart[],
): AsyncGenerator<Uint8Array> {
  yield first.bytes;
  for await (const piece of pieces) {
    if (piece.kind === "note") notes.push(piece);
    else yield piece.bytes;
  }
}
