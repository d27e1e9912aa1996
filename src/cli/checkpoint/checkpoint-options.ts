import type { Command } from "commander";
import { durationValue } from "../values/timeout-value.js";

/** A time span as of timers, or in milliseconds; in seconds. */
function everyValue(text: string): number {
  const milliseconds = /^(\d{1,6})ms$/.exec(text);
  return milliseconds === null ? durationValue(text) : Number(milliseconds[1]) / 1000;
}

/** What keeps a long run, as commander hands it over. */
export interface CheckpointFlags {
  readonly checkpoint?: string;
  /** Seconds. */
  readonly checkpointEvery?: number;
}

/** Adds `--checkpoint` and `--checkpoint-every`. */
export function addCheckpointOptions(command: Command): Command {
  return command
    .option(
      "--checkpoint <file>",
      "keep the state of the run there, and go on from it where the same run was stopped or killed",
    )
    .option(
      "--checkpoint-every <span>",
      "how often the state is kept: 10m, 30s, 200ms (default: 60s, or as often as takes a twentieth of the time)",
      everyValue,
    );
}
