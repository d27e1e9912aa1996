import { type OpenerRows, openerTable } from "../model/opener-table.js";
import type { RuleSet } from "../model/rule-set.js";
import { type PeerExtents, peerExtents } from "./peer-extent.js";
import { peerIndexOf } from "./peer-index.js";
import { connectedParts, type RuleSets, smallestCover } from "./removal-cover.js";
import { closedSpace } from "./removal-price.js";
import type { Amount, Share } from "./tuple.js";
import { compareText, count, topShares } from "./tuple-spread.js";
import type { RuleUsage, Usage, UsageClass, UsageCoverage } from "./usage.js";
import { type LedgerRule, ledgerRules } from "./usage-rules.js";
import { type AdmittedSet, admittedSets } from "./usage-sets.js";

/** Address-port pairs that a rule opens and no kept rule of its group does. */
export interface ClosedSpace {
  /** Of the rule alone: addresses of its peer (null where not known) and ports (1 without ports, ICMP: types). */
  readonly addresses: number | null;
  readonly ports: number;
  /**
   * Pairs that its removal closes in its group; whoever used one is admitted by a kept rule of another group. Null where
   * the members are not known.
   */
  readonly pairs: number | null;
  /** True: `pairs` is an upper bound, for not every overlap was subtracted. */
  readonly atMost: boolean;
}

/** A rule that can go, and what that costs. */
export interface RemovedRule extends Amount {
  readonly id: string;
  readonly groupId: string;
  readonly class: UsageClass;
  /** Kept rules that admit what it admitted, with how much of it, most first. Empty: it admitted nothing. */
  readonly admittedBy: readonly Share[];
  readonly closes: ClosedSpace;
  /** What the log could show of its group: beyond that nobody knows whether it is needed. */
  readonly coverage: UsageCoverage;
}

/** Why a rule stays, closed list. */
export type KeepReason =
  /** Connections that no other kept rule admits. */
  | "needed"
  /** It may admit connections whose verdict or opener is unknown. */
  | "undecided-traffic"
  /** Classes that never go. */
  | "not-observable"
  | "on-no-interface"
  | "undecidable"
  /** No rule of a document: the open egress of an EC2-Classic group (semantics 3.8). */
  | "not-a-rule";

export interface KeptRule {
  readonly id: string;
  readonly groupId: string;
  readonly class: UsageClass;
  readonly reason: KeepReason;
  /** Connections that no other kept rule admits. */
  readonly soleConnections: number;
  /** Connections with unknown verdict or opener that it may admit. */
  readonly undecided: number;
}

/** Rules that share connections with one another, directly or through others. */
export interface RemovalComponent {
  readonly rules: readonly string[];
  readonly kept: readonly string[];
  /** No smaller set of kept rules exists for these rules. */
  readonly optimal: boolean;
}

/** Rules that can go together: every connection that was admitted stays admitted by what is left. */
export interface RemovalPlan {
  readonly removed: readonly RemovedRule[];
  readonly kept: readonly KeptRule[];
  readonly components: readonly RemovalComponent[];
  /** Every component is. */
  readonly optimal: boolean;
  /** Admitted connections that the plan was made for: all of them stay admitted. */
  readonly connections: number;
}

/** Rules listed that admit what a removed one admitted. */
const ADMITTERS_TOP = 10;

/** Only these classes may go: for every other one the log could not show that nothing needs it. */
const REMOVABLE: ReadonlySet<UsageClass> = new Set<UsageClass>([
  "used",
  "redundant",
  "no-evidence",
]);

/**
 * A largest set of rules whose joint removal keeps every connection admitted that the rules admit now, by the ledger of
 * the same rows. Rules stay that may admit connections of unknown opener or verdict, and rules whose use no log shows.
 * Among equals the narrower rule stays. Per part of rules that share connections the answer is exact unless `optimal`
 * says otherwise. Cost: linear in the rows; the search is bounded per part (SEARCH_EFFORT).
 */
export function removalPlan(openers: OpenerRows, ruleSet: RuleSet, usage: Usage): RemovalPlan {
  const ledger = new Map(ledgerRules(ruleSet).map((each) => [each.rule.id, each]));
  const uses = new Map(usage.rules.map((rule) => [rule.id, rule]));
  const extents = peerExtents(peerIndexOf(ruleSet));
  const sets = admittedSets(openerTable(openers), ledger);
  const stays = new Set([...ledger.values()].filter((each) => mustStay(each, uses)).map(idOf));
  const { kept, components } = chooseKept(sets, stays, preference(usage, ledger, extents));
  const remaining = new Set([...stays, ...kept]);
  const shares = sharesOf(sets, remaining);
  const all = usage.rules.filter(({ id }) => ledger.has(id));
  return {
    removed: all
      .filter(({ id }) => !remaining.has(id))
      .map((rule) => removedRule(rule, ledger, remaining, shares, extents)),
    kept: all
      .filter(({ id }) => remaining.has(id))
      .map((rule) => keptRule(rule, ledger, shares.sole.get(rule.id) ?? 0)),
    components,
    optimal: components.every(({ optimal }) => optimal),
    connections: sets.reduce((sum, { amount }) => sum + amount.connections, 0),
  };
}

