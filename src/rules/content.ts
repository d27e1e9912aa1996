// Whether two things say the same: places, ids of rules and the order of rules and blocks are not content.
import { formatAddress, formatCidr } from "../model/address.js";
import type { Group, NetworkInterface, PrefixList, Rule } from "../model/rule-set.js";
import { ruleKey } from "./rule-key.js";

/** What a rule admits, whether it is stale, and its description. */
export function ruleContent(rule: Rule): string {
  return JSON.stringify([ruleKey(rule), rule.stale, rule.description ?? null]);
}

export function groupContent(group: Group): string {
  const { name, vpcId, accountId } = group;
  const rules = group.rules.map(ruleContent).sort();
  return JSON.stringify([name ?? null, vpcId ?? null, accountId ?? null, rules]);
}

export function interfaceContent(carrier: NetworkInterface): string {
  const { groupIds, addresses, prefixes, ...rest } = carrier;
  return contentOf({
    ...rest,
    groupIds: [...groupIds].sort(),
    addresses: addresses.map(formatAddress),
    prefixes: prefixes.map(formatCidr).sort(),
  });
}

export function prefixListContent(list: PrefixList): string {
  const blocks = list.cidrs?.map(formatCidr).sort() ?? null;
  return JSON.stringify([list.name ?? null, list.maxEntries ?? null, blocks]);
}

/** Any other thing of a rule set: its fields in the order of their names, without places. */
export function contentOf(thing: object): string {
  return JSON.stringify(plain(thing));
}

function plain(value: unknown): unknown {
  if (typeof value === "bigint") return String(value);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  const fields = Object.entries(value).filter(([key]) => key !== "at");
  fields.sort(([a], [b]) => (a < b ? -1 : 1));
  return fields.map(([key, part]) => [key, plain(part)]);
}
