import { LINT_CODES, LINT_LEVELS, type LintFinding } from "../lint/index.js";
import { lintBody } from "./lint-body.js";
import { groupRuleIds, type LintFound, type RuleTraffic } from "./lint-found.js";
import type { Json, Report } from "./report.js";
import { groundHead, groundKeys } from "./report-ground.js";
import { coverageFindings } from "./summary-json.js";

/** The answer of `lint`. In NDJSON one line per finding. */
export function lintReport(found: LintFound): Report {
  return {
    name: "lint",
    document: () => ({
      ...facts(found),
      findings: found.findings.map((f) => object(f, found)),
      ...(found.ground && groundKeys(found.ground)),
    }),
    head: () => ({ ...facts(found), ...(found.ground && groundHead(found.ground)) }),
    findings: () => [
      ["finding", found.findings.map((f) => object(f, found))],
      ...(found.ground ? coverageFindings(found.ground.summary.coverage) : []),
    ],
    body: () => lintBody(found),
  };
}

function facts({ findings, groups, rules, interfaces, acls, traffic }: LintFound): Json {
  const byLevel = LINT_LEVELS.map(
    (level) => [level, findings.filter((f) => f.level === level)] as const,
  );
  const byCode = LINT_CODES.map((code) => [code, findings.filter((f) => f.code === code)] as const);
  return {
    rules: { groups, rules, interfaces, acls },
    withLog: traffic !== undefined,
    levels: Object.fromEntries(byLevel.map(([level, list]) => [level, list.length])),
    codes: Object.fromEntries(
      byCode.filter(([, list]) => list.length > 0).map(([code, list]) => [code, list.length]),
    ),
  };
}

const UNUSED: RuleTraffic = {
  openers: 0,
  soleOpeners: 0,
  records: 0,
  bytes: 0,
  peers: 0,
  first: null,
  last: null,
};

function object(finding: LintFinding, { traffic }: LintFound): Json {
  const { code, level, subject, ruleIds, relatedIds, at, message, advice } = finding;
  const joined = traffic && {
    traffic: groupRuleIds(finding).map((rule) => ({ rule, ...(traffic.get(rule) ?? UNUSED) })),
  };
  return {
    code,
    level,
    subject,
    at,
    rules: ruleIds,
    related: relatedIds,
    message,
    advice,
    ...joined,
  };
}
