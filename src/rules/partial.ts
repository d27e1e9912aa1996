// Groups and interfaces of which documents tell a part only: the rest is undecided, never empty.
import { type Cidr, formatCidr } from "../model/address.js";
import type { NetworkInterface, Place } from "../model/rule-set.js";
import type { Collected } from "./collect.js";
import { undecidedRules } from "./cut-answers.js";
import { addRule, type GroupDraft } from "./group-draft.js";
import { UNKNOWN_VPC } from "./join-groups.js";
import { type LoadContext, warn } from "./load-context.js";
import { groupChange, interfaceChange, listChange, newOverlay, type Overlay } from "./overlay.js";
import type { RuleDraft } from "./rule-draft.js";
import type { Spot } from "./spot.js";
import { undecidedId } from "./undecided.js";

/** An interface, and where a document tells of it. */
export interface PartialInterface {
  readonly carrier: NetworkInterface;
  readonly spot: Spot;
}

/** An entry of a prefix list, and where a document tells of it. */
export interface PartialEntry {
  readonly cidr: Cidr;
  readonly at: Place;
  readonly spot: Spot;
}

/**
 * Adds groups and interfaces that no document describes as a whole: what is known of them, and beside it what stands for
 * the rest.
 */
export function completePartial(context: LoadContext, from: Collected): void {
  for (const [id, rules] of from.partialGroups) {
    const described = from.groups.get(id);
    if (described !== undefined) addRules(context, from, described, rules);
    else if (!isDescribed(context, from, id)) from.groups.set(id, partialGroup(context, id, rules));
  }
  for (const [id, { carrier, spot }] of from.partialInterfaces) {
    const described = from.interfaces.get(id);
    if (described !== undefined) addGroups(context, from, described, carrier.groupIds, spot);
    else if (context.baseline?.interfaces.has(id) !== true) {
      const rest = undecidedId(context, spot, id, "groups");
      from.interfaces.set(id, { ...carrier, groupIds: [...carrier.groupIds, rest].sort() });
      warn(
        context,
        spot,
        "interface-partial",
        `of the interface ${id} only some groups are told here: what they do not admit is unknown; give ` +
          "describe-network-interfaces",
      );
    }
  }
  dropStandIns(from.interfaces, context);
}

/**
 * Rules that one document tells of a group which another describes. The lists of a state may be older than rules in
 * another state; what AWS answered holds as it is.
 */
function addRules(
  context: LoadContext,
  { groups, ofStates }: Collected,
  group: GroupDraft,
  told: readonly RuleDraft[],
): void {
  const others = told.filter(({ key }) => !group.rules.has(key));
  const [first] = others;
  if (first === undefined) return;
  const keys = [...new Set(others.map(({ key }) => key))].join(", ");
  if (!ofStates.has(group.id)) {
    warn(
      context,
      first.spot,
      "group-partial",
      `what describes the group ${group.id} does not have ${keys}: left out as gone; give its newest answer`,
    );
    return;
  }
  const rules = new Map(group.rules);
  for (const rule of others) addRule(rules, rule);
  groups.set(group.id, { ...group, rules });
  warn(
    context,
    first.spot,
    "terraform-list-older",
    `the list of ${group.id} in another state is older than this rule of it: ${keys} is added, and others may be gone already; ` +
      "terraform apply -refresh-only brings that state up to date",
  );
}

/** The same for groups of an interface. */
function addGroups(
  context: LoadContext,
  { interfaces, ofStates }: Collected,
  carrier: NetworkInterface,
  told: readonly string[],
  spot: Spot,
): void {
  const others = told.filter((id) => !carrier.groupIds.includes(id));
  if (others.length === 0) return;
  if (ofStates.has(carrier.id))
    interfaces.set(carrier.id, {
      ...carrier,
      groupIds: [...carrier.groupIds, ...others].sort(),
    });
  else
    warn(
      context,
      spot,
      "interface-partial",
      `what describes the interface ${carrier.id} does not have ${others.join(", ")} on it: left out as gone; give its newest answer`,
    );
}

