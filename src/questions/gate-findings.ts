// Everything a gate has to say, one finding each, with the place of the rule it is about.
import type { Rule, RuleSet } from "../model/rule-set.js";
import { trafficWords } from "./assert-traffic.js";
import type { AssertionResult } from "./assertion.js";
import type { GateFinding, GateInput, GateKind, GateLevel } from "./gate.js";
import type { AcceptanceUse } from "./gate-accepted.js";
import type { FailOn } from "./gate-fail-on.js";
import type { ImpactTuple } from "./impact.js";
import type { Spread } from "./tuple.js";

type Failed = ReadonlySet<FailOn["what"]>;

const NO_COUNTS: Pick<GateFinding, "related" | "ruleId" | "connections" | "samples"> = {
  related: [],
  ruleId: null,
  connections: 0,
  samples: [],
};

function rulesById(ruleSet: RuleSet): ReadonlyMap<string, Rule> {
  const rules = [...ruleSet.groups.values()].flatMap((group) => group.rules);
  return new Map(rules.map((rule) => [rule.id, rule]));
}

interface Lookup {
  readonly baseline: ReadonlyMap<string, Rule>;
  readonly candidate: ReadonlyMap<string, Rule>;
  readonly candidateRules: RuleSet;
}

function named(rulesOf: Spread, rules: ReadonlyMap<string, Rule>): readonly Rule[] {
  return rulesOf.top.flatMap(({ name }) => rules.get(name) ?? []);
}

const TUPLE_KINDS: Readonly<Record<ImpactTuple["change"], GateKind | undefined>> = {
  "newly-denied": "would-break",
  "newly-allowed": "newly-pass",
  undetermined: "undetermined",
  unchanged: undefined,
};

/** `3 connections` in the words of a finding. */
function counted(connections: number): string {
  return connections === 1 ? "1 connection" : `${connections} connections`;
}

function tupleWords(tuple: ImpactTuple, kind: GateKind): string {
  const arrow = tuple.directions.length === 0 ? "<->" : "->";
  const path = `${tuple.source.label} ${arrow} ${tuple.destination.label} ${trafficWords(tuple)}`;
  if (kind === "would-break") return `${path} would break: ${counted(tuple.connections)}`;
  if (kind === "newly-pass")
    return `${path} would newly pass: ${counted(tuple.connections)}, attempts only`;
  return `${path} cannot be determined: ${counted(tuple.connections)}`;
}

/** What would break stands where the candidate has the group whose rule admitted it; the rule itself is related. */
function placesOf(
  tuple: ImpactTuple,
  lookup: Lookup,
): Pick<GateFinding, "at" | "related" | "ruleId"> {
  const before = named(tuple.baselineRules, lookup.baseline);
  const after = named(tuple.candidateRules, lookup.candidate);
  const relate = (rules: readonly Rule[], which: string): GateFinding["related"] =>
    rules.map((rule) => ({ at: rule.at, message: `${rule.id}, ${which}` }));
  if (tuple.change === "newly-allowed" || (before.length === 0 && after.length > 0)) {
    const [rule, ...rest] = after;
    const related = relate(rest, "which admits it too");
    return { at: rule?.at ?? null, related, ruleId: rule?.id ?? null };
  }
  const [rule] = before;
  const group = rule === undefined ? undefined : lookup.candidateRules.groups.get(rule.groupId);
  return {
    at: group?.at ?? rule?.at ?? null,
    related: relate(before, "which admits it today"),
    ruleId: rule?.id ?? null,
  };
}

function tupleFinding(tuple: ImpactTuple, failed: Failed, lookup: Lookup): GateFinding[] {
  const kind = TUPLE_KINDS[tuple.change];
  if (kind === undefined) return [];
  const quiet: GateLevel = kind === "newly-pass" ? "note" : "warning";
  const level = failed.has(kind as FailOn["what"]) ? "error" : quiet;
  const { source, destination, connections, samples } = tuple;
  const key = `${kind} ${source.label} ${destination.label} ${trafficWords(tuple)}`;
  const message = tupleWords(tuple, kind);
  return [{ kind, level, message, ...placesOf(tuple, lookup), connections, samples, key }];
}

