// What reading a log yields, in order: formats, text or rows in the last format, notes.
import type { LogColumn } from "./columns/log-columns.js";

/** How the format of what follows was found. */
export type FormatSource =
  | "header"
  | "option"
  | "v2-shape"
  | "csv-header"
  | "parquet"
  | "arrow-file"
  | "arrow-stream"
  | "json-message"
  | "json-names";

/** The closed list of notes. None is an error: the log is read on. */
export type NoteCode =
  | "unknown-field"
  | "fields-option-ignored"
  | "account-id-spoiled"
  | "csv-quote-unclosed"
  | "arrow-end-missing"
  | "cells-not-written"
  | "json-malformed"
  | "answer-cut";

/** The fields of the text or of the rows that follow. */
export interface FormatPart {
  readonly kind: "format";
  /** Hyphenated names in token order, without the time in front. */
  readonly fields: readonly string[];
  /** 1-based physical line that showed the format: the header, or the first line that fits; 0 where a schema did. */
  readonly line: number;
  readonly how: FormatSource;
  /** Every line has one more token in front: the ISO time of CloudWatch exports. */
  readonly timePrefix: boolean;
}

/**
 * Bytes of lines, tokens between blanks, cut anywhere. Blank lines are padding and mean nothing. Lines before the one
 * that showed the format are passed on too: they do not parse and are to be counted as such.
 */
export interface TextPart {
  readonly kind: "text";
  /** A view of the source's chunk where possible; never changed afterwards. */
  readonly bytes: Uint8Array;
  /** First text after a format: the 1-based physical line it begins with. 0 = goes on where the last text ended. */
  readonly line: number;
}

/** Rows of a columnar log: a column for every field of the format. Valid until the next part is asked for. */
export interface RowsPart {
  readonly kind: "rows";
  readonly columns: readonly LogColumn[];
  readonly rows: number;
  /** Number of the first row in the file, from 1. */
  readonly line: number;
}

export interface NotePart {
  readonly kind: "note";
  readonly code: NoteCode;
  readonly message: string;
  /** 0 where it is about no line. */
  readonly line: number;
}

export type LogPart = FormatPart | TextPart | RowsPart | NotePart;
