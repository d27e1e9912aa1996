// A rule set under edit: copies of what edits touch, and the names by which edits find things.
import { type Cidr, formatCidr } from "../../model/address.js";
import type {
  Group,
  NetworkInterface,
  Place,
  PrefixList,
  Rule,
  RuleSet,
} from "../../model/rule-set.js";
import { similarNames } from "../../model/similar-names.js";
import { formatPlace } from "../json-place.js";
import { ruleKey } from "../rule-key.js";
import { showValue } from "../spot.js";
import type { RuleEdit } from "./edit.js";
import { failAt } from "./edit-words.js";

export interface WorkingRules {
  readonly baseline: RuleSet;
  readonly groups: Map<string, Group>;
  /** Rules by key, of the groups that an edit touched: they stand in place of those in `groups`. */
  readonly rules: Map<string, Map<string, Rule>>;
  readonly interfaces: Map<string, NetworkInterface>;
  readonly lists: Map<string, PrefixList>;
  /** Entries by text, of the lists that an edit touched. */
  readonly entries: Map<string, Map<string, Cidr>>;
  attach: readonly string[];
  /** Where each deleted group was deleted. */
  readonly deleted: Map<string, Place>;
  /** Groups whose rules refer to a group, by its id; too many where edits revoked such rules. */
  readonly referrers: Index;
  /** Interfaces that carry a group, by its id; too many where edits detached it. */
  readonly carriers: Index;
}

type Index = Map<string, Set<string>>;

/** Remembers that `who` refers to the group, or carries it. */
export function mention(index: Index, groupId: string, who: string): void {
  const known = index.get(groupId);
  if (known === undefined) index.set(groupId, new Set([who]));
  else known.add(who);
}

/** O(rules + interfaces). */
export function workOn(baseline: RuleSet): WorkingRules {
  const referrers: Index = new Map();
  const carriers: Index = new Map();
  for (const { id, rules } of baseline.groups.values())
    for (const { peer } of rules) if (peer.kind === "group") mention(referrers, peer.id, id);
  for (const { id, groupIds } of baseline.interfaces.values())
    for (const groupId of groupIds) mention(carriers, groupId, id);
  return {
    baseline,
    groups: new Map(baseline.groups),
    rules: new Map(),
    interfaces: new Map(baseline.interfaces),
    lists: new Map(baseline.prefixLists),
    entries: new Map(),
    attach: baseline.attach,
    deleted: new Map(),
    referrers,
    carriers,
  };
}

/** The finished rule set. */
export function finishWork(work: WorkingRules): RuleSet {
  const groups = new Map(work.groups);
  for (const [id, rules] of work.rules) {
    const group = groups.get(id);
    if (group !== undefined) groups.set(id, { ...group, rules: [...rules.values()] });
  }
  const prefixLists = new Map(work.lists);
  for (const [id, entries] of work.entries)
    prefixLists.set(id, { ...(work.lists.get(id) as PrefixList), cidrs: [...entries.values()] });
  return {
    ...work.baseline,
    groups,
    prefixLists,
    interfaces: work.interfaces,
    attach: work.attach,
  };
}

/** Rules by key of a described group, to be changed in place. O(rules) at the first call, then O(1). */
export function rulesOf(work: WorkingRules, groupId: string): Map<string, Rule> {
  let rules = work.rules.get(groupId);
  if (rules === undefined) {
    rules = new Map(work.groups.get(groupId)?.rules.map((rule) => [ruleKey(rule), rule]));
    work.rules.set(groupId, rules);
  }
  return rules;
}

/** The group that an edit changes; a name beside its id must be that group's. */
export function editedGroup(
  work: WorkingRules,
  { group: text, groupName, at }: Pick<RuleEdit, "group" | "groupName" | "at">,
): Group {
  const group = findGroup(work, text, at);
  if (groupName === undefined || groupName === group.name) return group;
  return failAt(
    at,
    "edit-group-contradiction",
    `${group.id} is called ${showValue(group.name ?? "")}, not ${showValue(groupName)}`,
    "give the id alone, or the name alone",
  );
}

/** The group of that id, else of that name; stops where there is none, or several. */
export function findGroup(work: WorkingRules, text: string, at: Place): Group {
  const known = work.groups.get(text);
  if (known !== undefined) return known;
  const [first, second] = [...work.groups.values()].filter(({ name }) => name === text);
  if (first !== undefined && second === undefined) return first;
  if (first !== undefined)
    return failAt(
      at,
      "edit-group-ambiguous",
      `several groups are called ${showValue(text)}, such as ${first.id} and ${second!.id}`,
      "name the group by its id",
    );
  return failUnknownGroup(work, text, at);
}

/**
 * The id of a group that an edit refers to: described, or mentioned by rules and interfaces of the baseline. AWS does
 * not take references to groups that nobody knows, and here they would hide a slip of the pen.
 */
export function findReferredGroup(work: WorkingRules, text: string, at: Place): string {
  const isMentioned =
    work.referrers.has(text) || work.carriers.has(text) || work.baseline.attach.includes(text);
  if (!work.groups.has(text) && !work.deleted.has(text) && isMentioned) return text;
  return findGroup(work, text, at).id;
}

function failUnknownGroup(work: WorkingRules, text: string, at: Place): never {
  const deleted = work.deleted.get(text);
  if (deleted !== undefined)
    return failAt(
      at,
      "edit-group-unknown",
      `${text} was deleted by the edit at ${formatPlace(deleted)}`,
    );
  const names = [...work.groups.values()].flatMap(({ id, name }) => [id, name ?? id]);
  return failAt(
    at,
    "edit-group-unknown",
    `no group has the id or name ${showValue(text)}`,
    hintOf(similarNames(text, names), "a group of another account is written ACCOUNT/sg-..."),
  );
}

export function findInterface(work: WorkingRules, id: string, at: Place): NetworkInterface {
  return (
    work.interfaces.get(id) ??
    failAt(
      at,
      "edit-interface-unknown",
      `the rule set has no interface ${showValue(id)}`,
      hintOf(
        similarNames(id, work.interfaces.keys()),
        "give describe-network-interfaces, or --interface eni-...=sg-...",
      ),
    )
  );
}

/** The list of that id or unique name, and its entries, to be changed in place. */
export function findList(
  work: WorkingRules,
  text: string,
  at: Place,
): { readonly id: string; readonly entries: Map<string, Cidr> } {
  const named = [...work.lists.values()].filter(({ name }) => name === text);
  const list = work.lists.get(text) ?? (named.length === 1 ? named[0] : undefined);
  if (list === undefined)
    return failAt(
      at,
      "edit-list-unknown",
      named.length > 1
        ? `several prefix lists are called ${showValue(text)}, such as ${named[0]!.id} and ${named[1]!.id}`
        : `no prefix list has the id or name ${showValue(text)}`,
      hintOf(similarNames(text, work.lists.keys()), "name the list by its id, pl-..."),
    );
  const known = work.entries.get(list.id);
  if (known !== undefined) return { id: list.id, entries: known };
  if (list.cidrs === undefined)
    return failAt(
      at,
      "edit-list-entries",
      `the entries of ${list.id} are not known`,
      `give aws ec2 get-managed-prefix-list-entries --prefix-list-id ${list.id}`,
    );
  const entries = new Map(list.cidrs.map((cidr) => [formatCidr(cidr), cidr]));
  work.entries.set(list.id, entries);
  return { id: list.id, entries };
}

function hintOf(similar: readonly string[], otherwise: string): string {
  return similar.length === 0 ? otherwise : `nearest: ${similar.join(", ")}; ${otherwise}`;
}
