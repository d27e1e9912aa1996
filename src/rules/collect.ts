// Reads documents one after the other into drafts; nothing is joined or resolved here.
import type {
  NetworkAcl,
  NetworkInterface,
  Peering,
  RuleSet,
  Subnet,
  Vpc,
} from "../model/rule-set.js";
import { readAcl } from "./acl-document.js";
import { collectByHand } from "./by-hand/read.js";
import { changeSetOverlay } from "./cloudformation/change-set-overlay.js";
import {
  addParameters,
  addStackFacts,
  newStackFacts,
  type StackFacts,
} from "./cloudformation/stack-facts.js";
import { openTemplate, warnDefaults, warnUnknownParameters } from "./cloudformation/template.js";
import { collectTemplateGroups } from "./cloudformation/template-groups.js";
import { collectTemplateNetwork } from "./cloudformation/template-network.js";
import { collectItems } from "./config/collect-items.js";
import type { ConfigItem } from "./config/item.js";
import { notePage, type PageEnds } from "./cut-answers.js";
import type { DocumentKind, DocumentReport, RuleDocument, Warning } from "./document.js";
import type { Form } from "./form.js";
import { joinGroup, readGroup } from "./group-document.js";
import type { GroupDraft } from "./group-draft.js";
import { newGroupRules, readGroupRule } from "./group-rule-document.js";
import { readInterface } from "./interface-document.js";
import { type LoadContext, warn } from "./load-context.js";
import { addOnce, addTold } from "./once.js";
import type { Overlay } from "./overlay.js";
import { type ParsedDocument, parseRuleDocument } from "./parse-document.js";
import type { PartialEntry, PartialInterface } from "./partial.js";
import { type ListDrafts, readPrefixList } from "./prefix-list-document.js";
import type { Page } from "./recognise.js";
import type { RuleDraft } from "./rule-draft.js";
import { refuse, type Spot } from "./spot.js";
import { readStaleGroup, type StaleReference } from "./stale-document.js";
import { planOverlay } from "./terraform/plan-overlay.js";
import { stateOverlay } from "./terraform/plan-unread.js";
import { collectState } from "./terraform/read-state.js";
import { readPeering, readSubnet, readVpc } from "./vpc-document.js";

/** What changes a rule set. */
export interface Plan {
  readonly overlayOver: (rules: RuleSet) => Overlay;
}

/** What documents hold, before it is joined. */
export interface Collected {
  /** Sorted by name, as they were read. */
  readonly documents: DocumentReport[];
  readonly groups: Map<string, GroupDraft>;
  readonly groupRules: ReturnType<typeof newGroupRules>;
  readonly stale: StaleReference[];
  readonly interfaces: Map<string, NetworkInterface>;
  readonly lists: ListDrafts;
  readonly entries: Page[];
  readonly pageEnds: PageEnds;
  readonly vpcs: Map<string, Vpc>;
  readonly subnets: Map<string, Subnet>;
  readonly peerings: Map<string, Peering>;
  readonly acls: Map<string, NetworkAcl>;
  /** `sgr-` ids that other forms tell, by group and rule key. */
  readonly ruleIds: Map<string, ReadonlyMap<string, string>>;
  /** Rules of groups that a document does not describe as a whole. */
  readonly partialGroups: Map<string, readonly RuleDraft[]>;
  /** Interfaces of which a document tells some groups only. */
  readonly partialInterfaces: Map<string, PartialInterface>;
  /** Entries of prefix lists that stand beside their list, in another state. */
  readonly partialLists: Map<string, readonly PartialEntry[]>;
  /** Groups, interfaces and lists that Terraform states alone describe: another state may know more of them. */
  readonly ofStates: Set<string>;
  /** What changes a rule set rather than being one, in the order of the documents. */
  readonly plans: Plan[];
  /** Templates wait until every document has told what decides their values. */
  readonly templates: Extract<Form, { readonly kind: "template" }>[];
  readonly facts: StackFacts;
  /** Of all times: which of them hold is told when all are known. */
  readonly configItems: ConfigItem[];
}

/** Reads the documents in the order of their names, so that their order changes nothing. O(text). */
export function parseDocuments(documents: readonly RuleDocument[]): readonly ParsedDocument[] {
  return [...documents].sort(byName).map(parseRuleDocument);
}

