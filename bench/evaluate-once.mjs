// One evaluation in a process of its own; prints what it cost and what it answered as one line of JSON.
//   node bench/evaluate-once.mjs FOLDER summary|records|reference
// summary: every record judged and counted. records: every judged record written as CSV, too, and thrown away.
// reference: the record-at-a-time evaluator, which keeps every record as an object.

import { join } from "node:path";
import { evaluate, evaluateRecords } from "../dist/src/analysis/index.js";
import { logRecords } from "../dist/src/inspect/log-records.js";
import { DEFAULT_LOOK_AHEAD, DEFAULT_TIMERS } from "../dist/src/model/timers.js";
import { coreModule } from "../dist/src/node/core-module.js";
import { findLogs, findRuleFiles, readText } from "../dist/src/node/index.js";
import { logInput } from "../dist/src/node/log-input.js";
import { evaluateReference } from "../dist/src/reference/index.js";
import { RecordWriter } from "../dist/src/report/record-writer.js";
import { loadRuleSet } from "../dist/src/rules/index.js";

async function rulesIn(folder) {
  const documents = [];
  for (const { name, path, explicit } of await findRuleFiles([join(folder, "account")]))
    documents.push({ name, text: await readText(path), explicit });
  return loadRuleSet(documents).ruleSet;
}

async function bySummary(inputs, ruleSet) {
  const { verdicts } = await evaluate(inputs, { core: await coreModule(), ruleSet });
  return verdicts;
}

async function byRecords(inputs, ruleSet) {
  const writer = new RecordWriter("csv");
  const records = evaluateRecords(inputs, { core: await coreModule(), ruleSet });
  let next = await records.next();
  for (; next.done !== true; next = await records.next()) writer.write(next.value);
  return next.value.verdicts;
}

async function byReference(inputs, ruleSet) {
  const records = [];
  for (const input of inputs)
    for await (const entry of logRecords(input.name, input.open()))
      if (entry.kind === "record") records.push(entry.record);
  const verdicts = { allow: 0, deny: 0, unknown: 0 };
  const options = { timers: DEFAULT_TIMERS, lookAhead: DEFAULT_LOOK_AHEAD };
  for (const { verdict } of evaluateReference(records, ruleSet, options)) verdicts[verdict]++;
  return verdicts;
}

const WAYS = { summary: bySummary, records: byRecords, reference: byReference };

const [folder, way] = process.argv.slice(2);
const files = await findLogs([join(folder, "logs")]);
const inputs = files.map((file) => logInput(file));
const started = performance.now();
const ruleSet = await rulesIn(folder);
const loaded = performance.now();
const verdicts = await WAYS[way](inputs, ruleSet);
const done = performance.now();
console.log(
  JSON.stringify({
    loadSeconds: (loaded - started) / 1000,
    seconds: (done - loaded) / 1000,
    bytes: files.reduce((sum, { size }) => sum + size, 0),
    peakBytes: process.resourceUsage().maxRSS * 1024,
    verdicts,
  }),
);
