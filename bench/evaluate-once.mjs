// One evaluation by the library in a process of its own; prints the verdicts as one line of JSON.
//   node bench/evaluate-once.mjs WAY ACCOUNT LOG...
// BENCH_CORE names another build of the core.
// summary: every record judged and counted. batches: every judged record delivered as Arrow batches, which a consumer
// looks at. stream: every judged record written as an Arrow stream, and thrown away. csv: as CSV. reference: the
// record-at-a-time evaluator, which keeps every record as an object.

import { readFile } from "node:fs/promises";
import { evaluate, evaluateRecords } from "../dist/src/analysis/index.js";
import { coreModule } from "../dist/src/node/core-module.js";
import { findLogs } from "../dist/src/node/index.js";
import { logInput } from "../dist/src/node/log-input.js";
import { rulesIn } from "./lib/rules-in.mjs";

const { BENCH_CORE } = process.env;
const core =
  BENCH_CORE === undefined
    ? await coreModule()
    : await WebAssembly.compile(await readFile(BENCH_CORE));

async function bySummary(inputs, ruleSet) {
  const { verdicts } = await evaluate(inputs, { core, ruleSet });
  return verdicts;
}

/** Gives every batch to `take`. */
async function byBatch(inputs, ruleSet, take) {
  const batches = evaluateRecords(inputs, { core, ruleSet });
  let next = await batches.next();
  for (; next.done !== true; next = await batches.next()) take(next.value);
  return next.value.verdicts;
}

async function byWriter(inputs, ruleSet, format) {
  const { recordWriter } = await import("../dist/src/report/record-writer.js");
  const writer = recordWriter(format);
  let bytes = 0;
  const verdicts = await byBatch(inputs, ruleSet, (batch) => {
    bytes += writer.write(batch).length;
  });
  bytes += writer.end().length;
  if (bytes === 0) throw new Error("nothing was written");
  return verdicts;
}

async function byReference(inputs, ruleSet) {
  const { logRecords } = await import("../dist/src/inspect/log-records.js");
  const { DEFAULT_LOOK_AHEAD, DEFAULT_TIMERS } = await import("../dist/src/model/timers.js");
  const { evaluateReference } = await import("../dist/src/reference/index.js");
  const records = [];
  for (const input of inputs)
    for await (const entry of logRecords(input))
      if (entry.kind === "record") records.push(entry.record);
  const verdicts = { allow: 0, deny: 0, unknown: 0 };
  const options = { timers: DEFAULT_TIMERS, lookAhead: DEFAULT_LOOK_AHEAD };
  for (const { verdict } of evaluateReference(records, ruleSet, options)) verdicts[verdict]++;
  return verdicts;
}

const WAYS = {
  summary: bySummary,
  batches: (inputs, ruleSet) => byBatch(inputs, ruleSet, (batch) => batch.numRows >= 0),
  stream: (inputs, ruleSet) => byWriter(inputs, ruleSet, "arrow"),
  csv: (inputs, ruleSet) => byWriter(inputs, ruleSet, "csv"),
  reference: byReference,
};

const [way, account, ...logs] = process.argv.slice(2);
const inputs = (await findLogs(logs)).map((file) => logInput(file));
console.log(JSON.stringify(await WAYS[way](inputs, await rulesIn(account))));
