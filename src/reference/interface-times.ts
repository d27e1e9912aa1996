import type { FlowRecord } from "../model/record.js";

/** The length of time after an interface's first record in which an opening may lie before the log (4.4). */
const FIRST_MINUTES = 300;

/** When each interface was first heard of, and when its log has holes. */
export interface InterfaceTimes {
  readonly firstStart: ReadonlyMap<string, number>;
  readonly skips: ReadonlyMap<string, readonly { readonly start: number; readonly end: number }[]>;
}

/** Collects the times from all records, NODATA and SKIPDATA included. */
export function interfaceTimes(records: Iterable<FlowRecord>): InterfaceTimes {
  const firstStart = new Map<string, number>();
  const skips = new Map<string, { start: number; end: number }[]>();
  for (const { interfaceId, start, end, logStatus } of records) {
    if (interfaceId === null || start === null) continue;
    firstStart.set(interfaceId, Math.min(firstStart.get(interfaceId) ?? start, start));
    if (logStatus !== "SKIPDATA") continue;
    const windows = skips.get(interfaceId) ?? [];
    windows.push({ start, end: end ?? start });
    skips.set(interfaceId, windows);
  }
  return { firstStart, skips };
}

/** Whether the time lies in the first five minutes of the interface (semantics 4.4, 8.1). */
export function isInFirstMinutes(
  times: InterfaceTimes,
  interfaceId: string,
  time: number,
): boolean {
  const first = times.firstStart.get(interfaceId);
  return first !== undefined && time < first + FIRST_MINUTES;
}

/** Whether a first `start` at this time says nothing: near the beginning of the log, or in a hole (4.4). */
export function isQuietStart(times: InterfaceTimes, interfaceId: string, time: number): boolean {
  if (isInFirstMinutes(times, interfaceId, time)) return true;
  return (times.skips.get(interfaceId) ?? []).some((w) => w.start <= time && time <= w.end);
}
