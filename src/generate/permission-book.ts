// Collects the rules of one group: no rule twice, never more than the limit, peers of equal ports under one permission.
import type { PermissionSpec } from "./account-spec.js";
import { dotted } from "./address-words.js";
import type { Random } from "./random.js";
import { TCP_SERVICES, UDP_SERVICES } from "./services.js";

/** Exactly one of them. */
export interface PeerSpec {
  readonly v4?: string;
  readonly v6?: string;
  readonly list?: number;
  readonly group?: number;
}

interface OpenPermission {
  direction: "ingress" | "egress";
  protocol: string;
  from: number | undefined;
  to: number | undefined;
  v4: string[];
  v6: string[];
  lists: number[];
  groups: number[];
}

function randomBlock4(random: Random): string {
  const kind = random.unit();
  if (kind < 0.2) {
    const length = random.between(20, 28);
    return blockOf(((10 << 24) | random.below(1 << 16)) >>> 0, length);
  }
  if (kind < 0.4)
    return blockOf(
      ((172 << 24) | (16 << 16) | random.below(1 << 20)) >>> 0,
      random.between(18, 28),
    );
  const address = ((random.between(60, 99) << 24) | random.below(1 << 24)) >>> 0;
  if (kind < 0.6) return blockOf(address, 32);
  return kind < 0.9 ? blockOf(address, 24) : blockOf(address, random.between(12, 20));
}

function blockOf(address: number, length: number): string {
  const mask = length === 0 ? 0 : (-1 << (32 - length)) >>> 0;
  return `${dotted((address & mask) >>> 0)}/${length}`;
}

function randomBlock6(random: Random): string {
  const site = (0x4000 + random.below(0x8000)).toString(16);
  if (random.chance(0.5)) return `2001:db8:${site}::/48`;
  return `2001:db8:${site}:${random.between(1, 0xffff).toString(16)}::/64`;
}

function randomPeer(random: Random, ipv6Share: number, groups: readonly number[]): PeerSpec {
  if (random.chance(ipv6Share)) return { v6: randomBlock6(random) };
  const kind = random.unit();
  if (kind < 0.12) return { group: random.pick(groups) };
  if (kind < 0.16) return { list: random.below(3) };
  return { v4: randomBlock4(random) };
}

/** The rules of one group while it is made. */
export class PermissionBook {
  limit: number;
  count = 0;
  readonly #open = new Map<string, OpenPermission>();
  readonly #seen = new Set<string>();

  constructor(limit: number) {
    this.limit = limit;
  }

  /** Adds the rule unless it is there already or the group is full. */
  add(
    direction: "ingress" | "egress",
    protocol: string,
    from: number | undefined,
    to: number | undefined,
    peer: PeerSpec,
  ): void {
    if (this.count >= this.limit) return;
    const key = `${direction} ${protocol} ${from} ${to}`;
    const rule = `${key} ${peer.v4} ${peer.v6} ${peer.list} ${peer.group}`;
    if (this.#seen.has(rule)) return;
    this.#seen.add(rule);
    this.count += 1;
    let permission = this.#open.get(key);
    if (permission === undefined) {
      permission = { direction, protocol, from, to, v4: [], v6: [], lists: [], groups: [] };
      this.#open.set(key, permission);
    }
    if (peer.v4 !== undefined) permission.v4.push(peer.v4);
    if (peer.v6 !== undefined) permission.v6.push(peer.v6);
    if (peer.list !== undefined) permission.lists.push(peer.list);
    if (peer.group !== undefined) permission.groups.push(peer.group);
  }

  /** Random rules up to the limit: narrow peers and single ports mostly, some ranges. */
  fill(random: Random, ipv6Share: number, groups: readonly number[]): void {
    while (this.count < this.limit) {
      const direction = random.chance(0.6) ? "ingress" : "egress";
      const peer = randomPeer(random, ipv6Share, groups);
      const kind = random.unit();
      if (kind < 0.76) this.#addPorts(random, direction, "tcp", TCP_SERVICES, peer);
      else if (kind < 0.94) this.#addPorts(random, direction, "udp", UDP_SERVICES, peer);
      else if (kind < 0.975) {
        const protocol = peer.v6 === undefined ? "icmp" : "icmpv6";
        const echo = peer.v6 === undefined ? 8 : 128;
        this.add(direction, protocol, random.chance(0.5) ? -1 : echo, -1, peer);
      } else if (kind < 0.985)
        this.add(direction, random.pick(["47", "50"]), undefined, undefined, peer);
      else this.add(direction, "-1", undefined, undefined, peer);
    }
  }

  #addPorts(
    random: Random,
    direction: "ingress" | "egress",
    protocol: string,
    services: readonly number[],
    peer: PeerSpec,
  ): void {
    const kind = random.unit();
    if (kind < 0.6) {
      const port = services[random.zipf(services.length)]!;
      this.add(direction, protocol, port, port, peer);
      return;
    }
    const from = random.between(1024, 31_000);
    this.add(direction, protocol, from, kind < 0.85 ? from : from + random.zipf(1000), peer);
  }

  permissions(): PermissionSpec[] {
    return [...this.#open.values()].map(({ from, to, ...rest }) => ({
      ...rest,
      ...(from === undefined || to === undefined ? {} : { from, to }),
    }));
  }
}
