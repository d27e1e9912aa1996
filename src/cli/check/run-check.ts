// The work of `check`.

import { checkOf } from "../../questions/index.js";
import { checkReport } from "../../report/check-report.js";
import type { CheckFlags } from "../commands/check.js";
import { refuseSharedStdin } from "../load-rules.js";
import { concludeRun, writeReport } from "../survey/conclude.js";
import { loadBaseline } from "../survey/judging-options.js";
import { runSurvey } from "../survey/run-survey.js";
import type { Terminal } from "../terminal.js";

/** Runs `check` and gives its exit code; what was refused is thrown. */
export async function runCheck(
  logs: readonly string[],
  flags: CheckFlags,
  terminal: Terminal,
): Promise<number> {
  refuseSharedStdin(logs, flags.rules);
  const baseline = await loadBaseline(flags, terminal);
  const { survey, found, sources, cost } = await runSurvey(
    logs,
    flags,
    { baseline, openers: "all" },
    terminal,
  );
  const { summary, openers, openersDropped } = survey;
  const check = checkOf(summary, openers);
  const report = checkReport({ check, summary, openersDropped, cost });
  await writeReport(report, flags, terminal, sources);
  return concludeRun(summary, found, terminal);
}
