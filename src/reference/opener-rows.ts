import { formatAddress } from "../model/address.js";
import {
  type JudgedOpener,
  OPENER_SAMPLES,
  type OpenerChange,
  type OpenerRuling,
  type Sample,
} from "../model/opener.js";
import type { FlowRecord } from "../model/record.js";
import type { Direction } from "../model/verdict.js";
import type { Connection } from "./connection.js";
import { addressKey, hasPorts } from "./flow.js";
import { forwardDirection, isOpeningAssumed } from "./judge.js";
import type { Ruling } from "./ruling.js";

/** A connection at the end of the log, with its records and what is said of it. */
export interface FinishedConnection {
  readonly connection: Connection;
  readonly records: readonly { readonly record: FlowRecord; readonly direction: Direction }[];
  /** The baseline's, then the candidates'. */
  readonly rulings: readonly Ruling[];
  readonly changes: readonly OpenerChange[];
}

/** Folds connections into rows of openers that are alike (semantics 9.5), in canonical order. */
export function foldOpeners(finished: readonly FinishedConnection[]): readonly JudgedOpener[] {
  const rows = new Map<string, JudgedOpener>();
  for (const each of finished) {
    const row = rowOf(each);
    const key = JSON.stringify(identityOf(row));
    const known = rows.get(key);
    rows.set(key, known === undefined ? row : merge(known, row));
  }
  const scanners = scannersOf([...rows.values()]);
  return [...rows.values()]
    .map((row) => ({ ...row, scanner: isOpenedByRemote(row) && scanners(row) }))
    .sort(compareOpeners);
}

/** The row of one connection. */
function rowOf({ connection, records, rulings, changes }: FinishedConnection): JudgedOpener {
  const { opener, grade } = connection.finding;
  const direction = opener === "unknown" ? null : forwardDirection(opener);
  const forward = records.filter((each) => direction === null || each.direction === direction);
  return {
    interfaceId: connection.interfaceId,
    direction,
    protocol: connection.protocol,
    remote: connection.remote.address,
    port: servedPort(connection, direction),
    grade,
    action: actionOf(forward.map(({ record }) => record)),
    connections: 1,
    openingsAssumed: isOpeningAssumed(connection) ? 1 : 0,
    forward: forward.length,
    replies: records.length - forward.length,
    bytes: records.reduce((sum, { record }) => sum + Number(record.bytes ?? 0n), 0),
    first: connection.firstStart,
    last: connection.lastEnd,
    samples: records
      .map(({ record }) => sampleOf(record))
      .sort(compareSamples)
      .slice(0, OPENER_SAMPLES),
    rulings: rulings.map(openerRuling),
    changes,
    scanner: false,
  };
}

function servedPort(connection: Connection, direction: Direction | null): number | null {
  const { protocol, local, remote } = connection;
  if (!hasPorts(protocol)) return null;
  if (direction === null) return Math.min(local.port, remote.port);
  return direction === "ingress" ? local.port : remote.port;
}

function actionOf(records: readonly FlowRecord[]): JudgedOpener["action"] {
  if (records.some(({ action }) => action === "ACCEPT")) return "accepted";
  return records.length > 0 && records.every(({ action }) => action === "REJECT")
    ? "rejected"
    : "none";
}

/** Of an opening: rules are kept where they admitted it. */
function openerRuling({ verdict, reason, detail, rules }: Ruling): OpenerRuling {
  return { verdict, reason, detail, rules: reason === "rule" ? rules : [] };
}

function sampleOf({ file, line, start }: FlowRecord): Sample {
  return { file, line, start: start ?? 0 };
}

function compareSamples(a: Sample, b: Sample): number {
  return a.start - b.start || compareText(a.file, b.file) || a.line - b.line;
}

/** By code units: no locale can change the order. */
function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** What makes two rows one, in the order in which rows are sorted. */
function identityOf(row: JudgedOpener): readonly (string | number)[] {
  return [
    row.interfaceId,
    row.direction ?? "",
    formatAddress(row.remote),
    row.protocol,
    row.port ?? -1,
    row.grade,
    row.action,
    JSON.stringify(
      row.rulings.map(({ verdict, reason, detail, rules }) => [verdict, reason, detail, rules]),
    ),
    JSON.stringify(row.changes.map(({ change, cutOver }) => [change, cutOver])),
  ];
}

/** The canonical order of rows (semantics 9.5). */
export function compareOpeners(a: JudgedOpener, b: JudgedOpener): number {
  const [left, right] = [identityOf(a), identityOf(b)];
  for (const [index, value] of left.entries()) {
    const other = right[index] ?? "";
    const order =
      typeof value === "number" ? value - Number(other) : compareText(value, String(other));
    if (order !== 0) return order;
  }
  return 0;
}

function merge(a: JudgedOpener, b: JudgedOpener): JudgedOpener {
  return {
    ...a,
    connections: a.connections + b.connections,
    openingsAssumed: a.openingsAssumed + b.openingsAssumed,
    forward: a.forward + b.forward,
    replies: a.replies + b.replies,
    bytes: a.bytes + b.bytes,
    first: Math.min(a.first, b.first),
    last: Math.max(a.last, b.last),
    samples: [...a.samples, ...b.samples].sort(compareSamples).slice(0, OPENER_SAMPLES),
  };
}

function isOpenedByRemote({ direction }: JudgedOpener): boolean {
  return direction === "ingress";
}

/** Remote addresses all of whose openings, at whatever interface, AWS REJECTed (semantics 9.6). */
function scannersOf(rows: readonly JudgedOpener[]): (row: JudgedOpener) => boolean {
  const opened = rows.filter(isOpenedByRemote).filter(({ action }) => action !== "rejected");
  const answered = new Set(opened.map(({ remote }) => addressKey(remote)));
  return ({ remote }) => !answered.has(addressKey(remote));
}
