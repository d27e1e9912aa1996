// The work of `lint`.

import { FlowError } from "../../errors.js";
import {
  type CondensedRuleSet,
  condenseRuleSet,
  LINT_LEVELS,
  type LintFinding,
  type LintLevel,
  lintRuleSet,
  proveEquivalence,
} from "../../lint/index.js";
import type { RuleSet } from "../../model/rule-set.js";
import { writeAtomically } from "../../node/index.js";
import { lintEditLines, proofSentence } from "../../report/lint-fix.js";
import { lintReport } from "../../report/lint-report.js";
import { plainPaint } from "../../report/paint.js";
import { counted, grouped } from "../../report/quantity.js";
import { renderReport } from "../../report/report.js";
import { applyEdits, groupsAsAwsJson, loadRuleSet, parseEdits } from "../../rules/index.js";
import type { LintFlags } from "../commands/lint.js";
import { EXIT_GATE, EXIT_OK } from "../exit-code.js";
import { loadRules } from "../load-rules.js";
import type { Terminal } from "../terminal.js";

/** Width of a report that goes to a file. */
const FILE_WIDTH = 100;

/** Runs `lint` and gives its exit code: 1 where `--fail-on` is reached. */
export async function runLint(flags: LintFlags, terminal: Terminal): Promise<number> {
  const { ruleSet } = await loadRules(
    {
      paths: flags.rules,
      interfaces: flags.interface ?? [],
      attach: flags.attach ?? [],
      snapshotComplete: flags.snapshotComplete === true,
    },
    terminal,
  );
  refuseNothing(ruleSet, flags.rules);
  if (flags.acrossGroups === true) refuseWithoutInterfaces(ruleSet, flags);
  const findings = lintRuleSet(ruleSet);
  if (flags.fix === undefined) await writeReport(ruleSet, findings, flags, terminal);
  else await writeFix(ruleSet, flags, terminal);
  return reaches(findings, flags.failOn) ? EXIT_GATE : EXIT_OK;
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

async function writeReport(
  ruleSet: RuleSet,
  findings: readonly LintFinding[],
  flags: LintFlags,
  terminal: Terminal,
): Promise<void> {
  let rules = 0;
  for (const group of ruleSet.groups.values()) rules += group.rules.length;
  const report = lintReport({
    findings,
    groups: ruleSet.groups.size,
    rules,
    interfaces: ruleSet.interfaces.size,
    acls: ruleSet.acls.size,
    traffic: undefined,
  });
  const toFile = isFile(flags.output);
  const form = toFile ? { width: FILE_WIDTH, paint: plainPaint } : terminal.text;
  await put(renderReport(report, flags.format, form), flags.output, terminal);
}

/** Across groups the interfaces are compared, for the groups differ. */
async function writeFix(ruleSet: RuleSet, flags: LintFlags, terminal: Terminal): Promise<void> {
  const acrossGroups = flags.acrossGroups === true;
  const condensed = condenseRuleSet(ruleSet, { acrossGroups });
  const text =
    flags.fix === "edits"
      ? lintEditLines(condensed)
      : groupsAsAwsJson(condensed.ruleSet.groups.values());
  // What is proved is what is printed: the text is read back.
  const after =
    flags.fix === "edits"
      ? applyEdits(ruleSet, parseEdits(text, "--fix")).ruleSet
      : loadRuleSet([{ name: "--fix", text, explicit: true }]).ruleSet;
  const proof = proveEquivalence(
    ruleSet,
    { ...ruleSet, groups: after.groups },
    { per: acrossGroups ? "interface" : "group" },
  );
  const sentence = proofSentence(proof);
  if (!proof.equal) throw new Error(`the condensed rule set is wrong. ${sentence}`);
  terminal.say(`${changeWords(condensed)} Rules with stale or unknown peers stay as they are.`);
  terminal.warn(sentence);
  await put(text, flags.output, terminal);
}

function changeWords({ dropped, merged }: CondensedRuleSet): string {
  if (dropped.length + merged.length === 0) return "There is nothing to condense.";
  const from = merged.reduce((sum, merge) => sum + merge.from.length, 0);
  const into = from === 0 ? "" : `, ${grouped(from)} merged into ${grouped(merged.length)}`;
  return `${counted(dropped.length, "rule")} dropped${into}.`;
}

function isFile(output: string | undefined): output is string {
  return output !== undefined && output !== "-";
}

async function put(text: string, output: string | undefined, terminal: Terminal): Promise<void> {
  if (isFile(output)) await writeAtomically(output, text);
  else await terminal.write(text);
}
