import { type Address, parseAddress } from "../model/address.js";
import { coreAddress } from "./interface-facts.js";
import { Words } from "./words.js";

// Semantics 1.4: DNS, instance metadata, time sync, licence activation, container metadata.
const SERVICES4 = [
  "169.254.169.253",
  "169.254.169.254",
  "169.254.169.123",
  "169.254.169.250",
  "169.254.169.251",
  "169.254.170.2",
];
const SERVICES6 = [
  "fd00:ec2::253",
  "fd00:ec2::254",
  "fd00:ec2::123",
  "fd00:ec2::250",
  "fd00:ec2::240",
];

function sortedAddresses(texts: readonly string[]): bigint[] {
  const addresses = texts.map((text): Address => parseAddress(text)!);
  return addresses.map(coreAddress).sort((a, b) => (a < b ? -1 : 1));
}

/** IPv4 services of every network, as u32, sorted. */
export function services4(): Words {
  const words = new Words();
  for (const value of sortedAddresses(SERVICES4)) words.push(Number(value & 0xffffffffn));
  return words;
}

/** The same for IPv6, as 128-bit numbers. */
export function services6(): Words {
  const words = new Words();
  for (const value of sortedAddresses(SERVICES6)) words.pushAddress(value);
  return words;
}
