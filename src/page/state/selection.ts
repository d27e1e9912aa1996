// What is looked at of the log: one filter and one span of time, shared by the screens that show records.

import { computed, signal } from "@preact/signals";

/** As it was last written and understood; empty = all. */
export const filterText = signal("");

/** Unix seconds, the end excluded; null = the whole log. */
export const timeSpan = signal<readonly [from: number, to: number] | null>(null);

/** Both as one filter, as the worker takes it. */
export const selectedFilter = computed(() => {
  const text = filterText.value.trim();
  const span = timeSpan.value;
  if (span === null) return text;
  const time = `start >= ${span[0]} and start < ${span[1]}`;
  return text === "" ? time : `(${text}) and ${time}`;
});

/** Narrows the filter by one more test. */
export function narrow(test: string): void {
  const text = filterText.value.trim();
  filterText.value =
    text === "" ? test : `${/\bor\b/i.test(text) ? `(${text})` : text} and ${test}`;
}

/** A value as the filter language takes it, quoted where it must be. */
export function filterValue(value: string): string {
  return /^[\w.:/@+-]+$/.test(value) ? value : `"${value.replace(/["\\]/g, "\\$&")}"`;
}
