import { type ReadonlySignal, signal } from "@preact/signals";
import { generation } from "./reading.js";
import { type Trouble, troubleOf } from "./trouble.js";

/** An answer that the worker is asked for. */
export type Answer<T> =
  | { readonly state: "asking" }
  | { readonly state: "given"; readonly value: T }
  | { readonly state: "refused"; readonly trouble: Trouble };

const known = new Map<string, ReadonlySignal<Answer<unknown>>>();
let knownOf = -1;

/** The answer under a key, asked for once per reading; `ask` must depend on the key and the reading alone. */
export function answerOf<T>(key: string, ask: () => Promise<T>): ReadonlySignal<Answer<T>> {
  if (knownOf !== generation.value) {
    known.clear();
    knownOf = generation.value;
  }
  const found = known.get(key);
  if (found !== undefined) return found as ReadonlySignal<Answer<T>>;
  const answer = signal<Answer<T>>({ state: "asking" });
  known.set(key, answer);
  ask().then(
    (value) => {
      answer.value = { state: "given", value };
    },
    (error) => {
      answer.value = { state: "refused", trouble: troubleOf(error) };
    },
  );
  return answer;
}
