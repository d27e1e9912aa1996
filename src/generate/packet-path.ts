// Sends packets along the interfaces of a connection: each judges them by its entry, its rules and the ACL.
import { addressFromWords } from "./address-words.js";
import {
  ACL,
  ADDRESS_A,
  ADDRESS_B,
  type ConnectionTable,
  FAMILY,
  INTERFACE_A,
  INTERFACE_B,
  INTERFACE_M,
  OLDER,
  ORDINAL,
  PORT_A,
  PORT_B,
  PORT_M,
  PROTOCOL,
  TICKS,
  VERDICTS,
} from "./connection-table.js";
import { admits, type Question } from "./firewall.js";
import type { PacketEvent } from "./packet-event.js";
import {
  establish,
  forget,
  isReopened,
  note,
  TRACK_ALIVE,
  TRACK_GONE_NEAR,
  TRACK_NONE,
  track,
} from "./tracker.js";
import { CAUSE_ACL, CAUSE_BALANCER, CAUSE_LATE, CAUSE_LATE_NEAR, CAUSE_REOPENED } from "./truth.js";
import {
  baseCause,
  SIDE_A,
  SIDE_B,
  SIDE_M,
  SIDE_OUTSIDE,
  type WindowRecords,
} from "./window-records.js";
import { aclDenies, type World } from "./world.js";

const NO_GROUPS: readonly number[] = [];

// Bits of ACL in a row.
const ACL_A_EGRESS = 1;
const ACL_A_INGRESS = 2;
const ACL_B_INGRESS = 4;
const ACL_B_EGRESS = 8;

export class PacketPath {
  readonly #world: World;
  readonly #table: ConnectionTable;
  readonly #records: WindowRecords;
  readonly #start: number;
  readonly #trace: ((packet: PacketEvent) => void) | undefined;
  readonly #question: Question;