/** What the documents hold. O(items). */
export function collectDocuments(
  context: LoadContext,
  documents: readonly ParsedDocument[],
): Collected {
  const collected: Collected = {
    documents: [],
    groups: new Map(),
    groupRules: newGroupRules(),
    stale: [],
    interfaces: new Map(),
    lists: new Map(),
    entries: [],
    pageEnds: new Map(),
    vpcs: new Map(),
    subnets: new Map(),
    peerings: new Map(),
    acls: new Map(),
    ruleIds: new Map(),
    partialGroups: new Map(),
    partialInterfaces: new Map(),
    partialLists: new Map(),
    ofStates: new Set(),
    plans: [],
    templates: [],
    facts: newStackFacts(),
    configItems: [],
  };
  for (const { report, pages, forms } of documents) {
    collected.documents.push(report);
    warnAboutDocument(context, report);
    for (const page of pages) collectPage(context, collected, page);
    for (const form of forms) collectForm(context, collected, form);
  }
  collectItems(context, collected, collected.configItems);
  const templates = collected.templates.map(({ value, spot }) =>
    openTemplate(context, value, spot, collected.facts),
  );
  collectTemplateGroups(templates, collected);
  for (const opened of templates) {
    collectTemplateNetwork(opened, collected);
    warnDefaults(opened);
  }
  warnUnknownParameters(context, templates, collected.facts);
  return collected;
}

/** Whether a document holds an answer of the kind, be it empty. */
export function holdsKind({ documents }: Collected, kind: DocumentKind): boolean {
  return documents.some(({ kinds }) => kinds.has(kind));
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

/** A plan among the rules is what stands before it; in a candidate it is laid over the baseline. */
function collectForm(context: LoadContext, into: Collected, form: Form): void {
  switch (form.kind) {
    case "terraform-state":
      collectState(context, into, form.resources, false);
      into.plans.push({
        overlayOver: (rules) =>
          stateOverlay(context, form.resources, rules, holdsKind(into, "describe-network-acls")),
      });
      break;
    case "terraform-plan":
      if (context.baseline === undefined) collectState(context, into, form.plan.prior, true);
      else into.plans.push({ overlayOver: (rules) => planOverlay(context, form.plan, rules) });
      break;
    case "change-set":
      if (context.baseline === undefined)
        refuse(
          form.spot,
          "change-set-alone",
          "a change set says what changes, not what there is",
          "give it as the candidate (--candidate, --plan) of rules that --rules names",
        );
      into.plans.push({
        overlayOver: (rules) => changeSetOverlay(context, form.changeSet, rules),
      });
      break;
    case "template":
      into.templates.push(form);
      break;
    case "stack-facts":
      addStackFacts(into.facts, form.value, form.spot);
      break;
    case "parameters":
      addParameters(into.facts, form.value, form.spot);
      break;
    case "config":
      if (form.config.cut) warnAboutCut(context, form.spot);
      if (form.config.unprocessed > 0)
        warn(
          context,
          form.spot,
          "document-cut",
          `the answer is cut: unprocessedResourceKeys names ${form.config.unprocessed}, whose items are missing unless ` +
            "another file holds them; ask for these again",
        );
      into.configItems.push(...form.config.items);
      break;
    case "snapshot":
      break;
    case "by-hand":
      collectByHand(context, into, form.value, form.spot);
      break;
  }
}

function warnAboutCut(context: LoadContext, spot: Spot): void {
  warn(
    context,
    spot,
    "document-cut",
    "the answer is cut: nextToken is set, so items are missing unless another file holds them",
  );
}

function collectGroup(into: Collected, draft: GroupDraft): void {
  joinGroup(into.groups, draft);
  into.ofStates.delete(draft.id);
}

function collectInterface(into: Collected, carrier: NetworkInterface, spot: Spot): void {
  addTold(into.interfaces, carrier, "interface", spot);
  into.ofStates.delete(carrier.id);
}

function collectPage(context: LoadContext, into: Collected, page: Page): void {
  notePage(into.pageEnds, page);
  if (page.kind === "get-managed-prefix-list-entries") {
    // Their list is told by the file name, which makes sense only once all lists are known.
    into.entries.push(page);
    return;
  }
  for (const [index, item] of page.items.entries()) {
    const spot = page.spotOf(index);
    switch (page.kind) {
      case "describe-security-groups":
        collectGroup(into, readGroup(context, item, spot));
        break;
      case "describe-security-group-rules":
        readGroupRule(context, into.groupRules, item, spot);
        break;
      case "describe-stale-security-groups":
        readStaleGroup(context, into.stale, item, spot);
        break;
      case "describe-network-interfaces":
        collectInterface(into, readInterface(context, item, spot), spot);
        break;
      case "describe-managed-prefix-lists":
      case "describe-prefix-lists":
        readPrefixList(context, into.lists, item, spot);
        break;
      case "describe-vpcs":
        addTold(into.vpcs, readVpc(context, item, spot), "vpc", spot);
        break;
      case "describe-subnets":
        addTold(into.subnets, readSubnet(context, item, spot), "subnet", spot);
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
