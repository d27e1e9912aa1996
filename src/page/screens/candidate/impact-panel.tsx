import { signal } from "@preact/signals";
import { CHANGES } from "../../../model/opener.js";
import { byteSize, grouped } from "../../../report/quantity.js";
import { Panel } from "../../parts/panel.js";
import { ChangeMark } from "../../parts/verdict-mark.js";
import type { ImpactTold } from "../../protocol.js";
import { candidate } from "../../state/candidates.js";
import { impactAnswer } from "./asked.js";
import { ImpactTuples, tupleKey } from "./impact-tuples.js";
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
      <ImpactNumbers told={told} />
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

function ImpactNumbers({ told: { impact } }: { readonly told: ImpactTold }) {
  const { connections, records, bytes, tuples } = impact;
  return (
    <table class="table impact-numbers">
      <thead>
        <tr>
          <th scope="col">
            <span class="hidden">change</span>
          </th>
          <th scope="col" class="num">
            connections
          </th>
          <th scope="col" class="num">
            records
          </th>
          <th scope="col" class="num">
            bytes
          </th>
          <th scope="col" class="num">
            kinds (source, destination, port)
          </th>
        </tr>
      </thead>
      <tbody>
        {CHANGES.map((change) => (
          <tr key={change}>
            <th scope="row">
              <ChangeMark change={change} />
            </th>
            <td class="num impact-main" data-change={change}>
              {grouped(connections[change])}
            </td>
            <td class="num">{grouped(records[change])}</td>
            <td class="num">{byteSize(bytes[change])}</td>
            <td class="num">
              {tuples[change] === null ? (
                <span class="faint">not counted</span>
              ) : (
                grouped(tuples[change])
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
