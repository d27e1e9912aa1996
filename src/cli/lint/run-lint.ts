// The work of `lint`.

import { FlowError } from "../../errors.js";
import { LINT_LEVELS, type LintFinding, type LintLevel, lintRuleSet } from "../../lint/index.js";
import type { RuleSet } from "../../model/rule-set.js";
import { lintReport } from "../../report/lint-report.js";
import type { LintFlags } from "../commands/lint.js";
import { EXIT_GATE, EXIT_INTERRUPTED, EXIT_OK } from "../exit-code.js";
import { refuseSharedStdin } from "../load-rules.js";
import { refuseOverwrite } from "../refuse-overwrite.js";
import { concludeRun, writeReport } from "../survey/conclude.js";
import { loadBaseline } from "../survey/judging-options.js";
import { loadCandidates } from "../survey/load-candidates.js";
import { type LoadedTimeline, latestRules } from "../survey/load-timeline.js";
import { reportForm } from "../survey/report-file.js";
import { sayCandidate } from "../survey/say-candidate.js";
import type { Terminal } from "../terminal.js";
import { type LintLog, lintLog, refuseLogOptions } from "./lint-log.js";
import { writeFix } from "./write-fix.js";

/** Runs `lint` and gives its exit code: 1 where `--fail-on` is reached. */
export async function runLint(
  logs: readonly string[],
  flags: LintFlags,
  terminal: Terminal,
): Promise<number> {
  refuseSharedStdin(logs, flags.rules);
  if (logs.length === 0) refuseLogOptions(flags);
  if (flags.report !== undefined) reportForm(flags.report);
  const baseline = await loadLinted(flags, terminal);
  const ruleSet = latestRules(baseline.timeline);
  refuseNothing(ruleSet, flags.rules);
  if (flags.acrossGroups === true) refuseWithoutInterfaces(ruleSet, flags);
  if (flags.fix !== undefined && logs.length > 0) refuseFixWithLogs(logs);
  if (logs.length === 0) await refuseOverwrite({ ...flags, rules: baseline.paths }, []);
  const findings = lintRuleSet(ruleSet);
  const failed = reaches(findings, flags.failOn) ? EXIT_GATE : EXIT_OK;
  if (flags.fix !== undefined) {
    await writeFix(ruleSet, flags, terminal);
    return failed;
  }
  const log = logs.length === 0 ? undefined : await lintLog(logs, flags, baseline, terminal);
  const sources = log?.run.sources ?? { rules: baseline.paths, logs: [] };
  await writeReport(reportOf(ruleSet, findings, log), flags, terminal, sources);
  if (log === undefined) return failed;
  const code = concludeRun(log.ground.summary, log.run.found, terminal);
  return failed === EXIT_GATE && code !== EXIT_INTERRUPTED ? failed : code;
}

/** The rules, or what a plan makes of them. */
async function loadLinted(flags: LintFlags, terminal: Terminal): Promise<LoadedTimeline> {
  const baseline = await loadBaseline(flags, terminal);
  if (flags.plan === undefined) return baseline;
  const given = { candidate: [flags.plan], parameters: flags.parameters ?? [] };
  const [planned] = await loadCandidates(baseline.timeline, given, terminal);
  sayCandidate(planned!, terminal);
  return { ...baseline, timeline: planned!.timeline, paths: [...baseline.paths, flags.plan] };
}

/** A pipeline that looks at the wrong folder must not pass. */
function refuseNothing({ groups, acls, interfaces }: RuleSet, paths: readonly string[]): void {
  if (groups.size + acls.size + interfaces.size > 0) return;
  throw new FlowError(
    "nothing-to-lint",
    "no group, interface or network ACL is in these documents",
    {
      at: paths.join(", "),
      hint: "give the JSON of aws ec2 describe-security-groups, describe-network-interfaces, describe-network-acls",
    },
  );
}

function refuseWithoutInterfaces({ interfaces }: RuleSet, { fix, rules }: LintFlags): void {
  if (fix !== undefined && interfaces.size > 0) return;
  const lacks = fix === undefined ? "--fix" : "the interfaces that carry the groups";
  throw new FlowError("across-groups", `--across-groups needs ${lacks}`, {
    at: rules.join(", "),
    hint: "give --fix, and the JSON of aws ec2 describe-network-interfaces among the rules",
  });
}

function reaches(findings: readonly LintFinding[], failOn: LintLevel | undefined): boolean {
  if (failOn === undefined) return false;
  const limit = LINT_LEVELS.indexOf(failOn);
  return findings.some(({ level }) => LINT_LEVELS.indexOf(level) <= limit);
}

/** Admits the same whatever a log shows: a fix that rests on a log is another thing. */
function refuseFixWithLogs(logs: readonly string[]): never {
  throw new FlowError("fix-with-log", "--fix changes nothing that is admitted, and takes no log", {
    at: logs.join(", "),
    hint: "leave the logs out; usage --plan removal and tighten go by what was used",
  });
}

function reportOf(
  ruleSet: RuleSet,
  findings: readonly LintFinding[],
  log: LintLog | undefined,
): ReturnType<typeof lintReport> {
  let rules = 0;
  for (const group of ruleSet.groups.values()) rules += group.rules.length;
  return lintReport({
    findings,
    groups: ruleSet.groups.size,
    rules,
    interfaces: ruleSet.interfaces.size,
    acls: ruleSet.acls.size,
    traffic: log?.traffic,
    ...(log === undefined ? {} : { ground: log.ground }),
  });
}
