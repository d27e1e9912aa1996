import { CHANGES, type CutOver, type OpenerChange } from "../model/opener.js";

/** What a candidate does to a row, as a number: the change in the low two bits, the outcome of a cut-over above. */
const CUT_OVERS: readonly (CutOver | null)[] = [null, "survives", "cut", "refused"];

/** Bits of a code. */
export const CODE_BITS = 4;

/** What each code stands for. */
export const CODES: readonly OpenerChange[] = CUT_OVERS.flatMap((cutOver) =>
  CHANGES.map((change) => ({ change, cutOver })),
);

export function codeOf({ change, cutOver }: OpenerChange): number {
  // Most rows have none; the comparison is with one string or two.
  const outcome = cutOver === null ? 0 : CUT_OVERS.indexOf(cutOver);
  return (outcome << 2) | CHANGES.indexOf(change);
}

/** Rows that a report of changes alone leaves out. */
export const UNCHANGED: number = codeOf({ change: "unchanged", cutOver: null });
