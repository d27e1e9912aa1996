// Whether what is open is an anonymized case, and its key.

import { effect, signal } from "@preact/signals";
import type { InputsTold } from "../protocol.js";
import { candidates, hasCandidate, restoreCandidates, textOf } from "./candidates.js";
import { call } from "./engine.js";
import { inputs, logFields } from "./inputs.js";
import { read, reading, startReading } from "./reading.js";
import { filterText, timeSpan } from "./selection.js";

/** Records by what was said of them. */
export interface Verdicts {
  readonly allow: number;
  readonly deny: number;
  readonly unknown: number;
}

export interface Anonymous {
  /** The inputs that it is true of: with others it is over. */
  readonly inputs: InputsTold;
  readonly key: string;
  /** As the real case was judged. */
  readonly before: Verdicts;
  readonly malformed: number;
  readonly broken: readonly string[];
}

export const anonymous = signal<Anonymous | null>(null);

effect(() => {
  const told = anonymous.value;
  if (told !== null && inputs.value !== told.inputs) anonymous.value = null;
});

/** Puts the anonymized case in the place of what is open, and judges it. Rejects where something cannot be read. */
export async function anonymize(): Promise<void> {
  const before = read.value!.summary.verdicts;
  const list = hasCandidate.value ? candidates.value.map(textOf) : [];
  const told = await call("anonymize", list);
  inputs.value = told.inputs;
  logFields.value = "";
  filterText.value = "";
  timeSpan.value = null;
  restoreCandidates(told.candidates.map((each) => ({ ...each, expected: new Map() })));
  const { key, malformed, broken } = told;
  anonymous.value = { inputs: told.inputs, key, before, malformed, broken };
  reading.value = { phase: "idle" };
  await startReading();
}
