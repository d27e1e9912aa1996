// The answer of `lint` for people: counts first, then the findings of one group after the other, the gravest first.

import { LINT_CODES, LINT_LEVELS, type LintFinding, type LintLevel } from "../lint/index.js";
import { groupRuleIds, type LintFound, type RuleTraffic } from "./lint-found.js";
import type { Style } from "./paint.js";
import { byteSize, counted, grouped, timestamp } from "./quantity.js";
import {
  type Block,
  type Cell,
  type Column,
  code as codeSpan,
  type Item,
  paragraph,
  type ReportBody,
  type Section,
  type Table,
  table,
  toned,
} from "./report-body.js";
import { groundLead, groundSections } from "./report-ground.js";
import { TOOL } from "./tool.js";

/** Printed at most; the other forms have all. */
const SHOWN_SECTIONS = 60;
const SHOWN_FINDINGS = 25;
const SHOWN_RULES = 3;

const MARKS: Readonly<Record<LintLevel, readonly [string, Style]>> = {
  error: ["✗", "bad"],
  warning: ["!", "warn"],
  note: ["·", "faint"],
};

const COUNT_COLUMNS: readonly Column[] = [
  { title: "", align: "left" },
  { title: "findings", align: "right" },
  { title: "finding", align: "left", code: true },
  { title: "what it means", align: "left", shrinkTo: 40 },
];

const MEANINGS: Readonly<Record<LintFinding["code"], string>> = {
  "world-open": "ingress that everybody may use",
  "egress-open": "groups that let everything out",
  "stale-reference": "rules for groups that are gone",
  "unresolved-reference": "rules whose peer is not known here",
  "empty-reference": "rules for groups or lists that nothing belongs to",
  "covered-reference": "references to groups whose members blocks admit already",
  "duplicate-rule": "rules that stand twice",
  "shadowed-rule": "rules that other rules of the group cover",
  "mergeable-rules": "rules that one rule can replace",
  "quota-rules": "groups near or beyond AWS's quota of rules",
  "quota-groups": "interfaces with more groups than the quota",
  "quota-product": "rules × groups beyond what AWS grants",
  "quota-acl-entries": "network ACLs beyond the quota of entries",
  "name-invalid": "names that AWS refuses",
  "name-taken": "names that another group of the VPC has",
  "description-invalid": "descriptions that AWS refuses",
  "icmp-pair": "ICMP codes without a type, which AWS refuses",
  "icmp-family": "ICMP rules for the other family of addresses",
  "ports-ignored": "ports of protocols that have none",
  "group-unused": "groups on no interface and in no rule",
  "group-missing": "interfaces with groups that are not described",
  "egress-missing": "interfaces that may open nothing",
  "default-group-in-use": "interfaces in a VPC's default group",
  "acl-entry-shadowed": "ACL entries that earlier ones cover",
  "acl-entry-unreachable": "ACL entries after one that matches all",
  "acl-replies-blocked": "ACLs that stop the replies of what they admit",
  "acl-unused": "ACLs of no subnet",
};

function markOf(level: LintLevel): Cell {
  const [mark, style] = MARKS[level];
  return toned(mark, style);
}

function gravest(findings: readonly LintFinding[]): number {
  return Math.min(...findings.map(({ level }) => LINT_LEVELS.indexOf(level)));
}

/** One row per code, the gravest first. */
function countTable(findings: readonly LintFinding[]): Table {
  const rows = LINT_CODES.map((code) => ({ code, list: findings.filter((f) => f.code === code) }))
    .filter(({ list }) => list.length > 0)
    .sort((a, b) => gravest(a.list) - gravest(b.list))
    .map(({ code, list }) => [
      markOf(LINT_LEVELS[gravest(list)]!),
      grouped(list.length),
      code,
      MEANINGS[code],
    ]);
  return table(COUNT_COLUMNS, rows);
}

function headline({ findings, groups, rules, interfaces, acls }: LintFound): string {
  const things = [
    counted(groups, "group"),
    counted(rules, "rule"),
    counted(interfaces, "interface"),
    ...(acls > 0 ? [counted(acls, "network ACL")] : []),
  ].join(", ");
  if (findings.length === 0) return `Nothing found in ${things}.`;
  const levels = LINT_LEVELS.map((level) =>
    counted(findings.filter((f) => f.level === level).length, level),
  ).join(", ");
  return `${levels} in ${things}.`;
}

