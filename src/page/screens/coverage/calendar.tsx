import { useSignal } from "@preact/signals";
import type { InterfaceCoverage } from "../../../analysis/summary.js";
import { counted, duration, grouped, timestamp } from "../../../report/quantity.js";
import type { CalendarTold } from "../../protocol.js";
import { goTo } from "../../state/route.js";
import { filterText, filterValue, timeSpan } from "../../state/selection.js";

/** Interfaces drawn at first, and with every further request. */
const AT_ONCE = 50;

/** A bucket is never drawn narrower than this part of the whole. */
const NARROWEST = 1 / 400;

/** A row per interface, a mark wherever it has records, darker the more they are. */
export function Calendar({
  calendar,
  faces,
}: {
  readonly calendar: CalendarTold;
  readonly faces: ReadonlyMap<string, InterfaceCoverage>;
}) {
  const shown = useSignal(AT_ONCE);
  const { starts, width, more } = calendar;
  const told = new Set(calendar.faces.map(({ id }) => id));
  // Of some interfaces the log has only windows without data.
  const silent = more > 0 ? [] : [...faces.keys()].filter((id) => !told.has(id));
  const rows = [...calendar.faces, ...silent.map((id) => ({ id, records: starts.map(() => 0) }))];
  const first = starts[0];
  const last = starts.at(-1);
  if (first === undefined || last === undefined) return <p>No record has a time.</p>;
  const most = Math.max(1, ...rows.map(({ records }) => Math.max(...records)));
  const left = rows.length - shown.value;
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <div class="scroll" tabIndex={0}>
        <table class="table calendar">
          <thead>
            <tr>
              <th scope="col">interface</th>
              <th scope="col">
                <span class="calendar-ends">
                  <span>{timestamp(first)}</span>
                  <span>{timestamp(last + width)}</span>
                </span>
              </th>
              <th scope="col" class="num">
                records
              </th>
              <th scope="col" class="num">
                no data
              </th>
              <th scope="col" class="num">
                skipped
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.slice(0, shown.value).map(({ id, records }) => (
              <FaceRow
                key={id}
                id={id}
                records={records}
                most={most}
                calendar={calendar}
                face={faces.get(id)}
              />
            ))}
          </tbody>
        </table>
      </div>
      <p class="faint">
        UTC, {duration(width)} a step; empty = no record in that time. Windows without data and
        skipped ones are counted by interface, for their lines are not judged.
      </p>
      {left <= 0 ? null : (
        <div class="row">
          <button
            type="button"
            class="button"
            onClick={() => {
              shown.value += AT_ONCE;
            }}
          >
            Show {grouped(Math.min(AT_ONCE, left))} more
          </button>
        </div>
      )}
      {more === 0 ? null : (
        <p class="faint">{counted(more, "interface")} with fewer records are not drawn.</p>
      )}
    </>
  );
}

function FaceRow({
  id,
  records,
  most,
  calendar: { starts, width },
  face,
}: {
  readonly id: string;
  readonly records: readonly number[];
  readonly most: number;
  readonly calendar: CalendarTold;
  readonly face: InterfaceCoverage | undefined;
}) {
  const first = starts[0]!;
  const span = starts.at(-1)! + width - first;
  const held = records.filter((count) => count > 0).length;
  const all = records.reduce((sum, count) => sum + count, 0);
  return (
    <tr>
      <th scope="row">
        <button
          type="button"
          class="link mono"
          title="Open its records"
          onClick={() => {
            timeSpan.value = null;
            filterText.value = `interface_id = ${filterValue(id)}`;
            goTo("records");
          }}
        >
          {id}
        </button>
        {face?.inRuleSet === false ? <div class="tone-warn small">? not in the rules</div> : null}
      </th>
      <td>
        <svg
          class="calendar-row"
          viewBox="0 0 1 1"
          preserveAspectRatio="none"
          role="img"
          aria-label={`Records in ${grouped(held)} of ${counted(starts.length, "step")}`}
        >
          {records.map((count, i) =>
            count === 0 ? null : (
              <rect
                key={starts[i]}
                x={(starts[i]! - first) / span}
                y={0}
                height={1}
                width={Math.max(width / span, NARROWEST)}
                fill-opacity={0.3 + 0.7 * Math.sqrt(count / most)}
              />
            ),
          )}
        </svg>
      </td>
      <td class="num">{grouped(all)}</td>
      <td class="num">{grouped(face?.nodata ?? 0)}</td>
      <td class="num">{grouped(face?.skipdata ?? 0)}</td>
    </tr>
  );
}
