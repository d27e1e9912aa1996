// What a number of rules can do at best, drawn: a bar per count, as long as the number of digits it leaves open.

import {
  type CurvePoint,
  type QuotaMark,
  RULES_PER_GROUP,
  type SuggestionPart,
} from "../questions/index.js";
import { grouped, magnitude } from "./quantity.js";

/** Points drawn of a curve besides those with a mark; the JSON report has all. */
const DRAWN_POINTS = 10;
const BAR_WIDTH = 32;

const QUOTA_WORDS: Readonly<Record<QuotaMark["name"], string>> = {
  "rules-per-group": "AWS quota of rules per group",
  "rules-per-group-raised": "AWS quota as far as it can be raised",
};

interface DrawnPoint {
  readonly rules: number;
  /** Null where the curve was not computed so far. */
  readonly permissiveness: number | null;
  readonly marks: readonly string[];
}

/** Every step where there are few, else evenly spread ones with the first and the last. */
function drawnOf(curve: readonly CurvePoint[]): readonly CurvePoint[] {
  if (curve.length <= DRAWN_POINTS) return curve;
  const last = curve.length - 1;
  const step = last / (DRAWN_POINTS - 1);
  return Array.from({ length: DRAWN_POINTS }, (_, i) => curve[Math.round(i * step)]!);
}

/**
 * The least that so many rules can admit; nothing where they cannot do at all, null beyond where the curve was computed.
 * More rules than openings gain nothing.
 */
function leastWith(
  { curve, openings }: SuggestionPart,
  rules: number,
  budget: number,
): number | null | undefined {
  const computed = Math.max(budget, RULES_PER_GROUP);
  if (rules > computed && openings > computed) return null;
  return curve.findLast((point) => point.rules <= rules)?.permissiveness;
}

function marked(
  part: SuggestionPart,
  quotas: readonly QuotaMark[],
  budget: number,
): readonly DrawnPoint[] {
  const { present, suggested } = part;
  const limits = [
    { rules: budget, mark: "budget" },
    ...quotas.map(({ name, rules }) => ({ rules, mark: QUOTA_WORDS[name] })),
  ];
  return [
    { ...present, marks: ["now"] },
    { ...suggested, marks: ["suggested"] },
    ...limits.flatMap(({ rules, mark }) => {
      const permissiveness = leastWith(part, rules, budget);
      if (permissiveness === undefined) return [];
      const more = permissiveness === null ? `, computed with --budget ${rules}` : "";
      return [{ rules, permissiveness, marks: [`${mark}${more}`] }];
    }),
  ];
}

/** Points of one count and value are one line with all their marks; by rules, then the wider first. */
function joined(points: readonly DrawnPoint[]): readonly DrawnPoint[] {
  const found = new Map<string, DrawnPoint>();
  for (const { rules, permissiveness, marks } of points) {
    const key = `${rules} ${permissiveness}`;
    const known = found.get(key)?.marks ?? [];
    found.set(key, { rules, permissiveness, marks: [...known, ...marks] });
  }
  return [...found.values()].sort(
    (a, b) => a.rules - b.rules || (b.permissiveness ?? 0) - (a.permissiveness ?? 0),
  );
}

function digits(permissiveness: number | null): number {
  return permissiveness !== null && permissiveness > 1 ? Math.log10(permissiveness) : 0;
}

/**
 * Lines of one direction and family: rules, a bar on a logarithmic scale, addresses × ports, and which point is now,
 * suggested, the budget or a quota. Without trailing blanks.
 */
export function curveLines(
  part: SuggestionPart,
  quotas: readonly QuotaMark[],
  budget: number,
): string[] {
  const steps = drawnOf(part.curve).map((point): DrawnPoint => ({ ...point, marks: [] }));
  const points = joined([...steps, ...marked(part, quotas, budget)]);
  const longest = Math.max(1, ...points.map(({ permissiveness }) => digits(permissiveness)));
  const values = points.map(({ permissiveness }) =>
    permissiveness === null ? "" : magnitude(permissiveness),
  );
  const width = Math.max("rules".length, ...points.map(({ rules }) => grouped(rules).length));
  const valueWidth = Math.max(...values.map((value) => value.length));
  const lines = points.map(({ rules, permissiveness, marks }, i) => {
    const length = Math.round((digits(permissiveness) / longest) * BAR_WIDTH);
    const bar = ((permissiveness ?? 0) > 0 ? "█".repeat(Math.max(1, length)) : "").padEnd(
      BAR_WIDTH,
    );
    const mark = marks.length === 0 ? "" : `  ${marks.join(", ")}`;
    return `${grouped(rules).padStart(width)}  ${bar}  ${values[i]!.padStart(valueWidth)}${mark}`;
  });
  return [`${"rules".padStart(width)}  addresses × ports, logarithmic`, ...lines];
}
