import { computed, signal } from "@preact/signals";
import type { ReadTold } from "../protocol.js";
import { call, progress } from "./engine.js";
import { type Trouble, troubleOf } from "./trouble.js";

/** The reading of the logs: not begun, going on, at its end, or refused. */
export type Reading =
  | { readonly phase: "idle" }
  | { readonly phase: "reading"; readonly paused: boolean; readonly began: number }
  | { readonly phase: "done"; readonly told: ReadTold }
  | { readonly phase: "failed"; readonly trouble: Trouble };

export const reading = signal<Reading>({ phase: "idle" });

/** What the last reading left; null before there is one. */
export const read = computed(() => (reading.value.phase === "done" ? reading.value.told : null));

/** Counts the readings that ended: answers to an earlier one are none any more. */
export const generation = signal(0);

/** How many workers read; "" = as many as fit. */
export const workers = signal<"" | "1" | "2" | "3" | "4">("");

export async function startReading(): Promise<void> {
  progress.value = null;
  reading.value = { phase: "reading", paused: false, began: performance.now() };
  try {
    const told = await call("read", workers.value === "" ? null : Number(workers.value));
    generation.value++;
    reading.value = { phase: "done", told };
  } catch (error) {
    reading.value = { phase: "failed", trouble: troubleOf(error) };
  } finally {
    progress.value = null;
  }
}

export async function holdReading(paused: boolean): Promise<void> {
  await call(paused ? "pause" : "resume");
  if (reading.value.phase === "reading") reading.value = { ...reading.value, paused };
}

export function endReading(): Promise<void> {
  return call("cancel");
}
