import type { Reason, Verdict } from "../model/verdict.js";
import { verdictOf } from "../model/verdict.js";

/** Verdict and reason of one record, or of the opening of a connection (section 5). */
export interface Ruling {
  readonly verdict: Verdict;
  readonly reason: Reason;
  readonly detail: string;
  readonly rules: readonly string[];
}

export function ruling(reason: Reason, detail = "", rules: readonly string[] = []): Ruling {
  return { verdict: verdictOf(reason), reason, detail, rules };
}
