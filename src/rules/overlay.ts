// What a plan or a change set does to a rule set: it names changes, not whole things, so that rules which nobody told it
// of stay as they are.
import { type Cidr, formatCidr } from "../model/address.js";
import type {
  Group,
  NetworkInterface,
  Place,
  PrefixList,
  Rule,
  RuleSet,
} from "../model/rule-set.js";
import type { GroupDraft } from "./group-draft.js";
import { finishGroup, finishRule } from "./join-groups.js";
import { withOpenSubnets } from "./open-acls.js";
import type { RuleDraft } from "./rule-draft.js";
import { ruleKey } from "./rule-key.js";

/** What a plan is found to do beside its changes, gravest first: those before `interface-gone` are warnings. */
export const PLAN_CODES = [
  "replace-gap",
  "replace-clash",
  "mixed-rules",
  "deleted-group-carried",
  "reference-stale",
  "rule-not-there",
  "group-unknown",
  "interface-unknown",
  "rule-without-group",
  "entry-without-list",
  "plan-partial",
  "interface-gone",
  "replace-successor",
  "decided-by-reference",
  "known-after-apply",
  "attachment-without-interface",
  "no-longer-managed",
  "default-group-left",
] as const;
export type PlanCode = (typeof PLAN_CODES)[number];

/** Whether somebody should look at it before the plan is applied. */
export function isPlanWarning({ code }: Pick<PlanFinding, "code">): boolean {
  return PLAN_CODES.indexOf(code) < PLAN_CODES.indexOf("interface-gone");
}

/** Something about a plan that its reader should know. */
export interface PlanFinding {
  readonly code: PlanCode;
  /** A Terraform address, or a logical id. */
  readonly subject: string;
  readonly message: string;
  readonly at: Place;
}

/** A rule that comes, and the `sgr-` id it keeps. */
export interface AddedRule {
  readonly rule: RuleDraft;
  readonly ruleId: string | undefined;
}

export interface GroupOverlay {
  readonly id: string;
  /** What the plan names it. */
  readonly subject: string;
  readonly at: Place;
  /** The group as the plan knows it before, or as it is made; `undefined`: known to the rules alone. */
  origin: GroupDraft | undefined;
  isNew: boolean;
  isGone: boolean;
  readonly removed: Map<string, RuleDraft>;
  readonly added: Map<string, AddedRule>;
}

export interface InterfaceOverlay {
  readonly id: string;
  readonly subject: string;
  readonly at: Place;
  origin: NetworkInterface | undefined;
  isNew: boolean;
  isGone: boolean;
  readonly detached: Set<string>;
  readonly attached: Set<string>;
}

export interface ListOverlay {
  readonly id: string;
  readonly subject: string;
  readonly at: Place;
  origin: PrefixList | undefined;
  isNew: boolean;
  isGone: boolean;
  /** An entry is not known yet: then none of them decides. */
  isOpen: boolean;
  readonly removed: Map<string, Cidr>;
  readonly added: Map<string, Cidr>;
}

export interface Overlay {
  readonly groups: Map<string, GroupOverlay>;
  readonly interfaces: Map<string, InterfaceOverlay>;
  readonly lists: Map<string, ListOverlay>;
  /** Subnets whose network ACL is undecided: the id of what stands for it, and where that is said. */
  readonly openSubnets: Map<string, { readonly id: string; readonly at: Place }>;
  readonly findings: PlanFinding[];
}

export interface Overlaid {
  readonly ruleSet: RuleSet;
  readonly findings: readonly PlanFinding[];
}

export function newOverlay(): Overlay {
  return {
    groups: new Map(),
    interfaces: new Map(),
    lists: new Map(),
    openSubnets: new Map(),
    findings: [],
  };
}

/** Who changes something, and where the plan says so. */
export interface ChangeSource {
  readonly subject: string;
  readonly at: Place;
}

/** The change of an id; made when first asked for. */
function changeOf<T>(changes: Map<string, T>, id: string, make: () => T): T {
  const known = changes.get(id);
  if (known !== undefined) return known;
  const made = make();
  changes.set(id, made);
  return made;
}

/** What every change begins with: nothing known of before, neither new nor gone. */
function begun(id: string, { subject, at }: ChangeSource) {
  return { id, subject, at, origin: undefined, isNew: false, isGone: false };
}

/** What changes in a group. */
export function groupChange({ groups }: Overlay, id: string, source: ChangeSource): GroupOverlay {
  return changeOf(groups, id, () => ({
    ...begun(id, source),
    removed: new Map(),
    added: new Map(),
  }));
}

/** What changes on an interface. */
export function interfaceChange(
  { interfaces }: Overlay,
  id: string,
  source: ChangeSource,
): InterfaceOverlay {
  return changeOf(interfaces, id, () => ({
    ...begun(id, source),
    detached: new Set(),
    attached: new Set(),
  }));
}

/** What changes in a prefix list. */
export function listChange({ lists }: Overlay, id: string, source: ChangeSource): ListOverlay {
  return changeOf(lists, id, () => ({
    ...begun(id, source),
    isOpen: false,
    removed: new Map(),
    added: new Map(),
  }));
}

