import { signal } from "@preact/signals";
import type { ReportFormat } from "../../../report/report-format.js";
import { BusyButton } from "../../parts/busy-button.js";
import { Choice } from "../../parts/choice.js";
import { saveFile } from "../../parts/save-file.js";
import { REPORT_ENDINGS, REPORT_WORDS } from "../../parts/save-report.js";
import { candidates, hasCandidate, textOf } from "../../state/candidates.js";
import { call } from "../../state/engine.js";

const ANSWERS = [
  ["evaluate", "What the log says under the rules"],
  ["check", "How far the rules explain it"],
  ["usage", "What each rule was good for"],
  ["lint", "What the rules alone show"],
  ["diff", "What the candidates would have done"],
] as const;
type Answer = (typeof ANSWERS)[number][0];

const answer = signal<Answer>("evaluate");
const format = signal<ReportFormat>("markdown");

/** Answers in every form of the command line, byte for byte. */
export function KeepFindings() {
  const save = async () => {
    const asked = answer.value;
    const texts = candidates.value.map(textOf);
    const text =
      asked === "diff"
        ? await call("diffReport", texts, format.value)
        : await call("report", asked, format.value);
    saveFile(`${asked}.${REPORT_ENDINGS[format.value]}`, new Blob([text]));
  };
  return (
    <>
      <p class="faint">
        The answers as <code>flowverdict {answer.value}</code> prints them, with coverage and
        fidelity. Markdown and HTML are for people, JSON and NDJSON for programs.
      </p>
      <Choice label="Answer" value={answer} options={ANSWERS} />
      <div class="row">
        <Choice label="Form of the answer" value={format} options={REPORT_WORDS} />
        <BusyButton work={save} disabled={answer.value === "diff" && !hasCandidate.value}>
          Save findings
        </BusyButton>
      </div>
      {answer.value === "diff" && !hasCandidate.value ? (
        <p class="faint">There is no candidate yet: change a rule first.</p>
      ) : null}
    </>
  );
}
