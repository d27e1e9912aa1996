import { effect, signal } from "@preact/signals";

export type Theme = "system" | "light" | "dark";

/** Not remembered: the page stores nothing unasked. */
export const theme = signal<Theme>("system");

effect(() => {
  const root = document.documentElement;
  root.style.colorScheme = theme.value === "system" ? "light dark" : theme.value;
});
