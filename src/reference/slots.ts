import { type LookAhead, SLOT } from "../model/timers.js";

/** Slot of a time stamp: five minutes, aligned to the epoch (semantics 7.1). */
export function slotOf(start: number): number {
  return Math.floor(start / SLOT);
}

/** The slots of a log in rising order, with the number of records (status OK) up to and including each. */
export interface SlotTable {
  readonly slots: readonly number[];
  readonly cumulative: readonly number[];
}

/** Counts the records of each slot. Cost: O(n log n) in the number of slots. */
export function slotTable(starts: Iterable<number>): SlotTable {
  const counts = new Map<number, number>();
  for (const start of starts) counts.set(slotOf(start), (counts.get(slotOf(start)) ?? 0) + 1);
  const slots = [...counts.keys()].sort((a, b) => a - b);
  let total = 0;
  const cumulative = slots.map((slot) => {
    total += counts.get(slot) ?? 0;
    return total;
  });
  return { slots, cumulative };
}

/**
 * The last slot of the look-ahead of `slot` (semantics 7.1): the smallest E for which (E >= slot + slots and slot+1..E
 * hold minRecords) or slot+1..E hold maxRecords; Infinity = the end of the input.
 */
export function lookAheadEnd(table: SlotTable, slot: number, lookAhead: LookAhead): number {
  const enough = Math.max(slot + lookAhead.slots, slotHolding(table, slot, lookAhead.minRecords));
  return Math.min(enough, slotHolding(table, slot, lookAhead.maxRecords));
}

/** The smallest E for which slot+1..E hold `records` records; Infinity where the log ends before. */
function slotHolding(table: SlotTable, slot: number, records: number): number {
  if (records <= 0) return slot;
  const through = table.cumulative[lastIndexAtMost(table.slots, slot)] ?? 0;
  const wanted = through + records;
  let low = 0;
  let high = table.slots.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((table.cumulative[middle] ?? 0) >= wanted) high = middle;
    else low = middle + 1;
  }
  return table.slots[low] ?? Number.POSITIVE_INFINITY;
}

function lastIndexAtMost(slots: readonly number[], slot: number): number {
  let low = 0;
  let high = slots.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((slots[middle] ?? 0) <= slot) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
