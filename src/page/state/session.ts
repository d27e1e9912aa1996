// What would be lost with the page, and the session as a file.

import { computed, effect, signal } from "@preact/signals";
import type { SavedCandidate } from "../protocol.js";
import { type Candidate, candidates, hasCandidate, restoreCandidates } from "./candidates.js";
import { call } from "./engine.js";
import { inputs } from "./inputs.js";
import { generation, reading } from "./reading.js";

/** The candidates as they were when they were saved last. */
const saved = signal<readonly Candidate[] | null>(null);

/** A candidate is written that is in no file. */
export const hasUnsaved = computed(() => hasCandidate.value && saved.value !== candidates.value);

function warn(event: Event): void {
  event.preventDefault();
}

// Only while there is something to lose: browsers keep no page with such a listener for going back to.
effect(() => {
  if (hasUnsaved.value) window.addEventListener("beforeunload", warn);
  else window.removeEventListener("beforeunload", warn);
});

function savedCandidates(list: readonly Candidate[]): readonly SavedCandidate[] {
  return list.map(({ name, documents, edits, expected }) => ({
    name,
    documents,
    edits,
    expected: [...expected],
  }));
}

export async function sessionFile(): Promise<Blob> {
  const list = candidates.value;
  const file = await call("saveSession", savedCandidates(list));
  saved.value = list;
  return file;
}

/** Takes the place of everything. Rejects with what is wrong with the file; then everything stays. */
export async function openSession(file: File): Promise<void> {
  const content = { name: file.name, content: file, explicit: true };
  const told = await call("loadSession", content);
  inputs.value = told.inputs;
  restoreCandidates(
    told.candidates.map(({ expected, ...each }) => ({ ...each, expected: new Map(expected) })),
  );
  saved.value = candidates.value;
  generation.value++;
  reading.value = { phase: "done", told: told.read };
}
