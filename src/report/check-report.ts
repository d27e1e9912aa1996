import type { FidelityCheck } from "../questions/index.js";
import { checkSections } from "./check-sections.js";
import { grouped, percent } from "./quantity.js";
import type { Json, Report } from "./report.js";
import { pairs, paragraph, type ReportBody, toned } from "./report-body.js";
import {
  type Ground,
  groundHead,
  groundKeys,
  groundLead,
  groundSections,
} from "./report-ground.js";
import { coverageFindings } from "./summary-json.js";
import { TOOL } from "./tool.js";

/** What a `check` is made of. */
export interface CheckAnswer extends Ground {
  readonly check: FidelityCheck;
}

/** The answer in plain words. */
function checkSentence({
  agreeing,
  disagreeing,
  acceptedButDenied,
  rejectedButAllowed,
}: FidelityCheck): string {
  const decided = agreeing + disagreeing;
  if (decided === 0)
    return "Nothing can be checked: no record with an action was judged allow or deny.";
  if (disagreeing === 0)
    return `The rules explain every one of ${grouped(decided)} decided records.`;
  return (
    `The rules do not explain ${grouped(disagreeing)} of ${grouped(decided)} decided records ` +
    `(${percent(disagreeing, decided)}): ${grouped(acceptedButDenied)} were accepted but denied here, ` +
    `${grouped(rejectedButAllowed)} rejected but allowed here.`
  );
}

function checkBody(answer: CheckAnswer): ReportBody {
  const { check, summary } = answer;
  const { agreeing, disagreeing, unknown, withoutAction } = check;
  const style = disagreeing === 0 ? "good" : "warn";
  return {
    title: `${TOOL.name} ${TOOL.version}: fidelity`,
    lead: groundLead(answer, [paragraph(toned(checkSentence(check), style))]),
    sections: [
      {
        heading: "Records judged",
        blocks: [
          pairs([
            ["Agreeing", grouped(agreeing)],
            ["Disagreeing", grouped(disagreeing)],
            ["Unknown", grouped(unknown)],
            ["Without an action", grouped(withoutAction)],
          ]),
        ],
      },
      ...checkSections(check, summary.records.judged),
      ...groundSections(answer),
    ],
  };
}

function countKeys(check: FidelityCheck): Json {
  return {
    fidelity: check.fidelity,
    agreeing: check.agreeing,
    disagreeing: check.disagreeing,
    acceptedButDenied: check.acceptedButDenied,
    rejectedButAllowed: check.rejectedButAllowed,
    unknown: check.unknown,
    withoutAction: check.withoutAction,
  };
}

/** The answer of `check`. In NDJSON one line per disagreement and per reason without an answer. */
export function checkReport(answer: CheckAnswer): Report {
  const { check, summary } = answer;
  const { disagreements, undecided } = check;
  return {
    name: "check",
    document: () => ({
      ...countKeys(check),
      disagreements,
      undecided,
      ...groundKeys(answer),
    }),
    head: () => ({
      ...countKeys(check),
      ...groundHead(answer),
    }),
    findings: () => [
      ["disagreement", disagreements.map((each) => ({ ...each }))],
      ["undecided", undecided.map((each) => ({ ...each }))],
      ...coverageFindings(summary.coverage),
    ],
    body: () => checkBody(answer),
  };
}
