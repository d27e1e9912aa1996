// Groups of a state, and rules that are resources of their own.
import type { Direction } from "../../model/verdict.js";
import { addRule, type GroupDraft } from "../group-draft.js";
import { UNKNOWN_VPC } from "../join-groups.js";
import { OFFSET } from "../json-reader.js";
import { copyText, type LoadContext, warn } from "../load-context.js";
import type { RuleDraft } from "../rule-draft.js";
import { below, refuse, type Spot } from "../spot.js";
import { anyTraffic } from "../traffic.js";
import { optionalId, requiredId } from "./ids.js";
import { blocksOf, isAbsent, knownText, OPEN, type Open, textOf } from "./part.js";
import type { TerraformResource } from "./resource.js";
import {
  GROUP_RULE,
  INLINE,
  openRule,
  type Resolve,
  type RuleOwner,
  type RuleReading,
  readRules,
  VPC_RULE,
} from "./rule-blocks.js";

export const GROUP_TYPES: ReadonlySet<string> = new Set([
  "aws_security_group",
  "aws_default_security_group",
]);

/** Resources that are one rule, or several of one group; the direction of those whose type tells it. */
export const RULE_TYPES: ReadonlyMap<string, Direction | undefined> = new Map([
  ["aws_security_group_rule", undefined],
  ["aws_vpc_security_group_ingress_rule", "ingress"],
  ["aws_vpc_security_group_egress_rule", "egress"],
]);

export const DIRECTIONS: readonly Direction[] = ["ingress", "egress"];

/** How open values are decided and told. */
export interface OpenHandling {
  readonly resolve: Resolve;
  readonly onOpen: (resource: TerraformResource, attribute: string, spot: Spot) => void;
}

/** In a state nothing is open. */
export const NOTHING_OPEN: OpenHandling = { resolve: () => undefined, onOpen: () => {} };

/** The group of a resource, without its rules. A default VPC stands in no attribute, so a missing one is not Classic's. */
export function groupHead(
  context: LoadContext,
  resource: TerraformResource,
  id: string,
): GroupDraft {
  const { spot, values } = resource;
  const name = knownText(resource, "name");
  return {
    id,
    name: name === undefined ? undefined : copyText(name),
    vpcId: optionalId(context, resource, "vpc_id") ?? UNKNOWN_VPC,
    accountId: optionalId(context, resource, "owner_id"),
    rules: new Map(),
    at: spot.document.placeOf(values[OFFSET]),
    spot,
  };
}

function readingOf(
  context: LoadContext,
  resource: TerraformResource,
  owner: RuleOwner,
  { resolve, onOpen }: OpenHandling,
): RuleReading {
  return {
    context,
    resource,
    owner,
    resolve,
    onOpen: (attribute, spot) => onOpen(resource, attribute, spot),
  };
}

/**
 * The rules of the group's own list for a direction; `OPEN` where the whole list is known only after apply, or was taken
 * out: Terraform computes it, so that a list without rules is there and empty.
 */
export function inlineRules(
  context: LoadContext,
  resource: TerraformResource,
  owner: RuleOwner,
  direction: Direction,
  handling: OpenHandling,
): readonly RuleDraft[] | Open {
  const blocks = blocksOf(resource, direction);
  if (blocks === OPEN || isAbsent(resource, direction)) return OPEN;
  const reading = readingOf(context, resource, owner, handling);
  return blocks.flatMap((block) => readRules(reading, INLINE, direction, block));
}

/** One rule that stands for a whole list of which nothing is known. */
export function openList(
  context: LoadContext,
  resource: TerraformResource,
  owner: RuleOwner,
  direction: Direction,
  handling: OpenHandling,
): RuleDraft {
  const reading = readingOf(context, resource, owner, handling);
  return openRule(reading, direction, anyTraffic(), resource, direction);
}

/** A rule of the same traffic of which nothing else is known, because `attribute` is open. */
export function openTraffic(
  context: LoadContext,
  resource: TerraformResource,
  { direction, traffic }: RuleDraft,
  attribute: string,
): RuleDraft {
  const owner = { groupId: "", accountId: undefined };
  const reading = readingOf(context, resource, owner, NOTHING_OPEN);
  return openRule(reading, direction, traffic, resource, attribute);
}

