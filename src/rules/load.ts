// Documents and options to one rule set. Anything doubtful stops the load: guessing a policy is worse.
import type {
  NetworkAcl,
  NetworkInterface,
  Peering,
  RuleSet,
  Subnet,
  Vpc,
} from "../model/rule-set.js";
import { readAcl, refuseAclConflicts } from "./acl-document.js";
import type { DocumentReport, RuleDocument, Warning } from "./document.js";
import { joinGroup, readGroup } from "./group-document.js";
import type { GroupDraft } from "./group-draft.js";
import { newGroupRules, readGroupRule } from "./group-rule-document.js";
import { readInterface } from "./interface-document.js";
import { finishGroups, joinGroups } from "./join-groups.js";
import { type LoadContext, newContext } from "./load-context.js";
import { addOnce } from "./once.js";
import { addInterfaceOptions, parseAttachOption, type RuleOptions } from "./options.js";
import { parseRuleDocument } from "./parse-document.js";
import {
  finishPrefixLists,
  type ListDrafts,
  readEntries,
  readPrefixList,
} from "./prefix-list-document.js";
import type { Page } from "./recognise.js";
import { markStale, readStaleGroup, type StaleReference } from "./stale-document.js";
import { readPeering, readSubnet, readVpc } from "./vpc-document.js";

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

/** What the documents read so far hold. */
interface Collected {
  readonly groups: Map<string, GroupDraft>;
  readonly groupRules: ReturnType<typeof newGroupRules>;
  readonly stale: StaleReference[];
  readonly interfaces: Map<string, NetworkInterface>;
  readonly lists: ListDrafts;
  readonly entries: Page[];
  readonly vpcs: Map<string, Vpc>;
  readonly subnets: Map<string, Subnet>;
  readonly peerings: Map<string, Peering>;
  readonly acls: Map<string, NetworkAcl>;
}

/**
 * Loads a rule set. The order of the documents changes nothing: they are read by name. O(text). Throws a FlowError at
 * the first fault, with file, line, column and path.
 */
export function loadRuleSet(
  documents: readonly RuleDocument[],
  options: RuleOptions = {},
): LoadedRules {
  const context = newContext();
  const collected: Collected = {
    groups: new Map(),
    groupRules: newGroupRules(),
    stale: [],
    interfaces: new Map(),
    lists: new Map(),
    entries: [],
    vpcs: new Map(),
    subnets: new Map(),
    peerings: new Map(),
    acls: new Map(),
  };
  const reports: DocumentReport[] = [];
  for (const document of [...documents].sort(byName)) {
    const { report, pages } = parseRuleDocument(document);
    reports.push(report);
    warnAboutDocument(context, report);
    for (const page of pages) collectPage(context, collected, page);
  }
  addInterfaceOptions(collected.interfaces, options.interfaces ?? []);
  const ruleSet = finish(context, collected, options);
  const takenAt = oldestAnswer(reports);
  const notBefore = latestAttachment(ruleSet);
  return {
    ruleSet,
    documents: reports,
    warnings: context.warnings,
    ...(takenAt === undefined ? {} : { takenAt }),
    ...(notBefore === undefined ? {} : { notBefore }),
  };
}

function byName(a: RuleDocument, b: RuleDocument): number {
  if (a.name === b.name) return 0;
  return a.name < b.name ? -1 : 1;
}

function warnAboutDocument(context: LoadContext, report: DocumentReport): void {
  const warnings: Warning[] = [];
  const at = report.name;
  if (report.cut)
    warnings.push({
      code: "document-cut",
      message:
        "the answer is cut: NextToken is set, so a page is missing unless another file holds it",
      at,
    });
  if (report.status === "not-used")
    warnings.push({ code: "document-not-used", message: report.note, at });
  if (report.status === "skipped")
    warnings.push({ code: "document-skipped", message: `left aside: ${report.note}`, at });
  context.warnings.push(...warnings);
}

function collectPage(context: LoadContext, into: Collected, page: Page): void {
  if (page.kind === "get-managed-prefix-list-entries") {
    // Their list is told by the file name, which makes sense only once all lists are known.
    into.entries.push(page);
    return;
  }
  for (const [index, item] of page.items.entries()) {
    const spot = page.spotOf(index);
    switch (page.kind) {
      case "describe-security-groups":
        joinGroup(into.groups, readGroup(context, item, spot));
        break;
      case "describe-security-group-rules":
        readGroupRule(context, into.groupRules, item, spot);
        break;
      case "describe-stale-security-groups":
        readStaleGroup(context, into.stale, item, spot);
        break;
      case "describe-network-interfaces":
        addOnce(into.interfaces, readInterface(context, item, spot), "interface", spot);
        break;
      case "describe-managed-prefix-lists":
      case "describe-prefix-lists":
        readPrefixList(context, into.lists, item, spot);
        break;
      case "describe-vpcs":
        addOnce(into.vpcs, readVpc(context, item, spot), "vpc", spot);
        break;
      case "describe-subnets":
        addOnce(into.subnets, readSubnet(context, item, spot), "subnet", spot);
        break;
      case "describe-vpc-peering-connections":
        addOnce(into.peerings, readPeering(context, item, spot), "peering", spot);
        break;
      case "describe-network-acls":
        addOnce(into.acls, readAcl(context, item, spot), "network ACL", spot);
        break;
    }
  }
}

function finish(context: LoadContext, from: Collected, options: RuleOptions): RuleSet {
  const identified = from.groupRules.groups;
  const groups = joinGroups(from.groups, identified, from.interfaces);
  markStale(context, groups, from.stale);
  const mentioned = mentionedLists(groups);
  const isKnownList = (id: string): boolean => from.lists.has(id) || mentioned.has(id);
  for (const page of from.entries) readEntries(context, from.lists, page, isKnownList);
  refuseAclConflicts(from.acls.values());
  return {
    groups: finishGroups(groups, identified),
    prefixLists: finishPrefixLists(context, from.lists),
    interfaces: from.interfaces,
    vpcs: from.vpcs,
    subnets: from.subnets,
    peerings: [...from.peerings.values()],
    acls: from.acls,
    attach: parseAttachOption(options.attach ?? []),
    snapshotComplete: options.snapshotComplete ?? false,
  };
}

function mentionedLists(groups: ReadonlyMap<string, GroupDraft>): ReadonlySet<string> {
  const ids = new Set<string>();
  for (const { rules } of groups.values())
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
