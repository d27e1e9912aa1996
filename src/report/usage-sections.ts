// The ledger, group by group.

import type { RuleUsage, Usage, UsageClass, UsageCoverage } from "../questions/index.js";
import type { Style } from "./paint.js";
import { byteSize, counted, duration, grouped, magnitude } from "./quantity.js";
import {
  type Column,
  paragraph,
  type Row,
  type Section,
  type Table,
  toned,
} from "./report-body.js";
import { serviceText } from "./service-text.js";
import { placesOf, seenText, sharesText, spreadText } from "./tuple-text.js";

/** Blocks, ranges and rules told of one rule; the JSON report has more. */
const SHOWN = 4;

const CLASS_STYLES: Readonly<Record<UsageClass, Style>> = {
  used: "good",
  redundant: "warn",
  "no-evidence": "warn",
  "not-observable": "faint",
  "on-no-interface": "warn",
  undecidable: "faint",
};

const COLUMNS: readonly Column[] = [
  { title: "class", align: "left" },
  { title: "direction", align: "left" },
  { title: "service", align: "left" },
  { title: "peer", align: "left", code: true },
  { title: "openers", align: "right" },
  { title: "sole", align: "right" },
  { title: "records", align: "right" },
  { title: "bytes", align: "right" },
];

function listed(names: readonly string[]): string {
  const rest = names.length > SHOWN ? `, ... (${grouped(names.length)})` : "";
  return `${names.slice(0, SHOWN).join(", ")}${rest}`;
}

function usedAddressesText({ addresses }: RuleUsage): string {
  if (addresses.seen === 0) return "";
  const of = addresses.of === null ? "" : ` of ${magnitude(addresses.of)}`;
  const blocks = addresses.blocks.map(({ cidr, seen }) => `${cidr} (${grouped(seen)})`);
  return `used ${counted(addresses.seen, "address", "addresses")}${of}: ${listed(blocks)}`;
}

function usedPortsText({ ports }: RuleUsage): string {
  if (ports === null || ports.of === 1 || ports.seen === 0) return "";
  const ranges = ports.ranges.map(({ from, to }) => (from === to ? `${from}` : `${from}-${to}`));
  return `used ${grouped(ports.seen)} of ${counted(ports.of, "port")}: ${listed(ranges)}`;
}

/** An identity made of the rule's own words says nothing that the row does not. */
function nameText({ id, groupId, description, stale }: RuleUsage): string {
  const parts = [
    ...(id.startsWith(`${groupId}/`) ? [] : [id]),
    ...(description === null || description === "" ? [] : [`"${description}"`]),
    ...(stale ? ["stale: matches nothing"] : []),
  ];
  return parts.join(", ");
}

function sharingText({ redundantWith, alsoAdmittedBy, because }: RuleUsage): string {
  const parts = [
    ...(because === "" ? [] : [because]),
    ...(redundantWith.length === 0 ? [] : [`redundant with ${listed(redundantWith)}`]),
    ...(redundantWith.length > 0 || alsoAdmittedBy.length === 0
      ? []
      : [`part of it also admitted by ${sharesText(alsoAdmittedBy.slice(0, SHOWN))}`]),
  ];
  return parts.join("; ");
}

function doubtText({ rejected, undecided }: RuleUsage): string {
  const parts = [
    ...(rejected === 0 ? [] : [`${grouped(rejected)} of its openers AWS rejected all the same`]),
    ...(undecided === 0
      ? []
      : [`it may have admitted ${counted(undecided, "connection")} whose verdict is unknown`]),
  ];
  return parts.join("; ");
}

/** What is said of a rule beside its row: description, when it was seen, the part of it that was used, who shares it. */
export function ruleDetails(rule: RuleUsage): NonNullable<Row["details"]> {
  const { first, last, peers, samples } = rule;
  const seen =
    first === null || last === null ? "" : `${seenText(first, last)}; ${spreadText(peers, "peer")}`;
  const texts = [
    nameText(rule),
    seen,
    usedAddressesText(rule),
    usedPortsText(rule),
    sharingText(rule),
    doubtText(rule),
  ];
  const told = texts.filter((text) => text !== "");
  return [...told, placesOf([rule.at]), ...(samples.length === 0 ? [] : [placesOf(samples)])];
}

function ruleRow(rule: RuleUsage): Row {
  const count = (value: number): string => grouped(value);
  return {
    cells: [
      toned(rule.class, CLASS_STYLES[rule.class]),
      rule.direction,
      serviceText(rule),
      rule.peer,
      count(rule.connections),
      count(rule.soleConnections),
      count(rule.records),
      byteSize(rule.bytes),
    ],
    details: ruleDetails(rule),
  };
}

/** Over which interfaces and how long a group could be seen in use. */
export function groupCoverageText(coverage: UsageCoverage): string {
  const { interfaces, withLogs, firstStart, lastEnd, skipdataSeconds } = coverage;
  if (interfaces === 0) return "No interface carries it.";
  const carried = `${counted(interfaces, "interface")} of the rules ${interfaces === 1 ? "carries" : "carry"} it`;
  if (withLogs === 0) return `${carried}, none with logs.`;
  const span =
    firstStart === null || lastEnd === null ? "" : `, over ${duration(lastEnd - firstStart)}`;
  const lost =
    skipdataSeconds === 0 ? "" : `; AWS skipped ${duration(skipdataSeconds)} of it (SKIPDATA)`;
  return `${carried}, ${grouped(withLogs)} with logs${span}${lost}.`;
}

function groupSection(rules: readonly RuleUsage[]): Section {
  const { groupId, groupName, coverage } = rules[0]!;
  const table: Table = { kind: "table", columns: COLUMNS, rows: rules.map(ruleRow) };
  return {
    heading: groupName === null ? groupId : `${groupId} (${groupName})`,
    blocks: [paragraph(groupCoverageText(coverage)), table],
  };
}

/** One section per group, its rules in the order of the document. */
export function usageSections({ rules }: Usage): Section[] {
  const groups = new Map<string, RuleUsage[]>();
  for (const rule of rules) {
    const known = groups.get(rule.groupId);
    if (known === undefined) groups.set(rule.groupId, [rule]);
    else known.push(rule);
  }
  return [...groups.values()].map(groupSection);
}
