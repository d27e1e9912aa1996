// Speed and memory of evaluations of generated logs, each in a fresh process, with the verdicts beside the times. Needs
// a build (`npm run bench` makes it).
//   node bench/run.mjs [RECORDS] [RUNS]
//
// What it is unfair about: the log was just written, so it is in the page cache, and it is not compressed; the
// generator's traffic is evener than real traffic; every process also pays for compiling the code and the core (cold
// start, some 0.1 s). Loading the rule documents is timed apart.

import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const records = Number(process.argv[2] ?? 1_000_000);
const runs = Number(process.argv[3] ?? 3);
/** The reference keeps every record as an object and is asked for fewer. */
const FEW = Math.min(records, 100_000);

const CASES = [
  { name: "v2, 60 rules per interface", options: [] },
  { name: "v5, 60 rules per interface", options: ["--format", "v5"] },
  {
    name: "v2, 1,000 rules per interface",
    options: ["--interfaces", "200", "--rules-per-interface", "1000"],
  },
  { name: "v5, every record written as CSV", options: ["--format", "v5"], way: "records" },
  { name: "v2, 60 rules, few records", options: [], records: FEW },
  { name: "v2, 60 rules, few records, reference", options: [], records: FEW, way: "reference" },
];

function run(script, args) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(ROOT, script), ...args], {
    encoding: "utf8",
    maxBuffer: 1 << 26,
  });
  if (status !== 0) throw new Error(`${script} ${args.join(" ")} ended with ${status}\n${stderr}`);
  return stdout;
}

function median(values) {
  return [...values].sort((a, b) => a - b)[values.length >> 1];
}

function grouped(value) {
  return Math.round(value).toLocaleString("en-US");
}

function measure({ options, records: count = records, way = "summary" }) {
  const folder = join(ROOT, ".tmp", `bench-${process.pid}`);
  try {
    run("dist/src/cli/main.js", [
      "generate",
      "-q",
      "-o",
      folder,
      "--records",
      String(count),
      ...options,
    ]);
    const results = Array.from({ length: runs }, () =>
      JSON.parse(run("bench/evaluate-once.mjs", [folder, way])),
    );
    const answers = new Set(results.map(({ verdicts }) => JSON.stringify(verdicts)));
    if (answers.size !== 1) throw new Error(`the runs differ: ${[...answers].join(" and ")}`);
    const seconds = median(results.map((result) => result.seconds));
    const { bytes, verdicts } = results[0];
    return [
      grouped(count),
      seconds.toFixed(2),
      grouped(count / seconds),
      (bytes / seconds / 1e6).toFixed(0),
      (Math.max(...results.map((result) => result.peakBytes)) / 1e6).toFixed(0),
      median(results.map((result) => result.loadSeconds)).toFixed(2),
      `${grouped(verdicts.allow)} / ${grouped(verdicts.deny)} / ${grouped(verdicts.unknown)}`,
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const machine = `${cpus().length} x ${cpus()[0]?.model ?? "unknown processor"}`;
console.log(`${new Date().toISOString().slice(0, 10)}, ${machine}, Node ${process.version}`);
console.log(`one thread, median of ${runs} runs, greatest resident memory of them\n`);
console.log(
  "| case | records | s | records/s | MB/s | MB resident | rules loaded in s | allow / deny / unknown |",
);
console.log("|---|--:|--:|--:|--:|--:|--:|---|");
for (const one of CASES) console.log(`| ${one.name} | ${measure(one).join(" | ")} |`);
