import { useSignal } from "@preact/signals";
import type { ImpactTuple, RulingShare } from "../../../questions/index.js";
import { byteSize, counted, grouped, protocolPort, timestamp } from "../../../report/quantity.js";
import { endText } from "../../parts/end-text.js";
import { MoreButton } from "../../parts/more-button.js";
import { SampleLinks } from "../../parts/sample-links.js";
import { ChangeMark } from "../../parts/verdict-mark.js";
import type { ImpactTold } from "../../protocol.js";
import { addEdits, candidate, markExpected } from "../../state/candidates.js";
import { tupleKey } from "../../tuple-key.js";
import { seriesOf } from "./asked.js";
import { SeenChart } from "./seen-chart.js";

export function ImpactTuples({
  title,
  tuples,
  told,
  none,
}: {
  readonly title: string;
  readonly tuples: readonly ImpactTuple[];
  readonly told: ImpactTold;
  readonly none: string;
}) {
  return (
    <section class="stack" aria-label={title}>
      <h3>{title}</h3>
      {tuples.length === 0 ? (
        <p class="faint">{none}</p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        <div class="scroll" tabIndex={0}>
          <table class="table tuples">
            <thead>
              <tr>
                <th scope="col">change</th>
                <th scope="col">from</th>
                <th scope="col">to</th>
                <th scope="col">port</th>
                <th scope="col">seen</th>
                <th scope="col" class="num">
                  connections
                </th>
                <th scope="col" class="num">
                  bytes
                </th>
                <th scope="col">
                  <span class="hidden">more</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {tuples.map((tuple) => (
                <TupleRows
                  key={tupleKey(tuple)}
                  tuple={tuple}
                  fix={told.fixes[told.impact.list.indexOf(tuple)] ?? null}
                />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

function TupleRows({ tuple, fix }: { readonly tuple: ImpactTuple; readonly fix: string | null }) {
  const open = useSignal(false);
  const { change, source, destination, protocol, port, connections, bytes } = tuple;
  return (
    <>
      <tr class={open.value ? "has-details" : undefined}>
        <td>
          <ChangeMark change={change} />
        </td>
        <td class="end" title={source.label}>
          {endText(source)}
        </td>
        <td class="end" title={destination.label}>
          {endText(destination)}
        </td>
        <td>{protocolPort(protocol, port)}</td>
        <td>
          <SeenChart first={tuple.first} last={tuple.last} series={seriesOf(tupleKey(tuple))} />
        </td>
        <td class="num">{grouped(connections)}</td>
        <td class="num">{byteSize(bytes)}</td>
        <td>
          <MoreButton
            open={open}
            about={`${endText(source)} to ${endText(destination)}, ${protocolPort(protocol, port)}`}
          />
        </td>
      </tr>
      {open.value ? (
        <tr>
          <td colSpan={8}>
            <TupleDetails tuple={tuple} fix={fix} />
          </td>
        </tr>
      ) : null}
    </>
  );
}

function TupleDetails({
  tuple,
  fix,
}: {
  readonly tuple: ImpactTuple;
  readonly fix: string | null;
}) {
  const { nearestMiss, samples, first, last, grades, openingsAssumed, peers, interfaces } = tuple;
  const evidence = Object.entries(grades).map(([grade, count]) => `${grouped(count)} ${grade}`);
  return (
    <div class="stack tuple-details">
      <dl class="pairs">
        <dt>Seen</dt>
        <dd>
          {timestamp(first)} to {timestamp(last)}, {counted(tuple.records, "record")},{" "}
          {counted(peers.distinct, "remote address", "remote addresses")},{" "}
          {counted(interfaces.distinct, "interface")}
        </dd>
        <dt>Rules now</dt>
        <dd>{rulingText(tuple.baseline)}</dd>
        <dt>Candidate</dt>
        <dd>{rulingText(tuple.candidate)}</dd>
        <dt>Evidence</dt>
        <dd>
          {evidence.join(", ")}
          {openingsAssumed === 0 ? "" : `; of ${grouped(openingsAssumed)} nobody saw the opening`}
        </dd>
        {nearestMiss === null || nearestMiss.nearest.length === 0 ? null : (
          <>
            <dt>Nearest rules</dt>
            <dd>
              {nearestMiss.nearest.map(({ ruleId, criteria }) => (
                <div key={ruleId}>
                  ✗ <code>{ruleId}</code> <span class="faint">{criteria.join("; ")}</span>
                </div>
              ))}
            </dd>
          </>
        )}
        <dt>Samples</dt>
        <dd>
          <SampleLinks samples={samples} />
        </dd>
      </dl>
      <TupleDeeds tuple={tuple} fix={fix} />
    </div>
  );
}

function rulingText(shares: readonly RulingShare[]): string {
  return shares
    .map(({ verdict, reason, detail, connections }) => {
      const named = detail === "" ? "" : ` (${detail})`;
      return `${grouped(connections)} ${verdict}, ${reason}${named}`;
    })
    .join("; ");
}

function TupleDeeds({ tuple, fix }: { readonly tuple: ImpactTuple; readonly fix: string | null }) {
  const key = tupleKey(tuple);
  const note = useSignal("");
  const known = candidate.value.expected.get(key);
  if (known !== undefined)
    return (
      <div class="row">
        <span>Expected{known === "" ? "" : `: ${known}`}</span>
        <button type="button" class="button" onClick={() => markExpected(key, null)}>
          Not expected after all
        </button>
      </div>
    );
  return (
    <>
      {fix === null ? null : (
        <div class="row">
          <button type="button" class="button button-main" onClick={() => addEdits([fix])}>
            Add the rule that would fix this
          </button>
          <code>{fix}</code>
        </div>
      )}
      <form
        class="row"
        onSubmit={(event) => {
          event.preventDefault();
          markExpected(key, note.value.trim());
        }}
      >
        <label class="row grow">
          <span class="faint">Why it is meant</span>
          <input
            class="field grow"
            value={note.value}
            onInput={(event) => {
              note.value = event.currentTarget.value;
            }}
          />
        </label>
        <button type="submit" class="button">
          Mark as expected
        </button>
      </form>
    </>
  );
}
