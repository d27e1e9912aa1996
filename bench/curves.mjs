// How the cost moves with one thing at a time: rules, connections, interfaces, files, the width of a record. Points are
// medians of whole processes that only count; each curve's first point is 1.

import { generated } from "./lib/data.mjs";
import { largeAccount } from "./lib/large.mjs";
import { alternate, answerOf, flowverdict } from "./lib/measure.mjs";

const MILLION = 1_000_000;
const ACCOUNT = { rules: 500, groups: 50, listEntries: 0, interfaces: 50, policies: 50 };

const perRule = (rules) => ({ interfaces: 200, "rules-per-interface": rules });

const WIDTHS = {
  "v2, 14 fields": { format: "v2" },
  "v5, 29 fields": { format: "v5" },
};

function curve(id, title, points, dataOf) {
  return { id, title, points, dataOf };
}

/** `dataOf(point, scale)`: log and account of a point. */
export const CURVES = [
  curve("rules", "rules of an interface", [60, 1000, 10_000, 100_000], (rules, scale) =>
    generated(Math.round(2 * MILLION * scale), { ...perRule(rules), interfaces: 20 }),
  ),
  curve(
    "connections",
    "connections kept alive",
    [10_000, 100_000, MILLION, 4 * MILLION],
    (live, scale) =>
      largeAccount(`live-${live}`, { ...ACCOUNT, live, records: Math.round(8 * MILLION * scale) }),
  ),
  curve("interfaces", "interfaces, ten of a policy", [50, 500, 5000, 50_000], (interfaces, scale) =>
    largeAccount(`interfaces-${interfaces}`, {
      ...{ ...ACCOUNT, groups: 10_000, rules: 100_000, interfaces, policies: interfaces / 10 },
      records: Math.round(4 * MILLION * scale),
    }),
  ),
  curve("files", "gzip files", [1, 10, 100, 1000], (files, scale) =>
    generated(Math.round(2 * MILLION * scale), { ...perRule(100), gzip: true, files }),
  ),
  curve("width", "width of a record", Object.keys(WIDTHS), (width, scale) =>
    generated(Math.round(2 * MILLION * scale), { ...perRule(100), ...WIDTHS[width] }),
  ),
];

/** `[{ point, records, wall, cpu, memory, answer }]` of a curve, its points taken in turn. */
export function measureCurve({ points, dataOf }, { scale, runs }) {
  const inputs = points.map((point) => dataOf(point, scale));
  const rows = alternate(
    inputs.map(({ logs, account }, index) => ({
      name: String(points[index]),
      command: flowverdict("evaluate", "--json", "-q", "--no-config", logs, "--rules", account),
      answer: answerOf,
    })),
    runs,
  );
  return rows.map(({ wall, cpu, memory, answer }, index) => ({
    point: points[index],
    records: inputs[index].records,
    ...{ wall, cpu, memory, answer },
  }));
}
