// Candidates while they are written: several by name, each with its way back.

import { computed, signal } from "@preact/signals";
import type { CandidateDocument, CandidateText } from "../protocol.js";

export interface Candidate extends CandidateText {
  /** Changes that were looked at and are meant: by key of the tuple, with a note. */
  readonly expected: ReadonlyMap<string, string>;
}

/** What can be taken back of a candidate. */
interface History {
  readonly past: readonly Candidate[];
  readonly future: readonly Candidate[];
}

const MOST_STEPS = 200;

function empty(name: string): Candidate {
  return { name, documents: [], edits: "", expected: new Map() };
}

export const candidates = signal<readonly Candidate[]>([empty("candidate")]);

const current = signal(0);
const histories = signal<readonly History[]>([{ past: [], future: [] }]);

export const candidate = computed(() => candidates.value[current.value]!);

/** A candidate as the worker takes it. */
export function textOf({ name, documents, edits }: Candidate): CandidateText {
  return { name, documents, edits };
}

/** The one that is shown. */
export const candidateText = computed(() => textOf(candidate.value));

export const canUndo = computed(() => (histories.value[current.value]?.past.length ?? 0) > 0);
export const canRedo = computed(() => (histories.value[current.value]?.future.length ?? 0) > 0);

/** Something would be lost with the page. */
export const hasCandidate = computed(() =>
  candidates.value.some(({ edits, documents }) => edits.trim() !== "" || documents.length > 0),
);

function put(next: Candidate, history: History): void {
  const at = current.value;
  candidates.value = candidates.value.map((each, i) => (i === at ? next : each));
  histories.value = histories.value.map((each, i) => (i === at ? history : each));
}

function change(next: Candidate): void {
  const { past } = histories.value[current.value]!;
  put(next, { past: [...past, candidate.value].slice(-MOST_STEPS), future: [] });
}

export function setEdits(edits: string): void {
  if (edits !== candidate.value.edits) change({ ...candidate.value, edits });
}

/** Adds edit lines; one that takes back what the last lines said takes those away. */
export function addEdits(lines: readonly string[]): void {
  const { edits } = candidate.value;
  const before = edits.trimEnd();
  setEdits(`${before === "" ? "" : `${before}\n`}${lines.join("\n")}\n`);
}

/** Takes a line away; false where there is none like it. */
export function dropEdit(line: string): boolean {
  const lines = candidate.value.edits.split("\n");
  const at = lines.lastIndexOf(line);
  if (at < 0) return false;
  setEdits(lines.toSpliced(at, 1).join("\n"));
  return true;
}

export function setDocuments(documents: readonly CandidateDocument[]): void {
  change({ ...candidate.value, documents });
}

/** `note` null = no longer expected. */
export function markExpected(key: string, note: string | null): void {
  const expected = new Map(candidate.value.expected);
  if (note === null) expected.delete(key);
  else expected.set(key, note);
  change({ ...candidate.value, expected });
}

export function undo(): void {
  const { past, future } = histories.value[current.value]!;
  const last = past.at(-1);
  if (last !== undefined)
    put(last, { past: past.slice(0, -1), future: [candidate.value, ...future] });
}

export function redo(): void {
  const { past, future } = histories.value[current.value]!;
  const [next, ...rest] = future;
  if (next !== undefined) put(next, { past: [...past, candidate.value], future: rest });
}

export function chooseCandidate(index: number): void {
  current.value = index;
}

/** A copy of the one shown, under a name that is free. */
export function copyCandidate(): void {
  const names = new Set(candidates.value.map(({ name }) => name));
  let number = candidates.value.length + 1;
  while (names.has(`candidate ${number}`)) number++;
  const copy = { ...candidate.value, name: `candidate ${number}` };
  candidates.value = [...candidates.value, copy];
  histories.value = [...histories.value, { past: [], future: [] }];
  current.value = candidates.value.length - 1;
}

export function renameCandidate(name: string): void {
  const clean = name.trim();
  if (clean !== "" && !candidates.value.some((each) => each.name === clean))
    put({ ...candidate.value, name: clean }, histories.value[current.value]!);
}

/** The last one is emptied. */
export function removeCandidate(): void {
  const at = current.value;
  const left = candidates.value.toSpliced(at, 1);
  const kept = histories.value.toSpliced(at, 1);
  current.value = 0;
  candidates.value = left.length === 0 ? [empty("candidate")] : left;
  histories.value = kept.length === 0 ? [{ past: [], future: [] }] : kept;
}

/** Takes the place of all, as a session was saved. */
export function restoreCandidates(restored: readonly Candidate[]): void {
  current.value = 0;
  candidates.value = restored.length === 0 ? [empty("candidate")] : restored;
  histories.value = candidates.value.map(() => ({ past: [], future: [] }));
}
