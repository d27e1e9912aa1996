import { FILTER_FIELDS } from "../../../filter/index.js";

/** Width of a column in characters, and how its cells stand. */
export interface ColumnLook {
  readonly title: string;
  readonly width: number;
  readonly right: boolean;
  readonly meaning: string;
}

const WIDTHS: Readonly<Record<string, number>> = {
  start: 20,
  end: 20,
  verdict: 11,
  reason: 17,
  rules: 24,
  detail: 18,
  action: 8,
  direction: 9,
  interface_id: 22,
  srcaddr: 17,
  dstaddr: 17,
  pkt_srcaddr: 17,
  pkt_dstaddr: 17,
  protocol: 9,
  grade: 12,
  opener: 9,
  file: 28,
  account_id: 14,
  log_status: 9,
};

const RIGHT: ReadonlySet<string> = new Set([
  "srcport",
  "dstport",
  "packets",
  "bytes",
  "line",
  "tcp_flags",
  "version",
]);

const TITLES: Readonly<Record<string, string>> = {
  start: "start, UTC",
  end: "end, UTC",
  srcaddr: "source",
  dstaddr: "destination",
  srcport: "source port",
  dstport: "dest. port",
  interface_id: "interface",
};

const DEFAULT_WIDTH = 12;

/** Shown unasked, where the log has them. */
export const FIRST_COLUMNS: readonly string[] = [
  "start",
  "verdict",
  "action",
  "direction",
  "srcaddr",
  "srcport",
  "dstaddr",
  "dstport",
  "protocol",
  "bytes",
  "reason",
  "rules",
  "interface_id",
];

export function lookOf(name: string): ColumnLook {
  const field = FILTER_FIELDS.find(({ column }) => column === name);
  return {
    title: TITLES[name] ?? name.replaceAll("_", " "),
    width: WIDTHS[name] ?? DEFAULT_WIDTH,
    right: RIGHT.has(name),
    meaning: field?.meaning ?? "log field outside AWS's catalogue",
  };
}
