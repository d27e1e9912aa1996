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
  openers: readonly JudgedOpener[],
): readonly SeenOpener[] {
  const found = openers.filter(
    (row) =>
      row.interfaceId === interfaceId &&
      row.direction === direction &&
      row.protocol === protocol &&
      sameAddress(row.remote, remote) &&
      (row.port === null || row.port === port),
  );
  return found.map((opener) => ({ opener, role: null }));
}

/** Rows that may hold the connection of the record, and what the record is in it. */
export function openersOf(
  record: FlowRecord,
  openers: readonly JudgedOpener[],
): readonly SeenOpener[] {
  return openers.flatMap((opener) => {
    const role = roleIn(record, opener);
    return role === undefined ? [] : [{ opener, role }];
  });
}

/** Rows of which `FILE:LINE` is a sample. */
export function openersSampled(
  file: string,
  line: number,
  openers: readonly JudgedOpener[],
): readonly SeenOpener[] {
  const found = openers.filter(({ samples }) =>
    samples.some((sample) => sample.line === line && sample.file === file),
  );
  return found.map((opener) => ({ opener, role: null }));
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
