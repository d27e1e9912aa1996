// `why` among the records that the page holds: their lines are written anew from their columns.

import { FlowError } from "../../errors.js";
import { evidenceFor } from "../../inspect/index.js";
import { FIELDS } from "../../logs/index.js";
import { type Address, formatAddress } from "../../model/address.js";
import type { Timeline } from "../../model/timeline.js";
import { DEFAULT_LOOK_AHEAD, DEFAULT_TIMERS } from "../../model/timers.js";
import { explainUnder, type ParsedRecord, parseRecord } from "../../reference/index.js";
import { explanationReport } from "../../report/explanation-report.js";
import type { WhyTold } from "../protocol.js";
import type { RecordStore } from "./record-store.js";

/** More records than the evidence keeps of, so that the nearest of them are the nearest of all. */
const MOST_LOOKED_AT = 200_000;

/** Seconds to either side of the record that are looked at, the widest that is not too much. */
const WINDOWS = [Number.POSITIVE_INFINITY, 172_800, 43_200, 7200, 1200, 300] as const;

/** Explains one row of a selection. Throws `record-not-judged` for windows without data. */
export function explainHeld(
  store: RecordStore,
  filter: string,
  row: number,
  timelines: readonly Timeline[],
): WhyTold {
  const { columns } = store.told();
  const lines = new LineParser(columns);
  const cells = store.window(filter, row, 1, columns).rows[0];
  const record = cells === undefined ? undefined : lines.parse(cells);
  if (cells === undefined || record === undefined)
    throw new RangeError(`row ${row} holds no record`);
  const evidence = evidenceFor(record, timelines);
  const near = nearOf(store, record);
  for (const each of store.cells(near.filter, columns)) {
    const other = lines.parse(each);
    if (other !== undefined) evidence.add(other);
  }
  const records = evidence.take();
  const explained = explainUnder(record, records, timelines, {
    timers: DEFAULT_TIMERS,
    lookAhead: DEFAULT_LOOK_AHEAD,
  });
  const [explanation, ...others] = explained ?? [];
  if (explanation === undefined)
    throw new FlowError(
      "record-not-judged",
      `log-status is ${record.logStatus}: the line reports a window, not traffic`,
      { at: `${record.file}:${record.line}`, hint: "ask about a record with log-status OK" },
    );
  const own = records.filter(({ interfaceId }) => interfaceId === record.interfaceId).length;
  const context = { records: own, cut: evidence.cut + near.leftOut };
  return {
    body: explanationReport(explanation, context, others).body(),
    raw: lines.raw(cells),
    cells: columns.flatMap((name, i) => {
      const value = cells[i];
      return value === null || value === undefined || value === "" ? [] : [[name, value] as const];
    }),
  };
}

/** Reads rows of columns as the lines they came from. */
class LineParser {
  private readonly fields: readonly string[];
  private readonly places: readonly number[];
  private readonly file: number;
  private readonly line: number;

  constructor(columns: readonly string[]) {
    const fields = FIELDS.filter(({ column }) => columns.includes(column));
    this.fields = fields.map(({ name }) => name);
    this.places = fields.map(({ column }) => columns.indexOf(column));
    this.file = columns.indexOf("file");
    this.line = columns.indexOf("line");
  }

  /** The names of the fields, and the line. */
  raw(cells: readonly (string | null)[]): WhyTold["raw"] {
    return { fields: this.fields.join(" "), line: this.textOf(cells) };
  }

  private textOf(cells: readonly (string | null)[]): string {
    return this.places.map((at) => cells[at] ?? "-").join(" ");
  }

  parse(cells: readonly (string | null)[]): ParsedRecord | undefined {
    const text = this.textOf(cells);
    const found = parseRecord(
      text,
      this.fields,
      cells[this.file] ?? "",
      Number(cells[this.line] ?? 0),
    );
    return typeof found === "string" ? undefined : found;
  }
}

interface Near {
  readonly filter: string;
  /** Records of the interface further off in time than is looked at. */
  readonly leftOut: number;
}

/** The records that may bear on one: those of its interface, and those that share an address with it. */
function nearOf(store: RecordStore, record: ParsedRecord): Near {
  const own =
    record.interfaceId === null
      ? "interface_id = -"
      : `interface_id = ${quoted(record.interfaceId)}`;
  const { srcAddr, dstAddr, pktSrcAddr, pktDstAddr, protocol, start } = record;
  const ends = [srcAddr, dstAddr, pktSrcAddr, pktDstAddr].filter(
    (end): end is Address => end !== null,
  );
  const list = `(${[...new Set(ends.map(formatAddress))].join(", ")})`;
  const shared = ["srcaddr", "dstaddr", "pkt_srcaddr", "pkt_dstaddr"]
    .map((name) => `${name} in ${list}`)
    .join(" or ");
  const all =
    ends.length === 0 || protocol === null
      ? own
      : `${own} or (protocol = ${protocol} and (${shared}))`;
  const ofInterface = store.select(own).total;
  for (const seconds of WINDOWS) {
    const time =
      start === null || seconds === Number.POSITIVE_INFINITY
        ? ""
        : ` and start >= ${Math.max(0, start - seconds)} and start <= ${start + seconds}`;
    const filter = `(${all})${time}`;
    const last = seconds === WINDOWS.at(-1) || start === null;
    if (!last && store.select(filter).total > MOST_LOOKED_AT) continue;
    return { filter, leftOut: ofInterface - store.select(`${own}${time}`).total };
  }
  return { filter: own, leftOut: 0 };
}

function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, "\\$&")}"`;
}
