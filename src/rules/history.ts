// Rule sets over time (semantics 6.5).
import { FlowError } from "../errors.js";
import type { PrefixList, RuleSet } from "../model/rule-set.js";
import type { Period } from "../model/timeline.js";
import { parseDocuments } from "./collect.js";
import { changeTimes } from "./config/collect-items.js";
import type { DocumentKind, RuleDocument } from "./document.js";
import { presentKinds } from "./inspect.js";
import { withVpcs } from "./interface-vpcs.js";
import { type LoadedRules, loadParsed } from "./load.js";
import type { RuleOptions } from "./options.js";
import { ruleSetDifferences } from "./rule-set-differences.js";

/** What was loaded for a time. */
export interface DatedRules {
  /** As the user gave it; messages name it. */
  readonly name: string;
  /** Unix seconds from which the rules hold. */
  readonly from: number;
  readonly loaded: LoadedRules;
  /** The same documents tell of a change: what is gone then is gone, and not left out. */
  readonly isChange?: boolean;
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

/** Snapshots of every day say the same most days: each different rule set costs an image in the core. */
export function changesOnly(history: readonly Period[]): readonly Period[] {
  const periods: Period[] = [];
  for (const period of history) {
    const before = periods.at(-1)?.ruleSet;
    if (before === undefined || ruleSetDifferences(before, period.ruleSet).length > 0)
      periods.push(period);
  }
  return periods;
}

/** The loaded rule set, with what its documents lack from the one before. */
function filled(before: RuleSet, loaded: LoadedRules): RuleSet {
  const { ruleSet } = loaded;
  const present = presentKinds(loaded);
  const has = (...kinds: DocumentKind[]): boolean => kinds.some((kind) => present.has(kind));
  const subnets = has("describe-subnets") ? ruleSet.subnets : before.subnets;
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
      withVpcs(ruleSet.interfaces, subnets),
      before.interfaces,
    ),
    vpcs: given(has("describe-vpcs"), ruleSet.vpcs, before.vpcs),
    subnets,
    peerings: given(has("describe-vpc-peering-connections"), ruleSet.peerings, before.peerings),
    acls: given(has("describe-network-acls"), ruleSet.acls, before.acls),
    attach: given(ruleSet.attach.length > 0, ruleSet.attach, before.attach),
    snapshotComplete: ruleSet.snapshotComplete || before.snapshotComplete,
  };
}

/** A timeline of the core holds this many rule sets. */
const MOST_TIMES = 1000;

/**
 * Documents that hold from a time on, as the rule sets of all the times that they tell of: one, but for items of AWS
 * Config. Changes before `from` are part of the first rule set; those at `until` and later are left to what holds then.
 * Throws a FlowError where loadRuleSet does, and for more times than can be followed.
 */
export function loadHistory(
  { name, from, until }: { readonly name: string; readonly from: number; readonly until?: number },
  documents: readonly RuleDocument[],
  options: RuleOptions,
): readonly DatedRules[] {
  const parsed = parseDocuments(documents);
  const items = parsed
    .flatMap(({ forms }) => forms)
    .flatMap((form) => (form.kind === "config" ? form.config.items : []));
  if (items.length === 0) return [{ name, from, loaded: loadParsed(parsed, options) }];
  const all = changeTimes(items);
  const end = until ?? Number.POSITIVE_INFINITY;
  // Without a time of its own a history begins where its items do.
  const first = from === 0 ? Math.min(all[0] ?? 0, end - 1) : from;
  const times = all.filter((time) => time > first && time < end);
  if (times.length > MOST_TIMES)
    throw new FlowError(
      "history-too-long",
      `AWS Config tells of ${times.length} times at which something changed, and at most ${MOST_TIMES} can be followed`,
      {
        at: name,
        hint: "say from when on they are needed, such as the beginning of the log: PATH@2024-12-14T16:00:00Z",
      },
    );
  return [
    { name, from: first, loaded: loadParsed(parsed, options, first) },
    ...times.map((time) => ({
      name,
      from: time,
      loaded: loadParsed(parsed, options, time),
      isChange: true,
    })),
  ];
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
