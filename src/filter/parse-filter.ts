import { FlowError } from "../errors.js";
import type { Filter, FilterFault } from "./filter.js";
import type { FilterFields } from "./filter-field.js";
import { FilterReader } from "./filter-reader.js";
import { tokensOf } from "./tokens.js";

/** More than anybody writes, enough for a list of ten thousand addresses. */
const MOST_LENGTH = 1_000_000;

export type ParsedFilter =
  | { readonly filter: Filter; readonly fault?: undefined }
  | { readonly filter?: undefined; readonly fault: FilterFault };

/** A filter's text as what it says, or why it is none. Linear. */
export function parseFilter(text: string, fields: FilterFields): ParsedFilter {
  if (text.length > MOST_LENGTH) {
    const message = `a filter has at most ${MOST_LENGTH} characters; this one has ${text.length}`;
    return { fault: { message, from: MOST_LENGTH, to: text.length } };
  }
  const { tokens, fault } = tokensOf(text);
  const reader = new FilterReader(fields);
  for (const token of tokens) {
    const refused = reader.accept(token);
    if (refused !== undefined) return { fault: refused };
  }
  if (fault !== undefined) return { fault };
  const filter = reader.end(text.length);
  return "message" in filter ? { fault: filter } : { filter };
}

/** Characters shown around a fault. */
const SHOWN = 40;

/** A fault as the error of a command: `option` names where the text was given. */
export function filterError(text: string, fault: FilterFault, option: string): FlowError {
  const from = Math.max(0, fault.from - SHOWN);
  const to = Math.min(text.length, fault.to + SHOWN);
  const piece = text.slice(from, to).replace(/\s/g, " ");
  const shown = `${from > 0 ? "..." : ""}${piece}${to < text.length ? "..." : ""}`;
  const before = fault.from - from + (from > 0 ? 3 : 0);
  const marks = "^".repeat(Math.max(1, Math.min(fault.to, to) - fault.from));
  return new FlowError("filter-invalid", fault.message, {
    at: `${option}, column ${fault.from + 1}`,
    excerpt: [shown, `${" ".repeat(before)}${marks}`],
    ...(fault.hint === undefined ? {} : { hint: fault.hint }),
  });
}
