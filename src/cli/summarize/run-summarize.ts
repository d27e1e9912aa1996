// The work of `summarize`.

import {
  BORDER_BYTES,
  mergeOpenerSummaries,
  OPENER_BYTES,
  type OpenerSummary,
  summarize,
  writeSummary,
} from "../../analysis/index.js";
import { parseFieldList } from "../../logs/index.js";
import { coreModule } from "../../node/core-module.js";
import { writeAtomically } from "../../node/index.js";
import { logInputs } from "../../node/log-input.js";
import { openSummary, splitSummaries } from "../../node/summary-files.js";
import { plainPaint } from "../../report/paint.js";
import { renderReport } from "../../report/report.js";
import { summarizedReport } from "../../report/summarized-report.js";
import { TOOL } from "../../report/tool.js";
import type { SummarizeFlags } from "../commands/summarize.js";
import { findInputs } from "../find-inputs.js";
import { watchInterrupt } from "../interrupt.js";
import { loadRules, refuseSharedStdin } from "../load-rules.js";
import { shareOfFiles, startProgress } from "../progress.js";
import { refuseOverwrite } from "../refuse-overwrite.js";
import { concludeRun } from "../survey/conclude.js";
import type { Terminal } from "../terminal.js";

/** Runs `summarize` and gives its exit code; what was refused is thrown. */
export async function runSummarize(
  logs: readonly string[],
  flags: SummarizeFlags,
  terminal: Terminal,
): Promise<number> {
  const paths = flags.rules ?? [];
  refuseSharedStdin(logs, paths);
  const interrupt = watchInterrupt(terminal);
  const facts =
    paths.length === 0
      ? undefined
      : await loadRules(
          {
            paths,
            interfaces: flags.interface ?? [],
            attach: flags.attach ?? [],
            snapshotComplete: flags.snapshotComplete === true,
            parameters: flags.parameters ?? [],
          },
          terminal,
        );
  const fields = flags.fields === undefined ? undefined : parseFieldList(flags.fields);
  for (const warning of fields?.warnings ?? []) terminal.say(`warning: --fields: ${warning}`);
  const found = await findInputs(logs, {}, terminal);
  const { output } = flags;
  await refuseOverwrite({ rules: paths, output }, found.files);
  const given = await splitSummaries(found.files);
  const core = await coreModule();
  const tool = `${TOOL.name} ${TOOL.version}`;
  const summaries: OpenerSummary[] = [];
  for (const file of given.summaries) summaries.push(await openSummary(file));
  if (given.logs.length > 0) {
    const progress = startProgress(terminal, shareOfFiles(given.logs));
    try {
      const inputs = logInputs(given.logs, interrupt.signal);
      summaries.push(
        await summarize(inputs, {
          core,
          tool,
          strict: flags.strict === true,
          signal: interrupt.signal,
          onProgress: progress.update,
          ...(facts === undefined ? {} : { facts: facts.ruleSet }),
          ...(flags.timeout === undefined ? {} : { timers: flags.timeout }),
          ...(fields === undefined ? {} : { fields: fields.fields }),
        }),
      );
    } finally {
      progress.end();
    }
  }
  interrupt.dispose();
  const [only, ...others] = summaries;
  const whole =
    only !== undefined && others.length === 0
      ? only
      : await mergeOpenerSummaries(core, summaries, tool);
  const counts = { openers: 0, atBorder: 0 };
  await writeAtomically(flags.output, async (write) => {
    for await (const chunk of writeSummary(counting(whole, counts))) await write(chunk);
  });
  const report = summarizedReport({ facts: whole.facts, ...counts, output: flags.output });
  const text = renderReport(report, flags.format, {
    ...(flags.output === "-" ? terminal.talk : terminal.text),
    paint: flags.output === "-" ? plainPaint : terminal.text.paint,
  });
  if (flags.output === "-") terminal.writeTalk(text);
  else await terminal.write(text);
  return concludeRun(whole.facts.summary, found, terminal);
}

/** The same summary; what passes is added to `counts`. */
function counting(
  summary: OpenerSummary,
  counts: { openers: number; atBorder: number },
): OpenerSummary {
  return {
    facts: summary.facts,
    async *rows() {
      for await (const chunk of summary.rows()) {
        counts.openers += chunk.length / OPENER_BYTES;
        yield chunk;
      }
    },
    async *borders() {
      for await (const chunk of summary.borders()) {
        counts.atBorder += chunk.length / BORDER_BYTES;
        yield chunk;
      }
    },
  };
}
