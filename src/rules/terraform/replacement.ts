// What it means that Terraform makes something anew: which half comes first decides between a gap and a clash.
import type { RuleDraft } from "../rule-draft.js";
import type { ResourceChange } from "./plan.js";
import { find, type PlanWork } from "./plan-work.js";

/** Between delete and create nothing admits what the rules admit; created first, an equal rule is refused by AWS. */
export function tellReplacedRule(
  work: PlanWork,
  change: ResourceChange,
  before: readonly RuleDraft[],
  after: readonly RuleDraft[],
): void {
  const keys = new Set(after.map(({ key }) => key));
  const kept = before.filter(({ key }) => keys.has(key));
  if (change.order === "create-first") {
    if (kept.length > 0)
      find(
        work,
        "replace-clash",
        change,
        `it is made anew before the old one goes, and AWS refuses a rule that is there already: ${keysOf(kept)}`,
      );
    return;
  }
  find(
    work,
    "replace-gap",
    change,
    `it is deleted and then made anew: in between nothing admits ${keysOf(before)}; new connections are refused, ` +
      "untracked ones cut, tracked ones go on",
  );
}

function keysOf(rules: readonly RuleDraft[]): string {
  const [first, ...more] = rules.map(({ key }) => key);
  if (first === undefined) return "what it admits";
  return more.length === 0 ? first : `${first} and ${more.length} more`;
}

export function tellReplacedGroup(work: PlanWork, change: ResourceChange, id: string): void {
  const carriers = [...work.baseline.interfaces.values()].filter(({ groupIds }) =>
    groupIds.includes(id),
  ).length;
  const many = carriers === 1 ? "1 interface carries" : `${carriers} interfaces carry`;
  if (change.order === "delete-first")
    find(
      work,
      "replace-gap",
      change,
      `${id} is to be deleted before its successor is made: AWS refuses that while interfaces carry it (${many} it) or rules ` +
        "refer to it; lifecycle { create_before_destroy = true } makes the successor first",
    );
  else
    find(
      work,
      "replace-successor",
      change,
      `its successor is made before ${id} goes: what Terraform manages moves over, whatever else refers to ${id} (${many} it) ` +
        "does not",
    );
}

/** An interface that is made anew gets another id, and mostly another address. */
export function tellReplacedCarrier(work: PlanWork, change: ResourceChange, id: string): void {
  const gap = change.order === "delete-first" ? ": connections end until its successor stands" : "";
  find(
    work,
    change.order === "delete-first" ? "replace-gap" : "replace-successor",
    change,
    `it is made anew${gap}; the traffic of ${id} is judged by the groups of its successor`,
  );
}

/** Something that is made anew after it goes: `lacks` says what is not so in between. */
export function tellGap(work: PlanWork, change: ResourceChange, lacks: string): void {
  if (change.order !== "delete-first") return;
  find(work, "replace-gap", change, `it is deleted and then made anew: in between ${lacks}`);
}

export function tellReplacedList(work: PlanWork, change: ResourceChange, id: string): void {
  if (change.order !== "delete-first") return;
  find(
    work,
    "replace-gap",
    change,
    `${id} is to be deleted before its successor is made: AWS refuses that while rules refer to it`,
  );
}
