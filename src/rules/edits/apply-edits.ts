import { type Cidr, formatCidr } from "../../model/address.js";
import type { Group, Peer, Place, Rule, RuleSet } from "../../model/rule-set.js";
import { ruleKey } from "../rule-key.js";
import { formatEdit, formatRuleWords } from "../write/edit-line.js";
import type { AttachmentEdit, DeleteEdit, Edit, EntryEdit, RuleEdit, RuleIdEdit } from "./edit.js";
import { failAt } from "./edit-words.js";
import { describeRule, similarNames, similarRules } from "./similar.js";
import {
  findGroup,
  findInterface,
  findList,
  findReferredGroup,
  finishWork,
  rulesOf,
  type WorkingRules,
  workOn,
} from "./working-rules.js";

/** What one edit did. */
export interface EditOutcome {
  readonly edit: Edit;
  /** The edit as a canonical line. */
  readonly line: string;
  /** What changed, in a few words. */
  readonly did: string;
  /** What else follows from it: references that became stale, lists that became empty. */
  readonly notes: readonly string[];
}

export interface EditedRules {
  readonly ruleSet: RuleSet;
  /** In the order of the edits. */
  readonly outcomes: readonly EditOutcome[];
}

/**
 * The baseline after the edits, one after the other; the baseline stays as it is. Authorised rules stand behind the
 * group's others, their id is `group/direction/protocol/ports/peer` and their place that of the edit. Throws a FlowError
 * (`edit-*`) at the first edit that names nothing, or more than one thing, or changes nothing: hints name what is near.
 * O(rule set + edits).
 */
export function applyEdits(baseline: RuleSet, edits: readonly Edit[]): EditedRules {
  const work = workOn(baseline);
  const outcomes = edits.map((edit) => applyEdit(work, edit));
  return { ruleSet: finishWork(work), outcomes };
}

/** Changes `work`, or throws and leaves it as it was. */
export function applyEdit(work: WorkingRules, edit: Edit): EditOutcome {
  const notes: string[] = [];
  const did = changed(work, edit, notes);
  return { edit, line: formatEdit(edit), did, notes };
}

function changed(work: WorkingRules, edit: Edit, notes: string[]): string {
  switch (edit.kind) {
    case "authorize":
      return authorize(work, edit, notes);
    case "revoke":
      return revoke(work, edit);
    case "revoke-id":
      return revokeById(work, edit);
    case "attach":
      return attach(work, edit);
    case "detach":
      return detach(work, edit);
    case "delete":
      return deleteGroup(work, edit, notes);
    case "add-entry":
      return addEntry(work, edit);
    case "remove-entry":
      return removeEntry(work, edit, notes);
  }
}

