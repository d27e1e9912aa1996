// Where the time of `evaluate` goes: a sampled profile of one run, its samples summed by stage. The core is built once
// more, as optimised as ever but with the names of its functions.
//   node bench/stages.mjs [RECORDS] [generate option=value ...]

import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { generated } from "./lib/data.mjs";
import { node, ROOT } from "./lib/measure.mjs";

const FOLDER = join(ROOT, ".tmp", "stages");
const CORE = join(FOLDER, "core.wasm");
/** Folders of assembly/ are the stages; what stands in none of them is the host's. */
const STAGE = /^assembly\/([a-z]+)\/([\w-]+)/;

function stageOf({ functionName, url }) {
  const [, folder, file] = STAGE.exec(functionName) ?? [];
  if (folder !== undefined) return `${folder}/${file}`;
  if (url.startsWith("wasm:") || functionName.startsWith("wasm-")) return "core, other";
  if (functionName === "(garbage collector)") return "garbage collector";
  if (functionName === "(idle)") return "idle";
  if (functionName === "(program)") return "Node itself";
  return "host, JavaScript";
}

const [records = "2000000", ...options] = process.argv.slice(2);
rmSync(FOLDER, { recursive: true, force: true });
mkdirSync(FOLDER, { recursive: true });
execFileSync(
  join(ROOT, "node_modules/.bin/asc"),
  ["assembly/index.ts", "--target", "release", "--debug", "--outFile", CORE, "--textFile", ""],
  { cwd: ROOT },
);
const data = generated(Number(records), Object.fromEntries(options.map((one) => one.split("="))));
const [program, ...words] = node("bench/evaluate-once.mjs", "summary", data.account, ...data.files);
execFileSync(
  program,
  ["--cpu-prof", `--cpu-prof-dir=${FOLDER}`, "--cpu-prof-interval=500", ...words],
  {
    env: { ...process.env, BENCH_CORE: CORE },
  },
);
const name = readdirSync(FOLDER).find((file) => file.endsWith(".cpuprofile"));
const profile = JSON.parse(readFileSync(join(FOLDER, name), "utf8"));
const frames = new Map(profile.nodes.map(({ id, callFrame }) => [id, callFrame]));
const stages = new Map();
let total = 0;
for (const [index, id] of profile.samples.entries()) {
  const micros = profile.timeDeltas[index];
  const stage = stageOf(frames.get(id));
  stages.set(stage, (stages.get(stage) ?? 0) + micros);
  total += micros;
}
console.log(`${records} records, ${(total / 1e6).toFixed(2)} s sampled\n`);
console.log("| stage | ms | share | ns a record |\n|---|--:|--:|--:|");
for (const [stage, micros] of [...stages].sort((a, b) => b[1] - a[1])) {
  if (micros / total < 0.005) continue;
  console.log(
    `| ${stage} | ${(micros / 1000).toFixed(0)} | ${((micros / total) * 100).toFixed(1)} % | ${((micros * 1000) / Number(records)).toFixed(0)} |`,
  );
}
