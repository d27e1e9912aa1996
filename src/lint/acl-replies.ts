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
/** Allowed ranges above 1023 and wider than this are themselves for replies. */
const REPLY_RANGE = 1000;

/** One finding for each direction and protocol whose replies are stopped. O(entries³), of 40 at most. */
export function aclReplyFindings(acl: NetworkAcl): LintFinding[] {
  return (["ingress", "egress"] as const).flatMap((direction) =>
    [TCP, UDP].flatMap((protocol) => {
      const openers = acl.entries.filter(
        (entry) => entry.direction === direction && opens(entry, protocol),
      );
      const stopped = openers.map((entry) => ({ entry, extent: repliesTo(acl, entry, protocol) }));
      const none = stopped.filter(({ extent }) => extent === "none").map(({ entry }) => entry);
      const some = stopped.filter(({ extent }) => extent === "some").map(({ entry }) => entry);
      return [...told(acl, none, protocol, "none"), ...told(acl, some, protocol, "some")];
    }),
  );
}

/** An entry that lets connections of the protocol begin. Of entries for everything only TCP is looked at. */
function opens(entry: AclEntry, protocol: number): boolean {
  if (entry.action !== "allow" || entry.number >= LAST_NUMBER) return false;
  if (entry.protocol === -1) return protocol === TCP;
  const { fromPort, toPort } = entry;
  const isForReplies = fromPort >= EPHEMERAL.from && toPort - fromPort >= REPLY_RANGE;
  return entry.protocol === protocol && !isForReplies;
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
  const extents = addresses.map((address) => extentAt(entries, address, protocol));
  // Blocks that are denied on purpose are no fault, as long as somebody gets replies.
  if (extents.every((extent) => extent === "none")) return "none";
  return extents.includes("some") ? "some" : "all";
}

function extentAt(entries: readonly AclEntry[], address: Address, protocol: number): Extent {
  const ports = portCuts(entries);
  const allowed = ports.filter((port) => isAllowed(entries, address, protocol, port));
  if (allowed.length === 0) return "none";
  const usual = ports.filter((port) => port >= USUAL.from);
  return usual.every((port) => allowed.includes(port)) ? "all" : "some";
}

/** One port of every stretch that no entry cuts. */
function portCuts(entries: readonly AclEntry[]): number[] {
  const cuts = entries.flatMap(({ fromPort, toPort }) => [fromPort, toPort + 1]);
  const all = [EPHEMERAL.from, USUAL.from, ...cuts];
  return [...new Set(all.filter((port) => port >= EPHEMERAL.from && port <= EPHEMERAL.to))];
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
  const more = entries.length > 1 ? ` and ${entries.length - 1} more` : "";
  const name = protocolWord(protocol);
  return [
    {
      code: "acl-replies-blocked",
      // Everything let out with little let in is how some keep a subnet from opening connections.
      level:
        extent === "none" && !(first.direction === "egress" && first.protocol === -1)
          ? "warning"
          : "note",
      subject: { kind: "acl", id: acl.id, name: null },
      ruleIds: entries.map((entry) => entryId(acl, entry)),
      relatedIds: [],
      at: first.at,
      message: `${entryWords(first)}${more}: ${extent === "none" ? "no" : "not every"} ${name} reply may pass ${back}, for ${extent === "none" ? "no port of 1024-65535" : "only a part of the ports 32768-65535"} is allowed there`,
      advice: `Allow ${name} 1024-65535 ${back} ${back === "egress" ? "to" : "from"} the same blocks: ACLs keep no state.`,
    },
  ];
}
