// What a plan does beside its changes: gaps of replacements, values that it does not know yet.

import { isPlanWarning, PLAN_CODES, type PlanFinding } from "../rules/index.js";
import { code, type Item, type Section, toned } from "./report-body.js";

/** Gravest first; nothing where there is nothing to say. `name`: the candidate's, where there are several. */
export function planSections(findings: readonly PlanFinding[], name: string | null): Section[] {
  if (findings.length === 0) return [];
  const rank = (finding: PlanFinding): number => PLAN_CODES.indexOf(finding.code);
  const sorted = [...findings].sort((a, b) => rank(a) - rank(b));
  const heading = name === null ? "About the plan" : `About the plan: ${name}`;
  return [{ heading, blocks: [{ kind: "list", items: sorted.map(planItem) }] }];
}

function planItem(finding: PlanFinding): Item {
  const { subject, message, at } = finding;
  return {
    mark: isPlanWarning(finding) ? toned("!", "warn") : toned("-", "faint"),
    text: `${subject}: ${message} (${finding.code})`,
    details: [code(`${at.file}:${at.line}`)],
  };
}
