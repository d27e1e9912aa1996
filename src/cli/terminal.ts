// The two streams of the process: stdout is data, stderr is talk.

import { printable } from "../model/printable.js";
import { ansiPaint, type Paint, plainPaint } from "../report/paint.js";
import type { TextOptions } from "../report/text-options.js";

/** Columns of a report that goes to a file or a pipe. */
const DEFAULT_WIDTH = 100;
const MIN_WIDTH = 60;
const MAX_WIDTH = 160;

/** What the user asked of all commands. */
export interface TalkOptions {
  readonly quiet?: boolean | undefined;
  readonly verbose?: boolean | undefined;
  /** `false` = `--no-color`. */
  readonly color?: boolean | undefined;
  /** `false` = `--no-progress`. */
  readonly progress?: boolean | undefined;
}

export interface Terminal {
  readonly outIsTty: boolean;
  readonly quiet: boolean;
  readonly verbose: boolean;
  /** How progress is shown: a line that redraws itself, a plain line now and then, or not at all. */
  readonly progress: "line" | "log" | "none";
  /** Form of text reports on stdout. */
  readonly text: TextOptions;
  /** Form of text on stderr. */
  readonly talk: TextOptions;
  /** Data. Resolves once the stream took it, so a slow reader slows the writer. */
  write(data: string | Uint8Array): Promise<void>;
  /** Talk that `-q` silences. */
  say(line: string): void;
  /** Talk that matters even with `-q`. */
  warn(line: string): void;
  /** Bytes to stderr as they are: the progress line, and the summary beside `--records -`. */
  writeTalk(text: string): void;
}

/** The environment variables that shape output. */
export interface Environment {
  readonly NO_COLOR?: string | undefined;
  readonly FORCE_COLOR?: string | undefined;
  readonly TERM?: string | undefined;
  readonly CI?: string | undefined;
}

/**
 * Whether to colour: `--no-color` and a set `NO_COLOR` turn it off, then a set `FORCE_COLOR` turns it on (0 and false
 * turn it off), else it is on where a terminal other than a dumb one reads.
 */
export function wantsColor(isTty: boolean, environment: Environment, option?: boolean): boolean {
  if (option === false) return false;
  if ((environment.NO_COLOR ?? "") !== "") return false;
  const forced = environment.FORCE_COLOR ?? "";
  if (forced !== "") return forced !== "0" && forced !== "false";
  return isTty && environment.TERM !== "dumb";
}

function reportWidth(isTty: boolean, columns: number | undefined): number {
  if (!isTty || columns === undefined || columns <= 0) return DEFAULT_WIDTH;
  return Math.min(MAX_WIDTH, Math.max(MIN_WIDTH, columns));
}

function progressMode(
  errIsTty: boolean,
  environment: Environment,
  options: TalkOptions,
): Terminal["progress"] {
  if (options.quiet === true || options.progress === false) return "none";
  const animated = errIsTty && environment.TERM !== "dumb" && (environment.CI ?? "") === "";
  if (animated) return "line";
  return options.verbose === true ? "log" : "none";
}

/** The terminal of this process. */
export function processTerminal(options: TalkOptions): Terminal {
  const { stdout, stderr, env } = process;
  const outIsTty = stdout.isTTY === true;
  const errIsTty = stderr.isTTY === true;
  const paintFor = (isTty: boolean): Paint =>
    wantsColor(isTty, env, options.color) ? ansiPaint : plainPaint;
  return {
    outIsTty,
    quiet: options.quiet === true,
    verbose: options.verbose === true,
    progress: progressMode(errIsTty, env, options),
    text: { width: reportWidth(outIsTty, stdout.columns), paint: paintFor(outIsTty) },
    talk: { width: reportWidth(errIsTty, stderr.columns), paint: paintFor(errIsTty) },
    write(data) {
      return new Promise((resolve, reject) => {
        stdout.write(data, (error) => (error == null ? resolve() : reject(error)));
      });
    },
    say(line) {
      if (options.quiet !== true) stderr.write(`${printable(line)}\n`);
    },
    warn(line) {
      stderr.write(`${printable(line)}\n`);
    },
    writeTalk(text) {
      stderr.write(text);
    },
  };
}
