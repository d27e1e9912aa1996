// From sketches to rules: identities, descriptions, where each rule comes from.
import type { Group, Rule } from "../model/rule-set.js";
import type { Direction } from "../model/verdict.js";
import { hasPorts } from "./permissiveness.js";
import type { SuggestedRule } from "./suggestion.js";
import type { Sketch } from "./tighten-part.js";
import { type PeerBook, peerAddresses, peerKey } from "./tighten-peers.js";
import type { Demand } from "./tighten-training.js";

const PROTOCOL_NAMES: ReadonlyMap<number, string> = new Map([
  [-1, "all"],
  [1, "icmp"],
  [6, "tcp"],
  [17, "udp"],
  [58, "icmpv6"],
]);

/** The identity of a rule without an id of AWS, as rule documents give it. */
function identity(groupId: string, direction: Direction, { traffic, peer }: Sketch): string {
  const { protocol, fromPort, toPort } = traffic;
  const name = PROTOCOL_NAMES.get(protocol) ?? String(protocol);
  const range = fromPort === toPort ? String(fromPort) : `${fromPort}-${toPort}`;
  return `${groupId}/${direction}/${name}/${hasPorts(protocol) ? range : "all"}/${peerKey(peer)}`;
}

function sameRule(rule: Rule, { traffic, peer }: Sketch): boolean {
  const { protocol, fromPort, toPort } = traffic;
  const samePorts = !hasPorts(protocol) || (rule.fromPort === fromPort && rule.toPort === toPort);
  return (
    rule.protocol === protocol &&
    samePorts &&
    rule.icmpType === -1 &&
    !rule.stale &&
    peerKey(rule.peer) === peerKey(peer)
  );
}

/** One peer on port ranges that touch is one rule. */
export function joinRanges(sketches: readonly Sketch[]): Sketch[] {
  const out: Sketch[] = [];
  const open = new Map<string, number>();
  for (const sketch of sketches) {
    const { protocol, fromPort } = sketch.traffic;
    const key = `${protocol} ${peerKey(sketch.peer)}`;
    const at = open.get(key);
    const previous = at === undefined ? undefined : out[at];
    const touches = hasPorts(protocol) && previous?.traffic.toPort === fromPort - 1;
    if (at !== undefined && previous !== undefined && touches) {
      const traffic = { ...previous.traffic, toPort: sketch.traffic.toPort };
      out[at] = { ...previous, traffic };
      continue;
    }
    open.set(key, out.length);
    out.push(sketch);
  }
  return out;
}

/** The present rule that admitted most of the connections; the first among equals. */
function mainRule(connections: ReadonlyMap<Rule, number>): Rule | undefined {
  let best: Rule | undefined;
  for (const [rule, count] of connections)
    if (best === undefined || count > connections.get(best)!) best = rule;
  return best;
}

/** The rule of a sketch: a present one where it is the same, with what the present rules say of it. */
export function suggestedRule(
  group: Group,
  direction: Direction,
  sketch: Sketch,
  book: PeerBook,
  demands: readonly Demand[],
): SuggestedRule {
  const { traffic, peer } = sketch;
  const addresses = peerAddresses(book, peer);
  const key = peerKey(peer);
  const sources = new Map<Rule, number>();
  let connections = 0;
  for (const demand of demands) {
    const { protocol, port } = demand;
    if (traffic.protocol !== -1 && traffic.protocol !== protocol) continue;
    if (hasPorts(traffic.protocol) && (port < traffic.fromPort || port > traffic.toPort)) continue;
    const { family, value } = demand.remote;
    const inside =
      demand.names.has(key) || addresses[family].some((r) => r.first <= value && value <= r.last);
    if (!inside) continue;
    connections += demand.connections;
    for (const rule of demand.rules)
      sources.set(rule, (sources.get(rule) ?? 0) + demand.connections);
  }
  const replaces = group.rules.filter((rule) => sources.has(rule)).map(({ id }) => id);
  const same = group.rules.find((r) => r.direction === direction && sameRule(r, sketch));
  if (same !== undefined) return { rule: same, origin: "same", replaces, connections };
  const main = mainRule(sources);
  const rule: Rule = {
    id: identity(group.id, direction, sketch),
    groupId: group.id,
    direction,
    ...traffic,
    icmpType: -1,
    icmpCode: -1,
    peer,
    stale: false,
    ...(main?.description === undefined ? {} : { description: main.description }),
    at: main?.at ?? group.at,
  };
  return { rule, origin: "new", replaces, connections };
}

/** The same name may serve both families: once is enough. */
export function distinct(sketches: readonly Sketch[]): Sketch[] {
  const seen = new Map<string, Sketch>();
  for (const sketch of sketches) {
    const { protocol, fromPort, toPort } = sketch.traffic;
    const key = `${protocol} ${fromPort} ${toPort} ${peerKey(sketch.peer)}`;
    if (!seen.has(key)) seen.set(key, sketch);
  }
  return [...seen.values()];
}

/** Connections learnt from that the present rule admits. */
export function connectionsOf(rule: Rule, demands: readonly Demand[]): number {
  let sum = 0;
  for (const demand of demands) if (demand.rules.includes(rule)) sum += demand.connections;
  return sum;
}

/** A present rule that stays whatever the log says. */
export function keptRule(rule: Rule, demands: readonly Demand[]): SuggestedRule {
  return { rule, origin: "kept", replaces: [rule.id], connections: connectionsOf(rule, demands) };
}
