import type { RuleSet } from "../../model/rule-set.js";
import type { SuggestionForm } from "../../report/suggestion-form.js";
import { editsBetween, groupsAsTerraform, ruleKey, ruleSetAsAwsJson } from "../../rules/index.js";

/** A candidate as AWS JSON that `--candidate` reads, as Terraform of the groups that differ, or as edit lines. */
export function candidateFile(baseline: RuleSet, candidate: RuleSet, form: SuggestionForm): string {
  switch (form) {
    case "json":
      return ruleSetAsAwsJson(candidate);
    case "terraform": {
      const changed = [...candidate.groups.values()].filter(({ id, rules }) => {
        const before = baseline.groups.get(id)?.rules ?? [];
        return before.map(ruleKey).sort().join("\n") !== rules.map(ruleKey).sort().join("\n");
      });
      const text = groupsAsTerraform(changed, { imports: true });
      return text === "" ? "# No group's rules differ.\n" : text;
    }
    case "edits": {
      const { lines, left } = editsBetween(baseline, candidate);
      const notes = left.map((difference) => `# No edit can say this: ${difference}`);
      return [...notes, ...lines].map((line) => `${line}\n`).join("");
    }
  }
}
