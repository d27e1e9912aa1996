// What one connection left at the interfaces in the present capture window, and its records when the window ends.
import {
  ADDRESS_A,
  ADDRESS_B,
  type ConnectionTable,
  FAMILY,
  INTERFACE_A,
  INTERFACE_M,
  KIND,
  ORDINAL,
  PORT_A,
  PORT_B,
  PORT_M,
  PROTOCOL,
  TICKS,
} from "./connection-table.js";
import type { Delivery } from "./delivery.js";
import { emptyRecord, type LineRecord, type LineWriter } from "./line-writer.js";
import type { Random } from "./random.js";
import {
  CAUSE_BEFORE_LOG,
  KIND_BACKSCATTER,
  KIND_NONE,
  TRUTH_ALLOW,
  TRUTH_DENY,
  TRUTH_NONE,
} from "./truth.js";
import type { World } from "./world.js";

// Where a packet is seen: the opener's interface, the responder's, and what stands between them. A NAT gateway sees
// each packet twice, on its inner and its outer leg.
export const SIDE_A = 0;
export const SIDE_B = 1;
export const SIDE_M = 2;
export const SIDE_OUTSIDE = 3;
/** Side, direction and action name a cell: one record each. */
const CELLS = 16;

const OPENER_NONE = 0;
const OPENER_LOCAL = 1;
const OPENER_REMOTE = 2;

function copyWords(to: Int32Array, at: number, from: Int32Array, offset: number): void {
  to[at] = from[offset]!;
  to[at + 1] = from[offset + 1]!;
  to[at + 2] = from[offset + 2]!;
  to[at + 3] = from[offset + 3]!;
}

export class WindowRecords {
  readonly #world: World;
  readonly #table: ConnectionTable;
  readonly #random: Random;
  readonly #delivery: Delivery;
  readonly #writer: LineWriter;
  readonly #start: number;
  readonly #record: LineRecord = emptyRecord();
  readonly #packets = new Float64Array(CELLS);
  readonly #bytes = new Float64Array(CELLS);
  readonly #first = new Int32Array(CELLS);
  readonly #last = new Int32Array(CELLS);
  readonly #flags = new Int32Array(CELLS);
  readonly #cause = new Int32Array(CELLS);
  readonly #denied = new Int32Array(CELLS);
  #used = 0;
  /** Window + 1 in which the interface had a record, or lost its records. */
  readonly #seen: Int32Array;
  readonly #skipped: Int32Array;
  #window = 0;
  /** Lines that may still be written. */
  remaining: number;

  constructor(
    world: World,
    table: ConnectionTable,
    random: Random,
    delivery: Delivery,
    writer: LineWriter,
    options: { readonly start: number; readonly records: number },
  ) {
    this.#world = world;
    this.#table = table;
    this.#random = random;
    this.#delivery = delivery;
    this.#writer = writer;
    this.#start = options.start;
    this.remaining = options.records;
    this.#seen = new Int32Array(world.spec.interfaces.length);
    this.#skipped = new Int32Array(world.spec.interfaces.length);
  }

