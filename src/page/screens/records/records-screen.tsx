import { signal, useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { elapsed, grouped } from "../../../report/quantity.js";
import { AnswerView } from "../../parts/answer-view.js";
import { OnceRead } from "../../parts/empty.js";
import { FilterBar } from "../../parts/filter-bar.js";
import { HeldNote } from "../../parts/held-note.js";
import { Screen } from "../../parts/panel.js";
import { answerOf } from "../../state/answers.js";
import { call } from "../../state/engine.js";
import { read } from "../../state/reading.js";
import { selectedFilter } from "../../state/selection.js";
import { ColumnChooser } from "./column-chooser.js";
import { FIRST_COLUMNS } from "./columns.js";
import { RecordTable } from "./record-table.js";
import { WhyDrawer } from "./why-drawer.js";

/** As chosen last, for every visit of the screen. */
const shownColumns = signal<readonly string[]>([]);

/** Single records, filtered, and why each got its verdict. */
export function RecordsScreen() {
  return (
    <Screen
      title="Records"
      about="Every record with its verdict, in order of time. Enter on a row tells why; arrows, Page and Home keys move."
    >
      <OnceRead>
        <Found />
      </OnceRead>
    </Screen>
  );
}

function Found() {
  const filter = selectedFilter.value;
  const all = read.value?.held.columns ?? [];
  const answer = answerOf(`select/${filter}`, () => call("select", filter));
  const opened = useSignal<number | null>(null);
  const active = useSignal(0);
  if (shownColumns.value.length === 0 && all.length > 0)
    shownColumns.value = FIRST_COLUMNS.filter((name) => all.includes(name));
  const columns = shownColumns.value.filter((name) => all.includes(name));
  useEffect(() => {
    opened.value = null;
  }, [filter]);
  const close = () => {
    opened.value = null;
    document.querySelector<HTMLElement>(".grid")?.focus();
  };
  return (
    <>
      <HeldNote />
      <FilterBar />
      <AnswerView answer={answer}>
        {({ total, held, milliseconds }) => (
          <>
            <div class="row row-ends">
              <p aria-live="polite">
                <strong>{grouped(total)}</strong> of {grouped(held)} records
                {milliseconds < 10 ? null : (
                  <span class="faint"> · found in {elapsed(milliseconds / 1000)}</span>
                )}
              </p>
              <ColumnChooser all={all} shown={shownColumns} />
            </div>
            {total === 0 ? (
              <p>No record passes. Clear the filter, or choose another time in the overview.</p>
            ) : (
              <div class={opened.value === null ? "records" : "records records-split"}>
                <RecordTable
                  filter={filter}
                  total={total}
                  columns={columns}
                  active={active}
                  onOpen={(row) => {
                    opened.value = row;
                  }}
                />
                {opened.value === null ? null : (
                  <WhyDrawer
                    key={opened.value}
                    filter={filter}
                    row={opened.value}
                    onClose={close}
                  />
                )}
              </div>
            )}
          </>
        )}
      </AnswerView>
    </>
  );
}
