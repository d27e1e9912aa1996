// The work of `why --flow`: the rules of both ends, no log.

import type { Timeline } from "../../model/timeline.js";
import { explainFlow, type HypotheticalFlow } from "../../reference/index.js";
import { type ExplainedFlow, flowReport } from "../../report/explanation-flow.js";
import type { Report } from "../../report/report.js";
import type { SeenOpener } from "../../report/seen-openers.js";
import { parseFlow } from "./parse-flow.js";

/** Log times are 32-bit Unix seconds: all rules of a history hold by then, and all interfaces are attached. */
const LAST_SECOND = 4_294_967_295;

/** Reads every flow. Interfaces are those of the latest rules that hold `at` the time asked about. */
export function flowsOf(
  texts: readonly string[],
  at: number | undefined,
  { periods }: Timeline,
): readonly HypotheticalFlow[] {
  const time = at ?? LAST_SECOND;
  const begun = periods.filter(({ from }, i) => i === 0 || from <= time);
  const { ruleSet } = begun.at(-1)!;
  return texts.flatMap((text) => parseFlow(text, ruleSet, time));
}

/** A flow under the first of the timelines, and under the others as its candidates. */
export function explained(
  flow: HypotheticalFlow,
  timelines: readonly Timeline[],
  seen: readonly SeenOpener[] | null,
): ExplainedFlow {
  const [own, ...others] = explainFlow(flow, timelines);
  return { flow, baseline: own!, candidates: others, seen };
}

/** Explains every flow under the rules and the candidates. */
export function explainFlows(
  texts: readonly string[],
  at: number | undefined,
  baseline: Timeline,
  candidates: readonly Timeline[],
): Report {
  const flows = flowsOf(texts, at, baseline);
  return flowReport(flows.map((flow) => explained(flow, [baseline, ...candidates], null)));
}
