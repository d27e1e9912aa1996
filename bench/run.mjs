// Measures flowverdict beside what a user could pick instead, and keeps what it saw in bench/results.json, of which the
// tables of README.md and docs/BENCHMARKS.md are made. Needs a build; `npm run bench` makes it and what peers need.
//   node bench/run.mjs [--scale 0.1] [--runs 5] [--only CASE,CASE] [--fresh]
// Answers stand beside the times: a case whose counts differ from its peer's reports no time, but the difference.
//
// What it is unfair about: logs were just written, so they are in the page cache; generated traffic is evener than real
// traffic; whole processes are measured, so every contender also pays for its start and for loading the rules.

import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { CASES } from "./cases.mjs";
import { CURVES, measureCurve } from "./curves.mjs";
import { forget } from "./lib/data.mjs";
import { ROOT } from "./lib/measure.mjs";
import { render } from "./render.mjs";

const RESULTS = join(ROOT, "bench", "results.json");

function said(command, ...args) {
  try {
    return execFileSync(command, args, { encoding: "utf8", cwd: ROOT }).split("\n")[0].trim();
  } catch {
    return "absent";
  }
}

function versionOf(name) {
  const path = join(ROOT, "bench/node_modules", name, "package.json");
  return existsSync(path) ? JSON.parse(readFileSync(path, "utf8")).version : "absent";
}

function surroundings() {
  return {
    date: new Date().toISOString().slice(0, 10),
    commit: said("git", "rev-parse", "--short", "HEAD"),
    machine: `${cpus().length} x ${cpus()[0]?.model ?? "unknown processor"}`,
    memory: totalmem(),
    node: process.version,
    duckdb: versionOf("@duckdb/node-api"),
    csvParse: versionOf("csv-parse"),
    gzip: said("gzip", "--version"),
    gcc: said("gcc", "--version"),
    dpdk: said("dpkg-query", "-W", "dpdk").replace(/^dpdk\s+/, ""),
  };
}

const { values } = parseArgs({
  options: {
    scale: { type: "string", default: "1" },
    runs: { type: "string", default: "5" },
    only: { type: "string" },
    fresh: { type: "boolean", default: false },
  },
});
const scale = Number(values.scale);
const runs = Number(values.runs);
if (values.fresh) forget();
const wanted = values.only?.split(",");
const isWanted = (id) => wanted === undefined || wanted.includes(id);
const ids = [...CASES, ...CURVES].map(({ id }) => id);
const unknown = (wanted ?? []).filter((id) => !ids.includes(id));
if (unknown.length > 0) {
  console.error(`no such case: ${unknown.join(", ")}; there are ${ids.join(", ")}`);
  process.exit(2);
}

const kept = existsSync(RESULTS)
  ? JSON.parse(readFileSync(RESULTS, "utf8"))
  : { cases: {}, curves: {} };
const around = surroundings();
for (const one of CASES) {
  if (!isWanted(one.id)) continue;
  const { run, ...about } = one;
  let outcome;
  try {
    const { ratio, rows, ...rest } = await run({ scale, runs });
    outcome = {
      ratio,
      ...rest,
      rows: rows.map(({ walls: _walls, cpus: _cpus, ...row }) => row),
    };
    const met = about.less === true ? ratio <= about.goal : ratio >= about.goal;
    console.log(
      `${one.id}: ${ratio.toFixed(2)} ${about.unit} (goal ${about.goal}, ${met ? "met" : "missed"})`,
    );
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    outcome = { fault: message.split("\n")[0] };
    console.log(`${one.id}: ${message}`);
  }
  kept.cases[one.id] = { ...about, scale, runs, around, ...outcome };
}
for (const one of CURVES) {
  if (!isWanted(one.id)) continue;
  const { id, title } = one;
  const points = measureCurve(one, { scale, runs: Math.min(runs, 3) });
  for (const { point, records, wall } of points)
    console.log(`${id} ${point}: ${Math.round(records / wall).toLocaleString("en-US")} records/s`);
  kept.curves[id] = { title, around, points };
}
// A look at a smaller scale is no result.
if (scale === 1) {
  writeFileSync(RESULTS, `${JSON.stringify(kept, null, 1)}\n`);
  render(kept);
}
