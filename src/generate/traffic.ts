// Opens connections: chooses the kind, the two ends and how it will go on. Everything it fills in is one row.
import {
  ADDRESS_A,
  ADDRESS_B,
  type ConnectionTable,
  DUE,
  FAMILY,
  INTERFACE_A,
  INTERFACE_B,
  INTERFACE_M,
  KIND,
  OLDER,
  ORDINAL,
  PACE,
  PLAN,
  PORT_A,
  PORT_B,
  PORT_M,
  PROTOCOL,
  REMAIN,
  RETRIES,
  STAGE,
  TICKS,
} from "./connection-table.js";
import { type Policy, RULE_ADDRESS, RULE_FAMILY, RULE_PROTOCOL, ruleRow } from "./firewall.js";
import { type Host, Hosts } from "./hosts.js";
import type { FullOptions } from "./options.js";
import type { PacketPath } from "./packet-path.js";
import { planConnection, planProbe } from "./plans.js";
import { mix32, type Random } from "./random.js";
import { openRule, pickList, type RulePicks, rulePicks, rulePort } from "./rule-picks.js";
import { Scans } from "./scans.js";
import {
  AFTER_AGAIN,
  HOST_REFUSES,
  HOST_SILENT,
  LONG_LIVED,
  type Script,
  STAGE_BACKSCATTER,
  STAGE_DATAGRAM,
  STAGE_REQUEST,
  STAGE_SYN,
} from "./script.js";
import { SYMMETRIC_UDP, TCP_SERVICES, UDP_SERVICES } from "./services.js";
import {
  KIND_ATTEMPT,
  KIND_BACKSCATTER,
  KIND_ICMP,
  KIND_OTHER,
  KIND_PEER,
  KIND_SCAN,
  KIND_TCP,
  KIND_UDP,
} from "./truth.js";
import { SIDE_A, SIDE_B } from "./window-records.js";
import type { World } from "./world.js";

const FAILED = -1;

export class Traffic {
  readonly #world: World;
  readonly #table: ConnectionTable;
  readonly #path: PacketPath;
  readonly #script: Script;
  readonly #random: Random;
  readonly #options: FullOptions;
  readonly #hosts: Hosts;
  readonly #scans: Scans;
  readonly #picks: readonly (RulePicks | undefined)[];
  /** Mean ticks between two exchanges of a connection that is kept alive. */
  readonly #livePace: number;

