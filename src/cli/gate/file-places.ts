import type { Place } from "../../model/rule-set.js";
import type { GateFinding, GateResult } from "../../questions/index.js";

/** Edits of the command line stand at `--edit` or `--edit 2`: no file of a repository. */
function isFile({ file }: Place): boolean {
  return !/^--edit( \d+)?$/.test(file);
}

function withFiles(finding: GateFinding): GateFinding {
  const related = finding.related.filter(({ at }) => isFile(at));
  if (finding.at === null || isFile(finding.at)) return { ...finding, related };
  const [first, ...rest] = related;
  return { ...finding, at: first?.at ?? null, related: rest };
}

/** The result with places in files alone, for reports that point into a repository. */
export function filePlaces(result: GateResult): GateResult {
  return { ...result, findings: result.findings.map(withFiles) };
}
