// Rules whose peer is gone, unknown, or empty.
import type { Group, Rule } from "../model/rule-set.js";
import { groupSubject, idsOf, isCarried, type LintContext } from "./lint-context.js";
import type { LintFinding } from "./lint-finding.js";
import { type Unresolved, unresolvedReason } from "./membership.js";
import { peerWord } from "./rule-words.js";

/** Findings about references of one group, one for each peer. O(rules). */
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
      ...WORDS[why](peerWord(rules[0]!.peer), rules.length > 1),
      subject: groupSubject(group),
      ruleIds: idsOf(rules),
      relatedIds: [],
      at: rules[0]!.at,
    }),
  );
  return findings;
}

/** Only of groups that somebody carries: the references of others admit nobody whoever belongs to their peers. */
function emptyReason(rule: Rule, context: LintContext): "empty" | undefined {
  const { peer, groupId } = rule;
  if (peer.kind === "cidr") return undefined;
  if (context.knowsInterfaces && !isCarried(context, groupId)) return undefined;
  if (peer.kind === "prefix-list")
    return context.ruleSet.prefixLists.get(peer.id)?.cidrs?.length === 0 ? "empty" : undefined;
  return context.knowsInterfaces && !isCarried(context, peer.id) ? "empty" : undefined;
}

type Words = (
  peer: string,
  many: boolean,
) => Pick<LintFinding, "code" | "level" | "message" | "advice">;

const WORDS: Readonly<Record<Unresolved | "empty", Words>> = {
  stale: (peer, many) => ({
    code: "stale-reference",
    level: "warning",
    message: `${peer} is gone or no longer peered: ${many ? "rules for it match" : "the rule for it matches"} nothing`,
    advice: "Revoke what names it; should the peering come back, it would be open again.",
  }),
  "unknown-group": (peer, many) => ({
    code: "unresolved-reference",
    level: "warning",
    message: `${peer} is described by no document and carried by no interface: whom ${many ? "rules for it admit" : "the rule for it admits"} is unknown`,
    advice:
      "Give the describe-security-groups answer that holds it; a group of another account needs its account.",
  }),
  "other-account": (peer, many) => ({
    code: "unresolved-reference",
    level: "note",
    message: `${peer} is of another account: whom ${many ? "rules for it admit" : "the rule for it admits"} is not visible here`,
    advice: "Ask its owner who carries it: whoever does may connect.",
  }),
  "list-without-entries": (peer, many) => ({
    code: "unresolved-reference",
    level: "note",
    message: `the entries of ${peer} are not given: whom ${many ? "rules for it admit" : "the rule for it admits"} is unknown`,
    advice: `Fetch them: aws ec2 get-managed-prefix-list-entries --prefix-list-id ${peer} --output json > ${peer}.json`,
  }),
  undecided: (peer) => ({
    code: "unresolved-reference",
    level: "note",
    message: `${peer} stands for what a document leaves open: whom it admits is unknown`,
    advice: "Nothing to do in the rules: apply the plan, or give the parameters that decide it.",
  }),
  empty: (peer, many) => ({
    code: "empty-reference",
    level: "note",
    message: `nothing belongs to ${peer} at present: ${many ? "rules for it admit" : "the rule for it admits"} nobody`,
    advice: "Revoke if nothing is to join it; whatever joins is let in at once.",
  }),
};
