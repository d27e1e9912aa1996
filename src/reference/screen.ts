import type { Address } from "../model/address.js";
import type { FlowRecord } from "../model/record.js";
import type { Direction, Reason } from "../model/verdict.js";
import { hasPorts } from "./flow.js";
import type { InterfaceFacts } from "./interface-facts.js";
import type { InterfaceView } from "./interface-view.js";
import { isNotFiltered } from "./services.js";

/** A record that needs no connection to be judged, with its reason (sections 1 and 2). */
export interface Screened {
  readonly reason: Reason;
  readonly detail: string;
  /** It comes before all that a rule set can say (semantics 1.5, and 1.3 of a regional NAT gateway). */
  readonly beforeRules: boolean;
}

/**
 * Decides what no rule and no connection is asked for, whatever rule set judges, in the order of semantics 1.7. `known`
 * is the direction without what 2.3 infers: services are told by either end until the rule set or the record tells.
 */
export function screen(
  record: FlowRecord,
  facts: InterfaceFacts | undefined,
  direction: Direction | null,
  known: Direction | null,
  own: (address: Address) => boolean,
): Screened | undefined {
  const missing = missingField(record);
  if (missing !== undefined) return { reason: "missing-field", detail: missing, beforeRules: true };
  if (isRegionalNat(record)) return { reason: "no-groups", detail: "", beforeRules: true };
  if (facts === undefined) return afterRules("interface-not-in-snapshot");
  if (isNotFiltered(record, known, facts.services, own)) return afterRules("not-filtered");
  if (!facts.filtered) return afterRules("no-groups");
  return direction === null ? afterRules("no-direction") : undefined;
}

function afterRules(reason: Reason): Screened {
  return { reason, detail: "", beforeRules: false };
}

/** What a rule set says of every record of an interface that it does not hold, or has no groups on (1.2, 1.3). */
export function screenInterface(view: InterfaceView | undefined): Reason | undefined {
  if (view === undefined) return "interface-not-in-snapshot";
  return view.groupIds.length === 0 ? "no-groups" : undefined;
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
