// Groups and interfaces of which documents tell a part only: the rest is undecided, never empty.
import type { NetworkInterface } from "../model/rule-set.js";
import type { Collected } from "./collect.js";
import { undecidedRules } from "./cut-answers.js";
import { addRule, type GroupDraft } from "./group-draft.js";
import { UNKNOWN_VPC } from "./join-groups.js";
import { type LoadContext, warn } from "./load-context.js";
import { groupChange, interfaceChange, newOverlay, type Overlay } from "./overlay.js";
import type { RuleDraft } from "./rule-draft.js";
import type { Spot } from "./spot.js";
import { undecidedId } from "./undecided.js";

/** An interface, and where a document tells of it. */
export interface PartialInterface {
  readonly carrier: NetworkInterface;
  readonly spot: Spot;
}

/**
 * Adds groups and interfaces that no document describes as a whole: what is known of them, and beside it what stands for
 * the rest.
 */
export function completePartial(context: LoadContext, from: Collected): void {
  for (const [id, rules] of from.partialGroups)
    if (!isDescribed(context, from, id)) from.groups.set(id, partialGroup(context, id, rules));
  for (const [id, { carrier, spot }] of from.partialInterfaces)
    if (!from.interfaces.has(id) && context.baseline?.interfaces.has(id) !== true) {
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
  dropStandIns(from.interfaces, context);
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
