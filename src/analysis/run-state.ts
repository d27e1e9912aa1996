// A run between two parts of a log, kept outside of it, so that another process can go on from there.
import type { CoreState } from "../core/core-state.js";
import { FlowError } from "../errors.js";
import type { LogPart } from "../logs/index.js";
import type { BrokenFile, LogNote } from "./summary.js";
import type { OverTimeState } from "./verdicts-over-time.js";

/** How far a log was used: told by its content, whatever the pieces that it comes in. */
export interface LogPlace {
  formats: number;
  textBytes: number;
  rows: number;
}

export interface FormatState {
  readonly plan: number;
  readonly fields: readonly string[];
  readonly records: number;
}

/** Everything of a run but linear memory, its rules and its options; can be written as JSON. */
export interface RunState {
  readonly core: CoreState;
  /** Digest of the rules as the core has them. */
  readonly rules: string;
  /** Names of the columns of judged records. */
  readonly columns: readonly string[];
  /** Number of the input in hand, in the order of reading, and how far it was used. */
  readonly input: number;
  readonly place: LogPlace;
  /** Of the input in hand: plan, and records that its format does not count yet. */
  readonly plan: number;
  readonly planRecords: number;
  /** By number in `formats`; -1 = none yet. */
  readonly format: number;
  readonly formats: readonly FormatState[];
  readonly filesRead: number;
  /** Of the inputs before the one in hand. */
  readonly bytesRead: number;
  readonly records: number;
  readonly cellsCut: number;
  readonly broken: readonly BrokenFile[];
  readonly notes: readonly LogNote[];
  readonly overTime: OverTimeState;
}

/** Where the states of a run go, and where it begins. */
export interface Checkpoints {
  /** The state that a run of the same inputs, rules and options stood at; undefined = the beginning. */
  readonly from: StoredRun | undefined;
  /** Asked between parts. */
  isDue(): boolean;
  /** Settles when the state is kept; `memory` is the core's and must not be changed. Throws `checkpoint-failed`. */
  save(state: RunState, memory: Uint8Array): Promise<void>;
}

export interface StoredRun {
  readonly state: RunState;
  /** Puts linear memory there. */
  fill(memory: Uint8Array): Promise<void>;
}

/** Refusal of a state that does not belong to this run. */
export function strangeState(what: string): FlowError {
  return new FlowError("checkpoint-mismatch", `the checkpoint is of another run: ${what}`, {
    hint: "start with what it was made with, or remove it to begin anew",
  });
}

/** The next place, when a part was used. */
export function advance(place: LogPlace, part: LogPart): void {
  if (part.kind === "format") place.formats++;
  else if (part.kind === "text") place.textBytes += part.bytes.length;
  else if (part.kind === "rows") place.rows += part.rows;
}

/**
 * The parts of a log behind a place. Notes before it come again: the same are noted once. Throws `checkpoint-mismatch`
 * where the log ends before.
 */
export async function* partsBehind(
  name: string,
  parts: AsyncIterable<LogPart>,
  place: LogPlace,
): AsyncGenerator<LogPart> {
  let { formats, textBytes, rows } = place;
  const changed = (): FlowError => strangeState(`${name} holds something else than it did`);
  for await (const part of parts) {
    if (part.kind === "format" && formats > 0) formats--;
    else if (part.kind === "text" && textBytes > 0) {
      const from = Math.min(textBytes, part.bytes.length);
      textBytes -= from;
      // The line that the rest goes on in is known to the core.
      if (from < part.bytes.length) yield { ...part, bytes: part.bytes.subarray(from), line: 0 };
    } else if (part.kind === "rows" && rows > 0) {
      if (part.rows > rows) throw changed();
      rows -= part.rows;
    } else yield part;
  }
  if (formats > 0 || textBytes > 0 || rows > 0) throw changed();
}
