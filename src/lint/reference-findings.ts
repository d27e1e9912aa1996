// Rules whose peer is gone, unknown, empty, or covered by blocks beside it.
import { cidrContains } from "../model/address.js";
import type { Group, Rule } from "../model/rule-set.js";
import { count, groupSubject, idsOf, type LintContext } from "./lint-context.js";
import type { LintFinding } from "./lint-finding.js";
import { knownBlocks, type Unresolved, unresolvedReason } from "./membership.js";
import { peerWord, ruleWords, trafficWords } from "./rule-words.js";
import { holds, serviceInterval } from "./service-axis.js";

/** Findings about references of one group, one for each peer. O(rules + members × blocks of open services). */
export function referenceFindings(group: Group, context: LintContext): LintFinding[] {
  const byPeer = new Map<string, { why: Unresolved | "empty"; rules: Rule[] }>();
  for (const rule of group.rules) {
    const why =
      unresolvedReason(rule, context.ruleSet, context.members) ?? emptyReason(rule, context);
    if (why === undefined) continue;
    const key = `${why} ${peerWord(rule.peer)}`;
    const known = byPeer.get(key);
    if (known === undefined) byPeer.set(key, { why, rules: [rule] });
    else known.rules.push(rule);
  }
  const findings = Array.from(
    byPeer.values(),
    ({ why, rules }): LintFinding => ({
      ...WORDS[why](peerWord(rules[0]!.peer), count(rules.length, "rule")),
      subject: groupSubject(group),
      ruleIds: idsOf(rules),
      relatedIds: [],
      at: rules[0]!.at,
    }),
  );
  return [...findings, ...coveredReferences(group, context)];
}

function emptyReason({ peer }: Rule, context: LintContext): "empty" | undefined {
  if (peer.kind === "prefix-list")
    return context.ruleSet.prefixLists.get(peer.id)?.cidrs?.length === 0 ? "empty" : undefined;
  if (peer.kind === "cidr" || !context.knowsInterfaces) return undefined;
  return context.members.has(peer.id) ? undefined : "empty";
}

type Words = (
  peer: string,
  rules: string,
) => Pick<LintFinding, "code" | "level" | "message" | "advice">;

const WORDS: Readonly<Record<Unresolved | "empty", Words>> = {
  stale: (peer, rules) => ({
    code: "stale-reference",
    level: "warning",
    message: `${rules} for ${peer}, which is gone or no longer peered: they match nothing`,
    advice: "Revoke them; should the peering come back, they would open again.",
  }),
  "unknown-group": (peer, rules) => ({
    code: "unresolved-reference",
    level: "warning",
    message: `${rules} for ${peer}, which no document describes and no interface carries`,
    advice:
      "Give the describe-security-groups answer that holds it; a group of another account needs its account.",
  }),
  "other-account": (peer, rules) => ({
    code: "unresolved-reference",
    level: "note",
    message: `${rules} for ${peer} of another account, whose members are not visible here`,
    advice: "Ask its owner who carries it: whoever does may connect.",
  }),
  "list-without-entries": (peer, rules) => ({
    code: "unresolved-reference",
    level: "note",
    message: `${rules} for ${peer}, whose entries are not given`,
    advice: `Fetch them: aws ec2 get-managed-prefix-list-entries --prefix-list-id ${peer} --output json > ${peer}.json`,
  }),
  empty: (peer, rules) => ({
    code: "empty-reference",
    level: "note",
    message: `${rules} for ${peer}, which nothing belongs to at present: they admit nobody`,
    advice: "Revoke them if nothing is to join it; whatever joins is let in at once.",
  }),
};

/**
 * References whose members all lie in blocks that stand open beside them: superfluous today, but not for a member with
 * another address, so they are told and never dropped.
 */
function coveredReferences(group: Group, context: LintContext): LintFinding[] {
  const blocks = group.rules.filter(({ peer, stale }) => peer.kind === "cidr" && !stale);
  return group.rules.flatMap((rule): LintFinding[] => {
    if (rule.peer.kind !== "group") return [];
    const known = knownBlocks(rule, context.ruleSet, context.members) ?? [];
    if (known.length === 0) return [];
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
      if (cover === undefined) return [];
      by.add(cover);
    }
    const peers = [...by].map(({ peer }) => peerWord(peer)).join(" and ");
    return [
      {
        code: "covered-reference",
        level: "note",
        subject: groupSubject(group),
        ruleIds: [rule.id],
        relatedIds: idsOf([...by]),
        at: rule.at,
        message: `${ruleWords(rule)} adds nothing today: ${trafficWords(rule)} is open to ${peers}, where all its members are`,
        advice: "Revoke the block if the group was meant to limit access, else the reference.",
      },
    ];
  });
}
