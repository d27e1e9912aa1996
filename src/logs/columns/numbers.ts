// Numbers of other kinds as whole numbers.
import type { LogColumn } from "./log-columns.js";
import { textsOfNumbers } from "./texts.js";

/** What programs without missing integers write: 443.0, and NaN for a missing one. What has a fraction is kept as text. */
export function numbersOfDoubles(
  values: Float64Array | Float32Array,
  given: Uint8Array | undefined,
): LogColumn {
  const valid = given?.slice() ?? new Uint8Array(values.length).fill(1);
  const whole = new BigInt64Array(values.length);
  for (let row = 0; row < values.length; row++) {
    const value = values[row]!;
    if (valid[row] === 0) continue;
    if (Number.isNaN(value)) valid[row] = 0;
    else if (Number.isSafeInteger(value)) whole[row] = BigInt(value);
    else
      return { kind: "texts", texts: textsOfNumbers(values), valid: missingDoubles(values, valid) };
  }
  return { kind: "numbers", values: whole, unit: 1, valid };
}

function missingDoubles(values: Float64Array | Float32Array, valid: Uint8Array): Uint8Array {
  return valid.map((there, row) => (Number.isNaN(values[row]!) ? 0 : there));
}
