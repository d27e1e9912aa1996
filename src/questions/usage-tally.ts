import type { JudgedOpener, Sample } from "../model/opener.js";
import { earliestSamples } from "./earliest-samples.js";
import { type AmountSum, addAmount, count, noAmount } from "./tuple-spread.js";
import type { AdmittedSet } from "./usage-sets.js";

/** What the log says of one rule, growing row by row. */
export interface UsageTally {
  readonly amount: AmountSum;
  /** Connections of known opener. */
  decided: number;
  soleConnections: number;
  rejected: number;
  undecided: number;
  first: number | null;
  last: number | null;
  samples: readonly Sample[];
  /** Connections by number of the remote address. */
  readonly peers: Map<number, number>;
  readonly ports: Set<number>;
  readonly protocols: Map<number, number>;
  /** Connections that each other rule admits too. */
  readonly others: Map<string, number>;
}

export function usageTally(): UsageTally {
  return {
    amount: noAmount(),
    decided: 0,
    soleConnections: 0,
    rejected: 0,
    undecided: 0,
    first: null,
    last: null,
    samples: [],
    peers: new Map(),
    ports: new Set(),
    protocols: new Map(),
    others: new Map(),
  };
}

/** Adds a row that hits the rule. */
export function addUse(tally: UsageTally, row: JudgedOpener, peerId: number): void {
  addAmount(tally.amount, row);
  if (row.direction !== null) tally.decided += row.connections;
  if (row.action === "rejected") tally.rejected += row.connections;
  tally.first = Math.min(tally.first ?? row.first, row.first);
  tally.last = Math.max(tally.last ?? row.last, row.last);
  tally.samples = earliestSamples(tally.samples, row.samples);
  count(tally.peers, peerId, row.connections);
  if (row.port !== null) tally.ports.add(row.port);
  count(tally.protocols, row.protocol, row.connections);
}

/** Adds connections that a set of rules admits to every one of them. Cost: square of the set. */
export function addSharing(tallies: ReadonlyMap<string, UsageTally>, set: AdmittedSet): void {
  const { connections } = set.amount;
  for (const id of set.ids) {
    const tally = tallies.get(id);
    if (tally === undefined) continue;
    if (set.ids.length === 1) tally.soleConnections += connections;
    for (const other of set.ids) if (other !== id) count(tally.others, other, connections);
  }
}
