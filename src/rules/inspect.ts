// The rule side of `doctor`: what was recognised, what does not resolve, what is missing and what that costs.
import type { RuleSet } from "../model/rule-set.js";
import type { DocumentKind, DocumentReport } from "./document.js";
import type { LoadedRules } from "./load.js";
import { collectReferences } from "./references.js";

export interface Finding {
  readonly kind: "recognised" | "unresolved" | "missing";
  /** Stable, kebab-case. */
  readonly code: string;
  readonly message: string;
  /** What the answers lose by it; empty where nothing. */
  readonly cost: string;
  /** The ids concerned, sorted; a document's name for `recognised`. */
  readonly subjects: readonly string[];
}

/** Everything the documents alone can tell, in a fixed order. O(rules + interfaces). */
export function inspectRules(loaded: LoadedRules): Finding[] {
  return [...loaded.documents.map(recognised), ...unresolved(loaded), ...missing(loaded)].filter(
    (finding) => finding.kind !== "unresolved" || finding.subjects.length > 0,
  );
}

function recognised(report: DocumentReport): Finding {
  const counts = Array.from(report.counts, ([kind, count]) => `${kind} (${count})`);
  if (report.note !== "") counts.push(report.note);
  return {
    kind: "recognised",
    code: `document-${report.status}`,
    message: `${report.name}: ${counts.join(", ")}`,
    cost: report.cut ? "NextToken is set: a page is missing unless another file holds it" : "",
    subjects: [report.name],
  };
}

const ONLY_SUCH = "what only such rules could admit is unknown (peer-unresolved)";

function unresolved(loaded: LoadedRules): Finding[] {
  const { ruleSet } = loaded;
  const references = collectReferences(ruleSet);
  const withoutAddresses = [...ruleSet.interfaces.values()].filter(
    ({ addresses, prefixes }) => addresses.length === 0 && prefixes.length === 0,
  );
  const carried =
    "its records are judged by the groups that are known; the rest is unknown (interface-not-in-snapshot)";
  const hasInterfaces = ruleSet.interfaces.size > 0;
  const found = (
    code: string,
    message: string,
    cost: string,
    subjects: readonly string[],
  ): Finding => ({
    kind: "unresolved",
    code,
    message,
    cost,
    subjects,
  });
  return [
    found(
      "interface-group-undescribed",
      "interfaces carry groups that no document describes",
      carried,
      references.undescribedGroups,
    ),
    found(
      "attach-group-undescribed",
      "--attach names groups that no document describes",
      carried,
      references.undescribedAttached,
    ),
    found(
      "reference-group-unknown",
      "rules name groups that no document describes and no interface carries",
      ONLY_SUCH,
      references.unknownGroups,
    ),
    found(
      "reference-other-account",
      "rules name groups of other accounts, whose members are not visible here",
      ONLY_SUCH,
      references.foreignGroups,
    ),
    found(
      "reference-prefix-list-unknown",
      "rules name prefix lists whose entries are not known",
      ONLY_SUCH,
      references.unknownLists,
    ),
    found(
      "values-undecided",
      "documents leave values open, such as those that a plan knows only after apply",
      "what rests on them alone is unknown (peer-unresolved, interface-not-in-snapshot)",
      references.undecided,
    ),
    found(
      "reference-group-empty",
      "rules name groups that no interface carries",
      "they match nobody: right if the interfaces are complete",
      hasInterfaces ? references.emptyGroups : [],
    ),
    found(
      "reference-stale",
      "rules name groups that are gone",
      "they match nothing",
      references.staleRules,
    ),
    found(
      "reference-load-balancer",
      "ingress rules name groups of network load balancers, which may keep the address of the client",
      "such rules may admit any client: decided by the balancer's own records, else unknown (peer-unresolved)",
      references.balancerGroups,
    ),
    found(
      "member-undated",
      "members of referenced groups have no Attachment.AttachTime",
      "they count as members for the whole log",
      references.undatedMembers,
    ),
    found(
      "interface-without-addresses",
      "interfaces have no known address",
      "directions are inferred from the log, and references to their groups do not match them",
      withoutAddresses.map(({ id }) => id).sort(),
    ),
    found(
      "interface-without-acl",
      "network ACLs are given, but none for the subnet of these interfaces",
      "their records are judged by groups alone",
      interfacesWithoutAcl(ruleSet),
    ),
  ];
}

/** Interfaces whose ACL is not known, where the rule set has ACLs at all (semantics 10). O(interfaces + ACLs). */
function interfacesWithoutAcl({ acls, interfaces, subnets }: RuleSet): string[] {
  if (acls.size === 0) return [];
  const covered = new Set([...acls.values()].flatMap(({ subnetIds }) => subnetIds));
  const defaults = new Set<string | undefined>();
  for (const { isDefault, vpcId } of acls.values()) if (isDefault) defaults.add(vpcId);
  defaults.delete(undefined);
  return [...interfaces.values()]
    .filter(({ subnetId, vpcId }) => {
      if (subnetId === undefined) return true;
      return !covered.has(subnetId) && !defaults.has(vpcId ?? subnets.get(subnetId)?.vpcId);
    })
    .map(({ id }) => id)
    .sort();
}

/** Answers worth having, and what their absence costs. */
const WANTED: readonly (readonly [readonly DocumentKind[], string])[] = [
  [
    ["describe-security-groups", "describe-security-group-rules"],
    "no rules: every verdict is unknown (interface-not-in-snapshot) or no-groups",
  ],
  [
    ["describe-network-interfaces"],
    "records cannot be tied to groups without --interface or --attach, and references to groups have no members",
  ],
  [
    ["describe-security-group-rules"],
    "rules are named by their content, not by the sgr- ids that the console shows",
  ],
  [
    ["describe-vpcs"],
    "the resolver's address is not known as unfiltered, and VPC blocks outside the private ranges count as public",
  ],
  [["describe-subnets"], "the routers' addresses in subnets are not known as unfiltered"],
  [
    ["describe-vpc-peering-connections"],
    "blocks of peered VPCs outside the private ranges count as public",
  ],
  [
    ["describe-stale-security-groups"],
    "stale references are known only where PeeringStatus says deleted",
  ],
  [
    ["describe-network-acls"],
    "optional: without them verdicts are those of the groups alone, and what an ACL refused is suspected, not known",
  ],
];

/** Kinds of answers that at least one used document holds. */
export function presentKinds(loaded: LoadedRules): ReadonlySet<DocumentKind> {
  return new Set(loaded.documents.flatMap((report) => [...report.kinds]));
}

function missing(loaded: LoadedRules): Finding[] {
  const present = presentKinds(loaded);
  const findings: Finding[] = [];
  for (const [kinds, cost] of WANTED) {
    if (kinds.some((kind) => present.has(kind))) continue;
    const given = kinds[0] === "describe-network-interfaces" && loaded.ruleSet.interfaces.size > 0;
    findings.push({
      kind: "missing",
      code: `no-${kinds[0]}`,
      message: `no answer of ${kinds.join(" or ")}`,
      cost: given ? "only the interfaces given by --interface are known" : cost,
      subjects: [],
    });
  }
  return findings;
}
