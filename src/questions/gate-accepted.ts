// Accepted changes: which rows somebody answers for.
import { FlowError } from "../errors.js";
import type { Change } from "../model/opener.js";
import type { OpenerTable } from "../model/opener-table.js";
import type { RuleSet } from "../model/rule-set.js";
import { matchRow, type ResolvedTraffic, resolveTraffic } from "./assert-resolve.js";
import type { Acceptance, TrafficName } from "./assertion.js";
import { type PeerBook, peerBook } from "./tighten-peers.js";

/** An acceptance and what it is for. */
export interface AcceptanceUse {
  readonly acceptance: Acceptance;
  readonly state: "in-force" | "expired";
  /** Connections with that change that it names; of an expired one they count against the candidate again. */
  readonly connections: number;
}

export interface AcceptedSplit {
  /** Numbers of the rows that an acceptance in force covers: a gate has to judge the others. */
  readonly accepted: ReadonlySet<number>;
  readonly uses: readonly AcceptanceUse[];
}

interface Reading {
  readonly book: PeerBook;
  readonly traffic: ResolvedTraffic;
}

/** The traffic under every rule set that knows its names; a group may be gone in the candidate. */
function readings(books: readonly PeerBook[], traffic: TrafficName): Reading[] {
  let refusal: FlowError | undefined;
  const found = books.flatMap((book) => {
    try {
      return [{ book, traffic: resolveTraffic(book, traffic) }];
    } catch (error) {
      if (!(error instanceof FlowError)) throw error;
      refusal ??= error;
      return [];
    }
  });
  if (found.length === 0 && refusal !== undefined) throw refusal;
  return found;
}

/**
 * Sets the rows apart that an acceptance in force covers. `candidate` is the index of `changes`; `ruleSets`: the
 * baseline and the candidate, in which names are looked up; `now` in Unix seconds. An acceptance covers a row only
 * where it certainly names it. Throws `assertions-invalid` where no rule set knows a name.
 */
export function splitAccepted(
  table: OpenerTable,
  candidate: number,
  acceptances: readonly Acceptance[],
  ruleSets: readonly RuleSet[],
  now: number,
): AcceptedSplit {
  const books = ruleSets.map(peerBook);
  const read = acceptances.map((acceptance) => ({
    acceptance,
    expired: acceptance.expiresAt <= now,
    readings: readings(books, acceptance.traffic),
    connections: 0,
  }));
  const accepted = new Set<number>();
  const changes = new Set<Change>(acceptances.map(({ change }) => change));
  for (let number = 0; number < table.length; number++) {
    const change = table.answerOf(table.answer(number)).changes[candidate]?.change;
    if (change === undefined || !changes.has(change)) continue;
    const row = table.at(number);
    let covered = false;
    for (const entry of read) {
      if (change !== entry.acceptance.change) continue;
      if (!entry.readings.some((r) => matchRow(r.book, r.traffic, row) === "yes")) continue;
      entry.connections += row.connections;
      covered ||= !entry.expired;
    }
    if (covered) accepted.add(number);
  }
  const uses = read.map(
    ({ acceptance, expired, connections }): AcceptanceUse => ({
      acceptance,
      state: expired ? "expired" : "in-force",
      connections,
    }),
  );
  return { accepted, uses };
}
