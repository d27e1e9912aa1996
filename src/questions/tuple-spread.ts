import type { OpenerTable } from "../model/opener-table.js";
import type { Amount, Share, Spread } from "./tuple.js";

/** Names listed of a spread. */
export const SPREAD_TOP: number = 5;

/** Code-unit order: the same on every platform and in every locale. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** Adds to a count; a key that is new begins at 0. */
export function count<Key>(counts: Map<Key, number>, key: Key, by: number): void {
  counts.set(key, (counts.get(key) ?? 0) + by);
}

/** The greatest shares by connections, then name. Cost: linear in the names; only ties of the top compare names. */
export function topShares<Key>(
  counts: ReadonlyMap<Key, number>,
  nameOf: (key: Key) => string,
  limit: number,
): readonly Share[] {
  const top: Share[] = [];
  for (const [key, connections] of counts) addShare(top, key, connections, nameOf, limit);
  return top;
}

/** Keeps a share in the list of the `limit` greatest, if it is one of them. */
export function addShare<Key>(
  top: Share[],
  key: Key,
  connections: number,
  nameOf: (key: Key) => string,
  limit: number,
): void {
  const last = top[limit - 1];
  if (last !== undefined && last.connections > connections) return;
  const share = { name: nameOf(key), connections };
  const place = top.findIndex((other) => compareShares(share, other) < 0);
  if (place < 0) top.push(share);
  else top.splice(place, 0, share);
  if (top.length > limit) top.pop();
}

function compareShares(a: Share, b: Share): number {
  return b.connections - a.connections || compareText(a.name, b.name);
}

/** How connections spread over names. */
export function spreadOf<Key>(
  counts: ReadonlyMap<Key, number>,
  nameOf: (key: Key) => string,
): Spread {
  return { distinct: counts.size, top: topShares(counts, nameOf, SPREAD_TOP) };
}

/** A sum that grows row by row. */
export type AmountSum = { -readonly [Name in keyof Amount]: number };

export function noAmount(): AmountSum {
  return { connections: 0, records: 0, forward: 0, replies: 0, bytes: 0 };
}

export function addAmount(sum: AmountSum, table: OpenerTable, row: number): void {
  const forward = table.forward(row);
  const replies = table.replies(row);
  sum.connections += table.connections(row);
  sum.records += forward + replies;
  sum.forward += forward;
  sum.replies += replies;
  sum.bytes += table.bytes(row);
}
