import { useSignal } from "@preact/signals";
import type { ReportFormat } from "../../report/report-format.js";
import type { Question } from "../protocol.js";
import { call } from "../state/engine.js";
import { saveFile } from "./save-file.js";

const FORMATS: readonly (readonly [ReportFormat, string, string])[] = [
  ["json", "JSON", "json"],
  ["ndjson", "NDJSON", "ndjson"],
  ["markdown", "Markdown", "md"],
  ["table", "Text", "txt"],
];

/** Saves an answer as the command line prints it, byte for byte. */
export function SaveReport({ question }: { readonly question: Question }) {
  const format = useSignal<ReportFormat>("json");
  const save = async () => {
    const text = await call("report", question, format.value);
    const ending = FORMATS.find(([name]) => name === format.value)![2];
    saveFile(`${question}.${ending}`, new Blob([text]));
  };
  return (
    <div class="row">
      <label>
        <span class="hidden">Format of the report</span>
        <select
          class="field"
          value={format.value}
          onChange={(event) => {
            format.value = event.currentTarget.value as ReportFormat;
          }}
        >
          {FORMATS.map(([value, text]) => (
            <option key={value} value={value}>
              {text}
            </option>
          ))}
        </select>
      </label>
      <button type="button" class="button" onClick={() => void save()}>
        Save
      </button>
    </div>
  );
}
