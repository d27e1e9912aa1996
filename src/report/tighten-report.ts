import type { Report } from "./report.js";
import { note, paragraph, type ReportBody, type Section, toned } from "./report-body.js";
import { groundHead, groundKeys, groundLead, groundSections } from "./report-ground.js";
import { coverageFindings } from "./summary-json.js";
import type { TightenAnswer } from "./tighten-answer.js";
import {
  brokenKeys,
  droppedKeys,
  partKeys,
  suggestedKeys,
  tightenHead,
  trialKeys,
} from "./tighten-json.js";
import { suggestionSections, trialSections } from "./tighten-sections.js";
import {
  leftOutSentences,
  suggestionSentence,
  trainingSentence,
  trialSentence,
  untouchedSentences,
  untriedSentence,
} from "./tighten-words.js";
import { TOOL } from "./tool.js";

function editSection({ edits }: TightenAnswer): Section[] {
  if (edits.length === 0) return [];
  return [{ heading: "As edits", blocks: [{ kind: "code", lines: edits }] }];
}

function tightenBody(answer: TightenAnswer): ReportBody {
  const { suggestion, trial } = answer;
  const tried =
    trial === null
      ? note(toned(untriedSentence(answer), "warn"))
      : paragraph(toned(trialSentence(trial), trial.heldOut.broken === 0 ? "good" : "bad"));
  const learnt = [
    trainingSentence(answer),
    ...leftOutSentences(suggestion),
    ...untouchedSentences(suggestion),
  ];
  return {
    title: `${TOOL.name} ${TOOL.version}: narrower rules`,
    lead: groundLead(answer, [
      paragraph(suggestionSentence(answer)),
      tried,
      ...learnt.map(paragraph),
    ]),
    sections: [
      ...suggestionSections(suggestion),
      ...(trial === null ? [] : trialSections(trial)),
      ...editSection(answer),
      ...groundSections(answer),
    ],
  };
}

/** The answer of `tighten`. In NDJSON a line per suggested rule, dropped rule, part, and tuple that would break. */
export function tightenReport(answer: TightenAnswer): Report {
  return {
    name: "tighten",
    document: () => ({
      ...tightenHead(answer),
      heldOut: trialKeys(answer),
      rules: suggestedKeys(answer),
      dropped: droppedKeys(answer),
      parts: partKeys(answer),
      edits: answer.edits,
      ...groundKeys(answer),
    }),
    head: () => ({ ...tightenHead(answer), ...groundHead(answer) }),
    findings: () => [
      ["rule", suggestedKeys(answer)],
      ["dropped-rule", droppedKeys(answer)],
      ["part", partKeys(answer)],
      ["broken", brokenKeys(answer)],
      ...coverageFindings(answer.summary.coverage),
    ],
    body: () => tightenBody(answer),
  };
}
