// What the columns of a columnar log are to the program: which are fields, which cannot be, what is said of the rest.
import { FlowError } from "../../errors.js";
import { columnField, isDistinctive, isTransitGatewayField, MAX_FIELDS } from "../field-list.js";
import { fieldByName } from "../fields.js";
import type { FormatSource, LogPart } from "../log-part.js";
import type { ReadLogOptions } from "../read-log.js";
import { isTimeColumn } from "../recognise.js";
import { transitGatewayRefusal } from "../refusal.js";

/** What can be made of a column's values; `shown` is its type for messages. */
export interface ColumnOffer {
  readonly name: string;
  /** `words`: numbers of 32 unsigned bits, which are IPv4 addresses where the field holds one. */
  readonly as: "numbers" | "words" | "times" | "texts" | "addresses" | "nothing";
  readonly shown: string;
}

/** A column that is read: its number among those of the file, and the field it is. */
export interface UsedColumn {
  readonly index: number;
  readonly field: string;
  readonly wanted: boolean;
}

const NUMBERS: ReadonlySet<string> = new Set([
  "version",
  "srcport",
  "dstport",
  "protocol",
  "packets",
  "bytes",
  "tcp-flags",
]);
const TIMES: ReadonlySet<string> = new Set(["start", "end"]);
const ADDRESSES: ReadonlySet<string> = new Set([
  "srcaddr",
  "dstaddr",
  "pkt-srcaddr",
  "pkt-dstaddr",
]);
const WORDS: ReadonlySet<string> = new Set([
  "interface-id",
  "action",
  "log-status",
  "flow-direction",
  "reject-reason",
  "resource-id",
]);

/** What a field takes, in words; `undefined` where the column will do. */
function lacking(field: string, { as }: ColumnOffer): string | undefined {
  if (as === "texts") return undefined;
  const isNumber = as === "numbers" || as === "words";
  if (NUMBERS.has(field)) return isNumber ? undefined : "numbers or texts";
  if (TIMES.has(field)) return isNumber || as === "times" ? undefined : "numbers, times or texts";
  if (isAddressField(field))
    return as === "addresses" || as === "words" ? undefined : "addresses or texts";
  return WORDS.has(field) ? "texts" : undefined;
}

/** Whether the values of the field are addresses. */
export function isAddressField(field: string): boolean {
  return ADDRESSES.has(field);
}

function listOf(names: readonly string[]): string {
  const shown = names.slice(0, 12).map((name) => `"${name.slice(0, 64)}"`);
  return shown.join(", ") + (names.length > 12 ? `, and ${names.length - 12} more` : "");
}

/**
 * Finds the fields among the columns of a file, by name. Throws `log-unrecognised` where they are none of a flow log or
 * one of them has a type that no value of its field has, `fields-invalid` where two are the same, `log-refused` for a
 * transit-gateway log.
 */
export function useColumns(
  at: string,
  what: string,
  offers: readonly ColumnOffer[],
  { wanted = () => true }: ReadLogOptions,
): { readonly used: readonly UsedColumn[]; readonly notes: readonly string[] } {
  const used: UsedColumn[] = [];
  const notes: string[] = [];
  const sign = offers
    .map(({ name }) => columnField(name))
    .find((field) => field !== undefined && isTransitGatewayField(field));
  if (sign !== undefined) throw transitGatewayRefusal(at, 1, sign);
  for (const [index, offer] of offers.entries()) {
    if (isTimeColumn(offer.name)) continue;
    const field = columnField(offer.name);
    const known = field !== undefined && fieldByName(field) !== undefined;
    if (field === undefined || (!known && used.length >= MAX_FIELDS)) {
      notes.push(`column ${listOf([offer.name])} is no flow-log field; it is passed over`);
      continue;
    }
    if (used.some((other) => other.field === field))
      throw new FlowError("fields-invalid", `two columns are field "${field}"`, {
        at,
        hint: "give every field one column",
      });
    const lacks = lacking(field, offer);
    if (lacks !== undefined)
      throw new FlowError(
        "log-unrecognised",
        `column ${listOf([offer.name])} is of type ${offer.shown}, where ${lacks} are read`,
        { at, hint: "write it anew with that type, or as text" },
      );
    if (!known && (offer.as === "nothing" || offer.as === "times" || offer.as === "addresses")) {
      notes.push(`column ${listOf([offer.name])} of type ${offer.shown} is passed over`);
      continue;
    }
    if (!known)
      notes.push(`"${field}" is no flow-log field of versions 2 to 11; the column is passed over`);
    used.push({ index, field, wanted: offer.as !== "nothing" && wanted(field) });
  }
  const known = used.filter(({ field }) => fieldByName(field) !== undefined);
  if (known.length < 3 || !known.some(({ field }) => isDistinctive(field)))
    throw new FlowError(
      "log-unrecognised",
      `this is ${what}, and no flow log by its columns: ${listOf(offers.map(({ name }) => name))}`,
      {
        at,
        hint: "flow logs have srcaddr, dstaddr, interface_id, ..., as docs/FORMATS.md lists them",
      },
    );
  return { used, notes };
}

/** The format part of a columnar log, and what is said of its columns. */
export function* columnParts(
  how: FormatSource,
  used: readonly UsedColumn[],
  notes: readonly string[],
  option: readonly string[] | undefined,
): Generator<LogPart> {
  yield { kind: "format", fields: used.map(({ field }) => field), line: 0, how, timePrefix: false };
  for (const message of notes) yield { kind: "note", code: "unknown-field", message, line: 0 };
  if (option === undefined) return;
  const message = "the file names its columns itself, which wins over --fields";
  yield { kind: "note", code: "fields-option-ignored", message, line: 0 };
}
