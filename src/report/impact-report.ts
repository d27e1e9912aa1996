import { CHANGES, type Change } from "../model/opener.js";
import type { Impact } from "../questions/index.js";
import {
  type CandidateImpact,
  impactCounts,
  impactKeys,
  planKeys,
  tupleKeys,
} from "./impact-json.js";
import { impactSentence } from "./impact-sentence.js";
import { CHANGE_HEADINGS, impactTupleSections } from "./impact-tuples.js";
import type { Style } from "./paint.js";
import { planSections } from "./plan-section.js";
import { byteSize, counted, grouped } from "./quantity.js";
import type { Report } from "./report.js";
import {
  type Block,
  type Cell,
  type Column,
  paragraph,
  type ReportBody,
  type Section,
  table,
  toned,
} from "./report-body.js";
import {
  type Ground,
  groundHead,
  groundKeys,
  groundLead,
  groundSections,
} from "./report-ground.js";
import { coverageFindings } from "./summary-json.js";
import { TOOL } from "./tool.js";
import { tupleCountText } from "./tuple-text.js";

/** What a `diff` is made of. */
export interface ImpactAnswer extends Ground {
  /** Name of the rules that hold now. */
  readonly baseline: string;
  readonly candidates: readonly CandidateImpact[];
  /** Unix second of the cut-over; null without one. */
  readonly at: number | null;
}

const COLUMNS: readonly Column[] = [
  { title: "", align: "left" },
  { title: "connections", align: "right" },
  { title: "records", align: "right" },
  { title: "bytes", align: "right" },
  { title: "tuples", align: "right" },
];

const STYLES: Readonly<Record<Change, Style>> = {
  "newly-denied": "bad",
  "newly-allowed": "warn",
  unchanged: "plain",
  undetermined: "warn",
};

function numberRow(impact: Impact, change: Change): Cell[] {
  const style = impact.connections[change] === 0 ? "faint" : STYLES[change];
  return [
    CHANGE_HEADINGS[change].toLowerCase(),
    toned(grouped(impact.connections[change]), style),
    toned(grouped(impact.records[change]), style),
    toned(byteSize(impact.bytes[change]), style),
    toned(tupleCountText(impact.tuples, change), style),
  ];
}

function hiddenText({ hiddenScanners }: Impact): string[] {
  if (hiddenScanners === null) return [];
  const { connections, peers } = hiddenScanners;
  return [
    `Hidden from the tuples: ${counted(connections, "connection")} of ${counted(peers, "peer")} that only ever sent rejected openers.`,
  ];
}

/** The four numbers of a candidate, in connections, records, bytes and tuples. */
function numberBlocks(impact: Impact): Block[] {
  return [
    table(
      COLUMNS,
      CHANGES.map((change) => numberRow(impact, change)),
    ),
    ...hiddenText(impact).map(paragraph),
  ];
}

function candidateSections({ name, impact, plan }: CandidateImpact, alone: boolean): Section[] {
  const heading = alone ? "What would change" : name;
  return [
    { heading, blocks: numberBlocks(impact) },
    ...planSections(plan, alone ? null : name),
    ...impactTupleSections(impact, alone ? null : name),
  ];
}

function impactBody(answer: ImpactAnswer): ReportBody {
  const { baseline, candidates, at } = answer;
  const alone = candidates.length === 1;
  const names = candidates.map(({ name }) => name).join(", ");
  const sentences = candidates.map(({ name, impact }) => {
    const sentence = impactSentence(impact, at);
    const style = impact.connections["newly-denied"] === 0 ? "good" : "bad";
    return toned(alone ? sentence : `${name}: ${sentence}`, style);
  });
  return {
    title: `${TOOL.name} ${TOOL.version}: ${baseline} → ${names}`,
    lead: groundLead(answer, sentences.map(paragraph)),
    sections: [
      ...candidates.flatMap((candidate) => candidateSections(candidate, alone)),
      ...groundSections(answer),
    ],
  };
}

/** The answer of `diff`. In NDJSON one line per candidate, and per tuple and finding about its plan, which name it. */
export function impactReport(answer: ImpactAnswer): Report {
  const { baseline, candidates, at, summary } = answer;
  return {
    name: "diff",
    document: () => ({
      candidates: candidates.map(impactKeys),
      ...groundKeys(answer),
      baseline,
      at,
    }),
    head: () => ({ baseline, at, ...groundHead(answer) }),
    findings: () => [
      ["candidate", candidates.map(impactCounts)],
      [
        "tuple",
        candidates.flatMap(({ name, impact }) =>
          impact.list.map((tuple) => ({ candidate: name, ...tupleKeys(tuple) })),
        ),
      ],
      [
        "plan-finding",
        candidates.flatMap(({ name, plan }) =>
          plan.map((finding) => ({ candidate: name, ...planKeys(finding) })),
        ),
      ],
      ...coverageFindings(summary.coverage),
    ],
    body: () => impactBody(answer),
  };
}
