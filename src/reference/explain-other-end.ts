import type { FlowRecord } from "../model/record.js";
import type { Direction } from "../model/verdict.js";
import type { Connection } from "./connection.js";
import { wasAccepted } from "./endpoints.js";
import { type EndExplanation, explainEnd } from "./explain-end.js";
import { byTime, placeOf, type RecordPlace } from "./explain-evidence.js";
import { endpointKey, flowOf, hasPorts, opposite } from "./flow.js";
import type { Evidence } from "./judge.js";
import type { Finding } from "./judge-log.js";
import { carriersOf, ownersOf, type Snapshot } from "./snapshot.js";

/** The other end of a connection, where its interface is in the rule set. */
export interface OtherEndExplanation extends EndExplanation {
  /** Its records of the connection in the log, in the order of time, as judged there. */
  readonly records: readonly RecordPlace[];
}

/** Two ends that talk for a time, as one interface sees them; a connection is one. */
export type Talk = Pick<
  Connection,
  "interfaceId" | "protocol" | "local" | "remote" | "firstStart" | "lastEnd"
>;

/** A record that needs no connection, as the talk that it is; `undefined` without a direction or a field. */
export function talkOf(record: FlowRecord, direction: Direction | null): Talk | undefined {
  const flow = flowOf(record, direction);
  const { start } = record;
  if (flow === undefined || start === null) return undefined;
  const { interfaceId, protocol, local, remote } = flow;
  const lastEnd = Math.max(start, record.end ?? start);
  return { interfaceId, protocol, local, remote, firstStart: start, lastEnd };
}

/** The interfaces that own the remote address and are not the record's own, by id. */
function otherEndIds(snapshot: Snapshot, { interfaceId, remote }: Talk): string[] {
  const ids = ownersOf(snapshot, remote.address).map(({ id }) => id);
  return [...new Set(ids)].filter((id) => id !== interfaceId).sort();
}

/**
 * What every interface at the other end says of the talk, read as opened in `direction` at this end. Without evidence
 * no balancer is known to have seen the client (semantics 3.5d).
 */
export function explainOtherEnds(
  snapshot: Snapshot,
  talk: Talk,
  direction: Direction,
  evidence: Evidence | undefined,
): readonly EndExplanation[] {
  const { protocol, local, remote } = talk;
  const [served, client] = direction === "ingress" ? [local, remote] : [remote, local];
  const opening = {
    direction: opposite(direction),
    protocol,
    local: remote.address,
    remote: local.address,
    port: served.port,
    clientPort: hasPorts(protocol) ? client.port : null,
    time: talk.firstStart,
    clientAccepted: (groupId: string): boolean =>
      evidence !== undefined &&
      carriersOf(snapshot, groupId).some((carrier) =>
        wasAccepted(evidence.endpoints, carrier.id, protocol, local, evidence.slot),
      ),
  };
  return otherEndIds(snapshot, talk).map((id) => explainEnd(snapshot, id, opening));
}

/** Seconds by which the clocks of two interfaces' records may differ (semantics 4.8). */
const CLOCKS = 120;

/** The records of the same ends at another interface, at the same time. */
export function recordsThere(
  findings: readonly (readonly Finding[])[],
  timeline: number,
  interfaceId: string,
  talk: Talk,
): readonly RecordPlace[] {
  const { protocol, local, remote, firstStart, lastEnd } = talk;
  const isThere = ({ membership, judgement }: Finding): boolean => {
    if (membership === undefined || membership.flow.interfaceId !== interfaceId) return false;
    const { flow } = membership;
    if (flow.protocol !== protocol) return false;
    if (endpointKey(flow.local) !== endpointKey(remote)) return false;
    if (endpointKey(flow.remote) !== endpointKey(local)) return false;
    const { start, end } = judgement.record;
    return (start ?? 0) <= lastEnd + CLOCKS && (end ?? start ?? 0) >= firstStart - CLOCKS;
  };
  return findings
    .flatMap((perLine) => perLine[timeline] ?? [])
    .filter(isThere)
    .sort(byTime)
    .map(placeOf);
}
