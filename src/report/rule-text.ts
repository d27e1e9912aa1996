// Rules against one question: a row per rule, a mark and the rule's own words per test.

import type { Criterion, RuleExplanation, UnresolvedPeer } from "../reference/index.js";
import type { Style } from "./paint.js";
import type { TextOptions } from "./text-options.js";
import { type Cell, type Column, textTable } from "./text-table.js";

const COLUMNS: readonly Column[] = [
  { title: "rule", align: "left", shrinkTo: 22 },
  { title: "protocol", align: "left" },
  { title: "port", align: "left" },
  { title: "peer", align: "left", shrinkTo: 20 },
  { title: "in words", align: "left", shrinkTo: 24 },
];

const UNRESOLVED: Readonly<Record<UnresolvedPeer | "stale", string>> = {
  "members-unknown": "its members are not known",
  "address-unknown": "the address is private and of no known interface",
  "attached-later": "the address joined it only after the record",
  "balancer-client": "a load balancer of it may keep client addresses",
  stale: "AWS lists the reference as stale",
};

function markOf(fits: boolean | null): readonly [string, Style] {
  if (fits === null) return ["?", "warn"];
  return fits ? ["✓", "good"] : ["✗", "bad"];
}

function find(rule: RuleExplanation, name: Criterion["criterion"]): Criterion | undefined {
  return rule.criteria.find(({ criterion }) => criterion === name);
}

function cellOf(criterion: Criterion | undefined): Cell {
  if (criterion === undefined) return "";
  const [mark, style] = markOf(criterion.fits);
  const members = criterion.members === null ? "" : ` (${criterion.members})`;
  return { text: `${mark} ${criterion.allowed}${members}`, style };
}

/** What misses, or what is open, as a sentence. */
function inWords(rule: RuleExplanation): string {
  if (rule.criteria.length === 0) return "matches: EC2-Classic, outbound is unrestricted";
  if (rule.matches === true) return "matches";
  const wrong = rule.criteria.filter(({ fits }) =>
    rule.matches === null ? fits === null : fits === false,
  );
  const parts = wrong.map((criterion) => {
    const why = criterion.because === null ? "" : `: ${UNRESOLVED[criterion.because]}`;
    if (criterion.criterion === "icmp-type")
      return `ICMP type ${criterion.allowed}, logs carry none`;
    if (rule.matches === null) return `${criterion.criterion}${why}`;
    return `${criterion.criterion} ${criterion.found} is not in ${criterion.allowed}${why}`;
  });
  return `${rule.matches === null ? "may match" : "misses"}: ${parts.join("; ")}`;
}

/** Matches first, then what may match, then the nearest misses. */
function nearness(rule: RuleExplanation): number {
  if (rule.matches === true) return 0;
  if (rule.matches === null) return 1;
  return 1 + rule.criteria.filter(({ fits }) => fits === false).length;
}

function ruleRow(rule: RuleExplanation): Cell[] {
  const [mark, style] = markOf(rule.matches);
  const id = rule.id.startsWith(rule.groupId) ? rule.id : `${rule.groupId}/${rule.id}`;
  return [
    { text: `${mark} ${id}`, style },
    cellOf(find(rule, "protocol")),
    cellOf(find(rule, "port")),
    cellOf(find(rule, "peer")),
    inWords(rule),
  ];
}

/** Every rule of a reading; equal nearness keeps the order of the policy. */
export function ruleLines(rules: readonly RuleExplanation[], options: TextOptions): string[] {
  if (rules.length === 0) return ["  No rule in this direction."];
  const sorted = [...rules].sort((a, b) => nearness(a) - nearness(b));
  return textTable(COLUMNS, sorted.map(ruleRow), options);
}
