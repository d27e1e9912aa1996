import { SCHEMA_VERSION } from "../analysis/summary.js";
import type { Explanation } from "../reference/index.js";
import type { ContextNote } from "./explanation-text.js";
import { recordDocument } from "./record-text.js";
import { TOOL } from "./tool.js";

/** The explanation as `why --json` prints it. */
export function explanationDocument(
  explanation: Explanation,
  context: ContextNote,
): Record<string, unknown> {
  const { judgement, cause, interfaceKnown, groups, directionInferred } = explanation;
  const { record, ...rest } = judgement;
  return {
    schemaVersion: SCHEMA_VERSION,
    tool: TOOL,
    record: recordDocument(record),
    ...rest,
    cause,
    interface: { known: interfaceKnown, groups },
    directionInferred,
    connection: explanation.connection,
    readings: explanation.readings,
    context,
  };
}
