// Rules against one question: a row per rule, with a mark per test, and a sentence for the rules that matter most.

import { criterionInWords } from "../questions/index.js";
import type { Criterion, RuleExplanation } from "../reference/index.js";
import type { Style } from "./paint.js";
import { protocolPort } from "./quantity.js";
import type { Block, Cell, Column } from "./report-body.js";

/** Misses that get a sentence besides their row: the nearest ones. */
const MISSES_IN_WORDS = 5;

const TEST_NAMES: Readonly<Record<Criterion["criterion"], string>> = {
  protocol: "protocol",
  port: "port",
  "icmp-type": "ICMP type",
  peer: "peer",
};

function markOf(fits: boolean | null): readonly [string, Style] {
  if (fits === null) return ["?", "warn"];
  return fits ? ["✓", "good"] : ["✗", "bad"];
}

function find(rule: RuleExplanation, name: Criterion["criterion"]): Criterion | undefined {
  return rule.criteria.find(({ criterion }) => criterion === name);
}

function protocolName(number: string): string {
  return /^\d+$/.test(number) ? protocolPort(Number(number), null) : number;
}

function cellOf(criterion: Criterion | undefined): Cell {
  if (criterion === undefined) return "";
  const [mark, style] = markOf(criterion.fits);
  const { allowed, members } = criterion;
  const text = criterion.criterion === "protocol" ? protocolName(allowed) : allowed;
  return { text: `${mark} ${text}${members === null ? "" : ` (${members})`}`, style };
}

/** `matches`, `may match`, or which tests miss. */
function result(rule: RuleExplanation): string {
  if (rule.matches === true) return "matches";
  if (rule.matches === null) return "may match";
  const missed = rule.criteria.filter(({ fits }) => fits === false);
  return `misses ${missed.map(({ criterion }) => TEST_NAMES[criterion]).join(", ")}`;
}

/** Matches first, then what may match, then misses by the number of tests they miss. */
function nearness(rule: RuleExplanation): number {
  if (rule.matches === true) return 0;
  if (rule.matches === null) return 1;
  return 1 + rule.criteria.filter(({ fits }) => fits === false).length;
}

/** An identity made of the rule's own words says nothing that the row does not. */
function isNamed(rule: RuleExplanation): boolean {
  return !rule.id.startsWith(`${rule.groupId}/`);
}

function columnsFor(
  rules: readonly RuleExplanation[],
): readonly [Column, (r: RuleExplanation) => Cell][] {
  const named = rules.some(isNamed);
  const severalGroups = rules.some(({ groupId }) => groupId !== rules[0]?.groupId);
  const typed = rules.some((rule) => find(rule, "icmp-type") !== undefined);
  const column = (title: string, rest: Partial<Column> = {}): Column => ({
    title,
    align: "left",
    ...rest,
  });
  const all: [boolean, Column, (rule: RuleExplanation) => Cell][] = [
    [
      true,
      column("result", { shrinkTo: 18 }),
      (rule) => {
        const [mark, style] = markOf(rule.matches);
        return { text: `${mark} ${result(rule)}`, style };
      },
    ],
    [true, column("protocol"), (rule) => cellOf(find(rule, "protocol"))],
    [true, column("port"), (rule) => cellOf(find(rule, "port"))],
    [typed, column("type/code"), (rule) => cellOf(find(rule, "icmp-type"))],
    [true, column("peer"), (rule) => cellOf(find(rule, "peer"))],
    [named, column("rule", { code: true }), (rule) => (isNamed(rule) ? rule.id : "")],
    [severalGroups, column("group", { code: true }), (rule) => rule.groupId],
    [
      true,
      column("at", { shrinkTo: 12, keep: "end", code: true }),
      ({ at }) => `${at.file}:${at.line}`,
    ],
  ];
  return all.filter(([shown]) => shown).map(([, spec, cell]) => [spec, cell]);
}

/** What is open, or what misses, as a sentence. */
function sentence(rule: RuleExplanation): string {
  const open = rule.matches === null;
  const parts = rule.criteria.filter(({ fits }) => (open ? fits === null : fits === false));
  return `${open ? "May match" : "Misses"}, ${rule.id}: ${parts.map(criterionInWords).join("; ")}.`;
}

function sentences(rules: readonly RuleExplanation[]): string[] {
  // Beside a match a miss explains nothing.
  if (rules.some(({ matches }) => matches === true)) return [];
  const open = rules.filter(({ matches }) => matches === null);
  const missed = rules.filter(({ matches }) => matches === false).slice(0, MISSES_IN_WORDS);
  return [...open, ...missed].map(sentence);
}

/** Every rule of a reading, the nearest first; equal nearness keeps the order of the policy. */
export function ruleBlocks(rules: readonly RuleExplanation[]): Block[] {
  const sorted = [...rules].sort((a, b) => nearness(a) - nearness(b));
  const columns = columnsFor(sorted);
  const rows = sorted.map((rule) => ({ cells: columns.map(([, cell]) => cell(rule)) }));
  const none = "No rule in this direction.";
  const words = sentences(sorted);
  return [
    { kind: "table", columns: columns.map(([spec]) => spec), rows, none },
    ...(words.length === 0
      ? []
      : [{ kind: "list", items: words.map((text) => ({ text })) } satisfies Block]),
  ];
}
