// The JSON of `tighten`.

import { peerWord } from "../lint/index.js";
import type { Rule } from "../model/rule-set.js";
import { impactKeys } from "./impact-json.js";
import type { Json } from "./report.js";
import type { HeldOutTrial, TightenAnswer } from "./tighten-answer.js";

function ruleKeys(rule: Rule): Json {
  const { id, direction, protocol, fromPort, toPort, icmpType, icmpCode, peer, stale } = rule;
  return {
    id,
    direction,
    protocol,
    fromPort,
    toPort,
    icmpType,
    icmpCode,
    peer: peerWord(peer),
    stale,
    description: rule.description ?? null,
    at: rule.at,
  };
}

export function suggestedKeys({ suggestion }: TightenAnswer): Json[] {
  return suggestion.rules.map(({ rule, origin, replaces, connections }) => ({
    ...ruleKeys(rule),
    origin,
    replaces,
    connections,
  }));
}

export function droppedKeys({ suggestion }: TightenAnswer): Json[] {
  return suggestion.dropped.map(({ rule, connections }) => ({ ...ruleKeys(rule), connections }));
}

export function partKeys({ suggestion }: TightenAnswer): Json[] {
  return suggestion.parts.map((part) => ({ ...part }));
}

export function brokenKeys({ trial }: TightenAnswer): Json[] {
  return (trial?.heldOut.list ?? []).map((tuple) => ({ ...tuple }));
}

/** The diff as `diff --at` would give it, under the name of the suggestion. */
export function trialDiff({ diff }: HeldOutTrial): Json {
  return impactKeys({ name: "suggestion", impact: diff, plan: [] });
}

function trialCounts({ split, heldOut }: HeldOutTrial): Json {
  return { ...split, connections: heldOut.connections, broken: heldOut.broken };
}

export function trialKeys(answer: TightenAnswer): Json | null {
  const { trial } = answer;
  if (trial === null) return null;
  return { ...trialCounts(trial), list: brokenKeys(answer), diff: trialDiff(trial) };
}

/** What is said of the suggestion as a whole. */
export function tightenHead({ suggestion, present, trial }: TightenAnswer): Json {
  const { groupId, group, budget, minGrade, quotas, untouched, training } = suggestion;
  return {
    group: { id: groupId, name: group.name ?? null },
    budget,
    minGrade,
    present,
    quotas,
    untouched,
    training,
    heldOut: trial === null ? null : trialCounts(trial),
  };
}
