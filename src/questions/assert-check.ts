import type { JudgedOpener } from "../model/opener.js";
import type { RuleSet } from "../model/rule-set.js";
import { resolveTraffic } from "./assert-resolve.js";
import { rulesAgainstAllow, rulesAgainstDeny } from "./assert-rules.js";
import {
  type LoggedInterface,
  type Stranger,
  strangersAt,
  strangersOf,
} from "./assert-strangers.js";
import { trafficAgainst } from "./assert-traffic.js";
import { type LogWindow, unusedWorldOpen } from "./assert-world.js";
import type {
  Assertion,
  AssertionEvidence,
  AssertionFinding,
  AssertionResult,
  AssertionVerdict,
  EvidenceKind,
} from "./assertion.js";
import { type PeerBook, peerBook } from "./tighten-peers.js";

/** Findings kept per kind of evidence. */
const MOST_FINDINGS = 100;

export interface AssertOptions {
  /** Index of the rulings that must hold the assertions: 0 = the baseline's, 1 = the first candidate's. */
  readonly timeline: number;
  /** Interfaces of the log: what those without openers did is not known. By default all have some. */
  readonly interfaces?: readonly LoggedInterface[];
  /** What the log covers; by default from the first to the last of the openers. */
  readonly window?: LogWindow;
}

function evidence(
  kind: EvidenceKind,
  connections: number,
  findings: readonly AssertionFinding[],
): AssertionEvidence {
  const order = (f: AssertionFinding): number => (f.verdict === "fail" ? 0 : 1);
  const sorted = [...findings].sort((a, b) => order(a) - order(b) || b.connections - a.connections);
  return {
    kind,
    verdict: sorted[0]?.verdict ?? "pass",
    connections,
    findings: sorted.slice(0, MOST_FINDINGS),
    more: Math.max(0, sorted.length - MOST_FINDINGS),
  };
}

/** A failure settles; else the rules do, if they were asked and can tell; traffic alone passes where it was seen. */
function settle(
  assertion: Assertion,
  list: readonly AssertionEvidence[],
): Omit<AssertionResult, "assertion" | "evidence"> {
  const traffic = list.find(({ kind }) => kind === "traffic");
  const rules = list.find(({ kind }) => kind === "rules");
  if (traffic?.verdict === "fail") return { verdict: "fail", settledBy: "traffic" };
  if (rules !== undefined) return { verdict: rules.verdict, settledBy: "rules" };
  // What must stay allowed and was never tried is not shown to be allowed.
  const untried = assertion.kind === "allow" && traffic?.connections === 0;
  const verdict: AssertionVerdict = untried ? "undecided" : (traffic?.verdict ?? "undecided");
  return { verdict, settledBy: "traffic" };
}

function evidenceFor(
  assertion: Assertion,
  openers: Iterable<JudgedOpener>,
  book: PeerBook,
  timeline: number,
  window: LogWindow | null,
  strangers: readonly Stranger[],
): AssertionEvidence[] {
  if (assertion.kind === "no-world-open-unused") {
    const { connections, findings } = unusedWorldOpen(assertion, openers, book, timeline, window);
    return [evidence("traffic", connections, findings)];
  }
  const { kind } = assertion;
  const traffic = resolveTraffic(book, assertion.traffic);
  const unknown = strangers.filter(({ inRuleSet }) => !inRuleSet);
  return assertion.by.map((by) => {
    if (by === "rules") {
      if (kind === "allow") return evidence("rules", 0, rulesAgainstAllow(book, traffic));
      const against = rulesAgainstDeny(book, traffic);
      return evidence("rules", 0, [...against, ...strangersAt(book, traffic, unknown)]);
    }
    const answer = trafficAgainst(kind, traffic, openers, book, timeline);
    // What nothing filters is allowed.
    const unseen = strangersAt(book, traffic, kind === "deny" ? strangers : unknown);
    return evidence("traffic", answer.connections, [...answer.findings, ...unseen]);
  });
}

function windowOf(openers: Iterable<JudgedOpener>): LogWindow | null {
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  for (const row of openers) {
    first = Math.min(first, row.first);
    last = Math.max(last, row.last);
  }
  return first > last ? null : { first, last };
}

/**
 * Whether the assertions hold: by the openers of the log as the timeline rules them, and by the rules alone. The rules
 * alone know no network ACL: a `deny` that only an ACL enforces fails by rules. Throws `assertions-invalid` where an
 * assertion names what the rule set does not have. Cost: assertions × openers.
 */
export function checkAssertions(
  assertions: readonly Assertion[],
  openers: Iterable<JudgedOpener>,
  ruleSet: RuleSet,
  options: AssertOptions,
): readonly AssertionResult[] {
  const book = peerBook(ruleSet);
  const window = options.window ?? windowOf(openers);
  const strangers = strangersOf(book, openers, options.interfaces ?? []);
  return assertions.map((assertion) => {
    const list = evidenceFor(assertion, openers, book, options.timeline, window, strangers);
    return { assertion, ...settle(assertion, list), evidence: list };
  });
}
