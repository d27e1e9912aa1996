import { signal } from "@preact/signals";
import { RECORDS_ENDINGS, type RecordsFormat } from "../../../report/records-format.js";
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

/** Tables hold a row per finding; the other forms are those of the command line, byte for byte. */
const TABLES = [
  ["csv", "CSV table"],
  ["arrow-file", "Arrow file"],
  ["arrow", "Arrow stream"],
  ["parquet", "Parquet"],
] as const satisfies readonly (readonly [RecordsFormat, string])[];
type Table = (typeof TABLES)[number][0];
const FORMS: readonly (readonly [ReportFormat | Table, string])[] = [...REPORT_WORDS, ...TABLES];

function isTable(form: ReportFormat | Table): form is Table {
  return TABLES.some(([table]) => table === form);
}

const answer = signal<Answer>("evaluate");
const format = signal<ReportFormat | Table>("markdown");

export function KeepFindings() {
  const save = async () => {
    const asked = answer.value;
    const texts = candidates.value.map(textOf);
    const form = format.value;
    if (isTable(form)) {
      const file = await call("findings", asked, texts, form);
      saveFile(`${asked}-findings.${RECORDS_ENDINGS[form]}`, file);
      return;
    }
    const text =
      asked === "diff" ? await call("diffReport", texts, form) : await call("report", asked, form);
    saveFile(`${asked}.${REPORT_ENDINGS[form]}`, new Blob([text]));
  };
  return (
    <>
      <p class="faint">
        The answers as <code>flowverdict {answer.value}</code> prints them, with coverage and
        fidelity. Markdown and HTML are for people, JSON and NDJSON for programs; tables have a row
        per finding.
      </p>
      <Choice label="Answer" value={answer} options={ANSWERS} />
      <div class="row">
        <Choice label="Form of the answer" value={format} options={FORMS} />
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
