import { ruleWords } from "../lint/index.js";
import type { Rule, RuleSet } from "../model/rule-set.js";
import type { RemovalPlan, RemovedRule } from "../questions/index.js";
import { counted } from "./quantity.js";
import { revokeLine } from "./revoke-line.js";
import { sharesText } from "./tuple-text.js";

function reasonText({ connections, admittedBy, coverage }: RemovedRule): string {
  if (connections > 0)
    return `${counted(connections, "connection")}, all admitted by ${sharesText(admittedBy)} too`;
  return `no connection in ${coverage.days} days of log at ${coverage.withLogs} of ${counted(coverage.interfaces, "interface")}`;
}

/** Edit lines that take the rules of a plan away, each with its reason above; `parseEdits` reads them back. */
export function removalEditLines(plan: RemovalPlan, ruleSet: RuleSet): string {
  const rules = new Map<string, Rule>();
  for (const group of ruleSet.groups.values())
    for (const rule of group.rules) rules.set(rule.id, rule);
  const lines = plan.removed.flatMap((removed) => {
    const rule = rules.get(removed.id);
    if (rule === undefined) return [];
    return [`# ${ruleWords(rule)}: ${reasonText(removed)}`, revokeLine(rule)];
  });
  return lines.map((line) => `${line}\n`).join("");
}