/** The rules of a resource of its own. */
export function resourceRules(
  context: LoadContext,
  resource: TerraformResource,
  owner: RuleOwner,
  handling: OpenHandling,
): readonly RuleDraft[] {
  const dialect = resource.type === "aws_security_group_rule" ? GROUP_RULE : VPC_RULE;
  const reading = readingOf(context, resource, owner, handling);
  return readRules(reading, dialect, directionOf(resource), resource);
}

export function directionOf(resource: TerraformResource): Direction {
  const known = RULE_TYPES.get(resource.type);
  if (known !== undefined) return known;
  const type = textOf(resource, "type");
  if (type === "ingress" || type === "egress") return type;
  return refuse(
    below(resource.spot, "type"),
    "rules-shape",
    "the type of the rule is neither ingress nor egress",
  );
}

/** The `sgr-` id of a resource that is one rule. */
export function ruleIdOf(
  context: LoadContext,
  resource: TerraformResource,
  rules: readonly RuleDraft[],
): string | undefined {
  return rules.length === 1 ? optionalId(context, resource, "security_group_rule_id") : undefined;
}

function addOpenList(
  context: LoadContext,
  resource: TerraformResource,
  owner: RuleOwner,
  direction: Direction,
  { id, rules }: GroupDraft,
): void {
  addRule(rules, openList(context, resource, owner, direction, NOTHING_OPEN));
  warn(
    context,
    resource.spot,
    "group-partial",
    `the ${direction} list of the group ${id} was taken out of its resource: what its other rules do not admit is unknown`,
  );
}

/** What a state holds of one group. */
export interface StateGroup {
  readonly draft: GroupDraft;
  /** Rules that stand in resources of their own, by key. */
  readonly own: Map<string, RuleDraft>;
  /** `sgr-` ids by key. */
  readonly ruleIds: Map<string, string>;
}

/** Groups of a state with all their rules, by id. */
export interface StateGroups {
  readonly described: ReadonlyMap<string, StateGroup>;
  /** Rules of groups that the state itself does not hold: of these nothing else is known. */
  readonly partial: ReadonlyMap<string, readonly RuleDraft[]>;
}

/**
 * The lists of a group hold every rule that it had when Terraform last looked, made by whom it may be; rules of their own
 * resources are added, for the list may be older than they are. O(rules).
 */
export function stateGroups(
  context: LoadContext,
  resources: readonly TerraformResource[],
): StateGroups {
  const described = new Map<string, StateGroup>();
  const partial = new Map<string, RuleDraft[]>();
  for (const resource of resources) {
    if (!GROUP_TYPES.has(resource.type) || resource.mode !== "managed") continue;
    const id = requiredId(context, resource, "id");
    const draft = groupHead(context, resource, id);
    const known = described.get(id);
    if (known !== undefined)
      refuse(
        resource.spot,
        "group-differs",
        `${known.draft.spot.subject} is the group ${id} too`,
        "one group belongs to one resource: terraform state rm the other",
      );
    const owner = { groupId: id, accountId: draft.accountId };
    for (const direction of DIRECTIONS) {
      const rules = inlineRules(context, resource, owner, direction, NOTHING_OPEN);
      if (rules === OPEN) addOpenList(context, resource, owner, direction, draft);
      else for (const rule of rules) addRule(draft.rules, rule);
    }
    described.set(id, { draft, own: new Map(), ruleIds: new Map() });
  }
  for (const resource of resources) {
    if (!RULE_TYPES.has(resource.type) || resource.mode !== "managed") continue;
    const groupId = requiredId(context, resource, "security_group_id");
    const group = described.get(groupId);
    const owner = { groupId, accountId: group?.draft.accountId };
    const rules = resourceRules(context, resource, owner, NOTHING_OPEN);
    if (group === undefined) {
      const others = partial.get(groupId);
      if (others === undefined) partial.set(groupId, [...rules]);
      else others.push(...rules);
      continue;
    }
    const ruleId = ruleIdOf(context, resource, rules);
    for (const rule of rules) {
      group.own.set(rule.key, rule);
      if (ruleId !== undefined) group.ruleIds.set(rule.key, ruleId);
    }
  }
  return { described, partial };
}
