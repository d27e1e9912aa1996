import type { Connection } from "./connection.js";
import {
  type Basis,
  type ConnectionRuling,
  type Evidence,
  isOpeningAssumed,
  judgeConnection,
} from "./judge.js";
import { type Ruling, ruling } from "./ruling.js";

/** What a timeline says of a connection, as last taken. */
export interface LineTally {
  readonly ruling: ConnectionRuling;
  readonly basis: Basis;
  /** The groups judged its first record `expired`: the exchange was refused, whatever the rules say of its opener. */
  readonly refused: boolean;
  /** Its ruling had it a record at the cut-over, where it was opened before. */
  readonly atCutOver: Ruling | undefined;
}

/** What a run says of a connection, as last taken; one line per timeline. */
export interface ConnectionTally {
  readonly openingAssumed: boolean;
  readonly lines: readonly LineTally[];
}

export type Tallies = Map<Connection, ConnectionTally>;

/** One record of a connection as a timeline judged it. */
export interface Taken {
  /** By the groups; a network ACL may have named another reason before. */
  readonly expired: boolean;
  readonly basis: Basis;
  /** It changes nothing of its connection but shows the evidence of its slot (semantics 6.4). */
  readonly afterClose: boolean;
}

/**
 * Takes the ruling of a connection, with the evidence of the slot being judged: anew with the connection's first
 * record in the slot (`fresh`), or where other rules judge it than before (semantics 4.9, 6.5).
 */
export function takeTally(
  before: LineTally | undefined,
  connection: Connection,
  taken: Taken,
  fresh: boolean,
  evidence: Evidence,
): LineTally {
  const refused = before?.refused ?? taken.expired;
  const basis = taken.afterClose ? (before?.basis ?? taken.basis) : taken.basis;
  if (before !== undefined && !fresh && isSame(before.basis, basis)) return before;
  const said = refused
    ? { ...ruling("expired"), readings: [] }
    : judgeConnection(connection, basis, evidence);
  return { ruling: said, basis, refused, atCutOver: before?.atCutOver };
}

function isSame(a: Basis, b: Basis): boolean {
  return a.groups === b.groups && a.acls === b.acls;
}

export function newTally(connection: Connection, lines: readonly LineTally[]): ConnectionTally {
  return { openingAssumed: isOpeningAssumed(connection), lines };
}
