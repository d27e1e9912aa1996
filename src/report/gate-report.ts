import type {
  AssertionFinding,
  AssertionResult,
  GateFinding,
  GateResult,
} from "../questions/index.js";
import type { GateAnswer } from "./gate-answer.js";
import { gateBody } from "./gate-body.js";
import { changeKeys } from "./impact-json.js";
import type { Json, Report } from "./report.js";
import { groundHead, groundKeys } from "./report-ground.js";
import { coverageFindings } from "./summary-json.js";

function findingKeys({
  verdict,
  message,
  at,
  ruleId,
  connections,
  samples,
}: AssertionFinding): Json {
  return { verdict, message, at, ruleId, connections, samples };
}

function assertionKeys({ assertion, verdict, settledBy, evidence }: AssertionResult): Json {
  const { title, kind, at } = assertion;
  const parts = evidence.map((part) => ({ ...part, findings: part.findings.map(findingKeys) }));
  return { title, kind, at, verdict, settledBy, evidence: parts };
}

function acceptedKeys(result: GateResult): Json[] {
  return result.accepted.map(({ acceptance, state, connections }) => {
    const { title, change, owner, expires, note, at } = acceptance;
    return { title, change, owner, expires, note, at, state, connections };
  });
}

function gateFindingKeys(finding: GateFinding): Json {
  const { kind, level, message, at, related, ruleId, connections, samples, key } = finding;
  return { kind, level, message, at, related, ruleId, connections, samples, key };
}

function headKeys(result: GateResult): Json {
  return {
    candidate: result.candidate,
    verdict: result.verdict,
    conditions: result.conditions,
    undecidedFails: result.undecidedFails,
    connections: changeKeys(result.connections),
    records: changeKeys(result.records),
    bytes: changeKeys(result.bytes),
    tupleCounts: changeKeys(result.tuples),
    moreTuples: result.moreTuples,
  };
}

/** The answer of `gate`. In NDJSON a line per assertion, accepted change and finding. */
export function gateReport(answer: GateAnswer): Report {
  const { result, summary } = answer;
  const assertions = (): Json[] => result.assertions.map(assertionKeys);
  const findings = (): Json[] => result.findings.map(gateFindingKeys);
  return {
    name: "gate",
    document: () => ({
      ...headKeys(result),
      assertions: assertions(),
      accepted: acceptedKeys(result),
      findings: findings(),
      ...groundKeys(answer),
    }),
    head: () => ({ ...headKeys(result), ...groundHead(answer) }),
    findings: () => [
      ["assertion", assertions()],
      ["accepted", acceptedKeys(result)],
      ["finding", findings()],
      ...coverageFindings(summary.coverage),
    ],
    body: () => gateBody(answer),
  };
}
