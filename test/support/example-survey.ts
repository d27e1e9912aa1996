// The example account judged under its own rules and under a candidate with fewer rules in one group and more in another.

import { type Survey, survey } from "../../src/analysis/survey.js";
import type { Group, RuleSet } from "../../src/model/rule-set.js";
import { always } from "../../src/model/timeline.js";
import { findLogs, findRuleFiles, readText } from "../../src/node/index.js";
import { logInput } from "../../src/node/log-input.js";
import { loadRuleSet } from "../../src/rules/index.js";
import { ROOT } from "./packed.js";
import { coreOf } from "./wasm-engine.js";

export interface ExampleSurvey extends Survey {
  readonly baseline: RuleSet;
  readonly candidate: RuleSet;
}

async function exampleRules(): Promise<RuleSet> {
  const files = await findRuleFiles([`${ROOT}/examples/account`]);
  const documents = await Promise.all(
    files.map(async ({ name, path }) => ({ name, text: await readText(path) })),
  );
  return loadRuleSet(documents).ruleSet;
}

/** Every second group loses its rules, the others let in SSH from everywhere. */
function changed(ruleSet: RuleSet): RuleSet {
  const groups = [...ruleSet.groups.values()].map((group, i): [string, Group] => {
    const [first] = group.rules;
    if (i % 2 === 0 || first === undefined) return [group.id, { ...group, rules: [] }];
    const ssh = { ...first, id: `${group.id}/ssh`, fromPort: 22, toPort: 22 };
    return [group.id, { ...group, rules: [...group.rules, ssh] }];
  });
  return { ...ruleSet, groups: new Map(groups) };
}

/** One pass over the example log, with the whole candidate from the second `cutOverAt` on, or always. */
export async function exampleSurvey(cutOverAt?: number): Promise<ExampleSurvey> {
  const baseline = await exampleRules();
  const candidate = changed(baseline);
  const inputs = (await findLogs([`${ROOT}/examples/logs`])).map((file) => logInput(file));
  const surveyed = await survey(inputs, {
    core: await coreOf("release"),
    baseline: always("now", baseline),
    candidates: [always("next", candidate)],
    openers: "all",
    ...(cutOverAt === undefined ? {} : { cutOverAt }),
  });
  return { ...surveyed, baseline, candidate };
}
