// How AWS counts rules against its quota.
import type { Group, PrefixList, Rule, RuleSet } from "../model/rule-set.js";
import type { Direction } from "../model/verdict.js";

/** What a group uses of one quota: 60 rules, for each direction and each family by itself. */
export interface RuleCount {
  readonly direction: Direction;
  readonly family: 4 | 6;
  readonly rules: number;
  /** Some prefix list counted by its entries of today, because its size is not given: AWS counts at least as many. */
  readonly atLeast: boolean;
}

/** Weights of AWS's own lists, by the end of their names. */
const WEIGHTS: readonly (readonly [RegExp, number])[] = [
  [/\.cloudfront\.origin-facing$/, 55],
  [/\.route53-healthchecks$/, 25],
  [/\.vpc-lattice$/, 10],
  [/\.s3express$/, 6],
  [/\.groundstation$/, 5],
  [/\.ec2-instance-connect$/, 2],
  [/\.(s3|dynamodb)$/, 1],
];

interface Weight {
  readonly rules: number;
  readonly atLeast: boolean;
}

function listWeight(list: PrefixList | undefined): Weight {
  const known = WEIGHTS.find(
    ([name]) => /^com\.amazonaws\./.test(list?.name ?? "") && name.test(list?.name ?? ""),
  );
  if (known !== undefined) return { rules: known[1], atLeast: false };
  if (list?.maxEntries !== undefined) return { rules: list.maxEntries, atLeast: false };
  return { rules: Math.max(1, list?.cidrs?.length ?? 1), atLeast: true };
}

/** Families of a list by its entries, else by its name; a list has one family. */
function listFamilies(list: PrefixList | undefined): readonly (4 | 6)[] {
  const first = list?.cidrs?.[0];
  if (first !== undefined) return [first.address.family];
  if (list?.name === undefined) return [4, 6];
  return [/\.ipv6\./.test(list.name) ? 6 : 4];
}

function weightOf({ peer }: Rule, family: 4 | 6, ruleSet: RuleSet): Weight {
  // A group reference counts one in either family.
  if (peer.kind === "group") return { rules: 1, atLeast: false };
  if (peer.kind === "cidr")
    return { rules: peer.cidr.address.family === family ? 1 : 0, atLeast: false };
  const list = ruleSet.prefixLists.get(peer.id);
  return listFamilies(list).includes(family) ? listWeight(list) : { rules: 0, atLeast: false };
}

/** The four counts of a group. O(rules). */
export function countRules(group: Group, ruleSet: RuleSet): RuleCount[] {
  return (["ingress", "egress"] as const).flatMap((direction) =>
    ([4, 6] as const).map((family) => {
      const weights = group.rules
        .filter((rule) => rule.direction === direction)
        .map((rule) => weightOf(rule, family, ruleSet));
      return {
        direction,
        family,
        rules: weights.reduce((sum, { rules }) => sum + rules, 0),
        atLeast: weights.some(({ atLeast }) => atLeast),
      };
    }),
  );
}
