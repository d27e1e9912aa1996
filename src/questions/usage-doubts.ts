import type { JudgedOpener, OpenerRuling } from "../model/opener.js";
import type { OpenerAnswer } from "../model/opener-table.js";
import type { Group, Rule } from "../model/rule-set.js";
import type { Reason } from "../model/verdict.js";
import { fitsPort, fitsProtocol } from "../reference/policy.js";
import { WAY_UNKNOWN } from "./impact-columns.js";
import {
  groupIdsOf,
  type PeerIndex,
  peerFits,
  type RemotePeer,
  remotePeerOf,
} from "./peer-index.js";

/** Unknown for want of something that a rule would need: removing the rule could change the answer. */
const DOUBTFUL: ReadonlySet<Reason> = new Set<Reason>([
  "peer-unresolved",
  "icmp-type",
  "direction-undecided",
]);

/** The rules that may admit what a row's verdict does not tell. */
export interface UsageDoubts {
  /** Whether a row with this answer has any; cheaper than to ask for them. */
  readonly isDoubted: (answer: OpenerAnswer, way: number) => boolean;
  /** Ids of rules that may admit the connections of a row; empty where its answer is certain. */
  readonly rulesOf: (row: JudgedOpener) => readonly string[];
}

interface PolicyRule {
  readonly rule: Rule;
  readonly group: Group;
}

/**
 * Doubts under a rule set. A row with a known opener asks the rules of its direction; one without asks both directions,
 * and every port from the lower one of the connection on, for the row does not say which port is served. Cost per row:
 * the rules of the interface with the row's protocol; equal rows are looked up once.
 */
export function usageDoubts(index: PeerIndex): UsageDoubts {
  const policies = new Map<string, readonly PolicyRule[]>();
  const answers = new Map<string, readonly string[]>();

  function policyRules(row: JudgedOpener): readonly [key: string, rules: readonly PolicyRule[]] {
    const { ruleSet } = index.snapshot;
    const groupIds = groupIdsOf(ruleSet, row.interfaceId);
    const key = `${groupIds.join(",")} ${row.direction} ${row.protocol}`;
    const known = policies.get(key);
    if (known !== undefined) return [key, known];
    const rules = groupIds.flatMap((id) => {
      const group = ruleSet.groups.get(id);
      return (group?.rules ?? []).flatMap((rule) =>
        (row.direction === null || rule.direction === row.direction) &&
        fitsProtocol(rule, row.protocol)
          ? [{ rule, group: group! }]
          : [],
      );
    });
    policies.set(key, rules);
    return [key, rules];
  }

  function rulesOf(row: JudgedOpener): readonly string[] {
    const ruling = row.rulings[0];
    if (ruling === undefined) return [];
    // Both readings are allowed, each by some of these: whatever goes, one of them may be the true one.
    if (ruling.verdict === "allow") return row.direction === null ? ruling.rules : [];
    if (!isDoubtful(row.direction === null, ruling)) return [];
    const [policy, rules] = policyRules(row);
    const key = `${policy} ${row.port} ${index.ids.idOf(row.remote)}`;
    const known = answers.get(key);
    if (known !== undefined) return known;
    const remote = remotePeerOf(index, row.remote);
    const ids = rules
      .filter((each) => mayAdmit(index, each, row, remote))
      .map(({ rule }) => rule.id);
    answers.set(key, ids);
    return ids;
  }

  function isDoubted({ rulings }: OpenerAnswer, way: number): boolean {
    const ruling = rulings[0];
    const isUnknown = way === WAY_UNKNOWN;
    if (ruling === undefined) return false;
    return ruling.verdict === "allow" ? isUnknown : isDoubtful(isUnknown, ruling);
  }

  return { isDoubted, rulesOf };
}

/** With two readings the reason is that of one alone: the other may rest on anything. */
function isDoubtful(isOpenerUnknown: boolean, { verdict, reason }: OpenerRuling): boolean {
  if (verdict !== "unknown") return false;
  return DOUBTFUL.has(reason) || (isOpenerUnknown && reason === "icmp-related");
}

function mayAdmit(
  index: PeerIndex,
  { rule, group }: PolicyRule,
  { direction, protocol, port }: JudgedOpener,
  remote: RemotePeer,
): boolean {
  const isPortPossible =
    direction === null
      ? fitsPort(rule, protocol, Math.max(port ?? 0, rule.fromPort))
      : fitsPort(rule, protocol, port ?? 0);
  return isPortPossible && peerFits(index, group, rule, remote) !== "no";
}
