import type { Verdict } from "../model/verdict.js";
import type { Connection } from "./connection.js";
import { isOpeningAssumed, type JudgeContext, judgeConnection, type Ruling } from "./judge.js";
import type { Policy } from "./policy.js";

/** What a run says of a connection, as last taken. */
export interface ConnectionTally {
  readonly verdict: Verdict;
  readonly openingAssumed: boolean;
  /** Its first record was judged `expired`: the exchange was refused, whatever the rules say of its opener. */
  readonly refused: boolean;
}

export type Tallies = Map<Connection, ConnectionTally>;

/** Takes the verdict of a connection anew, with the evidence of the slot being judged (semantics 4.9). */
export function tally(
  tallies: Tallies,
  connection: Connection,
  found: Ruling,
  policy: Policy,
  context: JudgeContext,
): void {
  const refused = tallies.get(connection)?.refused ?? found.reason === "expired";
  const verdict = refused ? "deny" : judgeConnection(connection, policy, context);
  tallies.set(connection, { verdict, openingAssumed: isOpeningAssumed(connection), refused });
}
