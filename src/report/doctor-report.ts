import type { DoctorFindings } from "../inspect/index.js";
import { doctorBody } from "./doctor-body.js";
import type { Json, Report } from "./report.js";

function objects(items: readonly object[]): Json[] {
  return items.map((item) => ({ ...item }));
}

/** The answer of `doctor`. In NDJSON one line per log, finding, field, problem and command. */
export function doctorReport(found: DoctorFindings): Report {
  const { logs, rules, lacking, problems, commands, logCommands } = found;
  return {
    name: "doctor",
    document: () => ({ ...found }),
    head: () => {
      const { looks: _looks, ...logFacts } = logs ?? {};
      const { findings: _findings, ...ruleFacts } = rules ?? {};
      return { logs: logs && logFacts, rules: rules && ruleFacts };
    },
    findings: () => [
      ["problem", problems.map((message) => ({ message }))],
      ["log", objects(logs?.looks ?? [])],
      ["lacking-field", objects(lacking)],
      ["finding", objects(rules?.findings ?? [])],
      ["command", objects(commands)],
      ["log-command", logCommands.map((command) => ({ command }))],
    ],
    body: () => doctorBody(found),
  };
}
