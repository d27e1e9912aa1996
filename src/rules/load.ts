// Documents and options to one rule set. Anything doubtful stops the load: guessing a policy is worse.
import type { Group, NetworkInterface, RuleSet } from "../model/rule-set.js";
import { refuseAclConflicts } from "./acl-document.js";
import { type Collected, collectDocuments, holdsKind, parseDocuments } from "./collect.js";
import { lacksInterfaces, leaveCutOpen } from "./cut-answers.js";
import type { DocumentReport, RuleDocument, Warning } from "./document.js";
import type { GroupDraft } from "./group-draft.js";
import { withVpcs } from "./interface-vpcs.js";
import { finishGroups, joinGroups } from "./join-groups.js";
import { type LoadContext, newContext } from "./load-context.js";
import { addInterfaceOptions, parseAttachOption, type RuleOptions } from "./options.js";
import type { ParsedDocument } from "./parse-document.js";
import { completeLists, completePartial } from "./partial.js";
import { finishPrefixLists, readEntries } from "./prefix-list-document.js";
import { keepStale, markStale } from "./stale-document.js";

export interface LoadedRules {
  readonly ruleSet: RuleSet;
  /** Sorted by name, as they were read. */
  readonly documents: readonly DocumentReport[];
  readonly warnings: readonly Warning[];
  /** Unix seconds of the oldest answer that tells its time. */
  readonly takenAt?: number;
  /** Unix seconds: the latest attachment of an interface. The snapshot is not older than this. */
  readonly notBefore?: number;
}

/**
 * Loads a rule set: the latest, where documents tell of several times. The order of the documents changes nothing: they are read by name. O(text). Throws a FlowError at
 * the first fault, with file, line, column and path.
 */
export function loadRuleSet(
  documents: readonly RuleDocument[],
  options: RuleOptions = {},
): LoadedRules {
  return loadParsed(parseDocuments(documents), options);
}

/** The same for documents that are parsed; `asOf`: as it was then, where documents tell of several times. */
export function loadParsed(
  documents: readonly ParsedDocument[],
  options: RuleOptions,
  asOf?: number,
): LoadedRules {
  const context = newContext(undefined, asOf);
  const collected = collectDocuments(context, documents);
  addInterfaceOptions(collected.interfaces, options.interfaces ?? []);
  const ruleSet = finish(context, collected, options);
  refuseAclConflicts(ruleSet.acls.values());
  return toLoaded(context, collected, ruleSet);
}

/** What is told of a load beside its rule set. */
export function toLoaded(
  context: LoadContext,
  { documents }: Collected,
  ruleSet: RuleSet,
): LoadedRules {
  const takenAt = oldestAnswer(documents);
  const notBefore = latestAttachment(ruleSet);
  return {
    ruleSet,
    documents,
    warnings: context.warnings,
    ...(takenAt === undefined ? {} : { takenAt }),
    ...(notBefore === undefined ? {} : { notBefore }),
  };
}

/**
 * Joins what the documents hold. A candidate's documents may name groups, lists and interfaces of the baseline in the
 * context, but the result holds their own things alone.
 */
export function finish(context: LoadContext, from: Collected, options: RuleOptions): RuleSet {
  const { baseline } = context;
  const identified = from.groupRules.groups;
  completePartial(context, from);
  const subnets =
    baseline === undefined ? from.subnets : new Map([...baseline.subnets, ...from.subnets]);
  const interfaces = withVpcs(from.interfaces, subnets);
  leaveCutOpen(context, from);
  const carriers: ReadonlyMap<string, NetworkInterface> =
    baseline === undefined ? interfaces : new Map([...baseline.interfaces, ...interfaces]);
  const groups = joinGroups(from.groups, identified, carriers, baseline);
  const isInherited = ({ groupId }: { readonly groupId: string }): boolean =>
    !groups.has(groupId) && baseline?.groups.has(groupId) === true;
  markStale(
    context,
    groups,
    from.stale.filter((reference) => !isInherited(reference)),
  );
  if (baseline !== undefined && !holdsKind(from, "describe-stale-security-groups"))
    keepStale(groups, baseline);
  const mentioned = mentionedLists(groups.values(), baseline?.groups.values() ?? []);
  const isKnownList = (id: string): boolean =>
    from.lists.has(id) || mentioned.has(id) || baseline?.prefixLists.has(id) === true;
  for (const page of from.entries) readEntries(context, from.lists, page, isKnownList);
  completeLists(context, from);
  const complete = options.snapshotComplete ?? false;
  return {
    groups: finishGroups(groups, identified, from.ruleIds, baseline),
    prefixLists: finishPrefixLists(context, from.lists),
    interfaces,
    vpcs: from.vpcs,
    subnets: from.subnets,
    peerings: [...from.peerings.values()],
    acls: from.acls,
    attach: parseAttachOption(options.attach ?? []),
    snapshotComplete: complete && !lacksInterfaces(context, from),
  };
}

function mentionedLists(
  drafts: Iterable<GroupDraft>,
  groups: Iterable<Group>,
): ReadonlySet<string> {
  const ids = new Set<string>();
  for (const { rules } of [...drafts, ...groups])
    for (const { peer } of rules.values()) if (peer.kind === "prefix-list") ids.add(peer.id);
  return ids;
}

function oldestAnswer(reports: readonly DocumentReport[]): number | undefined {
  let oldest: number | undefined;
  for (const { status, takenAt } of reports)
    if (status === "used" && takenAt !== undefined && (oldest === undefined || takenAt < oldest))
      oldest = takenAt;
  return oldest;
}

function latestAttachment(ruleSet: RuleSet): number | undefined {
  let latest: number | undefined;
  for (const { attachedAt } of ruleSet.interfaces.values())
    if (attachedAt !== undefined && (latest === undefined || attachedAt > latest))
      latest = attachedAt;
  return latest;
}
