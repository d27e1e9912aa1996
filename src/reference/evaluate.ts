import type { FlowRecord, Judgement } from "../model/record.js";
import type { RuleSet } from "../model/rule-set.js";
import { always } from "../model/timeline.js";
import { type Counters, countLine } from "./counters.js";
import { type Finding, judgeLog, type Observer } from "./judge-log.js";
import type { ReferenceOptions } from "./run.js";

/** One run over a whole log under one rule set. */
export interface Evaluation {
  /** In input order, for the records of status OK. */
  readonly findings: readonly Finding[];
  readonly counters: Counters;
}

/**
 * Judges a whole log under one rule set (sections 1-8): the readable copy of the law, against which the core is
 * tested. Judgements come in input order, for records of status OK. Cost: that of `judgeLog`.
 */
export function evaluateReference(
  records: readonly FlowRecord[],
  ruleSet: RuleSet,
  options: ReferenceOptions,
): readonly Judgement[] {
  return evaluateInDetail(records, ruleSet, options).findings.map(({ judgement }) => judgement);
}

/** The same run with its counters and with what each judgement rests on. */
export function evaluateInDetail(
  records: readonly FlowRecord[],
  ruleSet: RuleSet,
  options: ReferenceOptions,
  observe?: Observer,
): Evaluation {
  const judged = judgeLog(records, [always("baseline", ruleSet)], options, observe);
  const findings = judged.findings.flatMap((perLine) => perLine.slice(0, 1));
  return { findings, counters: countLine(records, judged, 0) };
}