const KINDS: Readonly<Record<LintFinding["subject"]["kind"], string>> = {
  group: "",
  interface: "Interface ",
  acl: "Network ACL ",
  "rule-set": "All groups",
};

function headingOf({ subject: { kind, id, name } }: LintFinding): string {
  return `${KINDS[kind]}${id}${name === null ? "" : ` (${name})`}`;
}

function sectionsOf(found: LintFound): Section[] {
  const bySubject = new Map<string, LintFinding[]>();
  for (const finding of found.findings) {
    const key = `${finding.subject.kind} ${finding.subject.id}`;
    const known = bySubject.get(key);
    if (known === undefined) bySubject.set(key, [finding]);
    else known.push(finding);
  }
  // The order within a level is that of the findings, by subject.
  const sorted = [...bySubject.values()].sort((a, b) => gravest(a) - gravest(b));
  const shown = sorted.slice(0, SHOWN_SECTIONS).map((list) => sectionOf(list, found.traffic));
  const hidden = sorted.slice(SHOWN_SECTIONS).reduce((sum, list) => sum + list.length, 0);
  if (hidden === 0) return shown;
  const more = `${counted(hidden, "more finding")}; --format json or ndjson has all.`;
  return [...shown, { heading: "And more", blocks: [paragraph(more)] }];
}

function sectionOf(list: readonly LintFinding[], traffic: LintFound["traffic"]): Section {
  const items = list.slice(0, SHOWN_FINDINGS).map((finding) => itemOf(finding, traffic));
  const hidden = list.length - items.length;
  const blocks: Block[] = [{ kind: "list", items }];
  if (hidden > 0)
    blocks.push(paragraph(`${counted(hidden, "more finding")} here; --format json has all.`));
  return { heading: headingOf(list[0]!), blocks };
}

function itemOf(finding: LintFinding, traffic: LintFound["traffic"]): Item {
  const { level, code, message, advice, at, ruleIds } = finding;
  // Ids made of a rule's own words say nothing that the message does not.
  const named = ruleIds.filter((id) => id.startsWith("sgr-"));
  const more = named.length > SHOWN_RULES ? `, ${named.length - SHOWN_RULES} more` : "";
  const ids = named.length === 0 ? "" : `, ${named.slice(0, SHOWN_RULES).join(", ")}${more}`;
  return {
    mark: markOf(level),
    text: toned(message, level === "note" ? "plain" : MARKS[level][1]),
    details: [
      ...(traffic === undefined ? [] : trafficDetails(groupRuleIds(finding), traffic)),
      advice,
      codeSpan(`${code}, ${at.file}:${at.line}:${at.column}${ids}`),
    ],
  };
}

/** What the log says of the finding's rules; nothing of findings without rules. */
function trafficDetails(
  ruleIds: readonly string[],
  traffic: ReadonlyMap<string, RuleTraffic>,
): string[] {
  const used = ruleIds.flatMap((id) => {
    const found = traffic.get(id);
    return found === undefined || found.openers === 0 ? [] : [{ id, found }];
  });
  if (ruleIds.length === 0) return [];
  if (used.length === 0)
    return [`In the log: nothing opened by ${ruleIds.length === 1 ? "it" : "them"}.`];
  const lines = used.slice(0, SHOWN_RULES).map(({ id, found }) => {
    const name = ruleIds.length === 1 ? "" : `, ${id}`;
    return `In the log${name}: ${trafficWords(found)}.`;
  });
  const hidden = used.length - lines.length;
  return hidden > 0 ? [...lines, `In the log: ${counted(hidden, "more rule")} in use.`] : lines;
}

function trafficWords({ openers, soleOpeners, bytes, peers, first, last }: RuleTraffic): string {
  const sole =
    soleOpeners === 0 ? "never the only rule to admit" : `${grouped(soleOpeners)} by it alone`;
  const span = first === null || last === null ? "" : `, ${timestamp(first)} to ${timestamp(last)}`;
  return `${counted(openers, "opener")} of ${counted(peers, "peer")}, ${sole}, ${byteSize(bytes)}${span}`;
}

/** The whole report. */
export function lintBody(found: LintFound): ReportBody {
  const lead: Block[] = [paragraph(headline(found))];
  if (found.findings.length > 0) lead.push(countTable(found.findings));
  const { ground } = found;
  return {
    title: `${TOOL.name} ${TOOL.version}`,
    lead: ground === undefined ? lead : groundLead(ground, lead),
    sections: [...sectionsOf(found), ...(ground === undefined ? [] : groundSections(ground))],
  };
}