function assertionFindings(
  result: AssertionResult,
  failed: Failed,
  undecidedFails: boolean,
): GateFinding[] {
  const { assertion, verdict } = result;
  if (verdict === "pass") return [];
  const isError = failed.has("assertion") && (verdict === "fail" || undecidedFails);
  const kind = verdict === "fail" ? "assertion" : "undecided-assertion";
  const level: GateLevel = isError ? "error" : "warning";
  const asserted = { at: assertion.at, message: `asserted: ${assertion.title}` };
  const base = { kind, level, ...NO_COUNTS } as const;
  const found = result.evidence.flatMap((evidence) =>
    evidence.findings
      .filter((finding) => finding.verdict === verdict)
      .map(
        (finding): GateFinding => ({
          ...base,
          message: `${assertion.title}: ${finding.message}`,
          at: finding.at ?? assertion.at,
          related: finding.at === null ? [] : [asserted],
          ruleId: finding.ruleId,
          connections: finding.connections,
          samples: finding.samples,
          key: `${kind} ${assertion.title} ${finding.message}`,
        }),
      ),
  );
  if (found.length > 0) return found;
  const message = `${assertion.title}: nothing in the log or the rules decides it`;
  return [{ ...base, message, at: assertion.at, key: `${kind} ${assertion.title}` }];
}

function acceptanceFinding({ acceptance, state, connections }: AcceptanceUse): GateFinding[] {
  const { title, owner, expires, at } = acceptance;
  const base = { ...NO_COUNTS, at, connections };
  if (state === "expired") {
    const message = `accepted until ${expires} by ${owner}, and expired: ${title} (${counted(connections)} again)`;
    return [
      { ...base, kind: "expired-acceptance", level: "warning", message, key: `expired ${title}` },
    ];
  }
  if (connections > 0) return [];
  const message = `accepted until ${expires} by ${owner}, and nothing in the log needs it: ${title}`;
  return [{ ...base, kind: "idle-acceptance", level: "note", message, key: `idle ${title}` }];
}

function fidelityFinding(fidelity: number | null, failed: Failed): GateFinding[] {
  if (!failed.has("fidelity-below")) return [];
  const message =
    fidelity === null
      ? "no record of the log tells whether the baseline explains it"
      : `the baseline explains ${(100 * fidelity).toFixed(2)} % of the log, less than asked for`;
  return [{ kind: "fidelity", level: "error", message, at: null, ...NO_COUNTS, key: "fidelity" }];
}

function droppedFinding({ openersDropped }: GateInput, failed: Failed): GateFinding[] {
  if (openersDropped === 0) return [];
  const level = failed.has("undetermined") ? "error" : "warning";
  const message = `${counted(openersDropped)} found no room among the rows of openers: nothing is known of them`;
  const counts = { ...NO_COUNTS, connections: openersDropped };
  return [{ ...counts, kind: "undetermined", level, message, at: null, key: "openers dropped" }];
}

/** What may break all the same: a summary cannot tell, and its log can. */
function storageFindings({ storageNotes = [] }: GateInput, failed: Failed): GateFinding[] {
  const level = failed.has("undetermined") ? "error" : "warning";
  return storageNotes.map((text) => ({
    ...NO_COUNTS,
    kind: "undetermined",
    level,
    message: `the log may fail where its summary passes: ${text}`,
    at: null,
    key: `summary ${text.replace(/: \d+$/, "")}`,
  }));
}

function lintFindings(input: GateInput, failed: Failed): GateFinding[] {
  const level = failed.has("lint-error") ? "error" : "warning";
  return input.lintErrors.map(({ code, message, at }) => ({
    ...NO_COUNTS,
    kind: "lint-error",
    level,
    message,
    at,
    key: `lint ${code} ${message}`,
  }));
}

function planFindings({ plan = [] }: GateInput): GateFinding[] {
  return plan.map(({ code, level, message, at }) => ({
    ...NO_COUNTS,
    kind: "plan",
    level,
    message,
    at,
    key: `plan ${code} ${message}`,
  }));
}

const LEVEL_ORDER: Readonly<Record<GateLevel, number>> = { error: 0, warning: 1, note: 2 };

/** All findings; `failed`: the conditions that failed, whose findings are errors. */
export function gateFindings(
  input: GateInput,
  failed: Failed,
  undecidedFails: boolean,
): readonly GateFinding[] {
  const lookup: Lookup = {
    baseline: rulesById(input.baselineRules),
    candidate: rulesById(input.candidateRules),
    candidateRules: input.candidateRules,
  };
  const all = [
    ...input.impact.list.flatMap((tuple) => tupleFinding(tuple, failed, lookup)),
    ...input.assertions.flatMap((r) => assertionFindings(r, failed, undecidedFails)),
    ...lintFindings(input, failed),
    ...planFindings(input),
    ...droppedFinding(input, failed),
    ...storageFindings(input, failed),
    ...fidelityFinding(input.fidelity, failed),
    ...input.accepted.flatMap(acceptanceFinding),
  ];
  // Sorting is stable: inside a level everything keeps its order.
  return all.sort((a, b) => LEVEL_ORDER[a.level] - LEVEL_ORDER[b.level]);
}
