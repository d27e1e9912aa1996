// What one line says about the format of its file. Pure; knows nothing of files.
import { headerFields, isTransitGatewayField, tokensOf } from "./field-list.js";
import { V2_FIELDS } from "./fields.js";
import type { FormatSource } from "./log-part.js";

/** Where the tokens of a record stand in the cells of a line. */
export interface Recognised {
  readonly kind: "header" | "data";
  readonly fields: readonly string[];
  readonly how: FormatSource;
  /** Index of the cell of each field: cells that hold a time or nothing are left out. */
  readonly cells: readonly number[];
}

/** A line of a transit-gateway log (semantics 1.6). */
export interface TransitGateway {
  readonly kind: "transit-gateway";
  readonly sign: string;
}

/** A CSV header with a column of whole log lines, as the CloudWatch console and Logs Insights export them. */
export interface MessageColumn {
  readonly kind: "message";
  readonly cell: number;
}

const STATUS = new Set(["OK", "NODATA", "SKIPDATA"]);

/** The time in front of a line of text, in the one form that the core passes over: UTC, as CloudWatch exports it. */
function isTextTime(token: string): boolean {
  return token.length <= 35 && /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?Z$/.test(token);
}

/** A time in a cell: it is left out, so its form does not matter. Insights puts a blank for the T. */
function isCellTime(cell: string): boolean {
  return (
    cell.length <= 35 &&
    /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d([.,]\d+)?)?(Z|[+-]\d\d:?\d\d)?$/.test(cell)
  );
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, index) => from + index);
}

function isV2(cells: readonly string[], from: number): boolean {
  return (
    cells.length - from === V2_FIELDS.length &&
    cells[from] === "2" &&
    STATUS.has(cells[cells.length - 1]!)
  );
}

function transitGatewaySign(cells: readonly string[]): string | undefined {
  const kind = cells.find((cell) => cell === "TransitGateway");
  if (kind !== undefined) return kind;
  const ids = cells.filter((cell) => /^tgw-(attach-)?[0-9a-f]{8,17}$/.test(cell));
  return ids.length >= 2 ? ids[0] : undefined;
}

/** Recognises data cells: the option's fields, then the version 2 default by its shape, then what is refused. */
function recogniseData(
  cells: readonly string[],
  option: readonly string[] | undefined,
  isTime: (cell: string) => boolean,
): Recognised | TransitGateway | undefined {
  const from = isTime(cells[0] ?? "") ? 1 : 0;
  if (option !== undefined) {
    // The option may name the time itself; then the whole line is its record.
    if (cells.length === option.length)
      return { kind: "data", fields: option, how: "option", cells: range(0, cells.length) };
    if (from === 1 && cells.length === option.length + 1)
      return { kind: "data", fields: option, how: "option", cells: range(1, cells.length) };
  }
  if (isV2(cells, from))
    return { kind: "data", fields: V2_FIELDS, how: "v2-shape", cells: range(from, cells.length) };
  const sign = transitGatewaySign(cells);
  return sign === undefined ? undefined : { kind: "transit-gateway", sign };
}

function refusedHeader(fields: readonly string[]): TransitGateway | undefined {
  const sign = fields.find(isTransitGatewayField);
  return sign === undefined ? undefined : { kind: "transit-gateway", sign };
}

/** Recognises one line of blank-separated text. */
export function recogniseText(
  line: string,
  option: readonly string[] | undefined,
): Recognised | TransitGateway | undefined {
  const tokens = tokensOf(line);
  const fields = headerFields(tokens);
  if (fields === undefined) return recogniseData(tokens, option, isTextTime);
  const refused = refusedHeader(fields);
  if (refused !== undefined) return refused;
  return { kind: "header", fields, how: "header", cells: range(0, fields.length) };
}

/** Whether a column by its name holds when the record was logged, or something of CloudWatch's own: it is left out. */
export function isTimeColumn(name: string): boolean {
  return name === "" || name.startsWith("@") || /^(timestamp|time|ingestion_?time)$/i.test(name);
}

/** Recognises one row of delimited cells, already unquoted and trimmed. */
export function recogniseCells(
  cells: readonly string[],
  option: readonly string[] | undefined,
): Recognised | TransitGateway | MessageColumn | undefined {
  if (cells.length < 2) return undefined;
  const kept = range(0, cells.length).filter((index) => !isTimeColumn(cells[index]!));
  const fields = headerFields(kept.map((index) => cells[index]!));
  if (fields !== undefined)
    return refusedHeader(fields) ?? { kind: "header", fields, how: "csv-header", cells: kept };
  const message = cells.findIndex((cell) => /^@?message$/i.test(cell));
  if (message >= 0 && cells.every((cell) => /^@?[a-z_]*$/i.test(cell)))
    return { kind: "message", cell: message };
  // Spreadsheets pad rows on the right to the width of the widest one.
  const width = cells.findLastIndex((cell) => cell !== "") + 1;
  return recogniseData(cells.slice(0, width), option, isCellTime);
}
