// Live connections as rows of one Int32Array: memory is proportional to them and to nothing else. Also the set of
// live keys, because one client cannot open the same connection twice at once.
import { mix32 } from "./random.js";

// Times are ticks of 10 ms since the start of the log, negative before it: 248 days fit.
export const TICKS = 100;

// Words of a row. Side A is the opener's, side B the responder's, side M what stands between them.
export const NEXT = 0;
/** Tick of the next packet. */
export const DUE = 1;
export const STAGE = 2;
export const ORDINAL = 3;
export const KIND = 4;
export const PROTOCOL = 5;
export const FAMILY = 6;
/** Four address words each. */
export const ADDRESS_A = 7;
export const ADDRESS_B = 11;
export const PORT_A = 15;
export const PORT_B = 16;
/** Interface numbers; -1 = the host is not in the account. */
export const INTERFACE_A = 17;
export const INTERFACE_B = 18;
/** NAT gateway or load balancer on the way, or -1. */
export const INTERFACE_M = 19;
/** Balancer: the port the client called. NAT gateway: the source port outside. */
export const PORT_M = 20;
/** Exchanges left. */
export const REMAIN = 21;
/** Mean ticks between two exchanges. */
export const PACE = 22;
/** What the host does and how it ends: see script.ts. */
export const PLAN = 23;
export const RETRIES = 24;
/** Tracker of each side: last tick seen, state bits (see tracker.ts). Sides A, B, M. */
export const LAST = 25;
export const STATE = 28;
/** Two bits for each of side A, B, M and direction: known, allowed. */
export const VERDICTS = 31;
/** Which of the four ways an ACL stops: bits A egress, A ingress, B ingress, B egress. */
export const ACL = 32;
const HASH = 33;
/** 1 = began before the log. */
export const OLDER = 34;
const STRIDE = 36;

/** Rows, free list, and the set of keys. Rows are named by the index of their first word. */
export class ConnectionTable {
  rows: Int32Array;
  live = 0;
  #capacity: number;
  #free = -1;
  #used = 0;
  /** Open addressing, row + 1 in each full slot. */
  #slots: Int32Array;

  constructor(capacity = 1024) {
    this.#capacity = capacity;
    this.rows = new Int32Array(capacity * STRIDE);
    this.#slots = new Int32Array(capacity * 4);
  }

  /** Rows that exist, free ones included: what memory is proportional to. */
  get capacity(): number {
    return this.#capacity;
  }

  /** A row of zeros but for the -1 of its interfaces. `rows` may be another array afterwards. */
  allocate(): number {
    let row = this.#free;
    if (row >= 0) this.#free = this.rows[row + NEXT]!;
    else {
      if (this.#used === this.#capacity) this.#grow();
      row = this.#used++ * STRIDE;
    }
    this.rows.fill(0, row, row + STRIDE);
    this.rows[row + INTERFACE_A] = -1;
    this.rows[row + INTERFACE_B] = -1;
    this.rows[row + INTERFACE_M] = -1;
    this.live += 1;
    return row;
  }

  /** Gives the row back without touching the keys. */
  release(row: number): void {
    this.rows[row + NEXT] = this.#free;
    this.#free = row;
    this.live -= 1;
  }

  #grow(): void {
    this.#capacity *= 2;
    const rows = new Int32Array(this.#capacity * STRIDE);
    rows.set(this.rows);
    this.rows = rows;
    const old = this.#slots;
    this.#slots = new Int32Array(this.#capacity * 4);
    for (const entry of old) if (entry > 0) this.#insert(entry - 1);
  }

  #insert(row: number): void {
    const mask = this.#slots.length - 1;
    let slot = this.rows[row + HASH]! & mask;
    while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
    this.#slots[slot] = row + 1;
  }

  /** The same for both directions, so that two hosts that open towards each other collide. */
  #hash(row: number): number {
    const { rows } = this;
    let a = rows[row + PORT_A]!;
    let b = rows[row + PORT_B]!;
    for (let i = 0; i < 4; i++) {
      a = mix32(a ^ rows[row + ADDRESS_A + i]!);
      b = mix32(b ^ rows[row + ADDRESS_B + i]!);
    }
    return mix32((a + b + rows[row + PROTOCOL]!) | 0) | 0;
  }

  #same(left: number, right: number): boolean {
    const { rows } = this;
    if (rows[left + HASH] !== rows[right + HASH]) return false;
    if (rows[left + PROTOCOL] !== rows[right + PROTOCOL]) return false;
    return this.#equalEnds(left, right, false) || this.#equalEnds(left, right, true);
  }

  #equalEnds(left: number, right: number, swapped: boolean): boolean {
    const { rows } = this;
    const addressA = right + (swapped ? ADDRESS_B : ADDRESS_A);
    const addressB = right + (swapped ? ADDRESS_A : ADDRESS_B);
    for (let i = 0; i < 4; i++) {
      if (rows[left + ADDRESS_A + i] !== rows[addressA + i]) return false;
      if (rows[left + ADDRESS_B + i] !== rows[addressB + i]) return false;
    }
    return (
      rows[left + PORT_A] === rows[right + (swapped ? PORT_B : PORT_A)] &&
      rows[left + PORT_B] === rows[right + (swapped ? PORT_A : PORT_B)]
    );
  }

  /** Registers the key of a filled row; false where a live connection has it already. */
  claim(row: number): boolean {
    this.rows[row + HASH] = this.#hash(row);
    const mask = this.#slots.length - 1;
    let slot = this.rows[row + HASH]! & mask;
    while (this.#slots[slot] !== 0) {
      if (this.#same(this.#slots[slot]! - 1, row)) return false;
      slot = (slot + 1) & mask;
    }
    this.#slots[slot] = row + 1;
    return true;
  }

  /** Removes the key of a row that was claimed. Later entries of the run move up, so no tombstones are left. */
  unclaim(row: number): void {
    const slots = this.#slots;
    const mask = slots.length - 1;
    let hole = this.rows[row + HASH]! & mask;
    while (slots[hole] !== row + 1) hole = (hole + 1) & mask;
    for (let slot = (hole + 1) & mask; slots[slot] !== 0; slot = (slot + 1) & mask) {
      const home = this.rows[slots[slot]! - 1 + HASH]! & mask;
      if (((slot - home) & mask) < ((slot - hole) & mask)) continue;
      slots[hole] = slots[slot]!;
      hole = slot;
    }
    slots[hole] = 0;
  }
}
