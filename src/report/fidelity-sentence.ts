import { CAUSES, type Cause, type Summary } from "../analysis/summary.js";
import { grouped, percent } from "./quantity.js";

/** Causes told in the sentence; the tables have all. */
const SHOWN = 3;

/**
 * How far the rules explain the log, in one line for the top of every report: `The model explains 99.33 % of 6,877
 * decided records; 0.47 % acl-suspected; 94 of 6,971 are unknown.` (semantics 8)
 */
export function fidelitySentence(summary: Summary): string {
  if (summary.ofOpeners === true)
    return "A summary does not hold what AWS did with each record: how far the model explains the log is told by check, on the logs.";
  const { accept, reject } = summary.matrix;
  const agreeing = accept.allow + reject.deny;
  const decided = agreeing + accept.deny + reject.allow;
  const { unknown } = summary.verdicts;
  const open =
    unknown === 0 ? "" : `${grouped(unknown)} of ${grouped(summary.records.judged)} are unknown`;
  if (decided === 0)
    return `The model is not tested: no record with an action was judged allow or deny${open === "" ? "" : `; ${open}`}.`;
  const found: [Cause, number][] = [];
  for (const cause of CAUSES) {
    const count = cause === "" ? 0 : (summary.causes[cause] ?? 0);
    if (cause !== "" && count > 0) found.push([cause, count]);
  }
  found.sort((a, b) => b[1] - a[1]);
  const parts = [
    `The model explains ${percent(agreeing, decided)} of ${grouped(decided)} decided records`,
    found
      .slice(0, SHOWN)
      .map(([cause, count]) => `${percent(count, decided)} ${cause}`)
      .join(", "),
    open,
  ];
  return `${parts.filter((part) => part !== "").join("; ")}.`;
}
