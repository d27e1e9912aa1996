import { computed, signal } from "@preact/signals";
import type { GivenFile, InputsTold, Zone } from "../protocol.js";
import { call } from "./engine.js";
import { reading } from "./reading.js";
import { type Trouble, troubleOf } from "./trouble.js";

/** What was given, as the worker tells it; null before anything was. */
export const inputs = signal<InputsTold | null>(null);

/** Inputs are being looked at. */
export const looking = signal(false);

/** What could not be taken in. */
export const inputTrouble = signal<Trouble | null>(null);

/** Rules that can be used and a log to judge by them. */
export const canRead = computed(() => {
  const told = inputs.value;
  if (told === null || told.rules.problem !== null) return false;
  return told.rules.documents > 0 && told.logs.files > 0;
});

async function change(work: () => Promise<InputsTold>): Promise<void> {
  looking.value = true;
  inputTrouble.value = null;
  try {
    inputs.value = await work();
    // What was read was read of other inputs.
    if (reading.value.phase !== "reading") reading.value = { phase: "idle" };
  } catch (error) {
    inputTrouble.value = troubleOf(error);
  } finally {
    looking.value = false;
  }
}

export function give(zone: Zone, files: readonly GivenFile[]): Promise<void> {
  return change(() => call("give", zone, files));
}

/** The fields of logs without a header, as they were last understood; empty = as the lines themselves show. */
export const logFields = signal("");

export function setFields(text: string): Promise<void> {
  return change(async () => {
    const told = await call("setFields", text);
    logFields.value = text.trim();
    return told;
  });
}

export function giveExample(): Promise<void> {
  return change(() => call("giveExample"));
}

export function clear(zone: Zone): Promise<void> {
  return change(() => call("clear", zone));
}
