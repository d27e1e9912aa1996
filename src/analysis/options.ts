import type { ByteRanges } from "../logs/index.js";
import type { RuleSet } from "../model/rule-set.js";
import type { Period } from "../model/timeline.js";
import type { LookAhead, Timers } from "../model/timers.js";
import type { Checkpoints } from "./run-state.js";

/** One log: its name as shown to the user, and its decompressed bytes. */
export interface LogInput {
  readonly name: string;
  /** Bytes on disk, for progress. */
  readonly size?: number;
  open(): AsyncIterable<Uint8Array>;
  /** It need not be a log: where it is none, that is noted, and nothing is broken. */
  readonly doubtful?: boolean;
  /**
   * The bytes as they are stored, by their place: Parquet is read so, only the columns that are needed and never the whole
   * file. A source without it has its Parquet held in memory, up to 64 MiB.
   */
  ranges?(): Promise<ByteRanges>;
}

/** Records that pass: times are Unix seconds, from <= start < to; ids are exact. */
export interface RecordFilter {
  readonly from?: number;
  readonly to?: number;
  readonly interfaces?: readonly string[];
  readonly groups?: readonly string[];
  readonly vpcs?: readonly string[];
}

export interface Progress {
  readonly bytes: number;
  readonly records: number;
  readonly file: string;
}

export interface EvaluateOptions {
  /** The compiled core (loadCore). */
  readonly core: WebAssembly.Module;
  readonly ruleSet: RuleSet;
  /** Rule sets that take over later, in order of time (semantics 6.5). */
  readonly later?: readonly Period[];
  readonly timers?: Timers;
  readonly lookAhead?: LookAhead;
  /** Connections remembered beside those inside the look-ahead (semantics 6.6). */
  readonly maxConnections?: number;
  /** Fields of logs without header (`--fields`). */
  readonly fields?: readonly string[];
  readonly filter?: RecordFilter;
  /** The first malformed line throws `malformed-line`. */
  readonly strict?: boolean;
  /** An aborted signal ends the run early: what is known is judged, counted and marked partial. */
  readonly signal?: AbortSignal;
  /** This run judges its share of the interfaces only. */
  readonly shard?: { readonly index: number; readonly count: number };
  readonly onProgress?: (done: Progress) => void;
  /** Keeps the state of the run now and then, and goes on from one. The core is one of `exposeGlobals`. */
  readonly checkpoints?: Checkpoints;
  /** Logs that were left out by their names (Coverage.filesOutsideTime). */
  readonly filesOutsideTime?: number;
  /** When the rule documents were fetched, Unix seconds. */
  readonly snapshotTakenAt?: number | null;
  /** Records per call of the core, 1 to 8,192: for tests; no answer depends on it. */
  readonly batchRows?: number;
}

/** A million and a half connections: about 90 bytes each with index and judgement, 135 MB when the table is full. */
export const DEFAULT_MAX_CONNECTIONS: number = 1_500_000;
