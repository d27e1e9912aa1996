// Templates, states and rules by hand tell part of what AWS knows of a thing: what they leave out is no change of it.
import { type Address, type Cidr, formatCidr, sameAddress } from "../model/address.js";
import type { NetworkInterface, Subnet, Vpc } from "../model/rule-set.js";
import type { LoadContext } from "./load-context.js";

/** An interface of a candidate, completed by the baseline's of its id: groups are as told, addresses are never fewer. */
export function completeInterface(
  { baseline }: LoadContext,
  told: NetworkInterface,
): NetworkInterface {
  const known = baseline?.interfaces.get(told.id);
  if (known === undefined) return told;
  const type = known.type ?? told.type;
  return {
    ...known,
    ...told,
    ...(type === undefined ? {} : { type }),
    addresses: joinAddresses(known.addresses, told.addresses),
    prefixes: joinBlocks(known.prefixes, told.prefixes),
  };
}

/** Blocks are never fewer: others may have been associated elsewhere. */
export function completeVpc({ baseline }: LoadContext, told: Vpc): Vpc {
  const known = baseline?.vpcs.get(told.id);
  if (known === undefined) return told;
  return { ...known, ...told, cidrs: joinBlocks(known.cidrs, told.cidrs) };
}

export function completeSubnet({ baseline }: LoadContext, told: Subnet): Subnet {
  const known = baseline?.subnets.get(told.id);
  if (known === undefined) return told;
  return { ...known, ...told, cidrs: joinBlocks(known.cidrs, told.cidrs) };
}

/** Addresses that either knows, the known ones first. */
export function joinAddresses(
  known: readonly Address[],
  told: readonly Address[],
): readonly Address[] {
  return [...known, ...told.filter((each) => !known.some((other) => sameAddress(each, other)))];
}

export function joinBlocks(known: readonly Cidr[], told: readonly Cidr[]): readonly Cidr[] {
  const texts = new Set(known.map(formatCidr));
  return [...known, ...told.filter((cidr) => !texts.has(formatCidr(cidr)))];
}
