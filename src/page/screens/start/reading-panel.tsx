import { byteSize, duration, elapsed, grouped } from "../../../report/quantity.js";
import { Choice } from "../../parts/choice.js";
import { Meter } from "../../parts/meter.js";
import { Notice, TroubleNotice } from "../../parts/notice.js";
import { Panel } from "../../parts/panel.js";
import { Stat, Stats } from "../../parts/stat.js";
import type { Progress, ReadTold } from "../../protocol.js";
import { progress } from "../../state/engine.js";
import { canRead } from "../../state/inputs.js";
import { endReading, holdReading, reading, startReading, workers } from "../../state/reading.js";
import { hrefOf } from "../../state/route.js";

/** Before this the rate is noise and a remaining time would jump about. */
const SETTLE_SECONDS = 2;

/** What is found is the same with any number. */
const WORKERS = [
  ["", "workers: as many as fit"],
  ["1", "1 worker"],
  ["2", "2 workers"],
  ["3", "3 workers"],
  ["4", "4 workers"],
] as const;

/** Starts the reading, shows how far it is, and what came of it. */
export function ReadingPanel() {
  const now = reading.value;
  return (
    <Panel title="Judge">
      {now.phase === "reading" ? (
        <Running began={now.began} paused={now.paused} />
      ) : (
        <>
          {now.phase === "failed" ? <TroubleNotice trouble={now.trouble} /> : null}
          {now.phase === "done" ? <Done told={now.told} /> : null}
          <div class="row">
            <button
              type="button"
              class={now.phase === "done" ? "button" : "button button-main"}
              disabled={!canRead.value}
              onClick={() => void startReading()}
            >
              {now.phase === "done" ? "Read again" : "Read and judge the logs"}
            </button>
            <Choice label="Workers" value={workers} options={WORKERS} />
            {canRead.value ? null : (
              <span class="faint">Needs rules that can be used, and at least one log.</span>
            )}
          </div>
        </>
      )}
    </Panel>
  );
}

function Running({ began, paused }: { readonly began: number; readonly paused: boolean }) {
  const told = progress.value;
  const seconds = (performance.now() - began) / 1000;
  return (
    <>
      <Meter label="Part of the files that is read" share={shareOf(told)} />
      <Stats>
        <Stat label="records" value={grouped(told?.records ?? 0)} />
        <Stat
          label="of the files"
          value={byteSize(told?.bytesDone ?? 0)}
          foot={`of ${byteSize(told?.bytesTotal ?? 0)}`}
        />
        <Stat label="rate" value={`${grouped(rateOf(told, seconds))}/s`} foot="records" />
        <Stat label="left" value={paused ? "paused" : leftOf(told, seconds)} />
        <Stat label="memory" value={byteSize(told?.memory ?? 0)} foot="of the core" />
      </Stats>
      <p class="faint mono">{told?.file ?? "…"}</p>
      <div class="row">
        <button type="button" class="button" onClick={() => void holdReading(!paused)}>
          {paused ? "Go on" : "Pause"}
        </button>
        <button type="button" class="button" onClick={() => void endReading()}>
          Stop here
        </button>
      </div>
    </>
  );
}

function shareOf(told: Progress | null): number {
  return told === null || told.bytesTotal === 0 ? 0 : told.bytesDone / told.bytesTotal;
}

function rateOf(told: Progress | null, seconds: number): number {
  return told === null ? 0 : Math.round(told.records / Math.max(seconds, 0.1));
}

function leftOf(told: Progress | null, seconds: number): string {
  const share = shareOf(told);
  if (share === 0 || seconds < SETTLE_SECONDS) return "…";
  return duration((seconds / share) * (1 - share));
}

function Done({ told }: { readonly told: ReadTold }) {
  const { summary, seconds, openers, openersDropped } = told;
  const { records, coverage } = summary;
  return (
    <>
      {summary.partial ? (
        <Notice tone="warn">
          <p>Stopped before the end: everything here speaks only for what was read.</p>
        </Notice>
      ) : null}
      {coverage.brokenFiles.map(({ name, message }) => (
        <Notice key={name} tone="bad">
          <p>{message}</p>
          <p class="faint">It was used up to the break.</p>
        </Notice>
      ))}
      {openersDropped === 0 ? null : (
        <Notice tone="warn">
          <p>
            {grouped(openersDropped)} connections found no room among the rows of openers: no
            question about rules speaks for them.
          </p>
        </Notice>
      )}
      <Stats>
        <Stat
          label="records read"
          value={grouped(records.read)}
          foot={`${grouped(records.judged)} judged`}
        />
        <Stat
          label="lines that do not parse"
          value={grouped(records.malformed)}
          foot={records.malformed === 0 ? "none" : "see coverage"}
        />
        <Stat
          label="time"
          value={elapsed(seconds)}
          foot={`${grouped(Math.round(records.read / Math.max(seconds, 0.001)))} records/s`}
        />
        <Stat label="rows of openers" value={grouped(openers)} foot="kept for questions" />
      </Stats>
      <div class="row">
        <a class="button button-main" href={hrefOf("overview")}>
          See what they say
        </a>
      </div>
    </>
  );
}
