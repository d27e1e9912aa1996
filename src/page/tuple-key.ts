import type { TupleRows } from "../questions/index.js";

/** What a tuple is known by from one impact to the next. */
export function tupleKey({
  change,
  source,
  destination,
  protocol,
  port,
}: Omit<TupleRows, "rows">): string {
  return `${change} ${source.label} ${destination.label} ${protocol} ${port}`;
}
