// Progress on stderr: one line that redraws itself on a terminal, a plain line every ten seconds for a verbose log.

import { byteSize, duration, grouped } from "../report/quantity.js";
import { truncate } from "../report/truncate.js";
import type { Done, ShareOf } from "./progress-share.js";
import type { Terminal } from "./terminal.js";

export { type Done, type Expected, type ShareOf, shareOfFiles } from "./progress-share.js";

const REDRAW_MS = 100;
const LOG_MS = 10_000;
/** Before this the rate is noise and a remaining time would jump about. */
const SETTLE_MS = 2_000;

/** What was done when the clock began: a run that goes on from a checkpoint has read much before. */
export interface Begun {
  readonly records: number;
  readonly share: number;
}

/** `1,234 records · 5.60 MB · 820 records/s · 43 % · 12 s left`. */
export function progressText(
  done: Done,
  elapsedMs: number,
  share: number | undefined,
  begun: Begun = { records: 0, share: 0 },
): string {
  const seconds = Math.max(elapsedMs, 1) / 1000;
  const parts = [
    `${grouped(done.records)} records`,
    byteSize(done.bytes),
    `${grouped(Math.round((done.records - begun.records) / seconds))} records/s`,
  ];
  if (share !== undefined && share > begun.share && elapsedMs >= SETTLE_MS) {
    const shown = Math.min(0.99, share);
    const left = (seconds * (1 - shown)) / Math.max(shown - begun.share, 0.001);
    parts.push(`${Math.floor(shown * 100)} %`, `${duration(left)} left`);
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
  let started = performance.now();
  let begun: Begun | undefined;
  const period = terminal.progress === "line" ? REDRAW_MS : LOG_MS;
  let next = started + period;
  let drawn = false;
  return {
    update(done) {
      if (terminal.progress === "none") return;
      const now = performance.now();
      const share = shareOf(done);
      if (begun === undefined) {
        begun = { records: done.records, share: share ?? 0 };
        started = now;
      }
      if (now < next) return;
      next = now + period;
      const text = progressText(done, now - started, share, begun);
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
