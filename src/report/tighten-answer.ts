import type { HeldOut, Impact, Suggestion } from "../questions/index.js";
import type { Ground } from "./report-ground.js";

/** What was learnt from and what was held out, Unix seconds. */
export interface TightenSplit {
  /** Openings that ended before it taught nothing; null = the log's beginning. */
  readonly trainFrom: number | null;
  /** Connections opened from here on are held out. */
  readonly cut: number;
  /** Last end of the log. */
  readonly end: number;
  /** Of summaries only rows of openers can be split: those first seen from the cut on are held out. */
  readonly by: "connections" | "openers";
}

/** A suggestion tried on what it was not learnt from. */
export interface HeldOutTrial {
  readonly split: TightenSplit;
  /** Connections opened after the cut that rules of the group admit. */
  readonly heldOut: HeldOut;
  /**
   * The diff of the log with the suggestion in force from the cut on (semantics 9.3); split by openers, the diff of what
   * is held out.
   */
  readonly diff: Impact;
}

/** What a `tighten` is made of. */
export interface TightenAnswer extends Ground {
  readonly suggestion: Suggestion;
  /** Rules that the group has now. */
  readonly present: number;
  /** The suggestion as edit lines. */
  readonly edits: readonly string[];
  /** Null where nothing was held out. */
  readonly trial: HeldOutTrial | null;
}
