// Progress on stderr: one line that redraws itself on a terminal, a plain line every ten seconds for a verbose log.

import { byteSize, duration, grouped } from "../report/quantity.js";
import { truncate } from "../report/truncate.js";
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

/** Which part of the work is done, from 0 to 1, or `undefined` while nobody can know. */
export type ShareOf = (done: Done) => number | undefined;

/**
 * Share of the log text of some files: by their sizes on disk, times the ratio that the compressed files read so far
 * have shown. Files are read in the order given.
 */
export function shareOfFiles(files: readonly Expected[]): ShareOf {
  const total = files.reduce((sum, { size }) => sum + (size ?? 0), 0);
  const knowable = total > 0 && files.every(({ size }) => (size ?? 0) > 0);
  const compressed = files.some(({ name }) => COMPRESSED.test(name));
  return (done) => {
    if (!knowable) return undefined;
    if (!compressed) return done.bytes / total;
    let before = 0;
    for (const { name, size = 0 } of files) {
      if (name === done.file) break;
      before += size;
    }
    // The text of the files before the present one is not told apart from its own: close enough after a few files.
    return before === 0 || before === total ? undefined : before / total;
  };
}

/** `1,234 records · 5.60 MB · 820 records/s · 43 % · 12 s left`. */
export function progressText(done: Done, elapsedMs: number, share: number | undefined): string {
  const seconds = Math.max(elapsedMs, 1) / 1000;
  const parts = [
    `${grouped(done.records)} records`,
    byteSize(done.bytes),
    `${grouped(Math.round(done.records / seconds))} records/s`,
  ];
  if (share !== undefined && share > 0 && elapsedMs >= SETTLE_MS) {
    const shown = Math.min(0.99, share);
    parts.push(`${Math.floor(shown * 100)} %`, `${duration((seconds * (1 - shown)) / shown)} left`);
  }
  return parts.join(" · ");
}

export interface Progress {
  update(done: Done): void;
  /** Takes the line away; nothing may be drawn after it. */
  end(): void;
}

/** A progress display that costs one clock read per update. */
export function startProgress(terminal: Terminal, shareOf: ShareOf): Progress {
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
      const text = progressText(done, now - started, shareOf(done));
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