  /** A new window begins; each interface loses its records of it with the probability. */
  beginWindow(window: number, skipShare: number): void {
    this.#window = window;
    if (skipShare === 0) return;
    for (let i = 0; i < this.#skipped.length; i++)
      if (this.#random.chance(skipShare)) this.#skipped[i] = window + 1;
  }

  isSkipped(interfaceIndex: number): boolean {
    return this.#skipped[interfaceIndex] === this.#window + 1;
  }

  wasSeen(interfaceIndex: number): boolean {
    return this.#seen[interfaceIndex] === this.#window + 1;
  }

  /** Adds a packet (or a train of equal ones) to its cell. */
  add(
    side: number,
    egress: boolean,
    accepted: boolean,
    denied: boolean,
    tick: number,
    packets: number,
    bytes: number,
    flags: number,
    cause: number,
  ): void {
    const cell = side * 4 + (egress ? 2 : 0) + (accepted ? 0 : 1);
    const bit = 1 << cell;
    if ((this.#used & bit) === 0) {
      this.#used |= bit;
      this.#packets[cell] = 0;
      this.#bytes[cell] = 0;
      this.#first[cell] = tick;
      this.#flags[cell] = 0;
      this.#cause[cell] = 0;
      this.#denied[cell] = 0;
    }
    this.#packets[cell]! += packets;
    this.#bytes[cell]! += bytes;
    this.#last[cell] = tick;
    this.#flags[cell]! |= flags;
    if (cause > this.#cause[cell]!) this.#cause[cell] = cause;
    if (denied) this.#denied[cell] = 1;
  }

  /** Writes the records of the connection for this window and empties the cells. */
  write(row: number): void {
    let used = this.#used;
    this.#used = 0;
    while (used !== 0) {
      const cell = 31 - Math.clz32(used & -used);
      used &= used - 1;
      this.#writeCell(row, cell);
    }
  }

  #writeCell(row: number, cell: number): void {
    if (this.remaining === 0) return;
    const { rows } = this.#table;
    const side = cell >> 2;
    const egress = (cell & 2) !== 0;
    const rejected = (cell & 1) !== 0;
    const index = rows[row + INTERFACE_A + (side === SIDE_OUTSIDE ? SIDE_M : side)]!;
    if (this.#skipped[index] === this.#window + 1) return;
    this.#seen[index] = this.#window + 1;
    this.remaining -= 1;
    const record = this.#record;
    record.interfaceIndex = index;
    record.family = rows[row + FAMILY]!;
    record.protocol = rows[row + PROTOCOL]!;
    record.packets = this.#packets[cell]!;
    record.bytes = this.#bytes[cell]!;
    record.rejected = rejected;
    record.egress = egress;
    this.#setTimes(cell);
    this.#setEnds(row, side, egress, index);
    record.tcpFlags = this.#shownFlags(cell, index);
    record.trafficPath = egress ? this.#trafficPath(row, side) : 0;
    const lane = this.#delivery.lane();
    const end = this.#writer.write(lane.bytes, lane.length, record);
    const cause = this.#cause[cell]!;
    lane.close(
      end,
      this.#opener(row, side, rejected),
      this.#verdict(cell, index),
      cause,
      rows[row + KIND]!,
      rows[row + ORDINAL]!,
    );
  }

  #verdict(cell: number, index: number): number {
    if (this.#world.policies[index] === undefined) return TRUTH_NONE;
    return this.#denied[cell] === 1 ? TRUTH_DENY : TRUTH_ALLOW;
  }

  #opener(row: number, side: number, rejected: boolean): number {
    // Nobody opened what an accepted backscatter packet pretends to answer.
    if (this.#table.rows[row + KIND] === KIND_BACKSCATTER && !rejected) return OPENER_NONE;
    return side === SIDE_A || side === SIDE_OUTSIDE ? OPENER_LOCAL : OPENER_REMOTE;
  }

  /** TCP alone has flags; for other protocols real logs show 0 or `-`. */
  #shownFlags(cell: number, index: number): number {
    const { protocol } = this.#record;
    if (protocol === 6) return this.#flags[cell]!;
    return protocol !== 17 && (index & 1) === 1 ? -1 : 0;
  }

  /** First and last packet, up to 59 s off each way but mostly not at all (semantics 4.8). */
  #setTimes(cell: number): void {
    const first = this.#start + Math.floor(this.#first[cell]! / TICKS);
    const last = this.#start + Math.floor(this.#last[cell]! / TICKS);
    const chance = this.#random.next();
    // One draw: the low bits choose how far, the high bits whether.
    const off = this.#jitter(chance);
    this.#record.start = (chance & 0x70000000) === 0 ? Math.min(last, first + off) : first - off;
    this.#record.end = last + this.#jitter(this.#random.next());
  }

  #jitter(bits: number): number {
    const kind = (bits >>> 16) & 255;
    if (kind < 200) return 0;
    if (kind < 243) return 1 + (bits & 1);
    return kind < 254 ? bits & 15 : (bits & 63) % 60;
  }

  /** Addresses and ports as this interface shows them (AWS: a local IPv4 address reads as the primary one). */
  #setEnds(row: number, side: number, egress: boolean, index: number): void {
    const { rows } = this.#table;
    const { primary } = this.#world;
    const record = this.#record;
    const middle = rows[row + INTERFACE_M]!;
    const isNat = middle >= 0 && middle === this.#world.nat;
    const isLocalA = side === SIDE_A || side === SIDE_OUTSIDE;
    let localPort = rows[row + (isLocalA ? PORT_A : PORT_B)]!;
    let remotePort = rows[row + (isLocalA ? PORT_B : PORT_A)]!;
    let local = rows;
    let localAt = row + (isLocalA ? ADDRESS_A : ADDRESS_B);
    let remote = rows;
    let remoteAt = row + (isLocalA ? ADDRESS_B : ADDRESS_A);
    if (side === SIDE_A && middle >= 0 && !isNat) {
      remote = primary;
      remoteAt = 4 * middle;
      remotePort = rows[row + PORT_M]!;
    }
    if (side === SIDE_M && !isNat) localPort = rows[row + PORT_M]!;
    if (side === SIDE_OUTSIDE) localPort = rows[row + PORT_M]!;
    // The balancer and the outer leg of a NAT gateway own the address; its inner leg passes on another's.
    if ((side === SIDE_M && !isNat) || side === SIDE_OUTSIDE) {
      local = primary;
      localAt = 4 * index;
    }
    const shown = record.family === 4 ? primary : local;
    const shownAt = record.family === 4 ? 4 * index : localAt;
    const { addresses } = record;
    copyWords(addresses, egress ? 0 : 4, shown, shownAt);
    copyWords(addresses, egress ? 4 : 0, remote, remoteAt);
    copyWords(addresses, egress ? 8 : 12, local, localAt);
    copyWords(addresses, egress ? 12 : 8, remote, remoteAt);
    record.sourcePort = egress ? localPort : remotePort;
    record.destinationPort = egress ? remotePort : localPort;
  }

