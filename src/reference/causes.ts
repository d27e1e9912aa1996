import type { FlowRecord, Judgement } from "../model/record.js";
import type { Direction } from "../model/verdict.js";
import type { Membership } from "./connections.js";
import { remoteAddress } from "./flow.js";
import { type InterfaceTimes, isInFirstMinutes } from "./interface-times.js";
import { forwardDirection, isOpeningAssumed } from "./judge.js";
import { isReserved } from "./snapshot.js";

/** Why AWS may have acted otherwise than the rules say (section 8). */
export type Cause =
  | "opened-before-log"
  | "address-translated"
  | "rules-changed-or-incomplete"
  | "blocked-public-access"
  | "encryption-control"
  | "late-packet"
  | "rules-changed-or-acl"
  | "acl-suspected"
  | "acl-strongly-suspected";

/** In the order in which section 8 names them. */
export const CAUSES: readonly Cause[] = [
  "opened-before-log",
  "address-translated",
  "rules-changed-or-incomplete",
  "blocked-public-access",
  "encryption-control",
  "late-packet",
  "rules-changed-or-acl",
  "acl-suspected",
  "acl-strongly-suspected",
];

/**
 * Names the suspected cause of a disagreement, `null` where action and verdict do not disagree. `isListed`: the network
 * ACL that held for the record is known.
 */
export function causeOf(
  record: FlowRecord,
  { verdict, direction }: Pick<Judgement, "verdict" | "direction">,
  membership: Membership | undefined,
  times: InterfaceTimes,
  isListed: boolean,
): Cause | null {
  if (record.action === "ACCEPT" && verdict === "deny")
    return causeOfAccept(record, direction, membership, times);
  if (record.action === "REJECT" && verdict === "allow")
    return causeOfReject(record, membership, isListed);
  return null;
}

/** 8.1 */
function causeOfAccept(
  record: FlowRecord,
  direction: Direction | null,
  membership: Membership | undefined,
  times: InterfaceTimes,
): Cause {
  if (membership !== undefined) {
    const { connection } = membership;
    const early = isInFirstMinutes(times, connection.interfaceId, connection.firstStart);
    if (early && isOpeningAssumed(connection)) return "opened-before-log";
  }
  const remote = direction === null ? null : remoteAddress(record, direction);
  const bare = record.pktSrcAddr === null && record.pktDstAddr === null;
  if (bare && remote !== null && isReserved(remote)) return "address-translated";
  return "rules-changed-or-incomplete";
}

/** 8.2 */
function causeOfReject(
  record: FlowRecord,
  membership: Membership | undefined,
  isListed: boolean,
): Cause {
  const rejectReason = rejectReasonOf(record);
  if (rejectReason === "BPA") return "blocked-public-access";
  if (rejectReason === "EC") return "encryption-control";
  // No connection: no group filters here, so that only changed rules or an ACL can have refused it.
  if (membership === undefined) return "rules-changed-or-acl";
  if (membership.afterClose || membership.lostEntry) return "late-packet";
  // A known list was asked and let it pass: it is no suspect, unless it changed.
  if (isListed) return "rules-changed-or-acl";
  const { connection, flow } = membership;
  const { opener } = connection.finding;
  if (opener !== "unknown" && forwardDirection(opener) !== flow.direction)
    return connection.sides[opener].rejected === 0 ? "acl-strongly-suspected" : "acl-suspected";
  const forward = connection.sides[flow.direction === "egress" ? "local" : "remote"];
  return forward.rejected === forward.records ? "rules-changed-or-acl" : "acl-suspected";
}

/** `reject-reason`, where the reader of the log kept it. */
function rejectReasonOf(record: FlowRecord & { readonly rejectReason?: unknown }): unknown {
  return record.rejectReason;
}
