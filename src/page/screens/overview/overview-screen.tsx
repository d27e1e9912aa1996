import type { Summary } from "../../../analysis/summary.js";
import { fidelitySentence } from "../../../report/fidelity-sentence.js";
import { grouped, percent, timestamp } from "../../../report/quantity.js";
import { OnceRead } from "../../parts/empty.js";
import { Panel, Screen } from "../../parts/panel.js";
import { SaveReport } from "../../parts/save-report.js";
import { Stat, Stats } from "../../parts/stat.js";
import { VerdictMark } from "../../parts/verdict-mark.js";
import { read } from "../../state/reading.js";
import { FidelityMatrix } from "./fidelity-matrix.js";

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
      <Panel title="What AWS did × what the rules say">
        <FidelityMatrix summary={summary} />
      </Panel>
    </>
  );
}

function spanOf({ coverage }: Summary): string {
  const { firstStart, lastEnd } = coverage;
  if (firstStart === null || lastEnd === null) return "no times";
  return `${timestamp(firstStart)} to ${timestamp(lastEnd)}`;
}
