import { OPENING_BYTES } from "../contract.js";
import type { Summary } from "./summary.js";

/** Version of the file form of summaries; a reader refuses any other. */
export const SUMMARY_VERSION: number = 1;

/** Bytes of one row. */
export const OPENER_BYTES: number = OPENING_BYTES;

/** What a summary says beside its rows. */
export interface SummaryFacts {
  readonly version: number;
  /** Name and version of the program that made it. */
  readonly tool: string;
  /** By the number that rows use. */
  readonly interfaces: readonly string[];
  /** By the number that samples use: files as the run that read them named them. */
  readonly files: readonly string[];
  /** Whether rule documents told the interfaces' addresses and timers when the log was read. */
  readonly addressesKnown: boolean;
  /** Rows of openers that found no room when the log was read. */
  readonly openersDropped: number;
  /** Counts and coverage of the log; what depends on rules is empty. */
  readonly summary: Summary;
}

/**
 * A log as rows of openers (OPENING_BYTES each, as the core has them, with the numbers of `facts`): rule-independent, so
 * that any rule set can judge it again, and additive, so that a year is a merge of days.
 */
export interface OpenerSummary {
  readonly facts: SummaryFacts;
  /** Chunks of whole rows; owned by the caller. */
  rows(): Iterable<Uint8Array> | AsyncIterable<Uint8Array>;
}
