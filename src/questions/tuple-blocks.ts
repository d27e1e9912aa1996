import { type Cidr, formatCidr } from "../model/address.js";
import type { RuleSet } from "../model/rule-set.js";
import type { TupleEnd } from "./tuple.js";

/** A block that a rule names, as an end of tuples. */
export interface NamedBlock {
  readonly cidr: Cidr;
  readonly end: Extract<TupleEnd, { readonly kind: "cidr" | "prefix-list" }>;
}

/** Every block that a rule of the set names, by itself or through a prefix list. */
export function namedBlocks(ruleSet: RuleSet): readonly NamedBlock[] {
  const cidrs = new Map<string, Cidr>();
  const listIds = new Set<string>();
  for (const group of ruleSet.groups.values())
    for (const { peer } of group.rules) {
      if (peer.kind === "cidr") cidrs.set(formatCidr(peer.cidr), peer.cidr);
      if (peer.kind === "prefix-list") listIds.add(peer.id);
    }
  const plain = [...cidrs].map(
    ([label, cidr]): NamedBlock => ({ cidr, end: { kind: "cidr", label, cidr: label } }),
  );
  const listed = [...listIds].flatMap((id) => {
    const list = ruleSet.prefixLists.get(id);
    return (list?.cidrs ?? []).map((block): NamedBlock => {
      const cidr = formatCidr(block);
      const label = `${id} ${cidr}`;
      return {
        cidr: block,
        end: { kind: "prefix-list", label, id, name: list?.name ?? null, cidr },
      };
    });
  });
  return [...plain, ...listed];
}
