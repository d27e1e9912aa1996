import { formatAddress } from "../model/address.js";
import type { RuleSet } from "../model/rule-set.js";
import type { Direction } from "../model/verdict.js";
import { explainRules, type RuleExplanation } from "./explain-rule.js";
import type { InterfaceView } from "./interface-view.js";
import { type Answer, ask, type FitCache, type Question } from "./policy.js";
import type { Snapshot } from "./snapshot.js";
import { type Tracking, trackingOf } from "./tracking.js";

/** One group of an interface. */
export interface GroupExplanation {
  readonly id: string;
  readonly name: string | null;
  /** False: the interface carries it, no document describes it (semantics 1.2). */
  readonly described: boolean;
}

/** Whether the snapshot describes an interface, `--attach` supplies its groups, or nothing is known of it. */
export type Knownness = "described" | "attached" | "unknown";

/** One way to read a connection, with every rule of that direction. */
export interface ReadingExplanation {
  /** The direction in which the connection would have been opened. */
  readonly direction: Direction;
  readonly protocol: number;
  /** Destination port of that direction; 0 where ports do not matter. */
  readonly port: number;
  readonly remote: string;
  readonly answer: Answer;
  readonly rules: readonly RuleExplanation[];
  /** Semantics 6.1; `null` where the rules do not admit the reading. */
  readonly tracking: Tracking | null;
}

/** The answer of an interface's groups to one question, and every rule that was asked. Cost: linear in the rules. */
export function explainReading(
  snapshot: Snapshot,
  view: InterfaceView,
  question: Question,
  fits: FitCache,
): ReadingExplanation {
  const answer = openingAnswer(ask(snapshot, view.policy, question, fits), question);
  return {
    direction: question.direction,
    protocol: question.protocol,
    port: question.port,
    remote: formatAddress(question.remote),
    answer,
    rules: explainRules(snapshot, view.policy, question),
    tracking: answer.verdict === "allow" ? trackingOf(snapshot, view, question) : null,
  };
}

/** A packet whose ICMP type is known is no error about another flow (semantics 3.6). */
function openingAnswer(answer: Answer, { icmp }: Question): Answer {
  const related = answer.verdict === "unknown" && answer.reason === "icmp-related";
  return related && icmp !== undefined ? { verdict: "deny" } : answer;
}

export function knownnessOf(view: InterfaceView | undefined): Knownness {
  if (view === undefined) return "unknown";
  return view.owner === undefined ? "attached" : "described";
}

/** The groups of an interface, by id. */
export function explainGroups(
  ruleSet: RuleSet,
  view: InterfaceView | undefined,
): readonly GroupExplanation[] {
  return [...new Set(view?.groupIds ?? [])].sort().map((id) => ({
    id,
    name: ruleSet.groups.get(id)?.name ?? null,
    described: ruleSet.groups.has(id),
  }));
}
