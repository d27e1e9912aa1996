import type { JudgedOpener } from "../../model/opener.js";
import { type OpenerRows, plainOpener } from "../../model/opener-table.js";
import type { RuleSet } from "../../model/rule-set.js";
import { type ImpactTuple, impactOf, type RulingShare } from "../../questions/index.js";
import type { PeersTold, PeerTuple } from "../protocol.js";

/** Kinds of connections that are told, the greatest first: more than a matrix can show. */
const MOST_TUPLES = 600;

/** Who talks to whom at which ports, under the rules as they are: the tuples of an impact without a change. */
export function peersOf(openers: OpenerRows, ruleSet: RuleSet): PeersTold {
  const rows = Array.from(openers, (row): JudgedOpener => {
    const [ruling] = row.rulings;
    return {
      ...plainOpener(row),
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
