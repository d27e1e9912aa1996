import { signal } from "@preact/signals";
import { grouped } from "../../../report/quantity.js";
import { RECORDS_ENDINGS, type RecordsFormat } from "../../../report/records-format.js";
import { AnswerView } from "../../parts/answer-view.js";
import { BusyButton } from "../../parts/busy-button.js";
import { Choice } from "../../parts/choice.js";
import { saveFile } from "../../parts/save-file.js";
import { answerOf } from "../../state/answers.js";
import { call } from "../../state/engine.js";
import { hrefOf } from "../../state/route.js";
import { selectedFilter } from "../../state/selection.js";

const FORMATS: readonly (readonly [RecordsFormat, string])[] = [
  ["csv", "CSV"],
  ["ndjson", "NDJSON"],
  ["arrow-file", "Arrow file"],
  ["arrow", "Arrow stream"],
  ["parquet", "Parquet"],
];
const format = signal<RecordsFormat>("csv");

/** Records with their verdicts, as filtered on the records' screen. */
export function KeepRecords() {
  const filter = selectedFilter.value;
  const answer = answerOf(`select/${filter}`, () => call("select", filter));
  const save = async () => {
    const file = await call("records", filter, format.value);
    saveFile(`records.${RECORDS_ENDINGS[format.value]}`, file);
  };
  return (
    <AnswerView answer={answer}>
      {({ total, held }) => (
        <>
          <p class="faint">
            Every field, verdict, reason and rule, as{" "}
            <code class="nowrap">flowverdict evaluate --records</code> writes them.
          </p>
          <p>
            <strong>{grouped(total)}</strong> of {grouped(held)} records{" "}
            {filter === "" ? (
              <>
                · <a href={hrefOf("records")}>choose by a filter</a>
              </>
            ) : (
              <>
                that pass <code>{filter}</code>
              </>
            )}
          </p>
          <div class="row">
            <Choice label="Form of the records" value={format} options={FORMATS} />
            <BusyButton work={save} disabled={held === 0}>
              Save records
            </BusyButton>
          </div>
        </>
      )}
    </AnswerView>
  );
}
