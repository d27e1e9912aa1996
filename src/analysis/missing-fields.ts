import type { MissingField } from "./summary.js";

/** What it costs when a format lacks a field (semantics 11.1). */
const COSTS: readonly (readonly [string, string])[] = [
  ["interface-id", "records cannot be told apart by interface: every one is unknown"],
  ["srcaddr", "records cannot be judged"],
  ["dstaddr", "records cannot be judged"],
  ["protocol", "records cannot be judged"],
  ["srcport", "TCP and UDP records cannot be judged"],
  ["dstport", "TCP and UDP records cannot be judged"],
  ["start", "records cannot be put in order and are not judged"],
  ["end", "idle times are taken from start alone"],
  ["action", "no comparison with what AWS did, no evidence from refusals"],
  ["log-status", "gaps in the log (NODATA, SKIPDATA) cannot be seen"],
  ["tcp-flags", "openers of TCP connections are inferred, not measured; closes are not seen"],
  ["flow-direction", "direction is taken from the interfaces' addresses"],
  ["pkt-srcaddr", "addresses behind middleboxes and secondary addresses are hidden"],
  ["pkt-dstaddr", "addresses behind middleboxes and secondary addresses are hidden"],
];

/** The fields that some format lacks, with the number of records that are the poorer for it. */
export function missingFields(
  formats: Iterable<{ readonly fields: readonly string[]; readonly records: number }>,
): MissingField[] {
  const list = [...formats];
  return COSTS.flatMap(([field, cost]) => {
    const records = list
      .filter((format) => !format.fields.includes(field))
      .reduce((sum, format) => sum + format.records, 0);
    return records === 0 ? [] : [{ field, records, cost }];
  });
}
