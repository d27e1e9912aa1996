// The work of `why`: one record, its context, the reference evaluator's account of it.

import { FlowError } from "../../errors.js";
import { parseFieldList } from "../../logs/index.js";
import { DEFAULT_LOOK_AHEAD, DEFAULT_TIMERS } from "../../model/timers.js";
import { findLogs, type LogFile, readBytes } from "../../node/index.js";
import { explainRecord } from "../../reference/index.js";
import { explanationReport } from "../../report/explanation-report.js";
import { renderReport } from "../../report/report.js";
import type { WhyFlags } from "../commands/why.js";
import { EXIT_INPUT, EXIT_OK } from "../exit-code.js";
import { loadRules, refuseSharedStdin } from "../load-rules.js";
import { logRecords } from "../log-records.js";
import { shareOfFiles, startProgress } from "../progress.js";
import type { Terminal } from "../terminal.js";
import { balancerWitness } from "./balancer-witness.js";
import { findTarget, type Target } from "./find-record.js";
import { MAX_EVIDENCE, NearestRecords } from "./nearest-records.js";

/** The record's own file first, then `--context`; a file named twice is evidence once. */
async function contextFiles(target: Target, flags: WhyFlags): Promise<LogFile[]> {
  const own = target.path === null ? [] : await findLogs([target.path]);
  const more = flags.context === undefined ? [] : await findLogs(flags.context);
  const seen = new Set(own.map(({ path }) => path));
  return [...own, ...more.filter(({ path }) => !seen.has(path))];
}

/** Gathers evidence; a file that breaks gives what it held before the break. Returns false if one did. */
async function gather(
  evidence: NearestRecords,
  files: readonly LogFile[],
  fields: readonly string[] | undefined,
  terminal: Terminal,
): Promise<boolean> {
  let complete = true;
  let records = 0;
  let bytes = 0;
  const progress = startProgress(terminal, shareOfFiles(files));
  for (const file of files) {
    try {
      const options = fields === undefined ? {} : { fields };
      for await (const entry of logRecords(file.name, readBytes(file), options)) {
        if (entry.kind !== "record") continue;
        evidence.add(entry.record);
        records++;
        bytes += entry.text.length + 1;
        progress.update({ bytes, records, file: file.name });
      }
    } catch (error) {
      if (!(error instanceof FlowError)) throw error;
      complete = false;
      progress.end();
      terminal.warn(`flowverdict: ${error.message} (${error.code})`);
    }
  }
  progress.end();
  return complete;
}

/** Runs `why` and gives its exit code. */
export async function runWhy(text: string, flags: WhyFlags, terminal: Terminal): Promise<number> {
  refuseSharedStdin(flags.context ?? [], flags.rules);
  const fields = flags.fields === undefined ? undefined : parseFieldList(flags.fields).fields;
  const loaded = await loadRules(
    {
      paths: flags.rules,
      interfaces: flags.interface ?? [],
      attach: flags.attach ?? [],
      snapshotComplete: flags.snapshotComplete === true,
    },
    terminal,
  );
  const target = await findTarget(text, fields);
  const witness = balancerWitness(target.record, loaded.ruleSet);
  const evidence = new NearestRecords(target.record, MAX_EVIDENCE, witness);
  const complete = await gather(evidence, await contextFiles(target, flags), fields, terminal);
  const records = evidence.take();
  const explanation = explainRecord(target.record, records, loaded.ruleSet, {
    timers: flags.timeout ?? DEFAULT_TIMERS,
    lookAhead: DEFAULT_LOOK_AHEAD,
  });
  if (explanation === undefined)
    throw new FlowError(
      "record-not-judged",
      `log-status is ${target.record.logStatus}: the line reports a window, not traffic`,
      {
        at: `${target.record.file}:${target.record.line}`,
        hint: "ask about a line with log-status OK",
      },
    );
  const own = records.filter(({ interfaceId }) => interfaceId === target.record.interfaceId);
  const context = { records: own.length, cut: evidence.cut };
  await terminal.write(
    renderReport(explanationReport(explanation, context), flags.format, terminal.text),
  );
  return complete ? EXIT_OK : EXIT_INPUT;
}
