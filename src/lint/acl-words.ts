import { formatCidr } from "../model/address.js";
import type { AclEntry, NetworkAcl } from "../model/rule-set.js";
import { trafficWords } from "./rule-words.js";

/** The closing `*` of IPv4, and of IPv6 with the next number. */
export const LAST_NUMBER: number = 32_767;

/** `acl-1 ingress 100`. */
export function entryId({ id }: NetworkAcl, { direction, number }: AclEntry): string {
  return `${id} ${direction} ${number >= LAST_NUMBER ? "*" : number}`;
}

/** `entry 100 (ingress allow tcp/443 from 10.0.0.0/8)`. */
export function entryWords(entry: AclEntry): string {
  const side = entry.direction === "ingress" ? "from" : "to";
  return `entry ${entry.number} (${entry.direction} ${entry.action} ${trafficWords(entry)} ${side} ${formatCidr(entry.cidr)})`;
}
