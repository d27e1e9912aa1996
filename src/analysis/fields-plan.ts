import * as c from "../contract.js";
import type { OutputColumn } from "../core/core.js";
import { FIELDS } from "../logs/index.js";

/** FIELD_* by hyphenated name; every other field is passed over by the decoder. */
const CODES: ReadonlyMap<string, number> = new Map([
  ["version", c.FIELD_VERSION],
  ["interface-id", c.FIELD_INTERFACE_ID],
  ["srcaddr", c.FIELD_SRCADDR],
  ["dstaddr", c.FIELD_DSTADDR],
  ["srcport", c.FIELD_SRCPORT],
  ["dstport", c.FIELD_DSTPORT],
  ["protocol", c.FIELD_PROTOCOL],
  ["packets", c.FIELD_PACKETS],
  ["bytes", c.FIELD_BYTES],
  ["start", c.FIELD_START],
  ["end", c.FIELD_END],
  ["action", c.FIELD_ACTION],
  ["log-status", c.FIELD_LOG_STATUS],
  ["tcp-flags", c.FIELD_TCP_FLAGS],
  ["pkt-srcaddr", c.FIELD_PKT_SRCADDR],
  ["pkt-dstaddr", c.FIELD_PKT_DSTADDR],
  ["flow-direction", c.FIELD_FLOW_DIRECTION],
  ["reject-reason", c.FIELD_REJECT_REASON],
  ["resource-id", c.FIELD_RESOURCE_ID],
]);

/** The name a FIELD_* stands for, for `detail` of missing-field. */
export const FIELD_NAMES: ReadonlyMap<number, string> = new Map(
  [...CODES].map(([name, code]) => [code, name]),
);

/** Whether the decoder reads the field. */
export function isJudgedField(name: string): boolean {
  return CODES.has(name);
}

export function fieldCodes(fields: readonly string[]): readonly number[] {
  return fields.map((name) => CODES.get(name) ?? c.FIELD_OTHER);
}

/** Validated by the decoder, so that their numbers are never lost; other numeric fields stay text. */
const NUMBERS: ReadonlySet<string> = new Set([
  "version",
  "srcport",
  "dstport",
  "protocol",
  "packets",
  "bytes",
  "start",
  "end",
  "tcp-flags",
]);

function kindOf(name: string): number {
  if (!NUMBERS.has(name)) return c.EMIT_KIND_TEXT;
  const type = FIELDS.find((field) => field.name === name)?.type;
  return type === "int64" ? c.EMIT_KIND_INT64 : c.EMIT_KIND_INT32;
}

/** Columns that a judged record has of its own: a log that holds such a field was judged before, and is judged anew. */
const JUDGED =
  /^(direction|verdict|reason|detail|rules|opener|grade|file|line|candidate\d*[-_](verdict|reason|detail|rules)|change\d*)$/;

/**
 * Output columns for logs of these formats: every field of the catalogue that some log has, in catalogue order, under
 * AWS's Parquet name; then fields outside the catalogue, by name, but for those of judged records: no two columns have one name.
 */
export function outputColumns(formats: Iterable<readonly string[]>): OutputColumn[] {
  const seen = new Set<string>();
  for (const fields of formats) for (const name of fields) seen.add(name);
  const known = FIELDS.filter((field) => seen.delete(field.name)).map((field) => field.name);
  const others = [...seen].filter((name) => !JUDGED.test(name)).sort();
  return [...known, ...others].map((name) => ({
    name: name.replaceAll("-", "_"),
    kind: kindOf(name),
  }));
}

/** Per output column the token of the format that holds it. */
export function columnTokens(
  fields: readonly string[],
  columns: readonly OutputColumn[],
): readonly number[] {
  const names = fields.map((name) => name.replaceAll("-", "_"));
  return columns.map((column) => {
    const token = names.indexOf(column.name);
    return token < 0 ? c.COLUMN_ABSENT : token;
  });
}
