import type { Address } from "../model/address.js";
import type { NetworkAcl } from "../model/rule-set.js";
import type { Direction } from "../model/verdict.js";
import { type AclExplanation, explainAcl } from "./explain-acl.js";
import { hasPorts } from "./flow.js";
import type { InterfaceView } from "./interface-view.js";
import { type Ruling, ruling } from "./ruling.js";
import type { Snapshot } from "./snapshot.js";

/** What the network ACL says of the answers to clients whose port is in the range. */
export interface AclPorts {
  readonly fromPort: number;
  readonly toPort: number;
  readonly acl: AclExplanation;
}

/** The packets that answer an opening. */
export interface Replies {
  /** Theirs, at this end. */
  readonly direction: Direction;
  readonly protocol: number;
  readonly remote: Address;
  /** Of the client: their destination. `null`: any. */
  readonly port: number | null;
}

/** Clients choose theirs from here on (documented for the lists' own examples). */
const FIRST_CLIENT_PORT = 1024;
const LAST_PORT = 65_535;

/**
 * The list's answer for each range of ports that it tells apart, in their order; empty where no list is known. Cost:
 * the entries of the list, for each port where one begins or ends.
 */
export function explainReplyPorts(
  snapshot: Snapshot,
  view: InterfaceView | undefined,
  { direction, protocol, remote, port }: Replies,
): readonly AclPorts[] {
  const ask = (destinationPort: number): AclExplanation | undefined =>
    explainAcl(snapshot, view, { direction, protocol, remote, destinationPort })[0];
  if (view?.acl === undefined) return [];
  const single = hasPorts(protocol) ? port : 0;
  const firsts = single === null ? firstPorts(view.acl, direction) : [single];
  const ranges: AclPorts[] = [];
  firsts.forEach((fromPort, i) => {
    const acl = ask(fromPort);
    if (acl === undefined) return;
    const toPort = single ?? (firsts[i + 1] ?? LAST_PORT + 1) - 1;
    const last = ranges.at(-1);
    if (last !== undefined && isSame(last.acl, acl))
      ranges[ranges.length - 1] = { ...last, toPort };
    else ranges.push({ fromPort, toPort, acl });
  });
  return ranges;
}

function firstPorts(acl: NetworkAcl, direction: Direction): readonly number[] {
  const entries = acl.entries.filter((entry) => entry.direction === direction);
  const edges = entries.flatMap(({ fromPort, toPort }) => [fromPort, toPort + 1]);
  return [...new Set([0, ...edges])]
    .filter((port) => port >= 0 && port <= LAST_PORT)
    .sort((a, b) => a - b);
}

function isSame(a: AclExplanation, b: AclExplanation): boolean {
  return a.verdict === b.verdict && a.entry?.number === b.entry?.number;
}

/**
 * What the answers make of an opening that is not denied (semantics 10.4). Where the client's port is not given, it is one
 * of 1024-65535; where these differ, the verdict is unknown and `detail` names the first range that is stopped.
 */
export function repliesRuling(opened: Ruling, replies: readonly AclPorts[]): Ruling {
  const asked =
    replies.length < 2 ? replies : replies.filter(({ toPort }) => toPort >= FIRST_CLIENT_PORT);
  const stopped = asked.filter(({ acl }) => acl.verdict === "deny");
  const [first] = stopped;
  const isAllowed = opened.verdict === "allow";
  if (first === undefined) {
    const open = asked.some(({ acl }) => acl.verdict === "unknown");
    return open && isAllowed ? ruling("icmp-type") : opened;
  }
  const { aclId, direction, entry } = first.acl;
  const detail = `${aclId} ${direction} ${entry?.number ?? "*"}`;
  if (stopped.length === asked.length) return ruling("acl", detail);
  if (!isAllowed) return opened;
  const ports = `${first.fromPort}-${first.toPort}`;
  return {
    verdict: "unknown",
    reason: "acl",
    detail: `${detail}, client ports ${ports}`,
    rules: [],
  };
}
