// What the worker is asked of the candidate shown; each once per state of it.

import type { ReadonlySignal } from "@preact/signals";
import type {
  CandidateText,
  CandidateTold,
  ChangeSeriesTold,
  EditorGroup,
  ImpactTold,
} from "../../protocol.js";
import { type Answer, answerOf } from "../../state/answers.js";
import { candidateText } from "../../state/candidates.js";
import { call } from "../../state/engine.js";

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

export function impactAnswerOf(
  text: CandidateText,
  unchanged: boolean,
): ReadonlySignal<Answer<ImpactTold>> {
  return answerOf(`impact/${unchanged}/${keyOf(text)}`, () => call("impact", text, unchanged));
}
