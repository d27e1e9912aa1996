import { useSignal } from "@preact/signals";
import type { ReportFormat } from "../../report/report-format.js";
import type { Question } from "../protocol.js";
import { call } from "../state/engine.js";
import { BusyButton } from "./busy-button.js";
import { Choice } from "./choice.js";
import { saveFile } from "./save-file.js";

export const REPORT_WORDS: readonly (readonly [ReportFormat, string])[] = [
  ["html", "HTML"],
  ["markdown", "Markdown"],
  ["json", "JSON"],
  ["ndjson", "NDJSON"],
  ["table", "Text"],
];

export const REPORT_ENDINGS: Readonly<Record<ReportFormat, string>> = {
  html: "html",
  json: "json",
  ndjson: "ndjson",
  markdown: "md",
  table: "txt",
};

/** Saves an answer as the command line prints it, byte for byte. */
export function SaveReport({ question }: { readonly question: Question }) {
  const format = useSignal<ReportFormat>("json");
  const save = async () => {
    const text = await call("report", question, format.value);
    saveFile(`${question}.${REPORT_ENDINGS[format.value]}`, new Blob([text]));
  };
  return (
    <div class="row">
      <Choice label="Format of the report" value={format} options={REPORT_WORDS} />
      <BusyButton work={save}>Save</BusyButton>
    </div>
  );
}
