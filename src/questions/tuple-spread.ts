import type { OpenerRow } from "../model/opener.js";
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
  for (const [key, connections] of counts) {
    const last = top[limit - 1];
    if (last !== undefined && last.connections > connections) continue;
    const share = { name: nameOf(key), connections };
    const place = top.findIndex((other) => compareShares(share, other) < 0);
    if (place < 0) top.push(share);
    else top.splice(place, 0, share);
    if (top.length > limit) top.pop();
  }
  return top;
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

export function addAmount(sum: AmountSum, row: OpenerRow): void {
  sum.connections += row.connections;
  sum.records += row.forward + row.replies;
  sum.forward += row.forward;
  sum.replies += row.replies;
  sum.bytes += row.bytes;
}
