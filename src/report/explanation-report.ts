import type { Explanation } from "../reference/index.js";
import { explanationBody } from "./explanation-body.js";
import type { ContextNote } from "./explanation-connection.js";
import { endDocument, readingDocument } from "./explanation-parts.js";
import { recordDocument } from "./record-text.js";
import type { Json, Report } from "./report.js";

function judgementKeys(explanation: Explanation): Json {
  const { judgement, cause, interfaceKnown, groups, directionInferred, period } = explanation;
  const { record: _, ...rest } = judgement;
  return {
    ...rest,
    cause,
    interface: { known: interfaceKnown, groups },
    period,
    directionInferred,
    connection: explanation.connection,
  };
}

function askedKeys({ readings, acls, otherEnds }: Explanation): Json {
  return {
    readings: readings.map(readingDocument),
    acls,
    otherEnds: otherEnds.map(endDocument),
  };
}

function candidateDocument(candidate: Explanation): Json {
  const { name, change } = candidate;
  return { name, change, ...judgementKeys(candidate), ...askedKeys(candidate) };
}

/**
 * The answer of `why` about a record; `candidates` are what other rules would say of it. In NDJSON one line per reading
 * and per rule, with the index of its reading, then per list, other end and candidate.
 */
export function explanationReport(
  explanation: Explanation,
  context: ContextNote,
  candidates: readonly Explanation[] = [],
): Report {
  const { readings, acls, otherEnds } = explanation;
  const record = recordDocument(explanation.judgement.record);
  return {
    name: "why",
    document: () => ({
      record,
      ...judgementKeys(explanation),
      ...askedKeys(explanation),
      candidates: candidates.map(candidateDocument),
      context,
    }),
    head: () => ({ record, ...judgementKeys(explanation), context }),
    findings: () => [
      [
        "reading",
        readings.map((each, reading) => {
          const { rules: _, ...rest } = readingDocument(each);
          return { reading, ...rest };
        }),
      ],
      [
        "rule",
        readings.flatMap(({ rules }, index) => rules.map((rule) => ({ reading: index, ...rule }))),
      ],
      ["acl", acls.map((acl) => ({ ...acl }))],
      ["other-end", otherEnds.map(endDocument)],
      ["candidate", candidates.map(candidateDocument)],
    ],
    body: () => explanationBody(explanation, context, candidates),
  };
}
