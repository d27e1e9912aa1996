// What can be written at a place of a filter, for whoever offers it.

import { PROTOCOL_WORDS } from "./field-values.js";
import { type FilterField, type FilterFields, isOrdered } from "./filter-field.js";
import { type Expected, FilterReader } from "./filter-reader.js";
import { type Token, tokensOf } from "./tokens.js";

export interface Completion {
  /** What takes the place of the characters from `from` to `to`. */
  readonly text: string;
  readonly kind: "field" | "comparison" | "value" | "joint";
  /** In a few words; empty where there is nothing to add. */
  readonly meaning: string;
}

export interface Completions {
  readonly from: number;
  readonly to: number;
  readonly options: readonly Completion[];
}

/** Values that somebody has seen of a field whose list is not closed: groups, interfaces, rules. */
export type KnownValues = (field: FilterField) => readonly string[];

/** Values offered of a field. */
const MOST_VALUES = 200;

/**
 * What may stand at the cursor, beginning with what is written there already: in the order of the fields, then of their
 * values. Nothing where the text before it is no beginning of a filter. Linear in the text before the cursor.
 */
export function completionsAt(
  text: string,
  cursor: number,
  fields: FilterFields,
  known: KnownValues = () => [],
): Completions {
  const { tokens, fault } = tokensOf(text.slice(0, cursor));
  const none: Completions = { from: cursor, to: cursor, options: [] };
  if (fault !== undefined) return none;
  const last = tokens.at(-1);
  const begun = last !== undefined && last.to === cursor && last.kind === "word" ? last : undefined;
  const reader = new FilterReader(fields);
  for (const token of begun === undefined ? tokens : tokens.slice(0, -1))
    if (reader.accept(token) !== undefined) return none;
  const options = optionsOf(reader, fields, known);
  return {
    from: begun?.from ?? cursor,
    to: cursor,
    options: options.filter((option) => begins(option, begun)),
  };
}

function begins({ text }: Completion, begun: Token | undefined): boolean {
  if (begun === undefined) return true;
  const written = text.replace(/^"/, "").toLowerCase();
  return written.startsWith(begun.text.toLowerCase());
}

function optionsOf(
  reader: FilterReader,
  fields: FilterFields,
  known: KnownValues,
): readonly Completion[] {
  const { expected, field, depth } = reader;
  switch (expected) {
    case "operand":
      return [
        ...fields.list.map(({ name, meaning }) => option(name, "field", meaning)),
        option("not", "joint", "the opposite"),
        option("(", "joint", ""),
      ];
    case "comparison":
      return comparisonsOf(field!);
    case "in":
      return [option("in", "comparison", "")];
    case "value":
    case "values":
    case "item":
      return [...valuesOf(field!, known), ...listOf(expected)];
    case "item-end":
      return [option(",", "joint", "another value"), option(")", "joint", "end of the list")];
    case "joint":
      return [
        option("and", "joint", "both"),
        option("or", "joint", "either"),
        ...(depth > 0 ? [option(")", "joint", "")] : []),
      ];
  }
}

function option(text: string, kind: Completion["kind"], meaning: string): Completion {
  return { text, kind, meaning };
}

function comparisonsOf(field: FilterField): readonly Completion[] {
  const orders = isOrdered(field) ? ["<", "<=", ">", ">="] : [];
  return ["=", "!=", ...orders, "in", "not in"].map((text) => option(text, "comparison", ""));
}

function listOf(expected: Expected): readonly Completion[] {
  return expected === "values" ? [option("(", "joint", "one of a list")] : [];
}

function valuesOf(field: FilterField, known: KnownValues): readonly Completion[] {
  const closed = field.kind === "protocol" ? PROTOCOL_WORDS : field.words;
  const values = closed ?? known(field).slice(0, MOST_VALUES);
  return [
    ...values.map((value) => option(written(value), "value", "")),
    option("-", "value", "missing"),
  ];
}

/** A value as it must be written. */
function written(value: string): string {
  if (/^[^\s(),"'=<>!]+$/.test(value) && !/^(and|or|not|range|-)$/i.test(value)) return value;
  return `"${value.replace(/[\\"]/g, "\\$&")}"`;
}
