import { describe, expect, it } from "vitest";
import { NearestRecords } from "../../src/inspect/index.js";
import type { FlowRecord } from "../../src/model/record.js";
import { parseRecord } from "../../src/reference/index.js";

function record(interfaceId: string, start: number, line: number): FlowRecord {
  const parsed = parseRecord(`${interfaceId} ${start}`, ["interface-id", "start"], "a.log", line);
  if (parsed === undefined || typeof parsed === "string")
    throw new Error(`not a record: ${parsed}`);
  return parsed;
}

describe("NearestRecords", () => {
  it("keeps one interface, the record itself once, in the order of time", () => {
    const wanted = record("eni-a", 50, 2);
    const nearest = new NearestRecords(wanted);
    for (const other of [record("eni-a", 60, 3), record("eni-a", 50, 2), record("eni-b", 50, 4)])
      nearest.add(other);
    nearest.add(record("eni-a", 10, 1));
    expect(nearest.take().map(({ line }) => line)).toEqual([1, 2, 3]);
    expect(nearest.take()[1]).toBe(wanted);
    expect(nearest.cut).toBe(0);
  });

  it("leaves out what is farthest in time and counts it", () => {
    const nearest = new NearestRecords(record("eni-a", 500, 1000), 10);
    for (let line = 1; line < 100; line++) nearest.add(record("eni-a", line * 10, line));
    const kept = nearest.take();
    expect(kept).toHaveLength(11);
    expect(nearest.cut).toBe(89);
    expect(kept.every(({ start }) => Math.abs((start ?? 0) - 500) <= 50)).toBe(true);
  });
});
