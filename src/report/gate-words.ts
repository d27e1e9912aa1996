// A gate in words that all of its reports share.
import type { Place } from "../model/rule-set.js";
import type { GateCondition, GateKind, GateResult } from "../questions/index.js";
import { counted, grouped } from "./quantity.js";

export const KIND_WORDS: Readonly<Record<GateKind, string>> = {
  "would-break": "A connection of the log that the baseline admits would be denied",
  "newly-pass": "An attempt in the log that the baseline denies would be admitted",
  undetermined: "Whether a connection of the log stays as it is cannot be told",
  assertion: "An assertion is violated",
  "undecided-assertion": "An assertion cannot be decided",
  "lint-error": "The candidate has a fault that no log is needed to see",
  fidelity: "The baseline does not explain the log well enough to judge by it",
  plan: "The plan does something beside its changes, or leaves something open",
  "expired-acceptance": "An accepted change has expired",
  "idle-acceptance": "An accepted change is not in the log any more",
};

/** `file:line`, or a dash. */
export function placeText(at: Place | null): string {
  return at === null ? "-" : `${at.file}:${at.line}`;
}

const UNITS: Readonly<Record<Exclude<GateCondition["what"], "fidelity-below">, string>> = {
  "would-break": "connection",
  "newly-pass": "connection",
  undetermined: "connection",
  assertion: "assertion",
  "lint-error": "finding",
};

/** `would-break: 12 connections, 0 are fine`. */
export function conditionText({ what, limit, value }: GateCondition): string {
  if (what === "fidelity-below") {
    const found = value === null ? "not known" : value.toFixed(4);
    return `${what}: ${found}, at least ${limit} is asked for`;
  }
  return `${what}: ${counted(value ?? 0, UNITS[what])}, ${grouped(limit)} ${limit === 1 ? "is" : "are"} fine`;
}

/** `FAIL: candidate new.json`. */
export function verdictText(result: GateResult): string {
  return `${result.verdict === "pass" ? "PASS" : "FAIL"}: ${result.candidate}`;
}
