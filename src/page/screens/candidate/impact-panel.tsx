import { signal } from "@preact/signals";
import { grouped } from "../../../report/quantity.js";
import { ImpactNumbers } from "../../parts/impact-numbers.js";
import { Panel } from "../../parts/panel.js";
import type { ImpactTold } from "../../protocol.js";
import { candidate } from "../../state/candidates.js";
import { tupleKey } from "../../tuple-key.js";
import { impactAnswer, withTimes } from "./asked.js";
import { CandidatesBeside } from "./candidates-beside.js";
import { ChangeChart } from "./change-chart.js";
import { ImpactTuples } from "./impact-tuples.js";
import { Latest } from "./latest.js";

const onlyChanged = signal(true);

/** What the candidate shown would have done: worked out anew with every edit, from rows that stay. */
export function ImpactPanel() {
  return (
    <Panel
      title="Impact"
      aside={
        <label class="row">
          <input
            type="checkbox"
            checked={onlyChanged.value}
            onChange={(event) => {
              onlyChanged.value = event.currentTarget.checked;
            }}
          />
          only changed
        </label>
      }
    >
      <CandidatesBeside />
      <Latest answer={impactAnswer(!onlyChanged.value)}>{(told) => <Found told={told} />}</Latest>
    </Panel>
  );
}

function Found({ told }: { readonly told: ImpactTold }) {
  const { impact, sentence, milliseconds } = told;
  const { expected } = candidate.value;
  const open = impact.list.filter((tuple) => !expected.has(tupleKey(tuple)));
  const meant = impact.list.filter((tuple) => expected.has(tupleKey(tuple)));
  return (
    <>
      <p aria-live="polite">
        {sentence}{" "}
        <span class="faint">
          Worked out in {grouped(Math.max(1, Math.round(milliseconds)))} ms.
        </span>
      </p>
      <ImpactNumbers impact={impact} />
      <details
        class="outcomes"
        open={withTimes.value}
        onToggle={(event) => {
          withTimes.value = event.currentTarget.open;
        }}
      >
        <summary>When the records came that change</summary>
        {withTimes.value ? <ChangeChart /> : null}
      </details>
      {impact.list.length === 0 ? (
        <p class="faint">No connection of this log changes.</p>
      ) : (
        <ImpactTuples
          title="What changes, the greatest first"
          tuples={open}
          told={told}
          none="All that changes is marked as expected."
        />
      )}
      {meant.length === 0 ? null : (
        <ImpactTuples title="Expected" tuples={meant} told={told} none="" />
      )}
      {impact.more === 0 ? null : (
        <p class="faint">and {grouped(impact.more)} more kinds of connections</p>
      )}
    </>
  );
}
