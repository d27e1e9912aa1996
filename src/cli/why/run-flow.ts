// The work of `why --flow`: the rules of both ends, no log.

import type { Timeline } from "../../model/timeline.js";
import { explainFlow } from "../../reference/index.js";
import { type ExplainedFlow, flowReport } from "../../report/explanation-flow.js";
import type { Report } from "../../report/report.js";
import { parseFlow } from "./parse-flow.js";

/** Log times are 32-bit Unix seconds: all rules of a history hold by then, and all interfaces are attached. */
const LAST_SECOND = 4_294_967_295;

/** Explains every flow under the rules and the candidates. Interfaces are those of the latest rules. */
export function explainFlows(
  texts: readonly string[],
  at: number | undefined,
  baseline: Timeline,
  candidates: readonly Timeline[],
): Report {
  const time = at ?? LAST_SECOND;
  const begun = baseline.periods.filter(({ from }, i) => i === 0 || from <= time);
  const { ruleSet } = begun.at(-1)!;
  const explained = texts
    .flatMap((text) => parseFlow(text, ruleSet, time))
    .map((flow): ExplainedFlow => {
      const [own, ...others] = explainFlow(flow, [baseline, ...candidates]);
      return { flow, baseline: own!, candidates: others };
    });
  return flowReport(explained);
}
