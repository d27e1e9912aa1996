// A stream of JSON -> the lines in it, and notes of what is none.
import { logBroken } from "./gzip-limits.js";
import { JsonLines, type JsonPiece } from "./json-lines.js";
import type { NotePart } from "./log-part.js";

/** Notes of one file: who has seen these knows what the file is like. */
const MAX_NOTES = 5;

function withoutMark(chunk: Uint8Array): Uint8Array {
  return chunk[0] === 0xef ? chunk.subarray(3) : chunk;
}

/**
 * The lines of a log in JSON, piece by piece, with notes between. The first chunk holds what looksLikeJson saw. Throws
 * `log-broken` where the input ends inside a value or is no JSON any more, and what the source throws. Memory: JsonLines.
 */
export async function* jsonPieces(
  name: string,
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<({ readonly kind: "lines" } & JsonPiece) | NotePart> {
  let notes: NotePart[] = [];
  let noted = 0;
  const lines = new JsonLines(name, (message, line, code = "json-malformed") => {
    if (noted++ < MAX_NOTES) notes.push({ kind: "note", code, message, line });
  });
  function* take(
    pieces: readonly JsonPiece[],
  ): Generator<({ readonly kind: "lines" } & JsonPiece) | NotePart> {
    for (const piece of pieces) yield { kind: "lines", ...piece };
    yield* notes;
    notes = [];
  }
  let input = 0;
  for await (const chunk of chunks) {
    yield* take(lines.push(input === 0 ? withoutMark(chunk) : chunk));
    input += chunk.length;
  }
  yield* take(lines.push(new Uint8Array(0), true));
  if (lines.unfinished !== undefined) throw logBroken(name, lines.unfinished, input);
}
