import type { Change, JudgedOpener } from "../../src/model/opener.js";
import { openerTable } from "../../src/model/opener-table.js";
import type { RuleSet } from "../../src/model/rule-set.js";
import { checkAssertions } from "../../src/questions/assert-check.js";
import { parseAssertions } from "../../src/questions/assert-parse.js";
import {
  type GateInput,
  type GateOptions,
  type GateResult,
  gateOf,
} from "../../src/questions/gate.js";
import { type AcceptedSplit, splitAccepted } from "../../src/questions/gate-accepted.js";
import { DEFAULT_FAIL_ON } from "../../src/questions/gate-fail-on.js";
import { impactOf } from "../../src/questions/impact.js";
import { buildRuleSet } from "../support/rule-set-builder.js";
import { opener } from "./tighten-openers.js";

function placed(ruleSet: RuleSet, file: string): RuleSet {
  let line = 0;
  const at = (): { file: string; line: number; column: number } => {
    line += 10;
    return { file, line, column: 7 };
  };
  const groups = [...ruleSet.groups].map(([id, group]) => {
    const own = at();
    return [
      id,
      { ...group, at: own, rules: group.rules.map((r) => ({ ...r, at: at() })) },
    ] as const;
  });
  return { ...ruleSet, groups: new Map(groups) };
}

function account(db: readonly string[], file: string): RuleSet {
  const ruleSet = buildRuleSet({
    groups: {
      "sg-db": { name: "db", rules: db },
      "sg-batch": { name: "batch", rules: ["egress all all 0.0.0.0/0"] },
    },
    interfaces: {
      "eni-db": { groups: ["sg-db"], addresses: ["10.0.1.1"] },
      "eni-batch": { groups: ["sg-batch"], addresses: ["10.0.2.1"] },
    },
    prefixLists: { "pl-closed": null },
    snapshotComplete: true,
  });
  return placed(ruleSet, file);
}

export const BASELINE: RuleSet = account(
  ["ingress tcp 5432 10.0.0.0/8", "ingress tcp 22 0.0.0.0/0"],
  "base/groups.json",
);
export const CANDIDATE: RuleSet = account(
  ["ingress tcp 5432 sg-batch", "ingress tcp 443 0.0.0.0/0", "ingress udp 53 pl-closed"],
  "new rules/groups.json",
);

const CHANGE: Readonly<Record<string, Change>> = {
  "allow deny": "newly-denied",
  "deny allow": "newly-allowed",
  "allow allow": "unchanged",
  "deny deny": "unchanged",
};

export const OPENERS: readonly JudgedOpener[] = [
  "eni-db ingress tcp/5432 10.0.2.1 x50",
  "eni-db ingress tcp/5432 10.0.9.9 x3",
  "eni-db ingress tcp/22 192.0.2.7 x2",
  "eni-db ingress tcp/443 198.51.100.1 x4",
  "eni-db ingress udp/53 10.0.9.9 x5",
].map((text) => {
  const row = opener([BASELINE, CANDIDATE], text);
  const verdicts = row.rulings.map(({ verdict }) => verdict).join(" ");
  return { ...row, changes: [{ change: CHANGE[verdicts] ?? "undetermined", cutOver: null }] };
});

export const ASSERTIONS = `version: 1
assertions:
  - name: "the outside & <others> stay out"
    deny: {to: group db, except-from: 10.0.0.0/8}
  - allow: {from: group batch, to: group db, port: tcp/5432}
  - name: names
    allow: {to: group db, port: udp/53, from: 10.0.9.9, by: traffic}
accepted:
  - {change: newly-denied, to: group db, from: 192.0.2.7, port: tcp/22, owner: platform, expires: 2027-01-31, note: "a | b"}
  - {change: newly-denied, to: group db, from: 10.0.9.9, owner: data, expires: 2025-01-31}
  - {change: undetermined, port: tcp/1, owner: web, expires: 2027-01-31}
`;

/** 2026-11-23. */
export const NOW: number = 1_795_392_000;

export function split(now: number = NOW): AcceptedSplit {
  const { accepted } = parseAssertions(ASSERTIONS, "net.yml");
  return splitAccepted(openerTable(OPENERS), 0, accepted, [BASELINE, CANDIDATE], now);
}

/** A gate with a bit of everything. */
export function gateCase(
  more: Partial<GateInput> = {},
  options: GateOptions = { failOn: DEFAULT_FAIL_ON },
): GateResult {
  const { accepted, uses } = split();
  const { assertions } = parseAssertions(ASSERTIONS, "net.yml");
  const input: GateInput = {
    candidate: "new rules/groups.json",
    impact: impactOf(OPENERS, BASELINE, CANDIDATE, 0, { without: accepted }),
    accepted: uses,
    assertions: checkAssertions(assertions, OPENERS, CANDIDATE, { timeline: 1 }),
    fidelity: 0.995,
    openersDropped: 0,
    lintErrors: [
      {
        code: "stale-reference",
        message: "sg-db: a stale rule",
        at: { file: "x.json", line: 3, column: 1 },
      },
    ],
    baselineRules: BASELINE,
    candidateRules: CANDIDATE,
    ...more,
  };
  return gateOf(input, options);
}
