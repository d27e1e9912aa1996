import type { Address } from "../model/address.js";
import type { FlowRecord } from "../model/record.js";
import type { Direction, Reason } from "../model/verdict.js";
import { hasPorts } from "./flow.js";
import type { InterfaceView } from "./interface-view.js";
import { isNotFiltered } from "./services.js";

/** A record that needs no connection to be judged, with its reason (sections 1 and 2). */
export interface Screened {
  readonly reason: Reason;
  readonly detail: string;
}

/** Decides what no rule and no connection is asked for, in the order of semantics 1.7. */
export function screen(
  record: FlowRecord,
  view: InterfaceView | undefined,
  direction: Direction | null,
  own: (address: Address) => boolean,
): Screened | undefined {
  const missing = missingField(record);
  if (missing !== undefined) return { reason: "missing-field", detail: missing };
  if (isRegionalNat(record)) return { reason: "no-groups", detail: "" };
  if (view === undefined) return { reason: "interface-not-in-snapshot", detail: "" };
  if (view.groupIds.length === 0) return { reason: "no-groups", detail: "" };
  if (isNotFiltered(record, direction, view.services, own))
    return { reason: "not-filtered", detail: "" };
  return direction === null ? { reason: "no-direction", detail: "" } : undefined;
}

/** Records of a regional NAT gateway name it instead of an interface (semantics 1.3). */
export function isRegionalNat(record: FlowRecord): boolean {
  return record.interfaceId === null && (record.resourceId ?? "").startsWith("nat-");
}

/** The first field the judgement lacks (semantics 1.5). */
function missingField(record: FlowRecord): string | undefined {
  if (record.interfaceId === null && !isRegionalNat(record)) return "interface-id";
  if (record.srcAddr === null) return "srcaddr";
  if (record.dstAddr === null) return "dstaddr";
  if (record.protocol === null) return "protocol";
  if (hasPorts(record.protocol) && record.srcPort === null) return "srcport";
  if (hasPorts(record.protocol) && record.dstPort === null) return "dstport";
  return record.start === null ? "start" : undefined;
}
