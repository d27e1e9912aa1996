import { FlowError } from "../errors.js";
import type { JudgedOpener } from "../model/opener.js";
import type { Group, RuleSet } from "../model/rule-set.js";
import { DIRECTIONS, type Direction, type Grade } from "../model/verdict.js";
import { FAMILIES } from "./address-ranges.js";
import type {
  QuotaMark,
  SuggestedRule,
  Suggestion,
  SuggestionPart,
  UntouchedReason,
} from "./suggestion.js";
import { partOf, RULES_PER_GROUP } from "./tighten-choice.js";
import { type PeerBook, peerBook } from "./tighten-peers.js";
import { connectionsOf, distinct, keptRule, suggestedRule } from "./tighten-rules.js";
import { spaceOf } from "./tighten-space.js";
import { carries, type Demand, type Training, trainingOf } from "./tighten-training.js";

/** AWS: rules per group times groups per interface, and the latter by default (documented). */
const PRODUCT: number = 1000;
const GROUPS_PER_INTERFACE: number = 5;
/** What the product leaves when no interface needs more than one group. */
export const MOST_BUDGET: number = 1000;

export interface TightenOptions {
  /** Most rules per direction and address family, 1-1000. */
  readonly budget: number;
  /** Only this direction; both by default. */
  readonly direction?: Direction;
  /** Weakest grade to learn from; `inferred` by default, so measured and inferred openers teach. */
  readonly minGrade?: Grade;
}

function untouchedReason(
  group: Group,
  direction: Direction,
  demands: readonly Demand[],
  asked: Direction | undefined,
): UntouchedReason | undefined {
  if (asked !== undefined && asked !== direction) return "not-asked";
  const isClassic =
    group.vpcId === undefined && !group.rules.some((rule) => rule.direction === "egress");
  if (direction === "egress" && isClassic) return "classic";
  return demands.length === 0 ? "no-openings" : undefined;
}

function quotaMarks(book: PeerBook, groupId: string): QuotaMark[] {
  const carried = (book.carriers.get(groupId) ?? []).map((owner) => owner.groupIds.length);
  const groups = Math.max(GROUPS_PER_INTERFACE, ...carried);
  return [
    { name: "rules-per-group", rules: RULES_PER_GROUP },
    { name: "rules-per-group-raised", rules: Math.floor(PRODUCT / groups) },
  ];
}

function checkedGroup(ruleSet: RuleSet, groupId: string, budget: number): Group {
  if (!Number.isInteger(budget) || budget < 1 || budget > MOST_BUDGET)
    throw new FlowError("budget-invalid", `the budget ${budget} is not 1-${MOST_BUDGET} rules`);
  const group = ruleSet.groups.get(groupId);
  if (group !== undefined) return group;
  throw new FlowError("group-unknown", `no document describes the group ${groupId}`, {
    hint: "name a group by its id (sg-...) as describe-security-groups lists it",
  });
}

function carryingInterfaces(book: PeerBook, training: Training, groupId: string): number {
  const known = (book.carriers.get(groupId) ?? []).map(({ id }) => id);
  const attached = [...training.interfaces].filter((id) => carries(book, id, groupId));
  return new Set([...known, ...attached]).size;
}

/**
 * Narrower rules for a group, from the openers that its present rules admit (rulings[0] of the rows; `ruleSet` judged
 * them). The suggestion admits every opener it was learnt from, and nothing that the present rules do not admit; rules
 * that the log cannot judge stay. Names before addresses: a present reference, a group of which half the members were
 * seen, a prefix list no wider than the block it saves. Throws `group-unknown`, `budget-invalid`.
 */
export function tightenGroup(
  openers: Iterable<JudgedOpener>,
  ruleSet: RuleSet,
  groupId: string,
  options: TightenOptions,
): Suggestion {
  const { budget, minGrade = "inferred" } = options;
  const group = checkedGroup(ruleSet, groupId, budget);
  const book = peerBook(ruleSet);
  const training = trainingOf(openers, book, group, minGrade);
  const rules: SuggestedRule[] = [];
  const parts: SuggestionPart[] = [];
  const untouched: { direction: Direction; why: UntouchedReason }[] = [];
  for (const direction of DIRECTIONS) {
    if (direction === "") continue;
    const present = group.rules.filter((rule) => rule.direction === direction);
    const all = training.demands.filter((demand) => demand.direction === direction);
    const why = untouchedReason(group, direction, all, options.direction);
    if (why !== undefined) {
      untouched.push({ direction, why });
      for (const rule of present) rules.push(keptRule(rule, all));
      continue;
    }
    const kept = present.filter(({ id }) => training.undecidable.has(id));
    const open = all.filter((demand) => !demand.rules.some((rule) => kept.includes(rule)));
    const space = spaceOf(book, present);
    const found = FAMILIES.flatMap((family) => {
      const demands = open.filter(({ remote }) => remote.family === family);
      return partOf(space, direction, family, demands, kept, present, budget) ?? [];
    });
    parts.push(...found.map(({ part }) => part));
    for (const rule of kept) rules.push(keptRule(rule, all));
    for (const sketch of distinct(found.flatMap(({ sketches }) => sketches))) {
      const suggested = suggestedRule(group, direction, sketch, book, open);
      if (!kept.includes(suggested.rule)) rules.push(suggested);
    }
  }
  const tightened: Group = { ...group, rules: rules.map(({ rule }) => rule) };
  const stays = new Set(tightened.rules);
  const dropped = group.rules.filter((rule) => !stays.has(rule));
  return {
    groupId,
    budget,
    minGrade,
    rules,
    parts,
    quotas: quotaMarks(book, groupId),
    dropped: dropped.map((rule) => ({ rule, connections: connectionsOf(rule, training.demands) })),
    untouched,
    training: {
      grades: training.grades,
      leftOut: training.leftOut,
      interfaces: {
        carrying: carryingInterfaces(book, training, groupId),
        seen: training.interfaces.size,
      },
      first: training.first,
      last: training.last,
    },
    group: tightened,
    ruleSet: { ...ruleSet, groups: new Map([...ruleSet.groups, [groupId, tightened]]) },
  };
}
