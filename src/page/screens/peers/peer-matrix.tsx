import type { TupleEnd } from "../../../questions/index.js";
import { grouped, protocolPort } from "../../../report/quantity.js";
import { endText } from "../../parts/end-text.js";
import type { PeerTuple } from "../../protocol.js";

/** Ends drawn each way, those with most connections; beyond, a matrix is not read any more. */
const MOST_ROWS = 24;
const MOST_COLUMNS = 12;

/** Ports named in a cell. */
const MOST_PORTS = 3;

type Ends = readonly [source: string, destination: string];

/** Ends by label, those with most connections first. */
function endsOf(
  tuples: readonly PeerTuple[],
  side: "source" | "destination",
): readonly (readonly [label: string, end: TupleEnd])[] {
  const sums = new Map<string, { readonly end: TupleEnd; connections: number }>();
  for (const tuple of tuples) {
    const end = tuple[side];
    const sum = sums.get(end.label) ?? { end, connections: 0 };
    sum.connections += tuple.connections;
    sums.set(end.label, sum);
  }
  return [...sums]
    .sort(([, a], [, b]) => b.connections - a.connections)
    .map(([label, { end }]) => [label, end]);
}

export function PeerMatrix({
  tuples,
  chosen,
  onChoose,
}: {
  readonly tuples: readonly PeerTuple[];
  readonly chosen: Ends | null;
  readonly onChoose: (...ends: Ends) => void;
}) {
  const sources = endsOf(tuples, "source");
  const destinations = endsOf(tuples, "destination");
  const rows = sources.slice(0, MOST_ROWS);
  const columns = destinations.slice(0, MOST_COLUMNS);
  const cells = new Map<string, PeerTuple[]>();
  for (const tuple of tuples) {
    const key = `${tuple.source.label}\n${tuple.destination.label}`;
    cells.set(key, [...(cells.get(key) ?? []), tuple]);
  }
  const left = sources.length - rows.length + destinations.length - columns.length;
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <div class="scroll peers-scroll" tabIndex={0}>
        <table class="peers">
          <caption class="hidden">Connections by the groups of their ends, and their ports</caption>
          <thead>
            <tr>
              <td />
              {columns.map(([label, end]) => (
                <th key={label} scope="col" title={label}>
                  {endText(end)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(([source, end]) => (
              <tr key={source}>
                <th scope="row" title={source}>
                  {endText(end)}
                </th>
                {columns.map(([destination, to]) => {
                  const list = cells.get(`${source}\n${destination}`);
                  return (
                    <td key={destination}>
                      {list === undefined ? null : (
                        <button
                          type="button"
                          class={`peers-cell peers-${markOf(sumOf(list))}`}
                          style={{ "--denied": deniedShare(sumOf(list)) }}
                          aria-pressed={chosen?.[0] === source && chosen[1] === destination}
                          onClick={() => onChoose(source, destination)}
                        >
                          <span class="hidden">
                            {endText(end)} to {endText(to)}:
                          </span>
                          <CellText tuples={list} />
                        </button>
                      )}
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {left === 0 ? null : (
        <p class="faint">{grouped(left)} further ends with fewer connections are not drawn.</p>
      )}
    </>
  );
}

function sumOf(tuples: readonly PeerTuple[]): Counts {
  const of = (name: keyof Counts): number => tuples.reduce((sum, tuple) => sum + tuple[name], 0);
  return { connections: of("connections"), deny: of("deny"), unknown: of("unknown") };
}

/** Never so little that it is not seen. */
function deniedShare({ deny, connections }: Counts): string {
  return `${Math.max(4, Math.round((100 * deny) / connections))}%`;
}

type Counts = Pick<PeerTuple, "connections" | "deny" | "unknown">;

/** Shapes beside the colours. */
const MARKS = { allow: "", deny: "✗ ", mixed: "✓✗ ", unknown: "? " } as const;

function markOf({ deny, unknown, connections }: Counts): keyof typeof MARKS {
  if (deny === connections) return "deny";
  if (deny > 0) return "mixed";
  return unknown > 0 ? "unknown" : "allow";
}

function CellText({ tuples }: { readonly tuples: readonly PeerTuple[] }) {
  const shown = tuples.slice(0, MOST_PORTS);
  const more = tuples.length - shown.length;
  return (
    <>
      {shown.map((tuple) => (
        <span key={`${tuple.protocol} ${tuple.port}`} class="peers-port">
          <span>
            {MARKS[markOf(tuple)]}
            {protocolPort(tuple.protocol, tuple.port)}
          </span>
          <span>{grouped(tuple.connections)}</span>
        </span>
      ))}
      {more === 0 ? null : <span class="faint small">and {grouped(more)} more</span>}
    </>
  );
}
