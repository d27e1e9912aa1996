// The work of `usage`.

import type { Survey } from "../../analysis/index.js";
import { FlowError } from "../../errors.js";
import type { RuleSet } from "../../model/rule-set.js";
import { writeAtomically } from "../../node/index.js";
import { type RemovalPlan, removalPlan, type Usage, usageOf } from "../../questions/index.js";
import { ledgerNotes } from "../../report/history-notes.js";
import { withNotes } from "../../report/noted.js";
import { removalEditLines } from "../../report/removal-edits.js";
import type { ProvedPlan } from "../../report/removal-json.js";
import { usageReport } from "../../report/usage-report.js";
import { applyEdits, parseEdits } from "../../rules/index.js";
import type { UsageFlags } from "../commands/usage.js";
import { EXIT_OK } from "../exit-code.js";
import { watchInterrupt } from "../interrupt.js";
import { refuseSharedStdin } from "../load-rules.js";
import { refuseOverwrite } from "../refuse-overwrite.js";
import { concludeRun, writeReport } from "../survey/conclude.js";
import { loadBaseline } from "../survey/judging-options.js";
import { latestRules } from "../survey/load-timeline.js";
import { refuseReadOnce } from "../survey/refuse-read-once.js";
import { runSurvey, type SurveyWanted } from "../survey/run-survey.js";
import type { Terminal } from "../terminal.js";
import { planDoubt } from "./plan-doubt.js";
import { provePlan } from "./prove-plan.js";

/** Runs `usage` and gives its exit code; what was refused is thrown. */
export async function runUsage(
  logs: readonly string[],
  flags: UsageFlags,
  terminal: Terminal,
): Promise<number> {
  refuseSharedStdin(logs, flags.rules);
  if (flags.planOut !== undefined && flags.plan === undefined)
    throw new FlowError("plan-missing", "--plan-out has no plan to write", {
      hint: "give --plan removal too",
    });
  if (flags.plan !== undefined) await refuseReadOnce(logs, "--plan, which proves its answer,");
  const baseline = await loadBaseline(flags, terminal);
  const interrupt = watchInterrupt(terminal);
  const wanted: SurveyWanted = { baseline, openers: "all", interrupt };
  const { survey, found, sources } = await runSurvey(logs, flags, wanted, terminal);
  const ruleSet = latestRules(baseline.timeline);
  const { openers, openersDropped } = survey;
  const summary = withNotes(survey.summary, ledgerNotes(baseline.timeline.periods));
  const usage = usageOf(openers, ruleSet, summary);
  const removal =
    flags.plan === undefined
      ? null
      : await planned(survey, usage, ruleSet, logs, flags, wanted, terminal);
  interrupt.dispose();
  const doubt = removal === null ? undefined : planDoubt(removal);
  if (removal !== null && doubt === undefined && flags.planOut !== undefined) {
    await refuseOverwrite({ ...flags, rules: baseline.paths }, found.files);
    await writePlan(removal.plan, ruleSet, flags.planOut, terminal);
  }
  const report = usageReport({ usage, removal, summary, openersDropped });
  await writeReport(report, flags, terminal, sources);
  const code = concludeRun(summary, found, terminal);
  if (doubt === undefined || code !== EXIT_OK) return code;
  terminal.warn(`flowverdict: ${doubt.text}`);
  return doubt.exitCode;
}

async function planned(
  { openers, summary }: Survey,
  usage: Usage,
  ruleSet: RuleSet,
  logs: readonly string[],
  flags: UsageFlags,
  wanted: SurveyWanted,
  terminal: Terminal,
): Promise<ProvedPlan> {
  const plan = removalPlan(openers, ruleSet, usage);
  if (summary.partial || plan.removed.length === 0) return { plan, proof: null };
  terminal.say("note: the plan is proved by a second pass over the logs");
  return { plan, proof: await provePlan(plan, logs, flags, wanted, terminal) };
}

/** What is written is read back: the lines take away what the plan names, and nothing else. */
async function writePlan(
  plan: RemovalPlan,
  ruleSet: RuleSet,
  path: string,
  terminal: Terminal,
): Promise<void> {
  const text = removalEditLines(plan, ruleSet);
  const after = idsOf(applyEdits(ruleSet, parseEdits(text, path)).ruleSet);
  const gone = new Set(plan.removed.map(({ id }) => id));
  const expected = idsOf(ruleSet).filter((id) => !gone.has(id));
  if (after.join("\n") !== expected.join("\n"))
    throw new Error("the edit lines do not take away what the plan names");
  if (path === "-") await terminal.write(text);
  else await writeAtomically(path, text);
}

function idsOf({ groups }: RuleSet): string[] {
  return [...groups.values()].flatMap(({ rules }) => rules.map(({ id }) => id));
}