/** Lays the changes over the rules. O(rules + interfaces). */
export function applyOverlay(baseline: RuleSet, overlay: Overlay): Overlaid {
  const findings = [...overlay.findings];
  const lists = new Map(baseline.prefixLists);
  for (const change of overlay.lists.values()) applyList(lists, change);
  const interfaces = new Map(baseline.interfaces);
  for (const change of overlay.interfaces.values()) applyInterface(interfaces, change, findings);
  const groups = new Map(baseline.groups);
  for (const change of overlay.groups.values()) applyGroup(groups, change, findings);
  const gone = [...overlay.groups.values()].filter(({ isGone, isNew }) => isGone && !isNew);
  for (const change of gone) tellCarriers(interfaces, change, findings);
  return {
    ruleSet: {
      ...baseline,
      prefixLists: sorted(lists),
      acls: withOpenSubnets(baseline.acls, overlay.openSubnets),
      interfaces,
      groups: sorted(withoutReferences(groups, gone, findings)),
    },
    findings,
  };
}

function sorted<T>(things: ReadonlyMap<string, T>): Map<string, T> {
  return new Map([...things].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function applyList(lists: Map<string, PrefixList>, change: ListOverlay): void {
  if (change.isGone) {
    lists.delete(change.id);
    return;
  }
  const base = (change.isNew ? undefined : lists.get(change.id)) ?? change.origin;
  if (base === undefined) return;
  if (change.isOpen || base.cidrs === undefined) {
    lists.set(change.id, { ...base, cidrs: undefined, at: change.at });
    return;
  }
  const blocks = new Map(base.cidrs.map((cidr) => [formatCidr(cidr), cidr]));
  for (const text of change.removed.keys()) if (!change.added.has(text)) blocks.delete(text);
  for (const [text, cidr] of change.added) blocks.set(text, cidr);
  lists.set(change.id, { ...base, cidrs: [...blocks.values()], at: change.at });
}

function applyInterface(
  interfaces: Map<string, NetworkInterface>,
  change: InterfaceOverlay,
  findings: PlanFinding[],
): void {
  if (change.isGone) {
    interfaces.delete(change.id);
    return;
  }
  const base = (change.isNew ? undefined : interfaces.get(change.id)) ?? change.origin;
  if (base === undefined) {
    tell(
      findings,
      change,
      "interface-unknown",
      `the rules do not hold its interface ${change.id}: what changes there is left out`,
    );
    return;
  }
  const groupIds = new Set(base.groupIds);
  for (const id of change.detached) if (!change.attached.has(id)) groupIds.delete(id);
  for (const id of change.attached) groupIds.add(id);
  interfaces.set(change.id, { ...base, groupIds: [...groupIds].sort(), at: change.at });
}

function applyGroup(
  groups: Map<string, Group>,
  change: GroupOverlay,
  findings: PlanFinding[],
): void {
  if (change.isGone && !change.isNew) {
    groups.delete(change.id);
    return;
  }
  const known = change.isNew ? undefined : groups.get(change.id);
  const base = known ?? (change.origin && finishGroup(change.origin));
  if (base === undefined) {
    tell(
      findings,
      change,
      "group-unknown",
      `the rules do not hold ${change.id}: what changes in it is left out`,
    );
    return;
  }
  const rules = new Map(base.rules.map((rule) => [ruleKey(rule), rule]));
  for (const [key, rule] of change.removed) {
    if (change.added.has(key)) continue;
    if (rules.delete(key)) continue;
    tell(
      findings,
      change,
      "rule-not-there",
      `the plan takes away ${change.id}/${key}, which the rules do not have: they are of another time`,
      rule.at,
    );
  }
  for (const [key, { rule, ruleId }] of change.added) {
    const before = rules.get(key);
    rules.set(key, addedRule(change.id, rule, ruleId, before));
  }
  groups.set(change.id, { ...base, rules: [...rules.values()], at: change.at });
}

function addedRule(
  groupId: string,
  draft: RuleDraft,
  ruleId: string | undefined,
  before: Rule | undefined,
): Rule {
  const rule = finishRule(groupId, draft, ruleId ?? before?.id);
  return before === undefined ? rule : { ...rule, stale: before.stale };
}

/** AWS does not delete a group that an interface carries. */
function tellCarriers(
  interfaces: ReadonlyMap<string, NetworkInterface>,
  change: GroupOverlay,
  findings: PlanFinding[],
): void {
  const carriers = [...interfaces.values()].filter(({ groupIds }) => groupIds.includes(change.id));
  if (carriers.length === 0) return;
  const shown = carriers.slice(0, 3).map(({ id }) => id);
  const more = carriers.length > shown.length ? ", ..." : "";
  tell(
    findings,
    change,
    "deleted-group-carried",
    `${change.id} goes, but ${carriers.length} of the interfaces still carry it (${shown.join(", ")}${more}), and AWS ` +
      "refuses to delete such a group: what it alone admits there is unknown",
  );
}

/** References to groups that are gone match nothing any more. */
function withoutReferences(
  groups: ReadonlyMap<string, Group>,
  gone: readonly GroupOverlay[],
  findings: PlanFinding[],
): ReadonlyMap<string, Group> {
  if (gone.length === 0) return groups;
  const byId = new Map(gone.map((change) => [change.id, change]));
  const left = new Map<string, Group>();
  for (const [id, group] of groups) {
    let touched = false;
    const rules = group.rules.map((rule) => {
      const { peer } = rule;
      const change = peer.kind === "group" && !rule.stale ? byId.get(peer.id) : undefined;
      if (change === undefined) return rule;
      touched = true;
      tell(
        findings,
        change,
        "reference-stale",
        `${rule.id} refers to ${change.id}, which goes: it matches nothing then`,
        rule.at,
      );
      return { ...rule, stale: true };
    });
    left.set(id, touched ? { ...group, rules } : group);
  }
  return left;
}

function tell(
  findings: PlanFinding[],
  { subject, at }: { readonly subject: string; readonly at: Place },
  code: PlanCode,
  message: string,
  place: Place = at,
): void {
  findings.push({ code, subject, message, at: place });
}
