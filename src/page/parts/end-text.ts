import type { TupleEnd } from "../../questions/index.js";

/** Groups by their names, everything else as it is called in reports. */
export function endText(end: TupleEnd): string {
  if (end.kind !== "groups") return end.label;
  return end.ids.map((id, i) => end.names[i] ?? id).join(", ");
}
