import { FlowError } from "../../errors.js";
import { type Cidr, formatCidr } from "../../model/address.js";
import type { Group, Rule, RuleSet } from "../../model/rule-set.js";
import { ruleKey } from "../rule-key.js";
import { ruleSetDifferences } from "../rule-set-differences.js";
import { formatEdit, ruleEdit } from "../write/edit-line.js";
import { applyEdit } from "./apply-edits.js";
import type { Edit } from "./edit.js";
import { finishWork, workOn } from "./working-rules.js";

export interface EditsBetween {
  readonly edits: readonly Edit[];
  /** The edits as canonical lines: `parseEdits` reads them back. */
  readonly lines: readonly string[];
  /** Differences that no edit can say, such as a group that is added; empty where the edits give the whole candidate. */
  readonly left: readonly string[];
}

/** Place of an edit that nobody wrote. */
const NOWHERE = { file: "edits", line: 1, column: 1 };

/**
 * The edits that make the candidate of the baseline: entries of prefix lists, attachments, rules of each group (revoked
 * first), detachments, deletions; each kind in the order of ids. A rule whose description changes is revoked and
 * authorised again. O(both rule sets).
 */
export function editsBetween(baseline: RuleSet, candidate: RuleSet): EditsBetween {
  const work = workOn(baseline);
  const edits: Edit[] = [];
  for (const edit of wantedEdits(baseline, candidate)) {
    try {
      applyEdit(work, edit);
      edits.push(edit);
    } catch (error) {
      // What cannot be said stays a difference, which is told below.
      if (!(error instanceof FlowError)) throw error;
    }
  }
  return {
    edits,
    lines: edits.map(formatEdit),
    left: ruleSetDifferences(finishWork(work), candidate),
  };
}

function* wantedEdits(baseline: RuleSet, candidate: RuleSet): Generator<Edit> {
  for (const id of [...baseline.prefixLists.keys()].sort())
    yield* entryEdits(
      id,
      baseline.prefixLists.get(id)?.cidrs,
      candidate.prefixLists.get(id)?.cidrs,
    );
  const interfaceIds = [...baseline.interfaces.keys()].sort();
  for (const id of interfaceIds) yield* attachments("attach", id, candidate, baseline);
  const groups = [...baseline.groups.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  for (const group of groups) {
    const next = candidate.groups.get(group.id);
    if (next !== undefined) yield* ruleEdits(group, next);
  }
  for (const id of interfaceIds) yield* attachments("detach", id, baseline, candidate);
  for (const { id } of groups)
    if (!candidate.groups.has(id)) yield { kind: "delete", group: id, at: NOWHERE };
}

/** Groups that the interface carries in the first rule set and not in the second, where both know it. */
function* attachments(
  kind: "attach" | "detach",
  interfaceId: string,
  there: RuleSet,
  elsewhere: RuleSet,
): Generator<Edit> {
  const carried = there.interfaces.get(interfaceId)?.groupIds;
  const others = elsewhere.interfaces.get(interfaceId)?.groupIds;
  if (carried === undefined || others === undefined) return;
  for (const group of carried)
    if (!others.includes(group)) yield { kind, interfaceId, group, at: NOWHERE };
}

function* ruleEdits(before: Group, after: Group): Generator<Edit> {
  const wanted = new Map(after.rules.map((rule) => [ruleKey(rule), rule]));
  const kept = new Set<string>();
  for (const rule of before.rules) {
    const next = wanted.get(ruleKey(rule));
    if (next !== undefined && !mustReturn(rule, next)) kept.add(ruleKey(rule));
    else yield { ...ruleEdit("revoke", rule), at: NOWHERE };
  }
  for (const [key, rule] of wanted)
    if (!kept.has(key)) yield { ...ruleEdit("authorize", rule), at: NOWHERE };
}

/** Only a rule authorised anew loses its stale mark or gets another description. */
function mustReturn(rule: Rule, next: Rule): boolean {
  return rule.description !== next.description || (rule.stale && !next.stale);
}

function* entryEdits(
  list: string,
  before: readonly Cidr[] | undefined,
  after: readonly Cidr[] | undefined,
): Generator<Edit> {
  if (before === undefined || after === undefined) return;
  const had = new Set(before.map(formatCidr));
  const wanted = new Set(after.map(formatCidr));
  // Removed first: a list has blocks of one family.
  for (const cidr of before)
    if (!wanted.has(formatCidr(cidr))) yield { kind: "remove-entry", list, cidr, at: NOWHERE };
  for (const cidr of after)
    if (!had.has(formatCidr(cidr))) yield { kind: "add-entry", list, cidr, at: NOWHERE };
}
