// Tuples and what spreads over them, in words.

import type { Change, Sample } from "../model/opener.js";
import { GRADES, type Grade } from "../model/verdict.js";
import type { Share, Spread, Tuple, TupleCounts, TupleEnd } from "../questions/index.js";
import { counted, grouped, timestamp } from "./quantity.js";
import type { Places, StyledText } from "./report-body.js";

/** Names told of a spread. */
const SHOWN_NAMES = 3;

/** An end of a tuple: groups by their ids, a block, an address. */
export function endCell(end: TupleEnd): StyledText {
  return { text: end.label, code: true };
}

/** What people call an end: the names of its groups or list, else its label. */
function endName(end: TupleEnd): string {
  if (end.kind === "groups") return end.ids.map((id, i) => end.names[i] ?? id).join(", ");
  return end.kind === "prefix-list" ? (end.name ?? end.label) : end.label;
}

/** `from app to db`; nothing where no end has a name. */
export function namesText({ source, destination }: Tuple): string | undefined {
  const from = endName(source);
  const to = endName(destination);
  return from === source.label && to === destination.label ? undefined : `from ${from} to ${to}`;
}

/** How many tuples change so; nothing where they were not counted. */
export function tupleCountText(tuples: TupleCounts, change: Change): string {
  const found = tuples[change];
  return found === null ? "" : grouped(found);
}

/** `sgr-0a (12), sgr-0b (3)`; the count only where there are several. */
export function sharesText(shares: readonly Share[]): string {
  if (shares.length === 1) return shares[0]!.name;
  return shares.map(({ name, connections }) => `${name} (${grouped(connections)})`).join(", ");
}

/** `peer 10.0.0.1`, `14 peers: 10.0.0.1 (7), 10.0.0.2 (3), 10.0.0.9 (1), ...`. */
export function spreadText({ distinct, top }: Spread, one: string): string {
  const shown = top.slice(0, SHOWN_NAMES);
  if (distinct === 1 && shown.length === 1) return `${one} ${shown[0]!.name}`;
  const rest = distinct > shown.length ? ", ..." : "";
  const names = shown.length === 0 ? "" : `: ${sharesText(shown)}${rest}`;
  return `${counted(distinct, one)}${names}`;
}

/** Connections by grade, strongest first: `measured 12, inferred 3`; the name alone where there is one grade. */
export function gradesText(grades: Readonly<Partial<Record<Grade, number>>>): string {
  const found = [...GRADES].reverse().filter((grade) => (grades[grade] ?? 0) > 0);
  if (found.length === 1) return found[0]!;
  return found.map((grade) => `${grade} ${grouped(grades[grade] ?? 0)}`).join(", ");
}

/** `first seen ..., last seen ...`. */
export function seenText(first: number, last: number): string {
  return `first seen ${timestamp(first)}, last seen ${timestamp(last)}`;
}

/** Where the first records of a finding stand. */
export function placesOf(samples: readonly Pick<Sample, "file" | "line">[]): Places {
  return { places: samples.map(({ file, line }) => `${file}:${line}`) };
}
