// Rule sets over time (semantics 6.5).
import { FlowError } from "../errors.js";
import type { PrefixList, RuleSet } from "../model/rule-set.js";
import type { Period } from "../model/timeline.js";
import type { DocumentKind } from "./document.js";
import { presentKinds } from "./inspect.js";
import type { LoadedRules } from "./load.js";

/** What was loaded for a time. */
export interface DatedRules {
  /** As the user gave it; messages name it. */
  readonly name: string;
  /** Unix seconds from which the rules hold. */
  readonly from: number;
  readonly loaded: LoadedRules;
}

/**
 * Periods in order of time. Each rule set stands alone, but for the kinds of documents that it lacks altogether: those
 * are of the period before (groups, prefix lists and their entries, interfaces, VPCs, subnets, peerings, network ACLs,
 * `--attach`). Throws a FlowError (`history-*`) for no rules at all, and for two that begin at the same time.
 */
export function historyOf(dated: readonly DatedRules[]): readonly Period[] {
  const sorted = [...dated].sort((a, b) => a.from - b.from);
  if (sorted.length === 0)
    throw new FlowError("history-empty", "a history has at least one rule set");
  const periods: Period[] = [];
  for (const [index, { name, from, loaded }] of sorted.entries()) {
    const previous = sorted[index - 1];
    if (previous?.from === from)
      throw new FlowError(
        "history-same-time",
        `${previous.name} and ${name} begin at the same time${from === 0 ? ", the beginning of time" : ""}`,
        { at: name, hint: "give each but one its own time: PATH@2024-12-14T16:00:00Z" },
      );
    const before = periods.at(-1)?.ruleSet;
    periods.push({ from, ruleSet: before === undefined ? loaded.ruleSet : filled(before, loaded) });
  }
  return periods;
}

/** The loaded rule set, with what its documents lack from the one before. */
function filled(before: RuleSet, loaded: LoadedRules): RuleSet {
  const { ruleSet } = loaded;
  const present = presentKinds(loaded);
  const has = (...kinds: DocumentKind[]): boolean => kinds.some((kind) => present.has(kind));
  const given = <T>(isGiven: boolean, own: T, earlier: T): T => (isGiven ? own : earlier);
  return {
    groups: given(
      has("describe-security-groups", "describe-security-group-rules"),
      ruleSet.groups,
      before.groups,
    ),
    prefixLists: filledLists(
      before,
      ruleSet,
      has("describe-prefix-lists", "describe-managed-prefix-lists"),
      has("describe-prefix-lists", "get-managed-prefix-list-entries"),
    ),
    // Options describe interfaces too.
    interfaces: given(
      has("describe-network-interfaces") || ruleSet.interfaces.size > 0,
      ruleSet.interfaces,
      before.interfaces,
    ),
    vpcs: given(has("describe-vpcs"), ruleSet.vpcs, before.vpcs),
    subnets: given(has("describe-subnets"), ruleSet.subnets, before.subnets),
    peerings: given(has("describe-vpc-peering-connections"), ruleSet.peerings, before.peerings),
    acls: given(has("describe-network-acls"), ruleSet.acls, before.acls),
    attach: given(ruleSet.attach.length > 0, ruleSet.attach, before.attach),
    snapshotComplete: ruleSet.snapshotComplete || before.snapshotComplete,
  };
}

/** Descriptions and entries of prefix lists are two kinds of documents about the same things. */
function filledLists(
  before: RuleSet,
  { prefixLists: own }: RuleSet,
  hasDescriptions: boolean,
  hasEntries: boolean,
): ReadonlyMap<string, PrefixList> {
  if (hasDescriptions && hasEntries) return own;
  const lists = new Map(hasDescriptions ? [] : before.prefixLists);
  for (const [id, list] of own) {
    const earlier = before.prefixLists.get(id);
    lists.set(
      id,
      earlier === undefined ? list : { ...earlier, ...list, cidrs: list.cidrs ?? earlier.cidrs },
    );
  }
  return new Map([...lists].sort(([a], [b]) => (a < b ? -1 : 1)));
}