function authorize(work: WorkingRules, edit: RuleEdit, notes: string[]): string {
  const group = findGroup(work, edit.group, edit.at);
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

function revoke(work: WorkingRules, edit: RuleEdit): string {
  const group = findGroup(work, edit.group, edit.at);
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

function revokeById(work: WorkingRules, edit: RuleIdEdit): string {
  const group = findGroup(work, edit.group, edit.at);
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

function attach(work: WorkingRules, edit: AttachmentEdit): string {
  const carrier = findInterface(work, edit.interfaceId, edit.at);
  const id = findReferredGroup(work, edit.group, edit.at);
  if (carrier.groupIds.includes(id))
    failAt(
      edit.at,
      "edit-without-effect",
      `${carrier.id} carries ${id} already`,
      "leave the edit out",
    );
  work.interfaces.set(carrier.id, { ...carrier, groupIds: [...carrier.groupIds, id].sort() });
  return `${carrier.id} carries ${id}`;
}

function detach(work: WorkingRules, edit: AttachmentEdit): string {
  const carrier = findInterface(work, edit.interfaceId, edit.at);
  const id = carrier.groupIds.includes(edit.group)
    ? edit.group
    : findReferredGroup(work, edit.group, edit.at);
  if (!carrier.groupIds.includes(id))
    failAt(
      edit.at,
      "edit-without-effect",
      `${carrier.id} does not carry ${id}`,
      `it carries ${carrier.groupIds.join(", ") || "no group"}`,
    );
  loseGroup(work, carrier.id, id, edit.at);
  return `${carrier.id} no longer carries ${id}`;
}

/** AWS leaves no interface without a group, and one without groups filters nothing (semantics 1.3). */
function loseGroup(work: WorkingRules, interfaceId: string, id: string, at: Place): void {
  const carrier = findInterface(work, interfaceId, at);
  const groupIds = carrier.groupIds.filter((other) => other !== id);
  if (groupIds.length === 0)
    failAt(
      at,
      "edit-last-group",
      `${id} is the only group of ${interfaceId}, and an interface has at least one`,
      `attach another one first: attach ${interfaceId} sg-...`,
    );
  work.interfaces.set(interfaceId, { ...carrier, groupIds });
}

function deleteGroup(work: WorkingRules, edit: DeleteEdit, notes: string[]): string {
  const { id, accountId } = findGroup(work, edit.group, edit.at);
  const carriers = [...work.interfaces.values()].filter(({ groupIds }) => groupIds.includes(id));
  const last = carriers.find(({ groupIds }) => groupIds.length === 1);
  // Asked before anything changes.
  if (last !== undefined) loseGroup(work, last.id, id, edit.at);
  for (const carrier of carriers) {
    loseGroup(work, carrier.id, id, edit.at);
    notes.push(`${carrier.id} no longer carries ${id}`);
  }
  if (work.attach.includes(id)) {
    work.attach = work.attach.filter((other) => other !== id);
    notes.push(`--attach no longer names ${id}`);
  }
  work.groups.delete(id);
  work.rules.delete(id);
  work.deleted.set(id, edit.at);
  for (const group of work.groups.values())
    for (const rule of (work.rules.get(group.id) ?? group.rules).values()) {
      const { peer } = rule;
      const refers =
        peer.kind === "group" &&
        peer.id === id &&
        (peer.account === undefined || accountId === undefined || peer.account === accountId);
      if (!refers || rule.stale) continue;
      rulesOf(work, group.id).set(ruleKey(rule), { ...rule, stale: true });
      notes.push(`${rule.id} is stale now: it refers to ${id} and matches nothing`);
    }
  return `${id} is gone`;
}

function addEntry(work: WorkingRules, edit: EntryEdit): string {
  const { id, entries } = findList(work, edit.list, edit.at);
  const text = formatCidr(edit.cidr);
  if (entries.has(text))
    failAt(edit.at, "edit-without-effect", `${id} has ${text} already`, "leave the edit out");
  const [other] = entries.values();
  if (other !== undefined && other.address.family !== edit.cidr.address.family)
    failAt(
      edit.at,
      "edit-entry-family",
      `${text} stands beside entries such as ${formatCidr(other)}`,
      "a prefix list has blocks of one family",
    );
  entries.set(text, edit.cidr);
  return `${id} has ${text}`;
}

function removeEntry(work: WorkingRules, edit: EntryEdit, notes: string[]): string {
  const { id, entries } = findList(work, edit.list, edit.at);
  const text = formatCidr(edit.cidr);
  if (!entries.has(text))
    failAt(
      edit.at,
      "edit-without-effect",
      `${id} has no entry ${text}`,
      entryHint(id, text, [...entries.values()]),
    );
  entries.delete(text);
  if (entries.size === 0) notes.push(`${id} has no entries left: rules that name it match nothing`);
  return `${id} no longer has ${text}`;
}

function entryHint(id: string, text: string, entries: readonly Cidr[]): string {
  const near = similarNames(text, entries.map(formatCidr));
  if (near.length > 0) return `nearest: ${near.join(", ")}`;
  return entries.length === 0 ? `${id} has no entries` : `it has ${entries.length} entries`;
}
