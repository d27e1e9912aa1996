import type { Peering, Place, RuleSet } from "../model/rule-set.js";
import { refuseAclConflicts } from "./acl-document.js";
import { type Collected, collectDocuments, parseDocuments } from "./collect.js";
import { contentOf, groupContent, interfaceContent, prefixListContent } from "./content.js";
import type { RuleDocument } from "./document.js";
import { inheritRuleSet } from "./inherit-rule-set.js";
import { withVpcs } from "./interface-vpcs.js";
import { finish, type LoadedRules, toLoaded } from "./load.js";
import { type LoadContext, newContext } from "./load-context.js";
import { addInterfaceOptions, type RuleOptions } from "./options.js";
import { applyOverlay, type Overlaid, type PlanFinding } from "./overlay.js";
import { partialOverlay } from "./partial.js";
import { markStaleGroups } from "./stale-document.js";

export type CandidateKind =
  | "group"
  | "prefix list"
  | "interface"
  | "vpc"
  | "subnet"
  | "peering"
  | "acl";

/** One thing that the candidate contains, or that is another because of what it contains. */
export interface CandidateEntry {
  readonly kind: CandidateKind;
  readonly id: string;
  /** `same`: it says what the baseline says. */
  readonly action: "added" | "replaced" | "deleted" | "same";
  /** Where the candidate says it. */
  readonly at: Place;
}

/** What a candidate made of its baseline. */
export interface CandidateReport {
  /** By kind in the order of `CandidateKind`, then by id. */
  readonly entries: readonly CandidateEntry[];
  /** How many things of each kind are the baseline's. */
  readonly inherited: Readonly<Record<CandidateKind, number>>;
  /** What plans leave open, replace or cannot do, in the order in which it was found. */
  readonly findings: readonly PlanFinding[];
}

export interface LoadedCandidate extends LoadedRules {
  readonly report: CandidateReport;
}

/**
 * Loads a candidate as strictly as a rule set, on top of its baseline: what it does not contain is inherited
 * (`inheritRuleSet`), and references resolve over both. A group takes name, VPC and owner from the baseline's where its
 * document leaves them out; rules that both have keep their `sgr-` ids and stale marks unless the candidate's documents
 * say otherwise. `--interface` of the candidate changes the groups, and where given the addresses, of the baseline's
 * interface. O(text + baseline). Throws a FlowError at the first fault.
 */
export function loadCandidate(
  baseline: RuleSet,
  documents: readonly RuleDocument[],
  options: RuleOptions = {},
): LoadedCandidate {
  const context = newContext(baseline);
  const collected = collectDocuments(context, parseDocuments(documents));
  addInterfaceOptions(collected.interfaces, options.interfaces ?? [], baseline);
  const own = finish(context, collected, options);
  refuseAclConflicts(own.acls.values());
  const groups = new Map(baseline.groups);
  const inheritedStale = collected.stale.filter(({ groupId }) => !own.groups.has(groupId));
  for (const [id, group] of markStaleGroups(context, groups, inheritedStale)) groups.set(id, group);
  const inherited = inheritRuleSet({ ...baseline, groups }, own);
  const { ruleSet, findings } = overlaid(context, collected, inherited);
  const complete = options.snapshotComplete ?? baseline.snapshotComplete;
  return {
    ...toLoaded(context, collected, { ...ruleSet, snapshotComplete: complete }),
    report: { ...reportOf(baseline, own, ruleSet), findings },
  };
}

/** What plans change, one after the other, and what documents tell of a part of something. */
function overlaid(context: LoadContext, collected: Collected, inherited: RuleSet): Overlaid {
  let { ruleSet, findings } = applyOverlay(inherited, partialOverlay(context, collected));
  for (const plan of collected.plans) {
    const next = applyOverlay(ruleSet, plan.overlayOver(ruleSet));
    ruleSet = next.ruleSet;
    findings = [...findings, ...next.findings];
  }
  const interfaces = withVpcs(ruleSet.interfaces, ruleSet.subnets);
  return { ruleSet: { ...ruleSet, interfaces }, findings };
}

function reportOf(
  baseline: RuleSet,
  own: RuleSet,
  merged: RuleSet,
): Omit<CandidateReport, "findings"> {
  const entries: CandidateEntry[] = [];
  function told<T extends { readonly id: string; readonly at: Place }>(
    kind: CandidateKind,
    thingsOf: (set: RuleSet) => ReadonlyMap<string, T>,
    content: (thing: T) => string,
  ): number {
    const before = thingsOf(baseline);
    const contained = thingsOf(own);
    let inherited = 0;
    for (const [id, thing] of [...thingsOf(merged)].sort(([a], [b]) => (a < b ? -1 : 1))) {
      const known = before.get(id);
      const same = known === thing || (known !== undefined && content(known) === content(thing));
      if (same && !contained.has(id)) inherited++;
      else entries.push({ kind, id, action: actionOf(known !== undefined, same), at: thing.at });
    }
    const left = thingsOf(merged);
    for (const [id, { at }] of before)
      if (!left.has(id)) entries.push({ kind, id, action: "deleted", at });
    return inherited;
  }
  const inherited = {
    group: told("group", ({ groups }) => groups, groupContent),
    "prefix list": told("prefix list", ({ prefixLists }) => prefixLists, prefixListContent),
    interface: told("interface", ({ interfaces }) => interfaces, interfaceContent),
    vpc: told("vpc", ({ vpcs }) => vpcs, contentOf),
    subnet: told("subnet", ({ subnets }) => subnets, contentOf),
    peering: told("peering", peeringsById, contentOf),
    acl: told("acl", ({ acls }) => acls, contentOf),
  };
  return { entries, inherited };
}

function peeringsById({ peerings }: RuleSet): ReadonlyMap<string, Peering> {
  return new Map(peerings.map((peering) => [peering.id, peering]));
}

function actionOf(known: boolean, same: boolean): CandidateEntry["action"] {
  if (!known) return "added";
  return same ? "same" : "replaced";
}
