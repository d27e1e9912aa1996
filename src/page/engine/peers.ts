import type { JudgedOpener } from "../../model/opener.js";
import type { RuleSet } from "../../model/rule-set.js";
import { type ImpactTuple, impactOf, type RulingShare } from "../../questions/index.js";
import type { PeersTold, PeerTuple } from "../protocol.js";

/** Kinds of connections that are told, the greatest first: more than a matrix can show. */
const MOST_TUPLES = 600;

/** Who talks to whom at which ports, under the rules as they are: the tuples of an impact without a change. */
export function peersOf(openers: readonly JudgedOpener[], ruleSet: RuleSet): PeersTold {
  const rows = openers.map((row): JudgedOpener => {
    const [ruling] = row.rulings;
    return {
      ...row,
      rulings: [ruling!, ruling!],
      changes: [{ change: "unchanged", cutOver: null }],
    };
  });
  const { list, more } = impactOf(rows, ruleSet, ruleSet, 0, { limit: MOST_TUPLES });
  return { tuples: list.map(peerTuple), more };
}

function peerTuple(tuple: ImpactTuple): PeerTuple {
  const { source, destination, protocol, port, connections, bytes, baseline, samples } = tuple;
  const of = (verdict: RulingShare["verdict"]): number =>
    baseline.reduce((sum, share) => sum + (share.verdict === verdict ? share.connections : 0), 0);
  return {
    source,
    destination,
    protocol,
    port,
    connections,
    bytes,
    allow: of("allow"),
    deny: of("deny"),
    unknown: of("unknown"),
    samples,
  };
}
