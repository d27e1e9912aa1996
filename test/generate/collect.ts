import type { GeneratedChunk } from "../../src/generate/index.js";
import { CAUSES, TRAFFIC_KINDS } from "../../src/generate/index.js";

/** One line of a generated log, with its truth spelt out. */
export interface TruthfulLine {
  readonly text: string;
  readonly opener: number;
  readonly verdict: number;
  readonly cause: string;
  readonly kind: string;
  readonly connection: number;
}

export interface Collected {
  readonly fields: readonly string[];
  readonly lines: readonly TruthfulLine[];
}

const decoder = new TextDecoder();

/** Text and truth of all chunks; the log must have a header. */
export function collect(chunks: Iterable<GeneratedChunk>): Collected {
  let text = "";
  const truths: Omit<TruthfulLine, "text">[] = [];
  for (const { text: bytes, truth } of chunks) {
    text += decoder.decode(bytes);
    for (let i = 0; i < truth.count; i++)
      truths.push({
        opener: truth.opener[i]!,
        verdict: truth.verdict[i]!,
        cause: CAUSES[truth.cause[i]!]!,
        kind: TRAFFIC_KINDS[truth.kind[i]!]!,
        connection: truth.connection[i]!,
      });
  }
  const [header, ...rest] = text.split("\n");
  if (rest.pop() !== "") throw new Error("the log does not end with a newline");
  if (rest.length !== truths.length)
    throw new Error(`${rest.length} lines, but truth of ${truths.length}`);
  return {
    fields: header!.split(" "),
    lines: rest.map((line, i) => ({ text: line, ...truths[i]! })),
  };
}

/** The text alone. */
export function textOf(chunks: Iterable<GeneratedChunk>): string {
  let text = "";
  for (const chunk of chunks) text += decoder.decode(chunk.text);
  return text;
}

/** The fields of a line by name. */
export function byName(fields: readonly string[], text: string): ReadonlyMap<string, string> {
  const values = text.split(" ");
  if (values.length !== fields.length) throw new Error(`${values.length} fields in: ${text}`);
  return new Map(fields.map((field, i) => [field, values[i]!]));
}
