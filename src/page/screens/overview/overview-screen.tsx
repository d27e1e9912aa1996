import { type Signal, useSignal } from "@preact/signals";
import type { Summary } from "../../../analysis/summary.js";
import { VERDICTS } from "../../../model/verdict.js";
import { fidelitySentence } from "../../../report/fidelity-sentence.js";
import { duration, grouped, percent, timestamp } from "../../../report/quantity.js";
import { AnswerView } from "../../parts/answer-view.js";
import { OnceRead } from "../../parts/empty.js";
import { FidelityMatrix } from "../../parts/fidelity-matrix.js";
import { FilterBar } from "../../parts/filter-bar.js";
import { HeldNote } from "../../parts/held-note.js";
import { Panel, Screen } from "../../parts/panel.js";
import { SaveReport } from "../../parts/save-report.js";
import { Stat, Stats } from "../../parts/stat.js";
import { VerdictMark } from "../../parts/verdict-mark.js";
import { answerOf } from "../../state/answers.js";
import { call } from "../../state/engine.js";
import { read } from "../../state/reading.js";
import { hrefOf } from "../../state/route.js";
import { filterText, timeSpan } from "../../state/selection.js";
import type { Measure } from "./series.js";
import { SeriesChart } from "./series-chart.js";
import { TopPanels } from "./top-panels.js";

/** What the log says under the rules, at a glance. */
export function OverviewScreen() {
  return (
    <Screen
      title="Overview"
      about="Every record of the log, judged by the rules as they are."
      aside={read.value === null ? null : <SaveReport question="evaluate" />}
    >
      <OnceRead>
        <Found />
      </OnceRead>
    </Screen>
  );
}

function Found() {
  const told = read.value;
  if (told === null) return null;
  const { summary } = told;
  const { verdicts, records, connections } = summary;
  const share = (count: number): string => `${percent(count, records.judged)} of judged`;
  return (
    <>
      <p>{fidelitySentence(summary)}</p>
      <Panel title="Records">
        <Stats>
          <Stat label="read" value={grouped(records.read)} foot={spanOf(summary)} />
          <Stat
            label={<VerdictMark verdict="allow" />}
            value={grouped(verdicts.allow)}
            foot={share(verdicts.allow)}
          />
          <Stat
            label={<VerdictMark verdict="deny" />}
            value={grouped(verdicts.deny)}
            foot={share(verdicts.deny)}
          />
          <Stat
            label={<VerdictMark verdict="unknown" />}
            value={grouped(verdicts.unknown)}
            foot={share(verdicts.unknown)}
          />
          <Stat
            label="connections"
            value={grouped(connections.total)}
            foot={`${grouped(connections.deny)} denied`}
          />
        </Stats>
      </Panel>
      <Selected />
      <Panel
        title="What AWS did × what the rules say"
        aside={<span class="faint">of the whole log; a cell opens its records</span>}
      >
        <FidelityMatrix summary={summary} />
      </Panel>
    </>
  );
}

/** What follows the filter and the time chosen. */
function Selected() {
  const measure = useSignal<Measure>("records");
  const text = filterText.value;
  const answer = answerOf(`series/${text}`, () => call("series", text));
  return (
    <>
      <HeldNote />
      <FilterBar />
      <Panel
        title="Verdicts over time"
        aside={
          <div class="row">
            {VERDICTS.map((verdict) => (
              <span key={verdict} class={`legend legend-${verdict}`}>
                <VerdictMark verdict={verdict} />
              </span>
            ))}
            <MeasureChoice measure={measure} />
            {timeSpan.value === null ? null : (
              <button
                type="button"
                class="button"
                onClick={() => {
                  timeSpan.value = null;
                }}
              >
                Whole time
              </button>
            )}
            <a class="button" href={hrefOf("records")}>
              See the records
            </a>
          </div>
        }
      >
        <AnswerView answer={answer}>
          {(series) =>
            series.starts.length === 0 ? (
              <p>No record passes the filter.</p>
            ) : (
              <>
                <SeriesChart series={series} measure={measure.value} />
                <p class="faint">UTC, {duration(series.width)} a step.</p>
              </>
            )
          }
        </AnswerView>
      </Panel>
      <TopPanels />
    </>
  );
}

function MeasureChoice({ measure }: { readonly measure: Signal<Measure> }) {
  return (
    <label>
      <span class="hidden">Measure of the chart</span>
      <select
        class="field"
        value={measure.value}
        onChange={(event) => {
          measure.value = event.currentTarget.value as Measure;
        }}
      >
        <option value="records">Records</option>
        <option value="bytes">Bytes</option>
      </select>
    </label>
  );
}

function spanOf({ coverage }: Summary): string {
  const { firstStart, lastEnd } = coverage;
  if (firstStart === null || lastEnd === null) return "no times";
  return `${timestamp(firstStart)} to ${timestamp(lastEnd)}`;
}
