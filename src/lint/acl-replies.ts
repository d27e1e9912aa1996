// ACLs keep no state: what may open a connection needs an entry for the replies, at the opener's ephemeral port.
import { type Address, cidrContains } from "../model/address.js";
import type { AclEntry, NetworkAcl } from "../model/rule-set.js";
import type { Direction } from "../model/verdict.js";
import { entryId, entryWords, LAST_NUMBER } from "./acl-words.js";
import type { LintFinding } from "./lint-finding.js";
import { protocolWord } from "./rule-words.js";
import { holds, serviceInterval, TCP, UDP } from "./service-axis.js";

/** Load balancers, NAT gateways and functions use all of it. */
const EPHEMERAL = { from: 1024, to: 65_535 };
/** Where Linux (32768-60999) and Windows (49152-65535) take theirs from. */
const USUAL = { from: 32_768, to: 65_535 };
/** Allowed ranges wider than this that reach into the usual ports may be for replies themselves. */
const REPLY_RANGE = 1000;

/** One finding for each direction, protocol and extent. O(entries³), of 40 at most. */
export function aclReplyFindings(acl: NetworkAcl): LintFinding[] {
  return (["ingress", "egress"] as const).flatMap((direction) =>
    [TCP, UDP].flatMap((protocol) => {
      const openers = acl.entries.filter(
        (entry) => entry.direction === direction && opens(entry, protocol),
      );
      const extents = openers.map((entry) => ({ entry, extent: repliesTo(acl, entry, protocol) }));
      return (["none", "some"] as const).flatMap((extent) => {
        const entries = extents.filter((e) => e.extent === extent).map(({ entry }) => entry);
        return told(acl, entries, protocol, extent);
      });
    }),
  );
}

/** An entry that lets connections of the protocol begin. Of entries for everything only TCP is looked at. */
function opens({ action, number, protocol }: AclEntry, wanted: number): boolean {
  if (action !== "allow" || number >= LAST_NUMBER) return false;
  return protocol === -1 ? wanted === TCP : protocol === wanted;
}

/** The entry itself may be there for replies: then connections may well be opened the other way alone. */
function mayBeForReplies({ protocol, fromPort, toPort }: AclEntry): boolean {
  return protocol === -1 || (toPort > USUAL.from && toPort - fromPort >= REPLY_RANGE);
}

type Extent = "all" | "some" | "none";

/** How much of the ephemeral ports of the entry's peers the other direction lets pass. */
function repliesTo(acl: NetworkAcl, opener: AclEntry, protocol: number): Extent {
  const back: Direction = opener.direction === "ingress" ? "egress" : "ingress";
  const entries = acl.entries.filter(
    ({ direction, cidr }) =>
      direction === back && cidr.address.family === opener.cidr.address.family,
  );
  const inside = entries
    .map(({ cidr }) => cidr.address)
    .filter((a) => cidrContains(opener.cidr, a));
  const addresses = [opener.cidr.address, ...inside];
  if (mayBeForReplies(opener)) {
    const any = addresses.some((address) => extentAt(entries, address, protocol, 0) !== "none");
    return any ? "all" : "none";
  }
  const extents = addresses.map((address) => extentAt(entries, address, protocol, EPHEMERAL.from));
  // Blocks that are denied on purpose are no fault, as long as somebody gets replies.
  if (extents.every((extent) => extent === "none")) return "none";
  return extents.includes("some") ? "some" : "all";
}

function extentAt(
  entries: readonly AclEntry[],
  address: Address,
  protocol: number,
  lowest: number,
): Extent {
  const ports = portCuts(entries, lowest);
  const allowed = new Set(ports.filter((port) => isAllowed(entries, address, protocol, port)));
  if (allowed.size === 0) return "none";
  const usual = ports.filter((port) => port >= USUAL.from);
  return usual.every((port) => allowed.has(port)) ? "all" : "some";
}

/** One port of every stretch that no entry cuts, from the lowest on. */
function portCuts(entries: readonly AclEntry[], lowest: number): number[] {
  const cuts = entries.flatMap(({ fromPort, toPort }) => [fromPort, toPort + 1]);
  const all = [lowest, USUAL.from, ...cuts];
  return [...new Set(all.filter((port) => port >= lowest && port <= EPHEMERAL.to))];
}

function isAllowed(
  entries: readonly AclEntry[],
  address: Address,
  protocol: number,
  port: number,
): boolean {
  const point = serviceInterval({
    protocol,
    fromPort: port,
    toPort: port,
    icmpType: -1,
    icmpCode: -1,
  });
  const first = entries.find(
    (entry) => cidrContains(entry.cidr, address) && holds(serviceInterval(entry), point),
  );
  return first?.action === "allow";
}

function told(
  acl: NetworkAcl,
  entries: readonly AclEntry[],
  protocol: number,
  extent: "some" | "none",
): LintFinding[] {
  const [first] = entries;
  if (first === undefined) return [];
  const back = first.direction === "ingress" ? "egress" : "ingress";
  const more = entries.length > 1 ? ` (and ${entries.length - 1} more)` : "";
  const name = protocolWord(protocol);
  const lack =
    extent === "none"
      ? `${name} replies cannot pass ${back}: no port of 1024-65535 is allowed there`
      : `not every ${name} reply passes ${back}: only a part of the ports 32768-65535 is allowed there`;
  return [
    {
      code: "acl-replies-blocked",
      level: extent === "none" ? "warning" : "note",
      subject: { kind: "acl", id: acl.id, name: null },
      ruleIds: entries.map((entry) => entryId(acl, entry)),
      relatedIds: [],
      at: first.at,
      message: `${entryWords(first)}${more}: ${lack}`,
      advice: `ACLs keep no state: allow ${name} 1024-65535 ${back} ${back === "egress" ? "to" : "from"} the same blocks.`,
    },
  ];
}
