import type { Sample } from "../model/opener.js";
import { ACTIONS } from "../model/opener.js";
import type { OpenerTable } from "../model/opener-table.js";
import { earliestSamples, mayBeEarlier } from "./earliest-samples.js";
import { WAY_UNKNOWN } from "./impact-columns.js";
import { type AmountSum, addAmount, count, noAmount } from "./tuple-spread.js";
import type { AdmittedSet } from "./usage-sets.js";

/** What the log says of one rule, growing row by row. */
export interface UsageTally {
  /** Number of the rule, for what is counted of all rules together. */
  readonly number: number;
  readonly amount: AmountSum;
  /** Connections of known opener. */
  decided: number;
  soleConnections: number;
  rejected: number;
  undecided: number;
  first: number | null;
  last: number | null;
  samples: readonly Sample[];
  readonly ports: Set<number>;
  readonly protocols: Map<number, number>;
  /** Connections that each other rule admits too. */
  readonly others: Map<string, number>;
}

export function usageTally(number: number): UsageTally {
  return {
    number,
    amount: noAmount(),
    decided: 0,
    soleConnections: 0,
    rejected: 0,
    undecided: 0,
    first: null,
    last: null,
    samples: [],
    ports: new Set(),
    protocols: new Map(),
    others: new Map(),
  };
}

const REJECTED = ACTIONS.indexOf("rejected");

/** Adds a row that hits the rule. */
export function addUse(tally: UsageTally, table: OpenerTable, row: number): void {
  const connections = table.connections(row);
  const first = table.first(row);
  const last = table.last(row);
  const port = table.port(row);
  addAmount(tally.amount, table, row);
  if (table.way(row) !== WAY_UNKNOWN) tally.decided += connections;
  if (table.action(row) === REJECTED) tally.rejected += connections;
  tally.first = Math.min(tally.first ?? first, first);
  tally.last = Math.max(tally.last ?? last, last);
  if (mayBeEarlier(tally.samples, table.sampledFrom(row)))
    tally.samples = earliestSamples(tally.samples, table.at(row).samples);
  if (port >= 0) tally.ports.add(port);
  count(tally.protocols, table.protocol(row), connections);
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
