// `--where` and `--top` → what they ask of records. Told before the hours of work, not after.

import { columnsOf, type LogInput } from "../../analysis/index.js";
import { FlowError } from "../../errors.js";
import {
  type FilterField,
  FilterFields,
  filterError,
  type ParsedFilter,
  parseFilter,
  unknownField,
} from "../../filter/index.js";

/** The columns there are: those of the program, and what else the logs have. */
export async function fieldsOf(
  inputs: readonly LogInput[],
  fields: readonly string[] | undefined,
  candidates: number,
): Promise<FilterFields> {
  const columns = await columnsOf(inputs, fields);
  return new FilterFields({ candidates, others: columns.map(({ name }) => name) });
}

/**
 * The filter that `--where` says. A field that only the logs can know of is looked for there. Throws `filter-invalid` with
 * the column.
 */
export async function readFilter(
  text: string,
  known: FilterFields,
  more: () => Promise<FilterFields>,
): Promise<NonNullable<ParsedFilter["filter"]>> {
  const parsed = parseFilter(text, known);
  if (parsed.fault === undefined) return parsed.filter;
  const again = parseFilter(text, await more());
  if (again.fault === undefined) return again.filter;
  throw filterError(text, again.fault, "--where");
}

/** The fields of one list of `--top`. Throws `top-invalid`. */
export async function readTopFields(
  names: readonly string[],
  known: FilterFields,
  more: () => Promise<FilterFields>,
): Promise<readonly FilterField[]> {
  const fields: FilterField[] = [];
  for (const name of names) {
    const field = known.find(name) ?? (await more()).find(name);
    if (field === undefined) {
      const { message, hint } = unknownField(name, known);
      throw new FlowError("top-invalid", `--top: ${message}`, hint === undefined ? {} : { hint });
    }
    fields.push(field);
  }
  const sets = fields.filter(({ kind }) => kind === "set");
  if (sets.length > 1)
    throw new FlowError(
      "top-invalid",
      `--top: ${sets.map(({ name }) => name).join(" and ")} have several values each`,
      { hint: "join at most one of them with other fields" },
    );
  return fields;
}
