// The answer of `gate` for people: pass or fail, by which condition, then everything found, errors first.

import { CHANGES } from "../model/opener.js";
import type { AssertionVerdict, GateFinding, GateLevel, GateResult } from "../questions/index.js";
import type { GateAnswer } from "./gate-answer.js";
import { conditionText, placeText, verdictText } from "./gate-words.js";
import { CHANGE_HEADINGS } from "./impact-tuples.js";
import type { Style } from "./paint.js";
import { byteSize, counted, grouped } from "./quantity.js";
import {
  type Block,
  code,
  type Item,
  paragraph,
  type ReportBody,
  type Section,
  table,
  toned,
} from "./report-body.js";
import { groundLead, groundSections } from "./report-ground.js";
import { TOOL } from "./tool.js";
import { tupleCountText } from "./tuple-text.js";

/** Findings shown; JSON and NDJSON have all. */
const SHOWN_FINDINGS = 50;

const LEVEL_MARKS: Readonly<Record<GateLevel, readonly [string, Style]>> = {
  error: ["✗", "bad"],
  warning: ["!", "warn"],
  note: ["·", "faint"],
};
const VERDICT_STYLES: Readonly<Record<AssertionVerdict, Style>> = {
  pass: "good",
  fail: "bad",
  undecided: "warn",
};

function passStyle(verdict: "pass" | "fail"): Style {
  return verdict === "pass" ? "good" : "bad";
}

function conditionBlocks(result: GateResult): Block[] {
  const items = result.conditions.map((condition): Item => {
    const { verdict } = condition;
    return {
      mark: toned(verdict === "pass" ? "✓" : "✗", passStyle(verdict)),
      text: conditionText(condition),
    };
  });
  return items.length === 0 ? [] : [{ kind: "list", items }];
}

function changeTable(result: GateResult): Block {
  const rows = CHANGES.map((change) => [
    CHANGE_HEADINGS[change].toLowerCase(),
    grouped(result.connections[change]),
    grouped(result.records[change]),
    byteSize(result.bytes[change]),
    tupleCountText(result.tuples, change),
  ]);
  const columns = ["", "connections", "records", "bytes", "tuples"].map(
    (title) => ({ title, align: title === "" ? "left" : "right" }) as const,
  );
  return table(columns, rows);
}

function assertionSections({ assertions }: GateResult): Section[] {
  if (assertions.length === 0) return [];
  const rows = assertions.map(({ assertion, verdict, settledBy }) => [
    toned(verdict, VERDICT_STYLES[verdict]),
    assertion.title,
    settledBy,
    code(placeText(assertion.at)),
  ]);
  const columns = [
    { title: "verdict", align: "left" },
    { title: "assertion", align: "left", shrinkTo: 24 },
    { title: "settled by", align: "left" },
    { title: "at", align: "left", shrinkTo: 12, keep: "end" },
  ] as const;
  return [{ heading: "Assertions", blocks: [table(columns, rows)] }];
}

function acceptedSections({ accepted }: GateResult): Section[] {
  if (accepted.length === 0) return [];
  const rows = accepted.map(({ acceptance, state, connections }) => [
    state === "expired" ? toned("expired", "warn") : "in force",
    grouped(connections),
    acceptance.title,
    acceptance.owner,
    acceptance.expires,
    acceptance.note ?? "",
  ]);
  const columns = [
    { title: "state", align: "left" },
    { title: "connections", align: "right" },
    { title: "change", align: "left", shrinkTo: 24 },
    { title: "owner", align: "left", shrinkTo: 10 },
    { title: "through", align: "left" },
    { title: "note", align: "left", shrinkTo: 10 },
  ] as const;
  return [{ heading: "Accepted changes", blocks: [table(columns, rows)] }];
}

function findingItem(finding: GateFinding): Item {
  const [mark, style] = LEVEL_MARKS[finding.level];
  const places = [finding.at, ...finding.related.map(({ at }) => at)];
  const named = [...new Set(places.flatMap((at) => (at === null ? [] : [placeText(at)])))];
  const rule = finding.ruleId === null ? [] : [code(`rule ${finding.ruleId}`)];
  const records = finding.samples.map(({ file, line }) => `${file}:${line}`);
  return {
    mark: toned(mark, style),
    text: toned(finding.message, style === "faint" ? "plain" : style),
    details: [
      ...rule,
      ...(named.length === 0 ? [] : [code(named.join(", "))]),
      ...(records.length === 0 ? [] : [code(`records ${records.join(", ")}`)]),
    ],
  };
}

function findingSection({ findings, moreTuples }: GateResult): Section {
  if (findings.length === 0)
    return { heading: "Findings", blocks: [paragraph("Nothing was found.")] };
  const items = findings.slice(0, SHOWN_FINDINGS).map(findingItem);
  const blocks: Block[] = [{ kind: "list", items }];
  const hidden = findings.length - items.length;
  if (hidden > 0)
    blocks.push(paragraph(`${counted(hidden, "more finding")}; --format json has all.`));
  if (moreTuples > 0)
    blocks.push(paragraph(`${counted(moreTuples, "further tuple")} is not listed.`));
  return { heading: "Findings", blocks };
}

/** The whole report. */
export function gateBody(answer: GateAnswer): ReportBody {
  const { result } = answer;
  const isAccepting = result.accepted.length > 0;
  const lead: Block[] = [
    paragraph(toned(verdictText(result), passStyle(result.verdict))),
    ...conditionBlocks(result),
    changeTable(result),
    ...(isAccepting ? [paragraph("Accepted changes are not counted.")] : []),
  ];
  return {
    title: `${TOOL.name} ${TOOL.version}`,
    lead: groundLead(answer, lead),
    sections: [
      findingSection(result),
      ...assertionSections(result),
      ...acceptedSections(result),
      ...groundSections(answer),
    ],
  };
}
