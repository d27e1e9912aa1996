// What the worker is asked of the candidate shown; each once per state of it.

import { type ReadonlySignal, signal } from "@preact/signals";
import type {
  CandidateText,
  CandidateTold,
  ChangeSeriesTold,
  EditorGroup,
  ImpactTold,
  TupleSeries,
} from "../../protocol.js";
import { type Answer, answerOf } from "../../state/answers.js";
import { candidateText } from "../../state/candidates.js";
import { call } from "../../state/engine.js";
import { read } from "../../state/reading.js";

/** The records over time are shown whole. */
export const withTimes = signal(false);

function keyOf({ name, documents, edits }: CandidateText): string {
  return JSON.stringify([name, documents, edits]);
}

export function candidateAnswer(): ReadonlySignal<Answer<CandidateTold>> {
  const text = candidateText.value;
  return answerOf(`candidate/${keyOf(text)}`, () => call("candidate", text));
}

export function groupAnswer(id: string): ReadonlySignal<Answer<EditorGroup>> {
  const text = candidateText.value;
  return answerOf(`group/${id}/${keyOf(text)}`, () => call("candidateGroup", text, id));
}

export function impactAnswer(unchanged: boolean): ReadonlySignal<Answer<ImpactTold>> {
  return impactAnswerOf(candidateText.value, unchanged);
}

export function changesAnswer(): ReadonlySignal<Answer<ChangeSeriesTold>> {
  const text = candidateText.value;
  return answerOf(`changes/${keyOf(text)}`, () => call("changes", text));
}

/** Beyond so many records the first look at them is left until it is asked for: an edit would wait for it. */
const MANY_RECORDS = 500_000;

/** Records over time of a tuple of the impact shown; undefined = not known, or not yet. */
export function seriesOf(key: string): TupleSeries | undefined {
  const held = read.value?.held.rows ?? 0;
  if (held === 0 || (held > MANY_RECORDS && !withTimes.value)) return undefined;
  const answer = changesAnswer().value;
  return answer.state === "given" ? answer.value.tuples.get(key) : undefined;
}

export function impactAnswerOf(
  text: CandidateText,
  unchanged: boolean,
): ReadonlySignal<Answer<ImpactTold>> {
  return answerOf(`impact/${unchanged}/${keyOf(text)}`, () => call("impact", text, unchanged));
}
