// References to groups beside blocks that hold all their members.
import { cidrContains } from "../model/address.js";
import type { Group, Rule } from "../model/rule-set.js";
import { groupSubject, idsOf, type LintContext, listed } from "./lint-context.js";
import type { LintFinding } from "./lint-finding.js";
import { knownBlocks } from "./membership.js";
import { peerWord, ruleWords, undirectedWords } from "./rule-words.js";
import { holds, serviceInterval } from "./service-axis.js";

/**
 * References whose members all lie in blocks that stand open beside them: superfluous today, but not for a member with
 * another address, so they are told and never dropped. One finding for each set of such blocks; none for the rules in
 * `gone`, which are superfluous anyway. O(references × members).
 */
export function coveredReferenceFindings(
  group: Group,
  context: LintContext,
  gone: ReadonlySet<Rule>,
): LintFinding[] {
  const blocks = group.rules.filter(({ peer, stale }) => peer.kind === "cidr" && !stale);
  const byCover = new Map<string, { rules: Rule[]; by: readonly Rule[] }>();
  for (const rule of group.rules) {
    if (gone.has(rule)) continue;
    const by = coveringBlocks(rule, blocks, context);
    if (by === undefined) continue;
    const key = `${rule.direction} ${by.map(({ peer }) => peerWord(peer)).join(" ")}`;
    const known = byCover.get(key);
    if (known === undefined) byCover.set(key, { rules: [rule], by });
    else known.rules.push(rule);
  }
  return Array.from(byCover.values(), ({ rules, by }): LintFinding => {
    const peers = listed(by.map(({ peer }) => peerWord(peer)));
    const many = rules.length > 1;
    return {
      code: "covered-reference",
      level: "note",
      subject: groupSubject(group),
      ruleIds: idsOf(rules),
      relatedIds: idsOf(by),
      at: rules[0]!.at,
      message: many
        ? `${rules.length} ${rules[0]!.direction} references add nothing today, for the same is open to ${peers}, where all members are: ${listed(rules.map(undirectedWords))}`
        : `${ruleWords(rules[0]!)} adds nothing today, for the same is open to ${peers}, where all its members are`,
      advice: `Revoke the wider rule if the ${many ? "groups were" : "group was"} meant to limit access, else the ${many ? "references" : "reference"}.`,
    };
  });
}

/** Rules for blocks that hold every address of the members and let the same pass; `undefined` where some is left out. */
function coveringBlocks(
  rule: Rule,
  blocks: readonly Rule[],
  { ruleSet, members }: LintContext,
): readonly Rule[] | undefined {
  if (rule.peer.kind !== "group") return undefined;
  const known = knownBlocks(rule, ruleSet, members) ?? [];
  if (known.length === 0) return undefined;
  const services = serviceInterval(rule);
  const open = blocks.filter(
    (block) => block.direction === rule.direction && holds(serviceInterval(block), services),
  );
  const by = new Set<Rule>();
  for (const { address, length } of known) {
    const cover = open.find(
      ({ peer }) =>
        peer.kind === "cidr" && peer.cidr.length <= length && cidrContains(peer.cidr, address),
    );
    if (cover === undefined) return undefined;
    by.add(cover);
  }
  return [...by];
}
