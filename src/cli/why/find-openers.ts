// Which rows of openers a record belongs to, and which a flow is alike.

import { sameAddress } from "../../model/address.js";
import type { JudgedOpener } from "../../model/opener.js";
import type { FlowRecord } from "../../model/record.js";
import {
  effectiveDestination,
  effectiveSource,
  type HypotheticalFlow,
  hasPorts,
} from "../../reference/index.js";
import type { SeenOpener } from "../../report/seen-openers.js";

/** Rows that hold connections like the flow. */
export function openersLike(
  { interfaceId, direction, protocol, remote, port }: HypotheticalFlow,
  openers: Iterable<JudgedOpener>,
): readonly SeenOpener[] {
  const found: SeenOpener[] = [];
  for (const row of openers) {
    const isLike =
      row.protocol === protocol &&
      (row.port === null || row.port === port) &&
      row.interfaceId === interfaceId &&
      row.direction === direction &&
      sameAddress(row.remote, remote);
    if (isLike) found.push({ opener: row, role: null });
  }
  return found;
}

/** Rows that may hold the connection of the record, and what the record is in it. */
export function openersOf(
  record: FlowRecord,
  openers: Iterable<JudgedOpener>,
): readonly SeenOpener[] {
  const found: SeenOpener[] = [];
  for (const opener of openers) {
    const role = roleIn(record, opener);
    if (role !== undefined) found.push({ opener, role });
  }
  return found;
}

/** Rows of which `FILE:LINE` is a sample. */
export function openersSampled(
  file: string,
  line: number,
  openers: Iterable<JudgedOpener>,
): readonly SeenOpener[] {
  const found: SeenOpener[] = [];
  for (const opener of openers)
    if (opener.samples.some((sample) => sample.line === line && sample.file === file))
      found.push({ opener, role: null });
  return found;
}

function roleIn(record: FlowRecord, row: JudgedOpener): SeenOpener["role"] | undefined {
  const { interfaceId, protocol, start } = record;
  if (row.interfaceId !== interfaceId || row.protocol !== protocol) return undefined;
  if (start !== null && (start < row.first || start > row.last)) return undefined;
  const source = effectiveSource(record);
  const destination = effectiveDestination(record);
  if (source === null || destination === null) return undefined;
  const ported = hasPorts(row.protocol);
  const isPort = (port: number | null): boolean => !ported || row.port === port;
  const comes = sameAddress(row.remote, source);
  const goes = sameAddress(row.remote, destination);
  if (row.direction === null) {
    const lower = Math.min(record.srcPort ?? 0, record.dstPort ?? 0);
    return (comes || goes) && isPort(lower) ? "undecided" : undefined;
  }
  const isForward = row.direction === "ingress" ? comes : goes;
  if (isForward && isPort(record.dstPort)) return "forward";
  const isReply = row.direction === "ingress" ? goes : comes;
  return isReply && isPort(record.srcPort) ? "reply" : undefined;
}
