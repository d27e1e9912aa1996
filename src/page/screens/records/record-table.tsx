// biome-ignore-all lint/a11y/useSemanticElements: elements of a table cannot leave out rows
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid has the focus and names its active row

import { type Signal, useSignal } from "@preact/signals";
import { Component, type ComponentChild } from "preact";
import { useEffect, useMemo, useRef } from "preact/hooks";
import type { Verdict } from "../../../model/verdict.js";
import { grouped, timestamp } from "../../../report/quantity.js";
import { VerdictMark } from "../../parts/verdict-mark.js";
import { lookOf } from "./columns.js";
import { RowWindows } from "./row-windows.js";

const ROW = 28;

/** Browsers end elements at some 33 million pixels: beyond this the scrollbar stands for more rows than it has pixels. */
const MOST_PIXELS = 8_000_000;

/** Rows drawn above and below what is seen. */
const SPARE = 6;

/** A table of any length: as many rows exist as are seen. The active row is moved by keys, Enter opens it. */
export function RecordTable({
  filter,
  total,
  columns,
  active,
  onOpen,
}: {
  readonly filter: string;
  readonly total: number;
  readonly columns: readonly string[];
  readonly active: Signal<number>;
  readonly onOpen: (row: number) => void;
}) {
  const scroller = useRef<HTMLDivElement>(null);
  const windows = useMemo(() => new RowWindows(filter, columns), [filter, columns]);
  const top = useSignal(0);
  const height = useSignal(400);
  const full = total * ROW;
  const shownHeight = Math.min(full, MOST_PIXELS);
  const body = Math.max(ROW, height.value - ROW);
  const most = Math.max(0, full - body);
  /** Pixels of the scrollbar to pixels of rows; 1 unless there are too many rows. */
  const scale = full <= MOST_PIXELS ? 1 : most / Math.max(1, shownHeight - body);
  // What we have set ourselves is no scrolling of the user's.
  const own = useRef(-1);

  const moveTo = (pixels: number) => {
    const to = Math.min(most, Math.max(0, pixels));
    top.value = to;
    const element = scroller.current!;
    element.scrollTop = to / scale;
    own.current = element.scrollTop;
  };

  useEffect(() => {
    const element = scroller.current!;
    height.value = element.clientHeight;
    const watch = new ResizeObserver(() => {
      height.value = element.clientHeight;
    });
    watch.observe(element);
    return () => watch.disconnect();
  }, []);
  useEffect(() => {
    active.value = 0;
    moveTo(0);
  }, [filter, total]);

  useEffect(() => {
    if (scale === 1) return;
    const element = scroller.current!;
    // Scaled, a turn of the wheel would pass over rows.
    const onWheel = (event: WheelEvent) => {
      if (event.ctrlKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) return;
      event.preventDefault();
      moveTo(top.value + event.deltaY * (event.deltaMode === 1 ? ROW : 1));
    };
    element.addEventListener("wheel", onWheel, { passive: false });
    return () => element.removeEventListener("wheel", onWheel);
  });

  const step = (to: number) => {
    const row = Math.min(total - 1, Math.max(0, to));
    active.value = row;
    const y = row * ROW;
    if (y < top.value) moveTo(y);
    else if (y + ROW > top.value + body) moveTo(y + ROW - body);
  };
  const page = Math.max(1, Math.floor(body / ROW) - 1);
  const onKey = (event: KeyboardEvent) => {
    const row = active.value;
    const steps: Readonly<Record<string, number>> = {
      ArrowDown: row + 1,
      ArrowUp: row - 1,
      PageDown: row + page,
      PageUp: row - page,
      Home: 0,
      End: total - 1,
    };
    const to = steps[event.key];
    if (to !== undefined) step(to);
    else if (event.key === "Enter" || event.key === " ") onOpen(row);
    else return;
    event.preventDefault();
  };

  windows.arrived.value;
  const first = Math.max(0, Math.floor(top.value / ROW) - SPARE);
  const last = Math.min(total, Math.ceil((top.value + body) / ROW) + SPARE);
  const pool = Math.ceil(body / ROW) + 2 * SPARE + 1;
  const looks = columns.map(lookOf);
  // A digit of the font is this wide for all; words are narrower on the average.
  const widths = looks.map(({ width }) => `calc(${width}ch + 1.25rem)`).join(" ");
  const characters = looks.reduce((sum, { width }) => sum + width, 0);
  const sizes = {
    "--columns": widths,
    "--row": `calc(${characters}ch + ${1.25 * looks.length}rem)`,
  };
  const offset = first * ROW - top.value;
  return (
    <div
      class="grid"
      ref={scroller}
      role="grid"
      aria-label={`${grouped(total)} records`}
      aria-rowcount={total + 1}
      aria-colcount={columns.length}
      aria-activedescendant={
        active.value >= first && active.value < last ? `record-${active.value}` : undefined
      }
      tabIndex={0}
      onKeyDown={onKey}
      onScroll={({ currentTarget: { scrollTop } }) => {
        if (Math.abs(scrollTop - own.current) < 1) return;
        own.current = -1;
        top.value = Math.min(most, scrollTop * scale);
      }}
    >
      <div
        class="grid-frame"
        role="presentation"
        style={{ ...sizes, height: `${shownHeight + ROW}px` }}
      >
        <div class="grid-view" role="rowgroup" style={{ height: `${height.value}px` }}>
          <div class="grid-row grid-head" role="row" aria-rowindex={1}>
            {columns.map((name, i) => (
              <div
                key={name}
                role="columnheader"
                title={looks[i]!.meaning}
                class={looks[i]!.right ? "grid-cell num" : "grid-cell"}
              >
                {looks[i]!.title}
              </div>
            ))}
          </div>
          <div
            class="grid-rows"
            role="presentation"
            style={{ transform: `translateY(${offset}px)` }}
          >
            {Array.from({ length: Math.max(0, last - first) }, (_, i) => {
              const row = first + i;
              // Elements go round: what leaves at one end comes in at the other, with other words.
              const element = row % pool;
              return (
                // biome-ignore lint/a11y/useKeyWithClickEvents: the grid has the keys
                <div
                  key={element}
                  id={`record-${row}`}
                  role="row"
                  tabIndex={-1}
                  aria-rowindex={row + 2}
                  aria-selected={row === active.value}
                  class="grid-row"
                  onClick={() => {
                    active.value = row;
                    onOpen(row);
                    scroller.current?.focus({ preventScroll: true });
                  }}
                >
                  <RowCells columns={columns} cells={windows.at(row)} />
                </div>
              );
            })}
          </div>
        </div>
      </div>
    </div>
  );
}

