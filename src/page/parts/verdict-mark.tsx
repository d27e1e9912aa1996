import type { Change } from "../../model/opener.js";
import type { Verdict } from "../../model/verdict.js";

/** Shape, word and colour of each: no meaning rests on colour alone. */
const VERDICTS: Readonly<Record<Verdict, readonly [mark: string, tone: string]>> = {
  allow: ["✓", "good"],
  deny: ["✗", "bad"],
  unknown: ["?", "warn"],
};

export function VerdictMark({ verdict }: { readonly verdict: Verdict }) {
  const [mark, tone] = VERDICTS[verdict];
  return (
    <span class={`mark tone-${tone}`}>
      <span aria-hidden="true">{mark}</span> {verdict}
    </span>
  );
}

const CHANGES: Readonly<Record<Change, readonly [mark: string, tone: string, word: string]>> = {
  "newly-denied": ["✗", "bad", "would break"],
  "newly-allowed": ["+", "new", "newly pass"],
  unchanged: ["=", "faint", "unchanged"],
  undetermined: ["?", "warn", "undetermined"],
};

export function ChangeMark({ change }: { readonly change: Change }) {
  const [mark, tone, word] = CHANGES[change];
  return (
    <span class={`mark tone-${tone}`}>
      <span aria-hidden="true">{mark}</span> {word}
    </span>
  );
}
