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

/**
 * Unknown for want of something that a rule would need: removing the rule could change the answer. Of stored rows the
 * client ports are missing that an ACL would need; with a group that no document describes the others still hold.
 */
const DOUBTFUL: ReadonlySet<Reason> = new Set<Reason>([
  "interface-not-in-snapshot",
  "missing-field",
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
  /** The greatest port that it can admit: it admits none above. */
  readonly most: number;
}

/**
 * Doubts under a rule set. A row with a known opener asks the rules of its direction; one without asks both directions,
 * and every port from the lower one of the connection on, for the row does not say which port is served. Cost per row:
 * the rules of the interface with the row's protocol that reach up to its port.
 */
export function usageDoubts(index: PeerIndex): UsageDoubts {
  const { ruleSet } = index.snapshot;
  /** By interface, then by direction and protocol; interfaces with the same groups share the lists. */
  const interfaces = new Map<string, Map<string, readonly PolicyRule[]>>();
  const policies = new Map<string, Map<string, readonly PolicyRule[]>>();

  function listsOf(interfaceId: string): Map<string, readonly PolicyRule[]> {
    const known = interfaces.get(interfaceId);
    if (known !== undefined) return known;
    const key = groupIdsOf(ruleSet, interfaceId).join(",");
    const lists = policies.get(key) ?? new Map<string, readonly PolicyRule[]>();
    policies.set(key, lists);
    interfaces.set(interfaceId, lists);
    return lists;
  }

  /** Those that reach to the highest port first. */
  function policyRules({ interfaceId, direction, protocol }: Asked): readonly PolicyRule[] {
    const lists = listsOf(interfaceId);
    const key = `${direction} ${protocol}`;
    const known = lists.get(key);
    if (known !== undefined) return known;
    const rules = groupIdsOf(ruleSet, interfaceId).flatMap((id) => {
      const group = ruleSet.groups.get(id);
      return (group?.rules ?? []).flatMap((rule): readonly PolicyRule[] =>
        (direction === null || rule.direction === direction) && fitsProtocol(rule, protocol)
          ? [{ rule, group: group!, most: greatestPort(rule, protocol) }]
          : [],
      );
    });
    rules.sort((a, b) => b.most - a.most);
    lists.set(key, rules);
    return rules;
  }

  function rulesOf(row: JudgedOpener): readonly string[] {
    const ruling = row.rulings[0];
    const { direction, interfaceId, protocol, port } = row;
    if (ruling === undefined) return [];
    // Both readings are allowed, each by some of these: whatever goes, one of them may be the true one.
    if (ruling.verdict === "allow") return direction === null ? ruling.rules : [];
    if (!isDoubtful(direction === null, ruling)) return [];
    const asked = { direction, interfaceId, protocol, port: port ?? 0 };
    const remote = remotePeerOf(index, row.remote);
    const ids: string[] = [];
    for (const each of policyRules(asked)) {
      if (each.most < asked.port) break;
      if (mayAdmit(index, each, asked, remote)) ids.push(each.rule.id);
    }
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

/** What a row's openings may be. */
interface Asked extends Pick<JudgedOpener, "direction" | "interfaceId" | "protocol"> {
  readonly port: number;
}

/** No port at all is above that of a rule which does not test ports. */
function greatestPort(rule: Rule, protocol: number): number {
  return fitsPort(rule, protocol, Number.POSITIVE_INFINITY)
    ? Number.POSITIVE_INFINITY
    : rule.toPort;
}

function mayAdmit(
  index: PeerIndex,
  { rule, group }: PolicyRule,
  { direction, protocol, port }: Asked,
  remote: RemotePeer,
): boolean {
  const isPortPossible =
    direction === null
      ? fitsPort(rule, protocol, Math.max(port, rule.fromPort))
      : fitsPort(rule, protocol, port);
  return isPortPossible && peerFits(index, group, rule, remote) !== "no";
}
