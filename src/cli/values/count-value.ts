import { InvalidArgumentError } from "commander";

/** A parser of whole numbers in a range; digits may be grouped by underscores. */
export function countValue(low: number, high: number): (text: string) => number {
  return (text) => {
    const value = /^\d[\d_]*$/.test(text) ? Number(text.replaceAll("_", "")) : Number.NaN;
    if (!(value >= low && value <= high))
      throw new InvalidArgumentError(`Write a whole number from ${low} to ${high}.`);
    return value;
  };
}
