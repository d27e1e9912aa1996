import { InvalidArgumentError } from "commander";

const UNITS: Readonly<Record<string, number>> = { "": 1, k: 1e3, M: 1e6, G: 1e9 };

/** A parser of whole numbers in a range: `1500000`, `1_500_000`, `1500k`, `1.5M`. */
export function countValue(low: number, high: number): (text: string) => number {
  return (text) => {
    const parts = /^(\d[\d_]*(?:\.\d{1,9})?)([kMG]?)$/.exec(text);
    const value =
      parts === null
        ? Number.NaN
        : Number((Number(parts[1]!.replaceAll("_", "")) * UNITS[parts[2]!]!).toFixed(6));
    if (!(Number.isInteger(value) && value >= low && value <= high))
      throw new InvalidArgumentError(
        `Write a whole number from ${low} to ${high} (also 20k, 1.5M).`,
      );
    return value;
  };
}