interface RowProps {
  readonly columns: readonly string[];
  readonly cells: readonly (string | null)[] | undefined;
}

/** Drawn again only when other cells stand in it: a table that scrolls is drawn with every frame. */
class RowCells extends Component<RowProps> {
  override shouldComponentUpdate({ columns, cells }: RowProps): boolean {
    return cells !== this.props.cells || columns !== this.props.columns;
  }

  override render({ columns, cells }: RowProps) {
    return columns.map((name, i) => (
      <div key={name} role="gridcell" class={lookOf(name).right ? "grid-cell num" : "grid-cell"}>
        {cells === undefined ? "…" : cellText(name, cells[i] ?? null)}
      </div>
    ));
  }
}

const PROTOCOLS: Readonly<Record<string, string>> = {
  1: "icmp",
  6: "tcp",
  17: "udp",
  58: "icmpv6",
};

/** Plain text where it can be: a table that scrolls makes some ten thousand cells a second. */
function cellText(name: string, value: string | null): ComponentChild {
  if (value === null || value === "") return "-";
  switch (name) {
    case "verdict":
    case "candidate_verdict":
      return <VerdictMark verdict={value as Verdict} />;
    case "start":
    case "end":
      return timestamp(Number(value)).replace(" UTC", "");
    case "protocol":
      return PROTOCOLS[value] ?? value;
    case "bytes":
    case "packets":
      return grouped(BigInt(value));
    case "rules":
      return value.replaceAll("|", ", ");
    default:
      return value;
  }
}
