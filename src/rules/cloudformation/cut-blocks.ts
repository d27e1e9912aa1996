// Fn::Cidr.
import { FlowError } from "../../errors.js";
import { type Cidr, familyBits, formatCidr, parseCidr } from "../../model/address.js";

/** AWS gives 256 blocks at most. */
const MAX_BLOCKS = 256;

/** The first `count` blocks with so many host bits; `undefined` where the block does not hold them. */
export function cutBlocks(text: string, count: number, bits: number): string[] | undefined {
  let whole: Cidr;
  try {
    whole = parseCidr(text);
  } catch (error) {
    if (error instanceof FlowError) return undefined;
    throw error;
  }
  const { family } = whole.address;
  const length = familyBits(family) - bits;
  const isWhole = Number.isInteger(count) && Number.isInteger(bits) && count >= 1 && bits >= 1;
  if (!isWhole || count > MAX_BLOCKS || length < whole.length) return undefined;
  if (2 ** Math.min(length - whole.length, 30) < count) return undefined;
  const { value } = whole.address;
  return Array.from({ length: count }, (_, i) =>
    formatCidr({ address: { family, value: value + (BigInt(i) << BigInt(bits)) }, length }),
  );
}
