import { USAGE_CLASSES, type Usage, type UsageClass } from "../questions/index.js";
import { counted, duration, grouped } from "./quantity.js";
import { type ProvedPlan, removalFindings, removalHead, removalKeys } from "./removal-json.js";
import { removalSections, removalSentence } from "./removal-sections.js";
import type { Report } from "./report.js";
import { paragraph, type ReportBody } from "./report-body.js";
import {
  type Ground,
  groundHead,
  groundKeys,
  groundLead,
  groundSections,
} from "./report-ground.js";
import { coverageFindings } from "./summary-json.js";
import { TOOL } from "./tool.js";
import { usageSections } from "./usage-sections.js";

/** What a `usage` is made of. */
export interface UsageAnswer extends Ground {
  readonly usage: Usage;
  /** With `--plan removal`; null without. */
  readonly removal: ProvedPlan | null;
}

const CLASS_WORDS: Readonly<Record<UsageClass, string>> = {
  used: "used",
  redundant: "redundant",
  "no-evidence": "without evidence of use",
  "not-observable": "not observable",
  "on-no-interface": "on no interface",
  undecidable: "undecidable",
};

/** `31 rules over 5 d: 12 used, 3 redundant, 16 without evidence of use.` */
function usageSentence({ rules, classes, firstStart, lastEnd }: Usage): string {
  const span =
    firstStart === null || lastEnd === null
      ? "without a record"
      : `over ${duration(lastEnd - firstStart)}`;
  const parts = USAGE_CLASSES.filter((name) => classes[name] > 0).map(
    (name) => `${grouped(classes[name])} ${CLASS_WORDS[name]}`,
  );
  const found = parts.length === 0 ? "" : `: ${parts.join(", ")}`;
  return `${counted(rules.length, "rule")} ${span}${found}.`;
}

function usageBody(answer: UsageAnswer): ReportBody {
  const { usage, removal } = answer;
  return {
    title: `${TOOL.name} ${TOOL.version}: rule ledger`,
    lead: groundLead(answer, [
      paragraph(usageSentence(usage)),
      ...(removal === null ? [] : [paragraph(removalSentence(removal.plan))]),
    ]),
    sections: [
      ...(removal === null ? [] : removalSections(removal.plan, removal.proof)),
      ...usageSections(usage),
      ...groundSections(answer),
    ],
  };
}

/** The answer of `usage`. In NDJSON one line per rule, and per rule of the plan. */
export function usageReport(answer: UsageAnswer): Report {
  const { usage, removal, summary } = answer;
  const { firstStart, lastEnd, classes, rules } = usage;
  return {
    name: "usage",
    document: () => ({
      firstStart,
      lastEnd,
      classes,
      rules,
      plan: removal === null ? null : removalKeys(removal),
      ...groundKeys(answer),
    }),
    head: () => ({
      firstStart,
      lastEnd,
      classes,
      plan: removal === null ? null : removalHead(removal),
      ...groundHead(answer),
    }),
    findings: () => [
      ["rule", rules.map((rule) => ({ ...rule }))],
      ...(removal === null ? [] : removalFindings(removal)),
      ...coverageFindings(summary.coverage),
    ],
    body: () => usageBody(answer),
  };
}
