// What the rules alone show, without a log.
import type { RuleSet } from "../model/rule-set.js";
import { aclFindings } from "./acl-findings.js";
import {
  defaultGroupFindings,
  interfaceFindings,
  referencedGroups,
  unusedFindings,
} from "./group-findings.js";
import { lintContext } from "./lint-context.js";
import { compareFindings, type LintFinding } from "./lint-finding.js";
import { groupQuotaFindings, productFindings, ruleQuotaFindings } from "./quota-findings.js";
import { redundancyFindings } from "./redundancy-findings.js";
import { referenceFindings } from "./reference-findings.js";
import { sharedNameFindings, textFindings } from "./text-findings.js";
import { trafficFindings } from "./traffic-findings.js";
import { egressFindings, worldFindings } from "./world-findings.js";

/**
 * Every finding, by subject, then level, code and place; the same rule set gives the same list. O(rules²) comparisons
 * within a group, else linear.
 */
export function lintRuleSet(ruleSet: RuleSet): readonly LintFinding[] {
  const context = lintContext(ruleSet);
  const referenced = referencedGroups(context);
  const findings: LintFinding[] = [];
  for (const group of ruleSet.groups.values())
    findings.push(
      ...worldFindings(group, context),
      ...referenceFindings(group, context),
      ...redundancyFindings(group, context),
      ...ruleQuotaFindings(group, context),
      ...textFindings(group),
      ...trafficFindings(group, context),
      ...unusedFindings(group, context, referenced),
      ...defaultGroupFindings(group, context),
    );
  for (const acl of ruleSet.acls.values()) findings.push(...aclFindings(acl));
  findings.push(
    ...sharedNameFindings(context),
    ...groupQuotaFindings(context),
    ...productFindings(context),
    ...interfaceFindings(context),
    ...egressFindings(context),
  );
  return findings.sort(compareFindings);
}
