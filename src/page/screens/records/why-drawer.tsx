import { useEffect, useRef } from "preact/hooks";
import { timestamp } from "../../../report/quantity.js";
import { AnswerView } from "../../parts/answer-view.js";
import { BodyView } from "../../parts/body-view.js";
import { HeldNote } from "../../parts/held-note.js";
import { answerOf } from "../../state/answers.js";
import { candidateText, hasCandidate } from "../../state/candidates.js";
import { call } from "../../state/engine.js";
import { filterValue, narrow } from "../../state/selection.js";
import { lookOf } from "./columns.js";
import { RawLine } from "./raw-line.js";

/** Columns whose value is worth a filter of its own. */
const NARROWING: ReadonlySet<string> = new Set([
  "srcaddr",
  "dstaddr",
  "srcport",
  "dstport",
  "interface_id",
  "reason",
  "verdict",
  "action",
  "file",
]);

/** One record: why it got its verdict, and everything its line says. */
export function WhyDrawer({
  filter,
  row,
  onClose,
}: {
  readonly filter: string;
  readonly row: number;
  readonly onClose: () => void;
}) {
  const drawer = useRef<HTMLElement>(null);
  useEffect(() => drawer.current?.focus({ preventScroll: true }), []);
  const candidate = hasCandidate.value ? candidateText.value : null;
  const answer = answerOf(`why/${row}/${filter}/${JSON.stringify(candidate)}`, () =>
    call("why", filter, row, candidate),
  );
  return (
    <aside
      class="drawer"
      ref={drawer}
      aria-label="Why this record got its verdict"
      tabIndex={-1}
      onKeyDown={(event) => {
        if (event.key === "Escape") onClose();
      }}
    >
      <div class="panel-head">
        <h2>Why</h2>
        <button type="button" class="button" onClick={onClose}>
          Close
        </button>
      </div>
      <AnswerView answer={answer}>
        {({ body, cells, raw }) => (
          <>
            <HeldNote />
            <BodyView body={body} />
            <RawLine raw={raw} cells={new Map(cells)} />
            <section class="stack" aria-label="The record">
              <h3>The record</h3>
              <dl class="pairs">
                {cells.map(([name, value]) => (
                  <CellPair key={name} name={name} value={value} />
                ))}
              </dl>
            </section>
          </>
        )}
      </AnswerView>
    </aside>
  );
}

function CellPair({ name, value }: { readonly name: string; readonly value: string }) {
  const isTime = name === "start" || name === "end";
  return (
    <>
      <dt title={lookOf(name).meaning}>{name.replaceAll("_", " ")}</dt>
      <dd>
        {NARROWING.has(name) ? (
          <button
            type="button"
            class="link mono"
            title={`Only ${name} = ${value}`}
            onClick={() => narrow(`${name} = ${filterValue(value)}`)}
          >
            {value}
          </button>
        ) : (
          <code>{value}</code>
        )}
        {isTime ? <span class="faint"> {timestamp(Number(value))}</span> : null}
      </dd>
    </>
  );
}