function idOf({ rule }: LedgerRule): string {
  return rule.id;
}

function mustStay({ rule, isClassic }: LedgerRule, uses: ReadonlyMap<string, RuleUsage>): boolean {
  const use = uses.get(rule.id);
  return isClassic || use === undefined || !REMOVABLE.has(use.class) || use.undecided > 0;
}

/** Rules that were seen in use, the ones that open least first: of equals the narrower one is kept. */
function preference(
  usage: Usage,
  ledger: ReadonlyMap<string, LedgerRule>,
  extents: PeerExtents,
): readonly string[] {
  const used = usage.rules.filter(({ id, connections }) => connections > 0 && ledger.has(id));
  const sizes = new Map(
    used.map(({ id }) => [id, closedSpace(ledger.get(id)!, [], extents).pairs ?? 0]),
  );
  const width = ({ id, protocol }: RuleUsage): number => (protocol === -1 ? 2 : 1) * sizes.get(id)!;
  return used.sort((a, b) => width(a) - width(b) || compareText(a.id, b.id)).map(({ id }) => id);
}

function chooseKept(
  sets: readonly AdmittedSet[],
  stays: ReadonlySet<string>,
  preferred: readonly string[],
): { readonly kept: readonly string[]; readonly components: readonly RemovalComponent[] } {
  const numbers = new Map(preferred.map((id, number) => [id, number]));
  const open: RuleSets = sets
    .filter(({ ids }) => !ids.some((id) => stays.has(id)))
    .map(({ ids }) => ids.map((id) => numbers.get(id)!).sort((a, b) => a - b))
    .sort(compareSets);
  const names = (rules: Iterable<number>): readonly string[] =>
    [...rules].map((rule) => preferred[rule]!).sort(compareText);
  const components = connectedParts(open).map((part) => {
    const { kept, optimal } = smallestCover(part);
    return { rules: names(new Set(part.flat())), kept: names(kept), optimal };
  });
  return { kept: components.flatMap(({ kept }) => kept), components };
}

/** So that the order of the rows decides nothing. */
function compareSets(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((rule, i) => rule !== b[i]);
  return at < 0 ? a.length - b.length : a[at]! - (b[at] ?? -1);
}

/** Who admits what, once the others are gone. */
interface Shares {
  /** Connections that a kept rule alone admits. */
  readonly sole: ReadonlyMap<string, number>;
  /** Per removed rule the kept ones that admit the same, with how much. */
  readonly admitters: ReadonlyMap<string, ReadonlyMap<string, number>>;
}

function sharesOf(sets: readonly AdmittedSet[], remaining: ReadonlySet<string>): Shares {
  const sole = new Map<string, number>();
  const admitters = new Map<string, Map<string, number>>();
  for (const { ids, amount } of sets) {
    const kept = ids.filter((id) => remaining.has(id));
    if (kept.length === 1) count(sole, kept[0]!, amount.connections);
    for (const id of ids) {
      if (remaining.has(id)) continue;
      const shared = admitters.get(id) ?? new Map<string, number>();
      admitters.set(id, shared);
      for (const other of kept) count(shared, other, amount.connections);
    }
  }
  return { sole, admitters };
}

function removedRule(
  rule: RuleUsage,
  ledger: ReadonlyMap<string, LedgerRule>,
  remaining: ReadonlySet<string>,
  shares: Shares,
  extents: PeerExtents,
): RemovedRule {
  const { id, groupId, connections, records, forward, replies, bytes } = rule;
  const removed = ledger.get(id)!;
  const keptOfGroup = removed.group.rules.flatMap((other) =>
    remaining.has(other.id) ? [ledger.get(other.id)!] : [],
  );
  const admitters = shares.admitters.get(id) ?? new Map<string, number>();
  return {
    id,
    groupId,
    class: rule.class,
    connections,
    records,
    forward,
    replies,
    bytes,
    admittedBy: topShares(admitters, (other) => other, ADMITTERS_TOP),
    closes: closedSpace(removed, keptOfGroup, extents),
    coverage: rule.coverage,
  };
}

function keptRule(
  rule: RuleUsage,
  ledger: ReadonlyMap<string, LedgerRule>,
  soleConnections: number,
): KeptRule {
  const { id, groupId, undecided } = rule;
  const isClassic = ledger.get(id)?.isClassic === true;
  const reason = isClassic ? "not-a-rule" : keepReason(rule, soleConnections);
  return { id, groupId, class: rule.class, reason, soleConnections, undecided };
}

function keepReason({ class: found, undecided }: RuleUsage, soleConnections: number): KeepReason {
  if (found === "not-observable" || found === "on-no-interface" || found === "undecidable")
    return found;
  return soleConnections === 0 && undecided > 0 ? "undecided-traffic" : "needed";
}
