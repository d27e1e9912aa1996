// Rules that come and go.
import type { Group, Peer, Rule } from "../../model/rule-set.js";
import { similarNames } from "../../model/similar-names.js";
import { ruleKey } from "../rule-key.js";
import { formatRuleWords } from "../write/edit-line.js";
import type { RuleEdit, RuleIdEdit } from "./edit.js";
import { failAt } from "./edit-words.js";
import { describeRule, similarRules } from "./similar.js";
import {
  editedGroup,
  findReferredGroup,
  mention,
  rulesOf,
  type WorkingRules,
} from "./working-rules.js";

export function authorize(work: WorkingRules, edit: RuleEdit, notes: string[]): string {
  const group = editedGroup(work, edit);
  const peer = resolvePeer(work, edit, group);
  const { protocol, fromPort, toPort, icmpType, icmpCode, direction, at } = edit;
  const content = { direction, protocol, fromPort, toPort, icmpType, icmpCode, peer };
  const key = ruleKey(content);
  const rules = rulesOf(work, group.id);
  const known = rules.get(key);
  if (known !== undefined)
    failAt(
      at,
      "edit-without-effect",
      `${group.id} has this rule already: ${describeRule(known)}`,
      known.description === edit.description
        ? "leave the edit out"
        : "to change its description, revoke the rule first",
    );
  if (peer.kind === "prefix-list" && work.lists.get(peer.id)?.cidrs === undefined)
    notes.push(`the entries of ${peer.id} are not known: what only they admit is unknown`);
  if (peer.kind === "group" && peer.account === undefined && !work.groups.has(peer.id))
    notes.push(`${peer.id} is described nowhere`);
  if (peer.kind === "group") mention(work.referrers, peer.id, group.id);
  rules.set(key, {
    id: `${group.id}/${key}`,
    groupId: group.id,
    ...content,
    stale: false,
    ...(edit.description === undefined ? {} : { description: edit.description }),
    at,
  });
  return `${group.id} admits ${formatRuleWords(content)}`;
}

/** A group peer by id; its account only where it is not that of the rule's group, as documents say it. */
function resolvePeer(work: WorkingRules, edit: RuleEdit, group: Group): Peer {
  const { peer, at } = edit;
  if (peer.kind !== "group") return peer;
  const id = peer.account === undefined ? findReferredGroup(work, peer.id, at) : peer.id;
  const account = peer.account ?? work.groups.get(id)?.accountId;
  const foreign = account !== undefined && account !== group.accountId && id !== group.id;
  if (!foreign || (peer.account === undefined && group.accountId === undefined))
    return { kind: "group", id };
  return { kind: "group", id, account };
}

export function revoke(work: WorkingRules, edit: RuleEdit): string {
  const group = editedGroup(work, edit);
  const rules = rulesOf(work, group.id);
  const [first, second] = rulesMeant(work, edit, group, rules);
  if (first === undefined)
    return failAt(
      edit.at,
      "edit-without-effect",
      `${group.id} has no rule ${formatRuleWords(edit)}`,
      similarRules(edit, group.id, [...rules.values()]),
    );
  if (second !== undefined)
    return failAt(
      edit.at,
      "edit-rule-ambiguous",
      `${group.id} has this rule for groups of several accounts: ${describeRule(first)}; ${describeRule(second)}`,
      "write the peer as ACCOUNT/sg-...",
    );
  rules.delete(ruleKey(first));
  return `${group.id} loses ${describeRule(first)}`;
}

/** The rule of that content; a group written without account may be of any. */
function rulesMeant(
  work: WorkingRules,
  edit: RuleEdit,
  group: Group,
  rules: ReadonlyMap<string, Rule>,
): readonly Rule[] {
  const { peer } = edit;
  const exact = rules.get(ruleKey(edit));
  if (exact !== undefined) return [exact];
  if (peer.kind !== "group") return [];
  if (peer.account !== undefined) {
    const own = peer.account === group.accountId || peer.id === group.id;
    const rule = own
      ? rules.get(ruleKey({ ...edit, peer: { kind: "group", id: peer.id } }))
      : undefined;
    return rule === undefined ? [] : [rule];
  }
  const named = [...work.groups.values()].filter(({ name }) => name === peer.id);
  const ids = new Set([peer.id, ...named.map(({ id }) => id)]);
  const wanted = (id: string): string => ruleKey({ ...edit, peer: { kind: "group", id } });
  return [...rules.values()].filter(
    (rule) =>
      rule.peer.kind === "group" &&
      ids.has(rule.peer.id) &&
      ruleKey({ ...rule, peer: { kind: "group", id: rule.peer.id } }) === wanted(rule.peer.id),
  );
}

export function revokeById(work: WorkingRules, edit: RuleIdEdit): string {
  const group = editedGroup(work, edit);
  const rules = rulesOf(work, group.id);
  const all = [...rules.values()];
  const rule = all.find(({ id }) => id === edit.ruleId);
  if (rule === undefined || rule.direction !== edit.direction) {
    const ids = all.filter(({ direction }) => direction === edit.direction).map(({ id }) => id);
    const near = similarNames(edit.ruleId, ids);
    return failAt(
      edit.at,
      "edit-without-effect",
      `${group.id} has no ${edit.direction} rule ${edit.ruleId}`,
      near.length > 0
        ? `nearest: ${near.join(", ")}`
        : "ids such as sgr-... are known from describe-security-group-rules only",
    );
  }
  rules.delete(ruleKey(rule));
  return `${group.id} loses ${describeRule(rule)}`;
}
