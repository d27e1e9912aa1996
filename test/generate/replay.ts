// A second, naive firewall: strings, maps and the rule set of the model, nothing of the generator's own machinery.
import type { PacketEvent } from "../../src/generate/index.js";
import { type Address, cidrContains, formatAddress, sameAddress } from "../../src/model/address.js";
import type { NetworkInterface, Rule, RuleSet } from "../../src/model/rule-set.js";
import { DEFAULT_TIMERS } from "../../src/model/timers.js";

interface Entry {
  last: number;
  established: boolean;
  fin: Set<string>;
  reset: boolean;
  packets: Map<string, number>;
}

function owns(item: NetworkInterface, address: Address): boolean {
  return (
    item.addresses.some((own) => sameAddress(own, address)) ||
    item.prefixes.some((prefix) => cidrContains(prefix, address))
  );
}

function matches(ruleSet: RuleSet, rule: Rule, packet: PacketEvent): boolean {
  if (rule.direction !== packet.direction) return false;
  if (rule.protocol !== -1 && rule.protocol !== packet.protocol) return false;
  if (packet.protocol === 6 || packet.protocol === 17) {
    const port = packet.destinationPort;
    if (port < rule.fromPort || port > rule.toPort) return false;
  }
  if (rule.icmpType !== -1 && rule.icmpType !== packet.icmpType) return false;
  const remote = packet.direction === "ingress" ? packet.source : packet.destination;
  const { peer } = rule;
  if (peer.kind === "cidr") return cidrContains(peer.cidr, remote);
  if (peer.kind === "prefix-list")
    return ruleSet.prefixLists.get(peer.id)!.cidrs!.some((cidr) => cidrContains(cidr, remote));
  return [...ruleSet.interfaces.values()].some((item) => {
    if (!item.groupIds.includes(peer.id)) return false;
    if (packet.throughBalancer && item.type === "network_load_balancer") return true;
    return owns(item, remote);
  });
}

function timerOf(packet: PacketEvent, item: NetworkInterface, entry: Entry): number {
  const timers = item.timers ?? {};
  if (packet.protocol === 6) {
    if (entry.fin.size === 2) return 2;
    if (entry.fin.size === 1 || !entry.established) return DEFAULT_TIMERS.tcpTransitory;
    return timers.tcpEstablished ?? DEFAULT_TIMERS.tcpEstablished;
  }
  if (packet.protocol === 17) {
    const counts = [...entry.packets.values()];
    const isStream = counts.length === 2 && counts.every((count) => count >= 2);
    if (isStream) return timers.udpStream ?? DEFAULT_TIMERS.udpStream;
    return timers.udp ?? DEFAULT_TIMERS.udp;
  }
  return [1, 58].includes(packet.protocol) ? DEFAULT_TIMERS.icmp : DEFAULT_TIMERS.other;
}

/** Judges packets in the order in which each connection sends them. */
export class Replay {
  readonly #ruleSet: RuleSet;
  readonly #entries = new Map<string, Entry>();

  constructor(ruleSet: RuleSet) {
    this.#ruleSet = ruleSet;
  }

  /** Whether the groups of the interface let the packet pass; undefined = it carries none. */
  admits(packet: PacketEvent): boolean | undefined {
    const item = this.#ruleSet.interfaces.get(packet.interfaceId)!;
    if (item.groupIds.length === 0) return undefined;
    const sender = `${formatAddress(packet.source)} ${packet.sourcePort}`;
    const receiver = `${formatAddress(packet.destination)} ${packet.destinationPort}`;
    const ends = [sender, receiver].sort().join(" ");
    // A new connection of the same ports begins with a SYN and a new number.
    const key = `${item.id} ${packet.protocol} ${ends} ${packet.connection}`;
    const found = this.#entries.get(key);
    const idle = found === undefined ? 0 : packet.time - found.last;
    let entry = found;
    if (found === undefined || found.reset || idle > timerOf(packet, item, found) + 1e-6) {
      const rules = item.groupIds.flatMap((id) => this.#ruleSet.groups.get(id)!.rules);
      if (!rules.some((rule) => matches(this.#ruleSet, rule, packet))) return false;
      const isNew = (packet.tcpFlags & 2) !== 0;
      entry = { last: 0, established: !isNew, fin: new Set(), reset: false, packets: new Map() };
    }
    // What the ACL stops on its way in, the groups never see.
    if (entry !== undefined && (packet.accepted || packet.direction === "egress")) {
      this.#entries.set(key, entry);
      entry.last = packet.time;
      entry.packets.set(sender, (entry.packets.get(sender) ?? 0) + packet.packets);
      if (entry.packets.size === 2) entry.established = true;
      if ((packet.tcpFlags & 1) !== 0) entry.fin.add(sender);
      if ((packet.tcpFlags & 4) !== 0) entry.reset = true;
    }
    return true;
  }
}
