import * as c from "../contract.js";
import type { Summary } from "./summary.js";

/** Version of the file form of summaries; a reader refuses any other. */
export const SUMMARY_VERSION: number = 3;

/** Metadata key of a summary file's first schema that holds the facts as JSON. */
export const SUMMARY_KEY: string = "flowverdict.summary";

/** Bytes of one row of openers, and of one connection at a border. */
export const OPENER_BYTES: number = c.OPENING_BYTES;
export const BORDER_BYTES: number = c.BORDER_BYTES;

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
  /** Idle timers (STATE_TIMERS, seconds) that split the connections, and those of interfaces that have others. */
  readonly timers: readonly number[];
  readonly timersOf: Readonly<Record<string, readonly number[]>>;
  /** Connections that found no room among the rows of openers when the log was read. */
  readonly openersDropped: number;
  /** Connections at a border of the log that found no room by themselves: what goes on with them is another connection. */
  readonly borderDropped: number;
  /** Counts and coverage of the log; what depends on rules is empty. */
  readonly summary: Summary;
}

/**
 * A log as rows of openers (OPENING_BYTES each, as the core has them, with the numbers of `facts`): rule-independent, so
 * that any rule set can judge it again, and additive, so that a year is a merge of days. Connections that another log may
 * have begun or may go on with are no rows yet: they are kept one by one.
 */
export interface OpenerSummary {
  readonly facts: SummaryFacts;
  /** Chunks of whole rows: the caller may write into one, and has it until it asks for the next; of a core for good. */
  rows(): Iterable<Uint8Array> | AsyncIterable<Uint8Array>;
  /** The connections at the borders (BORDER_BYTES each), in order of their first start; asked for when rows() has ended. */
  borders(): Iterable<Uint8Array> | AsyncIterable<Uint8Array>;
  /** There are no such connections: whoever judges the rows needs no table for them. */
  readonly isClosed?: boolean;
}
