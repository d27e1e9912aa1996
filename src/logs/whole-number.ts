// Whole numbers written as floats, as programs print a column of them that has gaps.

/** A whole number that a float holds exactly has no more digits than this, with its point and exponent. */
const MAX_LENGTH = 32;

/** A JSON number that is whole, in digits alone: `6.0` and `1.7e9` are what JSON has for 6 and 1700000000. */
export function wholeNumber(literal: string): string {
  if (literal.length > MAX_LENGTH || !/^\d+(\.\d+)?(e\+?\d+)?$/i.test(literal)) return literal;
  const value = Number(literal);
  return Number.isSafeInteger(value) ? String(value) : literal;
}

/** A cell of a column of whole numbers. An exponent stays: a spreadsheet that writes one has lost digits. */
export function wholeCell(cell: string): string {
  return cell.replace(/^(\d+)\.0+$/, "$1");
}
