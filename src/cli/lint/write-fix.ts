// The condensed rule set of `lint --fix`, printed after it is proved.

import { type CondensedRuleSet, condenseRuleSet, proveEquivalence } from "../../lint/index.js";
import type { RuleSet } from "../../model/rule-set.js";
import { writeAtomically } from "../../node/index.js";
import { lintEditLines, proofSentence } from "../../report/lint-fix.js";
import { counted, grouped } from "../../report/quantity.js";
import { applyEdits, groupsAsAwsJson, loadRuleSet, parseEdits } from "../../rules/index.js";
import type { LintFlags } from "../commands/lint.js";
import type { Terminal } from "../terminal.js";

/** Across groups the interfaces are compared, for the groups differ. */
export async function writeFix(
  ruleSet: RuleSet,
  flags: LintFlags,
  terminal: Terminal,
): Promise<void> {
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
  const { output } = flags;
  if (output === undefined || output === "-") await terminal.write(text);
  else await writeAtomically(output, text);
}

function changeWords({ dropped, merged }: CondensedRuleSet): string {
  if (dropped.length + merged.length === 0) return "There is nothing to condense.";
  const from = merged.reduce((sum, merge) => sum + merge.from.length, 0);
  const into = from === 0 ? "" : `, ${grouped(from)} merged into ${grouped(merged.length)}`;
  return `${counted(dropped.length, "rule")} dropped${into}.`;
}
