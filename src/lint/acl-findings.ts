// Network ACLs: entries that never decide, and connections whose replies no entry lets pass (semantics 10).
import type { AclEntry, NetworkAcl } from "../model/rule-set.js";
import type { Direction } from "../model/verdict.js";
import { aclReplyFindings } from "./acl-replies.js";
import { entryId, entryWords, LAST_NUMBER } from "./acl-words.js";
import { cutAddresses } from "./address-classes.js";
import { type Box, isCovered } from "./cover-sweep.js";
import { listed } from "./lint-context.js";
import type { LintFinding } from "./lint-finding.js";
import { aclQuotaFindings } from "./quota-findings.js";
import { SERVICE_COUNT, serviceInterval } from "./service-axis.js";

interface EntryBox extends Box {
  readonly entry: AclEntry;
}

/** O(entries²) comparisons; AWS allows 40 entries in a direction. */
export function aclFindings(acl: NetworkAcl): LintFinding[] {
  const lists = (["ingress", "egress"] as const).flatMap((direction) =>
    ([4, 6] as const).flatMap((family) => deadEntries(acl, direction, family)),
  );
  return [...unusedAcl(acl), ...aclQuotaFindings(acl), ...lists, ...aclReplyFindings(acl)];
}

function unusedAcl(acl: NetworkAcl): LintFinding[] {
  if (acl.isDefault || acl.subnetIds.length > 0) return [];
  return [
    {
      code: "acl-unused",
      level: "note",
      subject: { kind: "acl", id: acl.id, name: null },
      ruleIds: [],
      relatedIds: [],
      at: acl.at,
      message: "the network ACL is associated with no subnet",
      advice: "Delete it, or associate it.",
    },
  ];
}

function deadEntries(acl: NetworkAcl, direction: Direction, family: 4 | 6): LintFinding[] {
  const entries = acl.entries.filter(
    (entry) => entry.direction === direction && entry.cidr.address.family === family,
  );
  const space = cutAddresses(entries.map(({ cidr }) => cidr));
  const earlier: EntryBox[] = [];
  const findings: LintFinding[] = [];
  for (const entry of entries) {
    const box = { entry, services: serviceInterval(entry), ...space.rangeOf(entry.cidr) };
    // The closing * is there to be unreachable where an entry admits all.
    if (entry.number < LAST_NUMBER && isCovered(box, earlier))
      findings.push(deadFinding(acl, entry, coverers(box, earlier)));
    earlier.push(box);
  }
  return findings;
}

/** The earlier entries that decide instead: one where one does, else all that overlap. */
function coverers(box: EntryBox, earlier: readonly EntryBox[]): readonly AclEntry[] {
  const one = earlier.find((other) => isCovered(box, [other]));
  if (one !== undefined) return [one.entry];
  return earlier
    .filter(
      (other) =>
        other.low < box.high &&
        box.low < other.high &&
        other.services.from < box.services.to &&
        box.services.from < other.services.to,
    )
    .map(({ entry }) => entry);
}

function matchesAll({ cidr, ...traffic }: AclEntry): boolean {
  const { from, to } = serviceInterval(traffic);
  return cidr.length === 0 && to - from === SERVICE_COUNT;
}

function deadFinding(acl: NetworkAcl, entry: AclEntry, by: readonly AclEntry[]): LintFinding {
  const opposed = by.some(({ action }) => action !== entry.action);
  const afterAll = by.length === 1 && matchesAll(by[0]!);
  const numbers = `${by.length === 1 ? "entry" : "the entries"} ${listed(by.map(({ number }) => String(number)))}`;
  return {
    code: afterAll ? "acl-entry-unreachable" : "acl-entry-shadowed",
    level: opposed ? "warning" : "note",
    subject: { kind: "acl", id: acl.id, name: null },
    ruleIds: [entryId(acl, entry)],
    relatedIds: by.map((other) => entryId(acl, other)),
    at: entry.at,
    message: `${entryWords(entry)} never decides: ${numbers} before it ${by.length === 1 ? "matches" : "match"} all of it${opposed ? `, and ${by.length === 1 ? (by[0]!.action === "allow" ? "allows" : "denies") : "not all say the same"}` : ""}`,
    advice: opposed
      ? "Give it a lower number if it is meant to count; else delete it."
      : "Delete it: nothing changes.",
  };
}
