// What a candidate is, said once before it is judged: a forgotten file shows here and not in the numbers.

import { counted } from "../../report/quantity.js";
import {
  type CandidateEntry,
  type CandidateKind,
  type CandidateReport,
  type Edit,
  isPlanWarning,
  type PlanFinding,
} from "../../rules/index.js";
import type { Terminal } from "../terminal.js";
import type { LoadedCandidateTimeline } from "./load-candidates.js";

/** Findings of plans, edits, and what follows from each, told without --verbose; the rest is counted. */
const SHOWN_EDITS = 10;
const SHOWN_FINDINGS = 10;
const SHOWN_NOTES = 3;

const KIND_WORDS: Readonly<Record<CandidateKind, string>> = {
  group: "group",
  "prefix list": "prefix list",
  interface: "interface",
  vpc: "VPC",
  subnet: "subnet",
  peering: "peering",
  acl: "network ACL",
};
const KINDS = Object.keys(KIND_WORDS) as readonly CandidateKind[];

/** Tells what a candidate replaces, adds and inherits, or what its edits do; each thing by itself with --verbose. */
export function sayCandidate(candidate: LoadedCandidateTimeline, terminal: Terminal): void {
  const { timeline, report, outcomes, notThen } = candidate;
  const { name } = timeline;
  if (report === null) sayEdits(candidate, terminal);
  else {
    sayDocuments(name, report, terminal);
    sayFindings(name, report.findings, terminal);
  }
  const isIdle = report === null ? outcomes.length === 0 : !report.entries.some(isChange);
  if (isIdle) terminal.say(`warning: ${name}: it changes nothing`);
  if (notThen.length > 0)
    terminal.say(
      `note: ${name}: ${counted(notThen.length, "edit")} left out of earlier rules, which have no use for ` +
        `${notThen.length === 1 ? "it" : "them"}: ${notThen.map(placeOf).join(", ")}`,
    );
}

/** Warnings first; the report of `diff` has all of them. */
function sayFindings(name: string, findings: readonly PlanFinding[], terminal: Terminal): void {
  const sorted = [...findings.filter(isPlanWarning), ...findings.filter((f) => !isPlanWarning(f))];
  const shown = terminal.verbose ? sorted : sorted.slice(0, SHOWN_FINDINGS);
  for (const finding of shown) {
    const { code, subject, message, at } = finding;
    const word = isPlanWarning(finding) ? "warning" : "note";
    terminal.say(`${word}: ${at.file}:${at.line}: ${subject}: ${message} (${code})`);
  }
  const more = sorted.length - shown.length;
  if (more > 0)
    terminal.say(`${name}: ${counted(more, "more finding")} about the plan; --verbose tells each`);
}

function isChange({ action }: CandidateEntry): boolean {
  return action !== "same";
}

function placeOf({ at }: Edit): string {
  return `${at.file}:${at.line}`;
}

function sayEdits({ timeline, outcomes }: LoadedCandidateTimeline, terminal: Terminal): void {
  const shown = terminal.verbose ? outcomes : outcomes.slice(0, SHOWN_EDITS);
  for (const { did, notes } of shown) {
    terminal.say(`${timeline.name}: ${did}`);
    const told = terminal.verbose ? notes : notes.slice(0, SHOWN_NOTES);
    for (const note of told) terminal.say(`  note: ${note}`);
    const rest = notes.length - told.length;
    if (rest > 0) terminal.say(`  ${counted(rest, "more note")}; --verbose tells each`);
  }
  const more = outcomes.length - shown.length;
  if (more > 0)
    terminal.say(`${timeline.name}: ${counted(more, "more edit")}; --verbose tells each`);
}

function sayDocuments(
  name: string,
  { entries, inherited }: CandidateReport,
  terminal: Terminal,
): void {
  const parts = (["replaced", "added", "deleted", "same"] as const).flatMap((action) => {
    const words = kindCounts(
      (kind) => entries.filter((entry) => entry.kind === kind && entry.action === action).length,
    );
    return words === "" ? [] : [`${words} ${action === "same" ? "as before" : action}`];
  });
  const rest = kindCounts((kind) => inherited[kind]);
  if (rest !== "") parts.push(`${rest} inherited`);
  terminal.say(`${name}: ${parts.join("; ")}`);
  if (!terminal.verbose) return;
  for (const { kind, id, action, at } of entries)
    terminal.say(
      `  ${KIND_WORDS[kind]} ${id} ${action === "same" ? "as before" : action} (${at.file}:${at.line})`,
    );
}

function kindCounts(countOf: (kind: CandidateKind) => number): string {
  return KINDS.filter((kind) => countOf(kind) > 0)
    .map((kind) => counted(countOf(kind), KIND_WORDS[kind]))
    .join(", ");
}
