// Progress on stderr: one line that redraws itself on a terminal, a plain line every ten seconds for a verbose log.

import { truncate } from "../report/printable.js";
import { byteSize, duration, grouped } from "../report/quantity.js";
import type { Terminal } from "./terminal.js";

/** How far a run is. `bytes` counts log text after decompression. */
export interface Done {
  readonly bytes: number;
  readonly records: number;
  readonly file: string;
}

/** A file to read and its size on disk. */
export interface Expected {
  readonly name: string;
  readonly size?: number;
}

const REDRAW_MS = 100;
const LOG_MS = 10_000;
/** Before this the rate is noise and a remaining time would jump about. */
const SETTLE_MS = 2_000;

const COMPRESSED = /\.(gz|gzip)$/i;

/**
 * Bytes of log text the files will give in all, or `undefined` while nobody can know: sizes on disk, times the ratio
 * that the compressed files read so far have shown.
 */
export function expectedBytes(files: readonly Expected[], done: Done): number | undefined {
  let total = 0;
  let before = 0;
  let reached = false;
  let compressed = false;
  for (const file of files) {
    if (file.size === undefined) return undefined;
    if (file.name === done.file) reached = true;
    if (!reached) before += file.size;
    total += file.size;
    compressed ||= COMPRESSED.test(file.name);
  }
  if (!compressed) return total;
  if (!reached || before === 0) return undefined;
  return total * (done.bytes / before);
}

/** `1,234 records · 5.60 MB · 820 records/s · 43 % · 12 s left`. */
export function progressText(done: Done, elapsedMs: number, expected: number | undefined): string {
  const seconds = Math.max(elapsedMs, 1) / 1000;
  const parts = [
    `${grouped(done.records)} records`,
    byteSize(done.bytes),
    `${grouped(Math.round(done.records / seconds))} records/s`,
  ];
  if (expected !== undefined && done.bytes > 0 && elapsedMs >= SETTLE_MS) {
    const share = Math.min(0.99, done.bytes / expected);
    parts.push(`${Math.floor(share * 100)} %`, `${duration((seconds * (1 - share)) / share)} left`);
  }
  return parts.join(" · ");
}

export interface Progress {
  update(done: Done): void;
  /** Takes the line away; nothing may be drawn after it. */
  end(): void;
}

/** A progress display that costs one clock read per update. */
export function startProgress(terminal: Terminal, files: readonly Expected[]): Progress {
  const started = performance.now();
  const period = terminal.progress === "line" ? REDRAW_MS : LOG_MS;
  let next = started + period;
  let drawn = false;
  return {
    update(done) {
      if (terminal.progress === "none") return;
      const now = performance.now();
      if (now < next) return;
      next = now + period;
      const text = progressText(done, now - started, expectedBytes(files, done));
      if (terminal.progress === "line") {
        // Erase to the end of the line: the new text may be shorter.
        terminal.writeTalk(`\r${truncate(text, terminal.talk.width - 1)}\u001b[K`);
        drawn = true;
      } else {
        terminal.writeTalk(`${text}\n`);
      }
    },
    end() {
      next = Number.POSITIVE_INFINITY;
      if (drawn) terminal.writeTalk("\r\u001b[K");
    },
  };
}
