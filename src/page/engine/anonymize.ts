// What was read, with mapped addresses and names, in the place of itself: everything that is shown or saved afterwards is
// made of that alone.

import { anonymousLog, anonymousRules, KEY_BYTES, Mapping } from "../../anonymize/index.js";
import type { RuleSet } from "../../model/rule-set.js";
import type { Period } from "../../model/timeline.js";
import { editsBetween, ruleSetAsAwsJson } from "../../rules/index.js";
import type { AnonymizedTold, GivenFile } from "../protocol.js";
import type { Inputs } from "./inputs.js";

/** Characters collected before the browser takes them: it may keep what it has on disk. */
const PIECE = 4 << 20;

export interface AnonymousCase extends Omit<AnonymizedTold, "inputs"> {
  readonly rules: readonly GivenFile[];
  readonly logs: readonly GivenFile[];
}

/** `candidates`: with the rules that they are. */
export async function anonymousCase(
  inputs: Inputs,
  candidates: readonly RuleSet[],
): Promise<AnonymousCase> {
  const key = crypto.getRandomValues(new Uint8Array(KEY_BYTES));
  const { periods } = inputs.overTime;
  const mapping = new Mapping(
    key,
    periods.map(({ ruleSet }) => ruleSet),
  );
  const mapped = periods.map(({ ruleSet }) => anonymousRules(ruleSet, mapping));
  const logs: GivenFile[] = [];
  const broken: string[] = [];
  let malformed = 0;
  for (const [i, input] of inputs.logInputs().entries()) {
    const text = new Pieces();
    const log = await anonymousLog(input, mapping, {
      fields: inputs.fields,
      signal: new AbortController().signal,
      write: (line) => text.add(line),
    });
    malformed += log.malformed;
    if (log.broken !== undefined) broken.push(log.broken.message);
    const name = `${String(i + 1).padStart(6, "0")}.log`;
    logs.push({ name, content: text.file(), explicit: true });
  }
  return {
    rules: mapped.map((ruleSet, i) => ({
      name: nameOf(periods, i),
      content: new Blob([ruleSetAsAwsJson(ruleSet, periods.length > 1)]),
      explicit: true,
    })),
    logs,
    candidates: candidates.map((candidate, i) => ({
      name: `candidate ${i + 1}`,
      documents: [],
      edits: editLines(mapped.at(-1)!, anonymousRules(candidate, mapping)),
    })),
    key: Array.from(key, (byte) => byte.toString(16).padStart(2, "0")).join(""),
    malformed,
    broken,
  };
}

function nameOf(periods: readonly Period[], i: number): string {
  if (periods.length === 1) return "rules.json";
  return i === 0 ? "rules-1.json" : `rules-${i + 1}.json@${periods[i]!.from}`;
}

/** What no edit can say is left out. */
function editLines(baseline: RuleSet, candidate: RuleSet): string {
  return editsBetween(baseline, candidate)
    .lines.map((line) => `${line}\n`)
    .join("");
}

/** A long text, most of it out of the way. */
class Pieces {
  private readonly pieces: Blob[] = [];
  private waiting: string[] = [];
  private length = 0;

  add(text: string): void {
    this.waiting.push(text);
    this.length += text.length;
    if (this.length >= PIECE) this.pack();
  }

  file(): Blob {
    this.pack();
    return new Blob(this.pieces);
  }

  private pack(): void {
    this.pieces.push(new Blob(this.waiting));
    this.waiting = [];
    this.length = 0;
  }
}
