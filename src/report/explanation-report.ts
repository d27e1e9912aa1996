import type { Explanation } from "../reference/index.js";
import { type ContextNote, explanationBody } from "./explanation-body.js";
import { recordDocument } from "./record-text.js";
import type { Json, Report } from "./report.js";

function judgementKeys(explanation: Explanation): Json {
  const { judgement, cause, interfaceKnown, groups, directionInferred } = explanation;
  const { record, ...rest } = judgement;
  return {
    record: recordDocument(record),
    ...rest,
    cause,
    interface: { known: interfaceKnown, groups },
    directionInferred,
    connection: explanation.connection,
  };
}

/** The answer of `why`. In NDJSON one line per reading and per rule, with the index of its reading. */
export function explanationReport(explanation: Explanation, context: ContextNote): Report {
  const { readings, acls } = explanation;
  return {
    name: "why",
    document: () => ({ ...judgementKeys(explanation), readings, acls, context }),
    head: () => ({ ...judgementKeys(explanation), context }),
    findings: () => [
      [
        "reading",
        readings.map(({ rules: _, ...reading }, index) => ({ reading: index, ...reading })),
      ],
      [
        "rule",
        readings.flatMap(({ rules }, index) => rules.map((rule) => ({ reading: index, ...rule }))),
      ],
      ["acl", acls.map((acl) => ({ ...acl }))],
    ],
    body: () => explanationBody(explanation, context),
  };
}
