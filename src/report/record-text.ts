// One record in words and as JSON.

import { type Address, formatAddress } from "../model/address.js";
import type { FlowRecord } from "../model/record.js";
import { byteSize, grouped, protocolPort, timestamp } from "./quantity.js";

function endpoint(address: Address | null, port: number | null, protocol: number | null): string {
  const host = address === null ? "-" : formatAddress(address);
  if (port === null || (protocol !== 6 && protocol !== 17)) return host;
  return address?.family === 6 ? `[${host}]:${port}` : `${host}:${port}`;
}

/** `tcp 10.0.0.1:40000 → 10.0.0.2:443, 3 packets, 180 B`. */
export function recordSentence(record: FlowRecord): string {
  const { srcAddr, dstAddr, srcPort, dstPort, protocol, packets, bytes } = record;
  const name = protocol === null ? "-" : protocolPort(protocol, null);
  const from = endpoint(srcAddr, srcPort, protocol);
  const to = endpoint(dstAddr, dstPort, protocol);
  const inner =
    record.pktSrcAddr === null && record.pktDstAddr === null
      ? ""
      : `, packets from ${endpoint(record.pktSrcAddr, null, null)} to ${endpoint(record.pktDstAddr, null, null)}`;
  const volume = [
    ...(packets === null ? [] : [`${grouped(packets)} ${packets === 1n ? "packet" : "packets"}`]),
    ...(bytes === null ? [] : [byteSize(Number(bytes))]),
  ];
  return [`${name} ${from} → ${to}${inner}`, ...volume].join(", ");
}

/** `2024-12-14 16:30:50 UTC to …`, or what is known of it. */
export function recordSpan(record: FlowRecord): string {
  if (record.start === null) return "no start time";
  const start = timestamp(record.start);
  return record.end === null || record.end === record.start
    ? start
    : `${start} to ${timestamp(record.end)}`;
}

function addressText(address: Address | null): string | null {
  return address === null ? null : formatAddress(address);
}

/** Under AWS's Parquet names; counters beyond 2^53 stay exact as text. */
export function recordDocument(record: FlowRecord): Record<string, unknown> {
  const count = (value: bigint | null): number | string | null => {
    if (value === null) return null;
    return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : String(value);
  };
  return {
    interface_id: record.interfaceId,
    srcaddr: addressText(record.srcAddr),
    dstaddr: addressText(record.dstAddr),
    srcport: record.srcPort,
    dstport: record.dstPort,
    protocol: record.protocol,
    packets: count(record.packets),
    bytes: count(record.bytes),
    start: record.start,
    end: record.end,
    action: record.action,
    log_status: record.logStatus,
    tcp_flags: record.tcpFlags,
    pkt_srcaddr: addressText(record.pktSrcAddr),
    pkt_dstaddr: addressText(record.pktDstAddr),
    flow_direction: record.flowDirection,
    resource_id: record.resourceId,
    file: record.file,
    line: record.line,
  };
}
