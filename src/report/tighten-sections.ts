// A suggestion, part by part: the curve, the rules, what goes, what it would have broken.

import { peerWord, ruleWords } from "../lint/index.js";
import type {
  HeldOutTuple,
  SuggestedRule,
  Suggestion,
  SuggestionPart,
} from "../questions/index.js";
import { impactSentence } from "./impact-sentence.js";
import { impactTupleSections } from "./impact-tuples.js";
import type { Style } from "./paint.js";
import { counted, grouped, magnitude, protocolPort } from "./quantity.js";
import {
  type Column,
  code,
  note,
  paragraph,
  type Row,
  type Section,
  type Table,
  toned,
} from "./report-body.js";
import { serviceText } from "./service-text.js";
import type { HeldOutTrial } from "./tighten-answer.js";
import { curveLines } from "./tighten-curve.js";
import { placesOf, seenText } from "./tuple-text.js";

/** Rules and tuples shown; the other forms have all. */
const SHOWN_RULES = 100;
const SHOWN_TUPLES = 25;
const SHOWN_NAMES = 3;

const RULE_COLUMNS: readonly Column[] = [
  { title: "", align: "left" },
  { title: "direction", align: "left" },
  { title: "service", align: "left" },
  { title: "peer", align: "left", code: true },
  { title: "connections", align: "right" },
];

const DROPPED_COLUMNS: readonly Column[] = [
  { title: "rule", align: "left" },
  { title: "connections", align: "right" },
  { title: "at", align: "left", shrinkTo: 12, keep: "end", code: true },
];

const BROKEN_COLUMNS: readonly Column[] = [
  { title: "connections", align: "right" },
  { title: "direction", align: "left" },
  { title: "service", align: "left" },
  { title: "remote", align: "left", code: true },
];

const ORIGIN_STYLES: Readonly<Record<SuggestedRule["origin"], Style>> = {
  new: "good",
  same: "plain",
  kept: "faint",
};

const ORIGIN_WORDS: Readonly<Record<SuggestedRule["origin"], string>> = {
  new: "new: narrower than what is there.",
  same: "same: a present rule, needed as it is.",
  kept: "kept: the log cannot judge it, so it stays.",
};

function listed(names: readonly string[]): string {
  const rest = names.length - SHOWN_NAMES;
  return `${names.slice(0, SHOWN_NAMES).join(", ")}${rest > 0 ? ` and ${grouped(rest)} more` : ""}`;
}

function ruleRow({ rule, origin, replaces, connections }: SuggestedRule): Row {
  const described = rule.description === undefined ? [] : [`"${rule.description}"`];
  const from = origin === "new" && replaces.length > 0 ? [`part of ${listed(replaces)}`] : [];
  const texts = [...described, ...from];
  return {
    cells: [
      toned(origin, ORIGIN_STYLES[origin]),
      rule.direction,
      serviceText(rule),
      peerWord(rule.peer),
      grouped(connections),
    ],
    details: texts.length === 0 ? [] : [texts.join(", ")],
  };
}

function moreText(hidden: number, one: string): string[] {
  return hidden > 0 ? [`${counted(hidden, `more ${one}`)}; --format json has all.`] : [];
}

function rulesSection({ rules }: Suggestion): Section {
  const origins = [...new Set(rules.map(({ origin }) => origin))];
  const table: Table = {
    kind: "table",
    columns: RULE_COLUMNS,
    rows: rules.slice(0, SHOWN_RULES).map(ruleRow),
    none: "None.",
    foot: [
      ...moreText(rules.length - SHOWN_RULES, "rule"),
      ...origins.map((origin) => ORIGIN_WORDS[origin]),
    ],
  };
  return { heading: "Suggested rules", blocks: [table] };
}

function droppedSection({ dropped }: Suggestion): Section {
  const rows = dropped.slice(0, SHOWN_RULES).map(({ rule, connections }): Row => {
    const place = code(`${rule.at.file}:${rule.at.line}`);
    return { cells: [ruleWords(rule), grouped(connections), place] };
  });
  const foot = moreText(dropped.length - SHOWN_RULES, "rule");
  const table: Table = { kind: "table", columns: DROPPED_COLUMNS, rows, none: "None.", foot };
  return { heading: "Present rules that go", blocks: [table] };
}

function partSection(part: SuggestionPart, { quotas, budget }: Suggestion): Section {
  const { present, suggested } = part;
  const weight =
    suggested.weight > suggested.rules
      ? ` AWS counts them as ${grouped(suggested.weight)}: a prefix list weighs as many rules as it has entries.`
      : "";
  const sentence =
    `${counted(present.rules, "rule")} now, ${grouped(suggested.rules)} suggested; they admit ` +
    `${magnitude(suggested.permissiveness)} instead of ${magnitude(present.permissiveness)} addresses × ports, ` +
    `for ${counted(part.openings, "opening")} that ${part.openings === 1 ? "was" : "were"} seen.${weight}`;
  // Where nothing was seen no rule is needed, and nothing drawn.
  const isSeen = part.openings > 0;
  const over = `The budget of ${counted(budget, "rule")} is too small to stay inside the present rules: the fewest that can are suggested.`;
  const unnamed = "The budget is too small to name groups and prefix lists wherever they fit.";
  return {
    heading: `${part.direction} IPv${part.family}`,
    blocks: [
      ...(part.withinBudget ? [] : [note(toned(over, "warn"))]),
      ...(isSeen && part.withinBudget && !part.named ? [note(toned(unnamed, "warn"))] : []),
      paragraph(sentence),
      ...(isSeen ? [{ kind: "code", lines: curveLines(part, quotas, budget) } as const] : []),
    ],
  };
}

function brokenRow(tuple: HeldOutTuple): Row {
  const { direction, protocol, port, remote, connections, first, last } = tuple;
  return {
    cells: [grouped(connections), direction, protocolPort(protocol, port), remote],
    details: [
      `${seenText(first, last)}; at ${listed(tuple.interfaces)}; today by ${listed(tuple.rules)}`,
      placesOf(tuple.samples),
    ],
  };
}

/** What the suggestion would have broken, and the diff with it in force from the cut on. */
export function trialSections(trial: HeldOutTrial): Section[] {
  const { heldOut, diff, split } = trial;
  const byConnections = split.by === "connections";
  const foot = moreText(heldOut.list.length - SHOWN_TUPLES, "tuple");
  const rows = heldOut.list.slice(0, SHOWN_TUPLES).map(brokenRow);
  const none = heldOut.connections === 0 ? "Nothing was tried." : "Nothing.";
  const broken: Table = { kind: "table", columns: BROKEN_COLUMNS, rows, none, foot };
  return [
    { heading: "Held out: what the suggestion would have denied", blocks: [broken] },
    {
      heading: byConnections
        ? "Diff with the suggestion in force from the cut on"
        : "Diff of what is held out",
      blocks: [paragraph(impactSentence(diff, byConnections ? split.cut : null))],
    },
    ...impactTupleSections(diff, "Diff"),
  ];
}

/** Curves, rules, and what goes. */
export function suggestionSections(suggestion: Suggestion): Section[] {
  return [
    rulesSection(suggestion),
    droppedSection(suggestion),
    ...suggestion.parts.map((part) => partSection(part, suggestion)),
  ];
}