  constructor(
    world: World,
    table: ConnectionTable,
    records: WindowRecords,
    start: number,
    trace: ((packet: PacketEvent) => void) | undefined,
  ) {
    this.#world = world;
    this.#table = table;
    this.#records = records;
    this.#start = start;
    this.#trace = trace;
    this.#question = {
      protocol: 0,
      port: 0,
      icmpType: 0,
      family: 4,
      words: table.rows,
      offset: 0,
      remoteGroups: NO_GROUPS,
      balancerGroups: NO_GROUPS,
    };
  }

  /** Sends a packet train; true where it reached the other end. */
  send(
    row: number,
    fromOpener: boolean,
    tick: number,
    packets: number,
    bytes: number,
    flags: number,
  ): boolean {
    const { rows } = this.#table;
    const middle = rows[row + INTERFACE_M]!;
    if (middle < 0) {
      const sender = fromOpener ? SIDE_A : SIDE_B;
      return (
        this.#pass(row, sender, true, fromOpener, tick, packets, bytes, flags) &&
        this.#pass(row, 1 - sender, false, fromOpener, tick, packets, bytes, flags)
      );
    }
    if (middle === this.#world.nat) {
      if (fromOpener)
        return (
          this.#pass(row, SIDE_A, true, true, tick, packets, bytes, flags) &&
          this.#pass(row, SIDE_M, false, true, tick, packets, bytes, flags) &&
          this.#pass(row, SIDE_OUTSIDE, true, true, tick, packets, bytes, flags)
        );
      return (
        this.#pass(row, SIDE_OUTSIDE, false, false, tick, packets, bytes, flags) &&
        this.#pass(row, SIDE_M, true, false, tick, packets, bytes, flags) &&
        this.#pass(row, SIDE_A, false, false, tick, packets, bytes, flags)
      );
    }
    if (fromOpener)
      return (
        this.#pass(row, SIDE_A, true, true, tick, packets, bytes, flags) &&
        this.#pass(row, SIDE_M, false, true, tick, packets, bytes, flags) &&
        this.#pass(row, SIDE_B, false, true, tick, packets, bytes, flags)
      );
    return (
      this.#pass(row, SIDE_B, true, false, tick, packets, bytes, flags) &&
      this.#pass(row, SIDE_M, true, false, tick, packets, bytes, flags) &&
      this.#pass(row, SIDE_A, false, false, tick, packets, bytes, flags)
    );
  }

  #pass(
    row: number,
    side: number,
    egress: boolean,
    fromOpener: boolean,
    tick: number,
    packets: number,
    bytes: number,
    flags: number,
  ): boolean {
    const { rows } = this.#table;
    const index = rows[row + INTERFACE_A + (side === SIDE_OUTSIDE ? SIDE_M : side)]!;
    if (index < 0) return true;
    let admitted = true;
    let cause = baseCause(rows[row + OLDER]!);
    let fresh = false;
    const filtered = this.#world.policies[index] !== undefined;
    if (filtered) {
      const protocol = rows[row + PROTOCOL]!;
      const found = track(rows, row, side, tick, protocol, this.#world.timers[index]!);
      if (side === SIDE_B && rows[row + INTERFACE_M]! >= 0) cause = CAUSE_BALANCER;
      if (found !== TRACK_ALIVE) {
        fresh = true;
        admitted = this.#ruled(row, side, fromOpener);
        if (!fromOpener && (found !== TRACK_NONE || !admitted)) {
          if (admitted) cause = CAUSE_REOPENED;
          else cause = found === TRACK_GONE_NEAR ? CAUSE_LATE_NEAR : CAUSE_LATE;
        }
      } else if (isReopened(rows, row, side)) cause = CAUSE_REOPENED;
    }
    const stopped = this.#aclStops(row, side, egress);
    if (stopped && admitted) cause = CAUSE_ACL;
    const accepted = admitted && !stopped;
    // Inward the ACL comes before the groups, outward after them: only there do they see what it stops.
    if (filtered && admitted && (accepted || egress))
      note(rows, row, side, tick, fresh, fromOpener, packets, flags);
    this.#records.add(side, egress, accepted, !admitted, tick, packets, bytes, flags, cause);
    if (this.#trace !== undefined)
      this.#report(
        row,
        side,
        egress,
        fromOpener,
        tick,
        packets,
        bytes,
        flags,
        admitted,
        accepted,
        index,
      );
    return accepted;
  }

  #aclStops(row: number, side: number, egress: boolean): boolean {
    const bits = this.#table.rows[row + ACL]!;
    if (bits === 0) return false;
    if (side === SIDE_A) return (bits & (egress ? ACL_A_EGRESS : ACL_A_INGRESS)) !== 0;
    return side === SIDE_B && (bits & (egress ? ACL_B_EGRESS : ACL_B_INGRESS)) !== 0;
  }

  /** Notes which ways the ACL stops the connection: it guards what enters or leaves the VPC. */
  setAcl(row: number): void {
    const { rows } = this.#table;
    if (rows[row + FAMILY] !== 4) return;
    let bits = 0;
    if (rows[row + INTERFACE_A]! >= 0 && rows[row + INTERFACE_B]! < 0) {
      const remote = rows[row + ADDRESS_B]!;
      if (aclDenies(this.#world, true, remote)) bits |= ACL_A_EGRESS;
      if (aclDenies(this.#world, false, remote)) bits |= ACL_A_INGRESS;
    }
    if (rows[row + INTERFACE_B]! >= 0 && rows[row + INTERFACE_A]! < 0) {
      const remote = rows[row + ADDRESS_A]!;
      if (aclDenies(this.#world, false, remote)) bits |= ACL_B_INGRESS;
      if (aclDenies(this.#world, true, remote)) bits |= ACL_B_EGRESS;
    }
    rows[row + ACL] = bits;
  }

  /** What the rules of the side say of the direction; asked once per connection. */
  #ruled(row: number, side: number, fromOpener: boolean): boolean {
    const { rows } = this.#table;
    const shift = side * 4 + (fromOpener ? 0 : 2);
    const known = (rows[row + VERDICTS]! >>> shift) & 3;
    if (known !== 0) return known === 3;
    const allowed = this.#askRules(row, side, fromOpener);
    rows[row + VERDICTS]! |= (allowed ? 3 : 1) << shift;
    return allowed;
  }

  /** Records in advance what the traffic maker knows because it took the connection from a rule. */
  setRuled(row: number, side: number): void {
    this.#table.rows[row + VERDICTS]! |= 3 << (side * 4);
  }

  #askRules(row: number, side: number, fromOpener: boolean): boolean {
    const { rows } = this.#table;
    const index = rows[row + INTERFACE_A + side]!;
    const policy = this.#world.policies[index];
    if (policy === undefined) return true;
    const atOpener = side === SIDE_A;
    const egress = atOpener === fromOpener;
    const question = this.#question;
    question.protocol = rows[row + PROTOCOL]!;
    question.family = rows[row + FAMILY]!;
    question.words = rows;
    question.offset = row + (atOpener ? ADDRESS_B : ADDRESS_A);
    question.port = this.#destinationPort(row, side, fromOpener);
    question.icmpType = this.#icmpType(row, fromOpener);
    const remote = rows[row + (atOpener ? INTERFACE_B : INTERFACE_A)]!;
    question.remoteGroups = remote < 0 ? NO_GROUPS : this.#world.groups[remote]!;
    question.balancerGroups = NO_GROUPS;
    const middle = rows[row + INTERFACE_M]!;
    if (middle >= 0 && middle !== this.#world.nat) {
      if (atOpener) {
        // The client talks to the balancer's address, not to the target's.
        question.words = this.#world.primary;
        question.offset = 4 * middle;
        question.remoteGroups = this.#world.groups[middle]!;
      } else if (side === SIDE_B) question.balancerGroups = this.#world.groups[middle]!;
    }
    return admits(egress ? policy.egress : policy.ingress, question);
  }

  #destinationPort(row: number, side: number, fromOpener: boolean): number {
    const { rows } = this.#table;
    if (!fromOpener) return rows[row + PORT_A]!;
    const middle = rows[row + INTERFACE_M]!;
    const called = middle >= 0 && middle !== this.#world.nat && side !== SIDE_B;
    return rows[row + (called ? PORT_M : PORT_B)]!;
  }

  #icmpType(row: number, fromOpener: boolean): number {
    if (this.#table.rows[row + FAMILY] === 4) return fromOpener ? 8 : 0;
    return fromOpener ? 128 : 129;
  }

  /** Whether every interface on the way admits the opener's packets by its rules. */
  admitsOpener(row: number): boolean {
    const { rows } = this.#table;
    for (const side of [SIDE_A, SIDE_B, SIDE_M])
      if (rows[row + INTERFACE_A + side]! >= 0 && !this.#ruled(row, side, true)) return false;
    return rows[row + ACL] === 0;
  }

  /** The connection was established before the log and last heard of at the tick. */
  establish(row: number, lastTick: number): void {
    for (const side of [SIDE_A, SIDE_B, SIDE_M]) establish(this.#table.rows, row, side, lastTick);
  }

  /** The opener starts anew from the same port: its SYN finds no entry. */
  forget(row: number): void {
    for (const side of [SIDE_A, SIDE_B, SIDE_M]) forget(this.#table.rows, row, side);
  }

  #report(
    row: number,
    side: number,
    egress: boolean,
    fromOpener: boolean,
    tick: number,
    packets: number,
    bytes: number,
    tcpFlags: number,
    admitted: boolean,
    accepted: boolean,
    index: number,
  ): void {
    const { rows } = this.#table;
    const family = rows[row + FAMILY] === 6 ? 6 : 4;
    const middle = rows[row + INTERFACE_M]!;
    const balanced = middle >= 0 && middle !== this.#world.nat;
    const addressOf = (side: number): ReturnType<typeof addressFromWords> =>
      addressFromWords(family, rows, row + (side === SIDE_A ? ADDRESS_A : ADDRESS_B));
    const front = (): ReturnType<typeof addressFromWords> =>
      addressFromWords(4, this.#world.primary, 4 * middle);
    const opener = side === SIDE_OUTSIDE ? front() : addressOf(SIDE_A);
    const openerPort = rows[row + (side === SIDE_OUTSIDE ? PORT_M : PORT_A)]!;
    const atFront = balanced && side !== SIDE_B;
    const responder = atFront ? front() : addressOf(SIDE_B);
    const responderPort = rows[row + (atFront ? PORT_M : PORT_B)]!;
    this.#trace!({
      connection: rows[row + ORDINAL]! >>> 0,
      interfaceId: this.#world.spec.interfaces[index]!.id,
      direction: egress ? "egress" : "ingress",
      protocol: rows[row + PROTOCOL]!,
      source: fromOpener ? opener : responder,
      destination: fromOpener ? responder : opener,
      sourcePort: fromOpener ? openerPort : responderPort,
      destinationPort: fromOpener ? responderPort : openerPort,
      time: this.#start + tick / TICKS,
      packets,
      bytes,
      tcpFlags,
      icmpType: this.#icmpType(row, fromOpener),
      fromOpener,
      admitted,
      accepted,
      throughBalancer: balanced && side === SIDE_B,
      skipped: this.#records.isSkipped(index),
    });
  }
}
