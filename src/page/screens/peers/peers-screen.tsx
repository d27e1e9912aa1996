import { signal, useSignal } from "@preact/signals";
import { byteSize, counted, grouped, protocolPort } from "../../../report/quantity.js";
import { AnswerView } from "../../parts/answer-view.js";
import { OnceRead } from "../../parts/empty.js";
import { endText } from "../../parts/end-text.js";
import { Panel, Screen } from "../../parts/panel.js";
import { SampleLinks } from "../../parts/sample-links.js";
import type { PeersTold, PeerTuple } from "../../protocol.js";
import { answerOf } from "../../state/answers.js";
import { call } from "../../state/engine.js";
import { PeerMatrix } from "./peer-matrix.js";

/** The two ends that are looked into; null = none. */
const chosen = signal<readonly [source: string, destination: string] | null>(null);

/** Who talks to whom, and at which ports. */
export function PeersScreen() {
  return (
    <Screen
      title="Peers"
      about="Who opens connections to whom, group by group, and at which ports. A cell opens what is in it."
    >
      <OnceRead>
        <Found />
      </OnceRead>
    </Screen>
  );
}

function Found() {
  const answer = answerOf("peers", () => call("peers"));
  return <AnswerView answer={answer}>{(told) => <Peers told={told} />}</AnswerView>;
}

function Peers({ told: { tuples, more } }: { readonly told: PeersTold }) {
  if (tuples.length === 0)
    return <p>The log shows no connection at an interface that the rules filter.</p>;
  const ends = chosen.value;
  const inCell = tuples.filter(
    ({ source, destination }) => source.label === ends?.[0] && destination.label === ends[1],
  );
  return (
    <>
      <Panel
        title="From, down; to, across"
        aside={
          <span class="faint">
            connections by served port; ✗ denied, ✓✗ some of them, ? unknown
          </span>
        }
      >
        <PeerMatrix
          tuples={tuples}
          chosen={ends}
          onChoose={(source, destination) => {
            chosen.value = [source, destination];
          }}
        />
        {more === 0 ? null : (
          <p class="faint">
            {counted(more, "further kind")} of connections, each with fewer connections, are not in
            the matrix.
          </p>
        )}
      </Panel>
      {inCell.length === 0 ? null : <Cell key={ends?.join("\n")} tuples={inCell} />}
    </>
  );
}

/** Ports listed at first. */
const AT_ONCE = 12;

function Cell({ tuples }: { readonly tuples: readonly PeerTuple[] }) {
  const all = useSignal(false);
  const { source, destination } = tuples[0]!;
  const shown = all.value ? tuples : tuples.slice(0, AT_ONCE);
  return (
    <Panel title={`${endText(source)} → ${endText(destination)}`}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <div class="scroll" tabIndex={0}>
        <table class="table">
          <thead>
            <tr>
              <th scope="col">port</th>
              <th scope="col" class="num">
                connections
              </th>
              <th scope="col" class="num">
                allow
              </th>
              <th scope="col" class="num">
                deny
              </th>
              <th scope="col" class="num">
                unknown
              </th>
              <th scope="col" class="num">
                bytes
              </th>
              <th scope="col">samples</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((tuple) => (
              <tr key={`${tuple.protocol} ${tuple.port}`}>
                <td>{protocolPort(tuple.protocol, tuple.port)}</td>
                <td class="num">{grouped(tuple.connections)}</td>
                <td class="num">{grouped(tuple.allow)}</td>
                <td class={tuple.deny === 0 ? "num" : "num tone-bad"}>{grouped(tuple.deny)}</td>
                <td class={tuple.unknown === 0 ? "num" : "num tone-warn"}>
                  {grouped(tuple.unknown)}
                </td>
                <td class="num">{byteSize(tuple.bytes)}</td>
                <td>
                  <SampleLinks samples={tuple.samples.slice(0, 2)} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {shown.length === tuples.length ? null : (
        <div class="row">
          <button
            type="button"
            class="button"
            onClick={() => {
              all.value = true;
            }}
          >
            Show all {grouped(tuples.length)} ports
          </button>
        </div>
      )}
    </Panel>
  );
}
