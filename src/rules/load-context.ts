// What the converters of one load share: warnings, and tables that keep equal blocks and ids as one value each.
import { FlowError } from "../errors.js";
import {
  type Address,
  type Cidr,
  familyBits,
  formatAddress,
  parseAddress,
  parseCidr,
} from "../model/address.js";
import type { RuleSet } from "../model/rule-set.js";
import type { Warning } from "./document.js";
import { aboutSpot, formatSpot, refuse, type Spot, showValue } from "./spot.js";
import type { Traffic } from "./traffic.js";

export interface LoadContext {
  readonly warnings: Warning[];
  readonly blocks: Map<string, Cidr>;
  readonly ids: Map<string, string>;
  /** Protocols with one port or many, by the text of the protocol. */
  readonly traffic: Map<string, Map<number, Traffic>>;
  /** What a candidate inherits from: names, VPC and account of groups that its documents leave out. */
  readonly baseline?: RuleSet;
  /** Unix seconds: of things that documents tell with their times, what they were then. Absent: what they are last. */
  readonly asOf?: number;
}

export function newContext(baseline?: RuleSet, asOf?: number): LoadContext {
  return {
    warnings: [],
    blocks: new Map(),
    ids: new Map(),
    traffic: new Map(),
    ...(baseline === undefined ? {} : { baseline }),
    ...(asOf === undefined ? {} : { asOf }),
  };
}

export function warn(context: LoadContext, spot: Spot, code: string, message: string): void {
  context.warnings.push({ code, message: aboutSpot(spot, message), at: formatSpot(spot) });
}

/** Ids are opaque: anything without blanks, unprintable characters and slashes, which rule identities are cut by. */
const OPAQUE_ID = /^[^\s/\p{Cc}\p{Cf}]{1,255}$/u;

export function isOpaqueId(text: string): boolean {
  return OPAQUE_ID.test(text);
}

/** The id itself, one copy per load; `steps` lead from `spot` to it. */
export function readId(context: LoadContext, text: string, spot: () => Spot): string {
  const known = context.ids.get(text);
  if (known !== undefined) return known;
  if (!isOpaqueId(text))
    refuse(
      spot(),
      "rules-id",
      `${showValue(text)} is not an id`,
      "an id has 1-255 characters and no blanks, unprintable characters or slashes",
    );
  const copy = copyText(text);
  context.ids.set(copy, copy);
  return copy;
}

/** The same text apart from its document: a slice would keep the whole document in memory. */
export function copyText(text: string): string {
  // Joined to something, the text is written anew; the slice is one of that.
  return ` ${text}`.slice(1);
}

/** A block of the expected family (0 = either). */
export function readBlock(
  context: LoadContext,
  text: string,
  family: 0 | 4 | 6,
  spot: () => Spot,
): Cidr {
  let block = context.blocks.get(text);
  if (block === undefined) {
    try {
      block = parseCidr(text);
    } catch (error) {
      if (error instanceof FlowError) refuse(spot(), error.code, error.message, error.hint);
      throw error;
    }
    context.blocks.set(text, block);
  }
  if (family !== 0 && block.address.family !== family)
    refuse(spot(), "cidr-family", `${showValue(text)} is not an IPv${family} block`);
  return block;
}

/**
 * A block with bits beyond its length as the block that it is in: AWS makes that of what a request or template gives it,
 * and tells of it alone. Any other text as it is.
 */
export function canonicalBlock(context: LoadContext, text: string, spot: Spot): string {
  const [, base = "", length = ""] = /^([^/]{1,64})\/(0|[1-9][0-9]{0,2})$/.exec(text) ?? [];
  const address = parseAddress(base);
  if (address === undefined) return text;
  const { family, value } = address;
  const hostBits = BigInt(Math.max(0, familyBits(family) - Number(length)));
  const first = (value >> hostBits) << hostBits;
  if (first === value) return text;
  const block = `${formatAddress({ family, value: first })}/${length}`;
  warn(
    context,
    spot,
    "cidr-host-bits",
    `${showValue(text)} has bits set beyond its length: AWS makes ${block} of it`,
  );
  return block;
}

/** A bare address of the expected family. */
export function readAddress(text: string, family: 4 | 6, spot: () => Spot): Address {
  const address = parseAddress(text);
  if (address?.family !== family)
    return refuse(
      spot(),
      "address-invalid",
      `${showValue(text)} is not an IPv${family} address`,
      `expected ${familyBits(family)} bits, written without leading zeros and without a prefix length`,
    );
  return address;
}
