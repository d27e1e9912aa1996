import { useSignal } from "@preact/signals";
import { CHANGES } from "../../../model/opener.js";
import { byteSize, elapsed, grouped, protocolPort } from "../../../report/quantity.js";
import { OnceRead } from "../../parts/empty.js";
import { TroubleNotice } from "../../parts/notice.js";
import { Panel, Screen } from "../../parts/panel.js";
import { Stat, Stats } from "../../parts/stat.js";
import { ChangeMark } from "../../parts/verdict-mark.js";
import type { ImpactTold } from "../../protocol.js";
import { call } from "../../state/engine.js";
import { type Trouble, troubleOf } from "../../state/trouble.js";

/** Other rules, and what they would have done to this log. */
export function CandidateScreen() {
  return (
    <Screen
      title="Candidate"
      about="Write what you would change, and see which connections of this log would break or newly pass. Nothing is read again: the answer comes from the rows of openers."
    >
      <OnceRead>
        <Editor />
      </OnceRead>
    </Screen>
  );
}

function Editor() {
  const edits = useSignal("");
  const told = useSignal<ImpactTold | null>(null);
  const trouble = useSignal<Trouble | null>(null);
  const ask = async () => {
    try {
      told.value = await call(
        "impact",
        { name: "candidate", documents: [], edits: edits.value },
        false,
      );
      trouble.value = null;
    } catch (error) {
      trouble.value = troubleOf(error);
      told.value = null;
    }
  };
  return (
    <>
      <Panel title="Edits">
        <label class="stack">
          <span class="faint">
            One a line: <code>revoke sg-1 ingress tcp 22 0.0.0.0/0</code>
          </span>
          <textarea
            class="field mono"
            rows={6}
            value={edits.value}
            onInput={(event) => {
              edits.value = event.currentTarget.value;
            }}
          />
        </label>
        <div class="row">
          <button type="button" class="button button-main" onClick={() => void ask()}>
            Show the impact
          </button>
        </div>
        {trouble.value === null ? null : <TroubleNotice trouble={trouble.value} />}
      </Panel>
      {told.value === null ? null : <ImpactView told={told.value} />}
    </>
  );
}

function ImpactView({ told }: { readonly told: ImpactTold }) {
  const { impact, sentence, milliseconds } = told;
  return (
    <>
      <Panel title="Impact" aside={<span class="faint">in {elapsed(milliseconds / 1000)}</span>}>
        <p>{sentence}</p>
        <Stats>
          {CHANGES.map((change) => (
            <Stat
              key={change}
              label={<ChangeMark change={change} />}
              value={grouped(impact.connections[change])}
              foot="connections"
            />
          ))}
        </Stats>
      </Panel>
      <Panel title="What changes">
        {impact.list.length === 0 ? (
          <p>No connection of this log changes.</p>
        ) : (
          // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
          <div class="scroll" tabIndex={0}>
            <table class="table">
              <thead>
                <tr>
                  <th scope="col">change</th>
                  <th scope="col" class="num">
                    connections
                  </th>
                  <th scope="col" class="num">
                    bytes
                  </th>
                  <th scope="col">from</th>
                  <th scope="col">to</th>
                  <th scope="col">to port</th>
                </tr>
              </thead>
              <tbody>
                {impact.list.map((tuple) => (
                  <tr
                    key={`${tuple.change} ${tuple.source.label} ${tuple.destination.label} ${tuple.protocol} ${tuple.port}`}
                  >
                    <td>
                      <ChangeMark change={tuple.change} />
                    </td>
                    <td class="num">{grouped(tuple.connections)}</td>
                    <td class="num">{byteSize(tuple.bytes)}</td>
                    <td class="end">{tuple.source.label}</td>
                    <td class="end">{tuple.destination.label}</td>
                    <td>{protocolPort(tuple.protocol, tuple.port)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </Panel>
    </>
  );
}
