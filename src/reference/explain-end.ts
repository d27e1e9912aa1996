import { type Address, formatAddress } from "../model/address.js";
import type { FlowRecord } from "../model/record.js";
import type { Direction, Reason, Verdict } from "../model/verdict.js";
import { withAcl } from "./acl-stage.js";
import { ownsAddress } from "./direction.js";
import { type AclExplanation, explainAcl } from "./explain-acl.js";
import {
  explainGroups,
  explainReading,
  type GroupExplanation,
  type Knownness,
  knownnessOf,
  type ReadingExplanation,
} from "./explain-reading.js";
import { type AclPorts, explainReplyPorts, repliesRuling } from "./explain-replies.js";
import { type IcmpKind, opposite, TCP } from "./flow.js";
import { type InterfaceView, viewInterface } from "./interface-view.js";
import type { Answer, Question } from "./policy.js";
import { type Ruling, ruling } from "./ruling.js";
import { screenInterface } from "./screen.js";
import { isNotFiltered, serviceAddresses } from "./services.js";
import type { Snapshot } from "./snapshot.js";

/** The opening of a connection as one of its ends sees it. */
export interface Opening {
  /** At this end. */
  readonly direction: Direction;
  readonly protocol: number;
  readonly local: Address | null;
  readonly remote: Address;
  /** Served port; 0 where ports do not matter. */
  readonly port: number;
  /** `null`: any. */
  readonly clientPort: number | null;
  /** Unix seconds (semantics 3.5c). */
  readonly time: number;
  readonly icmp?: IcmpKind | undefined;
  readonly clientAccepted: (groupId: string) => boolean;
}

/** What one end's interface says of an opening: its groups, then the network ACL of both directions. */
export interface EndExplanation {
  readonly interfaceId: string;
  readonly interfaceKnown: Knownness;
  readonly groups: readonly GroupExplanation[];
  readonly direction: Direction;
  readonly local: string | null;
  readonly verdict: Verdict;
  readonly reason: Reason;
  readonly detail: string;
  /** `null` where no group was asked (semantics 1.2, 1.3, 1.4). */
  readonly reading: ReadingExplanation | null;
  /** Asked about the opening; `null` where no list is known. */
  readonly acl: AclExplanation | null;
  /** Asked about the answers, by the client's port: one item where it is known or the answer is one for all. */
  readonly replies: readonly AclPorts[];
}

/**
 * Explains what one interface says of an opening, whether or not a log saw it (sections 1, 3, 10.4). TCP needs its
 * answers; of other protocols the list's answer to them is shown and does not count. Cost: linear in the interface's
 * rules, and in the ports that its list tells apart.
 */
export function explainEnd(
  snapshot: Snapshot,
  interfaceId: string,
  opening: Opening,
): EndExplanation {
  const view = viewInterface(snapshot, interfaceId);
  const book = { snapshot, views: new Map([[interfaceId, view]]), fits: new Map() };
  const { direction, protocol, remote, port, icmp, clientPort } = opening;
  const packet = { direction, protocol, destinationPort: port, remote, icmp };
  // In the order of 1.7; what is not filtered passes no list either, also where there is no group (10.3).
  const unfiltered = isUnfiltered(snapshot, view, opening);
  const screened = screenInterface(view) ?? (unfiltered ? "not-filtered" : undefined);
  const asked = view !== undefined && screened === undefined;
  const reading = asked ? explainReading(snapshot, view, questionOf(opening), book.fits) : null;
  const filtered = view !== undefined && !unfiltered;
  const replies = filtered
    ? explainReplyPorts(snapshot, view, {
        direction: opposite(direction),
        protocol,
        remote,
        port: clientPort,
      })
    : [];
  const groups = reading === null ? ruling(screened ?? "no-groups") : answered(reading.answer);
  const opened = filtered ? withAcl(groups, book, interfaceId, packet) : groups;
  const needsReplies = opened.verdict !== "deny" && protocol === TCP;
  const { verdict, reason, detail } = needsReplies ? repliesRuling(opened, replies) : opened;
  return {
    interfaceId,
    interfaceKnown: knownnessOf(view),
    groups: explainGroups(snapshot.ruleSet, view),
    direction,
    local: opening.local === null ? null : formatAddress(opening.local),
    verdict,
    reason,
    detail,
    reading,
    acl: (filtered ? explainAcl(snapshot, view, packet) : [])[0] ?? null,
    replies,
  };
}

function questionOf(opening: Opening): Question {
  const { direction, protocol, port, remote, time, icmp, clientAccepted } = opening;
  return { direction, protocol, port, remote, time, rejected: false, clientAccepted, icmp };
}

/** 1.4 */
function isUnfiltered(
  snapshot: Snapshot,
  view: InterfaceView | undefined,
  opening: Opening,
): boolean {
  const services = serviceAddresses(snapshot.ruleSet, view?.owner);
  const own = (address: Address): boolean => ownsAddress(view?.owner, address);
  return isNotFiltered(recordOf(opening), opening.direction, services, own);
}

/** The opening as the record it would make. */
function recordOf({
  direction,
  protocol,
  local,
  remote,
  port,
  clientPort,
  time,
}: Opening): FlowRecord {
  const ingress = direction === "ingress";
  return {
    interfaceId: null,
    resourceId: null,
    srcAddr: ingress ? remote : local,
    dstAddr: ingress ? local : remote,
    srcPort: clientPort,
    dstPort: port,
    protocol,
    packets: null,
    bytes: null,
    start: time,
    end: time,
    action: null,
    logStatus: "OK",
    tcpFlags: null,
    pktSrcAddr: null,
    pktDstAddr: null,
    flowDirection: direction,
    file: "",
    line: 0,
  };
}

function answered(answer: Answer): Ruling {
  if (answer.verdict === "allow") return ruling("rule", "", answer.rules);
  if (answer.verdict === "deny") return ruling("no-rule");
  return ruling(answer.reason, answer.detail);
}
