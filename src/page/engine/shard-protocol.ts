// What the worker that coordinates a reading and those that do it say to each other: each reads all files and judges the
// interfaces of its share. Everything here can be cloned; the buffers of records and rows are handed over.

import type { ShardRows } from "../../analysis/index.js";
import type { RecordPiece } from "../../analysis/record-piece.js";
import type { Summary } from "../../analysis/summary.js";
import type { ErrorParts } from "../../errors.js";
import type { JudgedOpener } from "../../model/opener.js";
import type { PassOrder, PassProgress } from "./pass.js";
import type { TallyCounts } from "./tallies.js";

export type ShardRequest =
  | { readonly kind: "read"; readonly order: PassOrder }
  /** `enough`: no more records are kept. */
  | { readonly kind: "pause" | "resume" | "cancel" | "enough" }
  /** What the rules said of the rows. */
  | { readonly kind: "judged" }
  /** Nothing more is asked. */
  | { readonly kind: "end" };

/** What a shard leaves, beside its core. */
export interface ShardLeft {
  readonly summary: Summary;
  readonly rows: ShardRows;
  readonly tallies: TallyCounts;
}

export type ShardMessage =
  | { readonly kind: "piece"; readonly piece: RecordPiece }
  /** All records of places up to so many were given. */
  | { readonly kind: "reached"; readonly records: number }
  | { readonly kind: "progress"; readonly progress: PassProgress }
  | { readonly kind: "left"; readonly left: ShardLeft }
  | { readonly kind: "judged"; readonly openers: readonly JudgedOpener[]; readonly last: boolean }
  | { readonly kind: "refused"; readonly error: ErrorParts }
  | { readonly kind: "requests"; readonly count: number };