  /** 1 inside the VPC, 3 towards the office, 8 to the internet. */
  #trafficPath(row: number, side: number): number {
    const { rows } = this.#table;
    const remoteSide = side === SIDE_A || side === SIDE_OUTSIDE ? SIDE_B : SIDE_A;
    if (rows[row + INTERFACE_A + remoteSide]! >= 0) return 1;
    if (side === SIDE_A && rows[row + INTERFACE_M]! >= 0) return 1;
    if (rows[row + FAMILY] === 6) return 8;
    const remote = rows[row + (remoteSide === SIDE_B ? ADDRESS_B : ADDRESS_A)]! >>> 0;
    return remote >>> 20 === 0xac1 || remote >>> 24 === 10 ? 3 : 8;
  }

  /** NODATA or SKIPDATA of an interface for this window. */
  writeStatus(
    interfaceIndex: number,
    start: number,
    end: number,
    status: "NODATA" | "SKIPDATA",
  ): void {
    if (this.remaining === 0) return;
    this.remaining -= 1;
    const lane = this.#delivery.lane();
    const at = lane.length;
    const to = this.#writer.writeStatus(lane.bytes, at, interfaceIndex, start, end, status);
    lane.close(to, OPENER_NONE, TRUTH_NONE, 0, KIND_NONE, 0);
  }
}

/** The cause every record of a connection has at least. */
export function baseCause(older: number): number {
  return older === 1 ? CAUSE_BEFORE_LOG : 0;
}