  constructor(
    world: World,
    table: ConnectionTable,
    path: PacketPath,
    script: Script,
    random: Random,
    options: FullOptions,
  ) {
    this.#world = world;
    this.#table = table;
    this.#path = path;
    this.#script = script;
    this.#random = random;
    this.#options = options;
    this.#hosts = new Hosts(world, random);
    this.#scans = new Scans(random, world.targets.length);
    const made = new Map<Policy, RulePicks>();
    this.#picks = world.policies.map((policy) => {
      if (policy === undefined) return undefined;
      const picks = made.get(policy) ?? rulePicks(policy);
      made.set(policy, picks);
      return picks;
    });
    // Each exchange leaves some three records; kept connections shall make at most four tenths of all.
    const seconds = (options.liveConnections * 7.5) / options.ratePerSecond;
    this.#livePace = Math.ceil(Math.max(10, seconds) * TICKS);
  }

  /** Opens a connection at the tick; the row, or -1 where nothing fitting was found. */
  open(tick: number): number {
    const options = this.#options;
    let chance = this.#random.unit();
    const hit = (share: number): boolean => {
      chance -= share;
      return chance < 0;
    };
    if (hit(options.scanShare)) return this.#scan(tick);
    if (hit(options.udpShare)) return this.#ruled(17, tick);
    if (hit(options.rejectShare)) return this.#attempt(tick);
    if (hit(options.icmpShare)) return this.#ping(tick);
    if (hit(options.backscatterShare)) return this.#backscatter(tick);
    if (hit(options.aclShare)) return this.#acrossAcl(tick);
    if (hit(options.peerToPeerShare)) return this.#peerToPeer(tick);
    if (hit(options.otherShare)) return this.#ruled(47, tick);
    return this.#ruled(6, tick);
  }

  /** A long TCP connection: new with its SYN at the tick, or in its midst when the log begins. */
  openLong(tick: number, older: boolean): number {
    const row = this.#ruled(6, tick);
    if (row === FAILED) return FAILED;
    const { rows } = this.#table;
    rows[row + PLAN] =
      (rows[row + PLAN]! & ~(HOST_REFUSES | HOST_SILENT | AFTER_AGAIN)) | LONG_LIVED;
    rows[row + PACE] = Math.ceil(this.#livePace * (0.5 + this.#random.unit()));
    // Between an hour and a day.
    const life = 3600 * TICKS * this.#random.between(1, 24);
    rows[row + REMAIN] = Math.max(3, Math.ceil(life / rows[row + PACE]!));
    if (!older) return row;
    if (!this.#path.admitsOpener(row)) {
      this.discard(row);
      return FAILED;
    }
    rows[row + OLDER] = 1;
    rows[row + STAGE] = STAGE_REQUEST;
    rows[row + REMAIN] = 1 + this.#random.below(rows[row + REMAIN]!);
    rows[row + DUE] = this.#random.below(rows[row + PACE]!);
    this.#path.establish(row, -this.#random.below(30 * TICKS));
    return row;
  }

  discard(row: number): void {
    this.#table.unclaim(row);
    this.#table.release(row);
  }

  #begin(protocol: number, family: number, kind: number, tick: number): number {
    const row = this.#table.allocate();
    const { rows } = this.#table;
    rows[row + PROTOCOL] = protocol;
    rows[row + FAMILY] = family;
    rows[row + KIND] = kind;
    rows[row + DUE] = tick;
    rows[row + STAGE] = protocol === 6 ? STAGE_SYN : STAGE_DATAGRAM;
    return row;
  }

  #setEnd(row: number, side: number, host: Host | undefined): boolean {
    if (host === undefined) return false;
    const { rows } = this.#table;
    rows[row + INTERFACE_A + side] = host.index;
    rows.set(host.words, row + (side === SIDE_A ? ADDRESS_A : ADDRESS_B));
    return true;
  }

  /** Chooses a free source port (0 = one of the system's) and gives the connection its number. */
  #finish(row: number, sourcePort: number): number {
    const { rows } = this.#table;
    const hasPorts = rows[row + PROTOCOL] === 6 || rows[row + PROTOCOL] === 17;
    const alike = !hasPorts || sourcePort === rows[row + PORT_B];
    if (alike && !this.#isAsker(row)) return this.#fail(row);
    for (let attempt = 0; attempt < 3; attempt++) {
      rows[row + PORT_A] = sourcePort;
      if (hasPorts && sourcePort === 0)
        rows[row + PORT_A] = this.#hosts.ephemeralPort(rows, row + ADDRESS_A);
      if (!this.#table.claim(row)) continue;
      this.#path.setAcl(row);
      rows[row + ORDINAL] = ++this.#script.ordinal | 0;
      return row;
    }
    return this.#fail(row);
  }

  /** Pings, tunnels and time servers have fixed roles: of two hosts always the same one asks the other. */
  #isAsker(row: number): boolean {
    return this.#rank(row, SIDE_A) < this.#rank(row, SIDE_B);
  }

  /** By interface where there is one: without pkt-* fields a log shows its primary address alone. */
  #rank(row: number, side: number): number {
    const { rows } = this.#table;
    const index = rows[row + INTERFACE_A + side]!;
    if (index >= 0) return mix32(this.#world.primary[4 * index]!);
    const address = row + (side === SIDE_A ? ADDRESS_A : ADDRESS_B);
    return mix32(rows[address]! ^ rows[address + 3]!);
  }

  #fail(row: number): number {
    this.#table.release(row);
    return FAILED;
  }

  #instance(): number {
    const { instances } = this.#world;
    return instances[this.#random.zipf(instances.length)]!;
  }

  #family(index: number): number {
    const has6 = this.#world.addresses6[index]!.length > 0;
    return has6 && this.#random.chance(this.#options.ipv6TrafficShare) ? 6 : 4;
  }

  /** A connection that some rule of one end admits. */
  #ruled(protocol: number, tick: number): number {
    for (let attempt = 0; attempt < 4; attempt++) {
      const row = this.#tryRuled(protocol, tick);
      if (row !== FAILED) return row;
    }
    return FAILED;
  }

  #tryRuled(protocol: number, tick: number): number {
    const random = this.#random;
    const index = this.#instance();
    const family = protocol === 47 ? 4 : this.#family(index);
    const shown = protocol === 1 && family === 6 ? 58 : protocol;
    const ingress = random.chance(0.6);
    const policy = this.#world.policies[index];
    if (policy === undefined) return FAILED;
    const table = ingress ? policy.ingress : policy.egress;
    const list = this.#picks[index]![ingress ? "ingress" : "egress"][pickList(shown, family)]!;
    if (list.length === 0) return FAILED;
    const rule = list[random.zipf(list.length)]!;
    const own = table.rows[ruleRow(rule) + RULE_PROTOCOL]!;
    const row = this.#begin(
      protocol === 47 && own !== -1 ? own : shown,
      family,
      this.#kind(shown),
      tick,
    );
    const { rows } = this.#table;
    rows[row + PORT_B] = rulePort(table, rule, shown, random);
    if (ingress && this.#isBalanced(table.rows, rule)) {
      if (!this.#setBalanced(row, index)) return this.#fail(row);
    } else {
      const localSide = ingress ? SIDE_B : SIDE_A;
      if (
        !this.#setEnd(row, localSide, this.#hosts.inside(index, family)) ||
        !this.#setEnd(row, 1 - localSide, this.#hosts.ofRule(table, rule, index, family))
      )
        return this.#fail(row);
      this.#setNat(row, index);
    }
    planConnection(this.#table.rows, row, this.#random, this.#options.lateShare);
    const made = this.#finish(row, this.#sourcePort(row));
    // An ICMP rule for one type may not be the type we send.
    if (made !== FAILED && (shown === 6 || shown === 17))
      this.#path.setRuled(made, ingress ? SIDE_B : SIDE_A);
    return made;
  }

  #kind(protocol: number): number {
    if (protocol === 6) return KIND_TCP;
    if (protocol === 17) return KIND_UDP;
    return protocol === 1 || protocol === 58 ? KIND_ICMP : KIND_OTHER;
  }

  #sourcePort(row: number): number {
    const { rows } = this.#table;
    const port = rows[row + PORT_B]!;
    if (rows[row + PROTOCOL] !== 17 || !SYMMETRIC_UDP.includes(port)) return 0;
    return this.#random.chance(0.6) ? port : 0;
  }

  #isBalanced(rows: Int32Array, rule: number): boolean {
    const { balancer, groups } = this.#world;
    const row = ruleRow(rule);
    if (balancer < 0 || rows[row + RULE_FAMILY] !== 0) return false;
    return groups[balancer]!.includes(rows[row + RULE_ADDRESS]!);
  }

  /** A client that calls the balancer, which keeps the client's address towards the target. */
  #setBalanced(row: number, target: number): boolean {
    const { rows } = this.#table;
    if (rows[row + PROTOCOL] !== 6 || rows[row + FAMILY] !== 4) return false;
    this.#setEnd(row, SIDE_B, this.#hosts.inside(target, 4));
    rows[row + INTERFACE_M] = this.#world.balancer;
    rows[row + PORT_M] = 443;
    if (this.#random.chance(0.85)) return this.#setEnd(row, SIDE_A, this.#hosts.outside(4));
    const client = this.#instance();
    return client !== target && this.#setEnd(row, SIDE_A, this.#hosts.inside(client, 4));
  }

  /** Every third interface reaches the IPv4 internet by the NAT gateway. */
  #setNat(row: number, index: number): void {
    const { rows } = this.#table;
    const { nat } = this.#world;
    const outward = rows[row + INTERFACE_A]! >= 0 && rows[row + INTERFACE_B]! < 0;
    if (nat < 0 || index % 3 !== 0 || !outward || rows[row + FAMILY] !== 4) return;
    const remote = rows[row + ADDRESS_B]! >>> 0;
    if (remote >>> 20 === 0xac1 || remote >>> 24 === 10) return;
    rows[row + INTERFACE_M] = nat;
    const hasPorts = rows[row + PROTOCOL] === 6 || rows[row + PROTOCOL] === 17;
    rows[row + PORT_M] = hasPorts ? this.#random.between(1024, 65_535) : 0;
  }

  #scan(tick: number): number {
    const probe = this.#scans.next();
    const row = this.#begin(probe.protocol, 4, KIND_SCAN, tick);
    const { rows } = this.#table;
    const scanner = probe.inside
      ? this.#world.instances[probe.source % this.#world.instances.length]!
      : -1;
    const target = this.#world.targets[probe.target]!;
    if (scanner === target) return this.#fail(row);
    if (scanner >= 0) this.#setEnd(row, SIDE_A, this.#hosts.inside(scanner, 4));
    else rows[row + ADDRESS_A] = this.#hosts.publicAddress(probe.source);
    this.#setEnd(row, SIDE_B, this.#hosts.inside(target, 4));
    rows[row + PORT_B] = probe.port;
    planProbe(this.#table.rows, row, this.#random);
    // Most scanners send one SYN and no second.
    rows[row + RETRIES] = this.#random.chance(0.8) ? 9 : 1;
    return this.#finish(row, probe.sourcePort);
  }

  /** An attempt that is likely against the rules; what comes of it the rules decide. */
  #attempt(tick: number): number {
    const random = this.#random;
    let index = this.#instance();
    const outward = random.chance(0.25);
    for (let attempt = 0; outward && attempt < 4 && this.#isOpenOutward(index); attempt++)
      index = this.#instance();
    const family = this.#family(index);
    const protocol = random.chance(0.85) ? 6 : 17;
    const row = this.#begin(protocol, family, KIND_ATTEMPT, tick);
    const { rows } = this.#table;
    const services = protocol === 6 ? TCP_SERVICES : UDP_SERVICES;
    rows[row + PORT_B] = random.chance(0.7) ? random.pick(services) : random.between(1, 65_535);
    const localSide = outward ? SIDE_A : SIDE_B;
    this.#setEnd(row, localSide, this.#hosts.inside(index, family));
    const other = random.chance(0.35) ? this.#instance() : -1;
    const remote =
      other < 0 || other === index
        ? this.#hosts.outside(family)
        : this.#hosts.inside(other, family);
    if (!this.#setEnd(row, 1 - localSide, remote)) return this.#fail(row);
    this.#setNat(row, index);
    planProbe(this.#table.rows, row, this.#random);
    return this.#finish(row, 0);
  }

  #isOpenOutward(index: number): boolean {
    const policy = this.#world.policies[index];
    if (policy === undefined) return true;
    return openRule(policy.egress, this.#picks[index]!.egress[pickList(6, 4)]!) >= 0;
  }

  /** Pings go where a rule speaks of ICMP, or anywhere. */
  #ping(tick: number): number {
    if (this.#random.chance(0.75)) return this.#ruled(1, tick);
    const index = this.#instance();
    const row = this.#begin(1, 4, KIND_ICMP, tick);
    this.#setEnd(row, SIDE_B, this.#hosts.inside(index, 4));
    this.#setEnd(row, SIDE_A, this.#hosts.outside(4));
    planConnection(this.#table.rows, row, this.#random, this.#options.lateShare);
    return this.#finish(row, 0);
  }

  /** A server outside answers a packet that somebody sent in the name of one of our addresses. */
  #backscatter(tick: number): number {
    const random = this.#random;
    const row = this.#begin(6, 4, KIND_BACKSCATTER, tick);
    const { rows } = this.#table;
    this.#setEnd(row, SIDE_B, this.#hosts.inside(this.#instance(), 4));
    this.#setEnd(row, SIDE_A, this.#hosts.outside(4));
    rows[row + STAGE] = STAGE_BACKSCATTER;
    rows[row + PORT_B] = random.between(1024, 65_535);
    rows[row + RETRIES] = random.chance(0.6) ? 18 : 4;
    rows[row + REMAIN] = random.between(1, 3);
    return this.#finish(row, random.pick([80, 443, 22, 25, 8080]));
  }

  /** A remote host in a block that the ACL denies one way, through a rule for all addresses. */
  #acrossAcl(tick: number): number {
    const { denies } = this.#world;
    if (denies.length === 0) return this.#ruled(6, tick);
    const deny = this.#random.pick(denies);
    // A denied way out hits the replies to callers; a denied way in the replies to our own calls.
    const ingress = deny.egress;
    for (let attempt = 0; attempt < 8; attempt++) {
      const index = this.#instance();
      const policy = this.#world.policies[index]!;
      const table = ingress ? policy.ingress : policy.egress;
      const list = this.#picks[index]![ingress ? "ingress" : "egress"][pickList(6, 4)]!;
      const rule = openRule(table, list);
      if (rule < 0) continue;
      const row = this.#begin(6, 4, KIND_TCP, tick);
      const { rows } = this.#table;
      rows[row + PORT_B] = rulePort(table, rule, 6, this.#random);
      this.#setEnd(row, ingress ? SIDE_B : SIDE_A, this.#hosts.inside(index, 4));
      const host = this.#random.zipf(-deny.mask);
      rows[row + (ingress ? ADDRESS_A : ADDRESS_B)] = deny.address | host;
      planConnection(this.#table.rows, row, this.#random, this.#options.lateShare);
      return this.#finish(row, 0);
    }
    return this.#ruled(6, tick);
  }

  /** Two equals with fixed high ports: nothing in the log tells who began. */
  #peerToPeer(tick: number): number {
    const index = this.#instance();
    const policy = this.#world.policies[index]!;
    const row = this.#begin(17, 4, KIND_PEER, tick);
    const { rows } = this.#table;
    const outward =
      this.#random.chance(0.5) &&
      openRule(policy.egress, this.#picks[index]!.egress[pickList(17, 4)]!) >= 0;
    this.#setEnd(row, outward ? SIDE_A : SIDE_B, this.#hosts.inside(index, 4));
    this.#setEnd(row, outward ? SIDE_B : SIDE_A, this.#hosts.outside(4));
    rows[row + PORT_B] = this.#random.between(32_768, 65_535);
    planConnection(this.#table.rows, row, this.#random, this.#options.lateShare);
    return this.#finish(row, this.#random.between(32_768, 65_535));
  }
}
