import type { TopList } from "../../../filter/index.js";
import { byteSize, counted, grouped } from "../../../report/quantity.js";
import { AnswerView } from "../../parts/answer-view.js";
import { Breakable } from "../../parts/breakable.js";
import { Panel } from "../../parts/panel.js";
import { answerOf } from "../../state/answers.js";
import { call } from "../../state/engine.js";
import { filterValue, narrow, selectedFilter } from "../../state/selection.js";

const TITLES: Readonly<Record<string, string>> = {
  port: "Served ports",
  srcaddr: "Sources",
  dstaddr: "Destinations",
  group: "Groups of the interface",
  rule: "Rules that match",
  reason: "Reasons",
};

/** What is commonest in the time and filter chosen; a click narrows the filter to a value. */
export function TopPanels() {
  const filter = selectedFilter.value;
  const answer = answerOf(`top/${filter}`, () => call("top", filter));
  return (
    <AnswerView answer={answer}>
      {(lists) => (
        <div class="columns columns-wide">
          {lists.map((list) => (
            <TopPanel key={list.keys[0]} list={list} />
          ))}
        </div>
      )}
    </AnswerView>
  );
}

function TopPanel({ list: { keys, entries, more } }: { readonly list: TopList }) {
  const field = keys[0]!;
  const most = entries[0]?.records ?? 1;
  return (
    <Panel
      title={TITLES[field] ?? field}
      aside={<span class="faint">{counted(entries.length + more, "value")}</span>}
    >
      {entries.length === 0 ? (
        <p class="faint">No record here has one.</p>
      ) : (
        <table class="table top">
          <thead>
            <tr>
              <th scope="col">{field}</th>
              <th scope="col" class="num">
                records
              </th>
              <th scope="col" class="num">
                bytes
              </th>
            </tr>
          </thead>
          <tbody>
            {entries.map(({ values: [value = null], records, bytes }) => (
              <tr key={String(value)}>
                <td class="top-value">
                  <button
                    type="button"
                    class="link"
                    title={value === null ? `Only without ${field}` : `Only ${field} = ${value}`}
                    onClick={() =>
                      narrow(`${field} = ${value === null ? "-" : filterValue(String(value))}`)
                    }
                  >
                    <Breakable text={String(value ?? "none")} />
                  </button>
                  <div class="bar-track" aria-hidden="true">
                    <div class="bar-fill" style={{ width: `${(100 * records) / most}%` }} />
                  </div>
                </td>
                <td class="num">{grouped(records)}</td>
                <td class="num">{byteSize(bytes)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {more > 0 ? <p class="faint">and {grouped(more)} more</p> : null}
    </Panel>
  );
}
