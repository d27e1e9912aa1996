import type { GateAnswer } from "./gate-answer.js";
import { gateBody } from "./gate-body.js";
import { renderMarkdown } from "./render-markdown.js";

/** Bytes a step summary may have (documented); a longer one would be refused whole. */
const MOST_BYTES = 1_048_576;

/** A gate as Markdown for the step summary of GitHub Actions: that of `--format markdown`, cut at a line to fit. */
export function stepSummaryMarkdown(answer: GateAnswer): string {
  const text = renderMarkdown(gateBody(answer));
  const bytes = new TextEncoder().encode(text);
  if (bytes.length <= MOST_BYTES) return text;
  const end = "\n\nThe rest did not fit into a step summary.\n";
  // No line feed lies inside a character of UTF-8.
  const cut = bytes.lastIndexOf(10, MOST_BYTES - end.length - 1);
  return `${new TextDecoder().decode(bytes.subarray(0, cut))}${end}`;
}