/** The same for entries of prefix lists, when all lists are known. Where nothing tells a list's entries it stays open. */
export function completeLists(
  context: LoadContext,
  { partialLists, lists, ofStates }: Collected,
): void {
  for (const [id, entries] of partialLists) {
    const known = lists.get(id)?.blocks?.cidrs;
    const others = entries.filter(({ cidr }) => known?.has(formatCidr(cidr)) === false);
    const [first] = others;
    if (known === undefined || first === undefined) continue;
    const words = others.map(({ cidr }) => formatCidr(cidr)).join(", ");
    if (ofStates.has(id)) for (const { cidr } of others) known.set(formatCidr(cidr), cidr);
    else
      warn(
        context,
        first.spot,
        "prefix-list-partial",
        `what describes the prefix list ${id} does not have ${words}: left out as gone; give its newest answer`,
      );
  }
}

/** Told parts of what the baseline holds as a whole: they are added to it. */
export function partialOverlay(context: LoadContext, from: Collected): Overlay {
  const overlay = newOverlay();
  const { baseline } = context;
  for (const [id, rules] of from.partialGroups) {
    const [first] = rules;
    if (baseline?.groups.has(id) !== true || from.groups.has(id) || first === undefined) continue;
    const change = groupChange(overlay, id, { subject: id, at: first.at });
    for (const rule of rules) change.added.set(rule.key, { rule, ruleId: undefined });
  }
  for (const [id, { carrier }] of from.partialInterfaces) {
    if (baseline?.interfaces.has(id) !== true || from.interfaces.has(id)) continue;
    const change = interfaceChange(overlay, id, { subject: id, at: carrier.at });
    for (const groupId of carrier.groupIds) change.attached.add(groupId);
  }
  for (const [id, entries] of from.partialLists) {
    const [first] = entries;
    if (baseline?.prefixLists.has(id) !== true || from.lists.has(id) || first === undefined)
      continue;
    const change = listChange(overlay, id, { subject: id, at: first.at });
    for (const { cidr } of entries) change.added.set(formatCidr(cidr), cidr);
  }
  return overlay;
}

function isDescribed({ baseline }: LoadContext, from: Collected, id: string): boolean {
  return from.groups.has(id) || from.groupRules.groups.has(id) || baseline?.groups.has(id) === true;
}

function partialGroup(context: LoadContext, id: string, told: readonly RuleDraft[]): GroupDraft {
  const { at, spot, offset } = told[0] as RuleDraft;
  const rules = new Map<string, RuleDraft>();
  for (const rule of told) addRule(rules, rule);
  for (const rule of undecidedRules(context, spot, id, offset)) addRule(rules, rule);
  warn(
    context,
    spot,
    "group-partial",
    `of the group ${id} only some rules are told here: what they do not admit is unknown; give describe-security-groups`,
  );
  return { id, name: undefined, vpcId: UNKNOWN_VPC, accountId: undefined, rules, at, spot };
}

/**
 * A load balancer known by its name alone stands aside for its interfaces. Those that only the baseline holds carry from
 * then on what the documents say of it.
 */
function dropStandIns(interfaces: Map<string, NetworkInterface>, { baseline }: LoadContext): void {
  const isReal = ({ id }: NetworkInterface): boolean => id.startsWith("eni-");
  const byBalancer = new Map<string, NetworkInterface[]>();
  for (const carrier of new Map([...(baseline?.interfaces ?? []), ...interfaces]).values()) {
    if (carrier.balancer === undefined || !isReal(carrier)) continue;
    byBalancer.set(carrier.balancer, [...(byBalancer.get(carrier.balancer) ?? []), carrier]);
  }
  for (const [id, carrier] of [...interfaces]) {
    const { balancer, groupIds, at } = carrier;
    if (balancer === undefined || isReal(carrier)) continue;
    const real = byBalancer.get(balancer);
    if (real === undefined) continue;
    interfaces.delete(id);
    for (const own of real)
      if (!interfaces.has(own.id) && own.groupIds.join() !== groupIds.join())
        interfaces.set(own.id, { ...own, groupIds, at });
  }
}
