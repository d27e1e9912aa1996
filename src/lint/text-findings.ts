// Names and descriptions that AWS refuses (length, characters, uniqueness).
import type { Group } from "../model/rule-set.js";
import { MAX_DESCRIPTION } from "./join-descriptions.js";
import { groupSubject, type LintContext } from "./lint-context.js";
import type { LintFinding } from "./lint-finding.js";

const MAX_NAME = 255;
const NOT_IN_NAMES = /[^a-zA-Z0-9 ._\-:/()#,@[\]+=&;{}!$*]/u;
/** As in names, but for the ampersand. */
const NOT_IN_DESCRIPTIONS = /[^a-zA-Z0-9 ._\-:/()#,@[\]+=;{}!$*]/u;
const ALLOWED = "a-z A-Z 0-9 blank . _ - : / ( ) # , @ [ ] + = ; { } ! $ *";

/** O(rules). */
export function textFindings(group: Group): LintFinding[] {
  const fault = nameFault(group);
  const names: LintFinding[] = fault === undefined ? [] : [told("name-invalid", group, fault)];
  if (fault === undefined && group.vpcId !== undefined && /^sg-/i.test(group.name ?? ""))
    // Documented as refused, but such groups have been seen.
    names.push({
      ...told("name-invalid", group, [
        `the name "${group.name}" begins with sg-, as ids do`,
        "AWS documents that it refuses such names: choose another.",
      ]),
      level: "note",
    });
  const descriptions = group.rules.flatMap((rule): LintFinding[] => {
    const wrong = descriptionFault(rule.description ?? "");
    if (wrong === undefined) return [];
    return [{ ...told("description-invalid", group, wrong), ruleIds: [rule.id], at: rule.at }];
  });
  return [...names, ...descriptions];
}

function told(
  code: "name-invalid" | "description-invalid",
  group: Group,
  [message, advice]: readonly [string, string],
): LintFinding {
  const subject = groupSubject(group);
  return {
    code,
    level: "error",
    subject,
    ruleIds: [],
    relatedIds: [],
    at: group.at,
    message,
    advice,
  };
}

function nameFault({ name, vpcId }: Group): readonly [string, string] | undefined {
  // EC2-Classic had other rules, and nobody can make such groups any more.
  if (name === undefined || vpcId === undefined) return undefined;
  if (name.length > MAX_NAME)
    return [`the name has ${name.length} characters`, `AWS allows ${MAX_NAME}: shorten it.`];
  const odd = NOT_IN_NAMES.exec(name)?.[0];
  if (odd === undefined) return undefined;
  return [
    `the name "${name}" holds ${JSON.stringify(odd)}`,
    `AWS allows ${ALLOWED} and & in names.`,
  ];
}

function descriptionFault(text: string): readonly [string, string] | undefined {
  if (text.length > MAX_DESCRIPTION)
    return [
      `a rule's description has ${text.length} characters`,
      `AWS allows ${MAX_DESCRIPTION}: shorten it.`,
    ];
  const odd = NOT_IN_DESCRIPTIONS.exec(text)?.[0];
  if (odd === undefined) return undefined;
  return [`a rule's description holds ${JSON.stringify(odd)}: "${text}"`, `AWS allows ${ALLOWED}.`];
}

/** Names are unique in a VPC, whatever the case of their letters. O(groups). */
export function sharedNameFindings({ ruleSet }: LintContext): LintFinding[] {
  const first = new Map<string, Group>();
  const findings: LintFinding[] = [];
  for (const group of ruleSet.groups.values()) {
    const { name, vpcId, accountId } = group;
    if (name === undefined || vpcId === undefined) continue;
    const key = `${accountId ?? ""} ${vpcId} ${name.trimEnd().toLowerCase()}`;
    const known = first.get(key);
    if (known === undefined) {
      first.set(key, group);
      continue;
    }
    findings.push({
      code: "name-taken",
      level: "error",
      subject: groupSubject(group),
      ruleIds: [],
      relatedIds: [],
      at: group.at,
      message: `the name "${name}" is also that of ${known.id} in ${vpcId}`,
      advice: "AWS wants names unique in a VPC, whatever the case: rename one.",
    });
  }
  return findings;
}
