import { FILTER_FIELDS } from "../../../filter/index.js";

/** Width of a column in characters of its longest usual value, and how its cells stand. */
export interface ColumnLook {
  readonly title: string;
  readonly width: number;
  readonly right: boolean;
  readonly meaning: string;
}

const WIDTHS: Readonly<Record<string, number>> = {
  start: 19,
  end: 19,
  verdict: 9,
  reason: 19,
  rules: 44,
  detail: 22,
  action: 7,
  direction: 9,
  interface_id: 21,
  srcaddr: 15,
  dstaddr: 15,
  pkt_srcaddr: 15,
  pkt_dstaddr: 15,
  protocol: 8,
  srcport: 11,
  dstport: 10,
  bytes: 11,
  packets: 9,
  grade: 9,
  opener: 8,
  file: 44,
  account_id: 12,
  log_status: 10,
  vpc_id: 21,
  subnet_id: 24,
  instance_id: 19,
  az_id: 10,
  flow_direction: 14,
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

const DEFAULT_WIDTH = 14;

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
