// How connections go on, packet by packet: TCP handshakes, exchanges and endings, UDP and pings, what comes too late.
import {
  type ConnectionTable,
  DUE,
  OLDER,
  ORDINAL,
  PACE,
  PLAN,
  PROTOCOL,
  REMAIN,
  RETRIES,
  STAGE,
  TICKS,
} from "./connection-table.js";
import type { PacketPath } from "./packet-path.js";
import type { Random } from "./random.js";
import type { WindowRecords } from "./window-records.js";

// Stages of a connection.
export const STAGE_SYN = 0;
const STAGE_SYN_ACK = 1;
export const STAGE_REQUEST = 2;
const STAGE_RESPONSE = 3;
const STAGE_CLOSE = 4;
const STAGE_CLOSE_BACK = 5;
const STAGE_LAST_ACK = 6;
const STAGE_LATE = 7;
export const STAGE_BACKSCATTER = 8;
/** Everything but TCP. */
export const STAGE_DATAGRAM = 9;
const STAGE_DATAGRAM_BACK = 10;
const STAGE_END = 11;

// Bits of PLAN. How it ends:
const CLOSE_MASK = 7;
export const CLOSE_FIN_OPENER = 0;
export const CLOSE_FIN_RESPONDER = 1;
export const CLOSE_RST_OPENER = 2;
export const CLOSE_RST_RESPONDER = 3;
/** The hosts vanish without a word. */
export const CLOSE_NONE = 4;
// What the responder's host does:
export const HOST_REFUSES = 8;
export const HOST_SILENT = 16;
// What comes after the end:
export const AFTER_LATE = 32;
export const AFTER_AGAIN = 64;
/** Counts among the connections that are kept alive. */
export const LONG_LIVED = 128;
/** Largest response: 2^n packets, n in these bits. */
export const SIZE_SHIFT = 8;

const FIN = 1;
const SYN = 2;
const RST = 4;
const SYN_ACK = 18;

const SECOND = TICKS;

export class Script {
  readonly #table: ConnectionTable;
  readonly #path: PacketPath;
  readonly #records: WindowRecords;
  readonly #random: Random;
  /** Number of the newest connection. */
  ordinal = 0;

  constructor(table: ConnectionTable, path: PacketPath, records: WindowRecords, random: Random) {
    this.#table = table;
    this.#path = path;
    this.#records = records;
    this.#random = random;
  }

  /** Plays the connection up to the end of the window and writes its records; false where it is over. */
  play(row: number, endTick: number): boolean {
    const { rows } = this.#table;
    while (rows[row + DUE]! < endTick && rows[row + STAGE] !== STAGE_END) this.#step(row);
    this.#records.write(row);
    return rows[row + STAGE] !== STAGE_END;
  }

  #step(row: number): void {
    switch (this.#table.rows[row + STAGE]) {
      case STAGE_SYN:
        this.#syn(row);
        return;
      case STAGE_SYN_ACK:
        this.#synAck(row);
        return;
      case STAGE_REQUEST:
        this.#request(row);
        return;
      case STAGE_RESPONSE:
        this.#response(row);
        return;
      case STAGE_CLOSE:
        this.#close(row);
        return;
      case STAGE_CLOSE_BACK:
        this.#closeBack(row);
        return;
      case STAGE_LAST_ACK:
        this.#path.send(row, this.#openerCloses(row), this.#now(row), 1, 52, 0);
        this.#after(row);
        return;
      case STAGE_LATE:
        this.#late(row);
        return;
      case STAGE_BACKSCATTER:
        this.#backscatter(row);
        return;
      case STAGE_DATAGRAM:
        this.#datagram(row);
        return;
      default:
        this.#datagramBack(row);
        return;
    }
  }

  #now(row: number): number {
    return this.#table.rows[row + DUE]!;
  }

  #next(row: number, stage: number, delay: number): void {
    const { rows } = this.#table;
    rows[row + STAGE] = stage;
    rows[row + DUE]! += delay;
  }

  #end(row: number): void {
    this.#table.rows[row + STAGE] = STAGE_END;
  }

  #roundTrip(): number {
    return 1 + (this.#random.next() >>> 29);
  }

  /** One lost packet more: the same again later, or the end. */
  #retry(row: number, stage: number, most: number): void {
    const { rows } = this.#table;
    const retries = rows[row + RETRIES]!;
    if (retries >= most) {
      this.#end(row);
      return;
    }
    rows[row + RETRIES] = retries + 1;
    this.#next(row, stage, SECOND << retries);
  }

  #syn(row: number): void {
    const plan = this.#table.rows[row + PLAN]!;
    const arrived = this.#path.send(row, true, this.#now(row), 1, 60, SYN);
    if (!arrived || (plan & HOST_SILENT) !== 0) {
      this.#retry(row, STAGE_SYN, (plan & LONG_LIVED) === 0 ? 2 : 5);
      return;
    }
    this.#next(row, STAGE_SYN_ACK, this.#roundTrip());
  }

  #synAck(row: number): void {
    const { rows } = this.#table;
    if ((rows[row + PLAN]! & HOST_REFUSES) !== 0) {
      this.#path.send(row, false, this.#now(row), 1, 40, RST);
      this.#end(row);
      return;
    }
    const arrived = this.#path.send(row, false, this.#now(row), 1, 60, SYN_ACK);
    if (!arrived) {
      this.#retry(row, STAGE_SYN, 3);
      return;
    }
    rows[row + RETRIES] = 0;
    this.#next(row, rows[row + REMAIN]! > 0 ? STAGE_REQUEST : STAGE_CLOSE, this.#roundTrip());
  }

  #request(row: number): void {
    const packets = 1 + this.#random.zipf(8);
    const bytes = packets * (52 + this.#random.below(500));
    const arrived = this.#path.send(row, true, this.#now(row), packets, bytes, 0);
    if (!arrived) {
      this.#retry(row, STAGE_REQUEST, 3);
      return;
    }
    this.#next(row, STAGE_RESPONSE, this.#roundTrip());
  }

  #responsePackets(row: number): number {
    return 1 + this.#random.zipf(1 << ((this.#table.rows[row + PLAN]! >>> SIZE_SHIFT) & 15));
  }

  #response(row: number): void {
    const { rows } = this.#table;
    const packets = this.#responsePackets(row);
    const bytes = packets * (52 + this.#random.below(1400));
    const arrived = this.#path.send(row, false, this.#now(row), packets, bytes, 0);
    if (!arrived) {
      this.#retry(row, STAGE_RESPONSE, 3);
      return;
    }
    rows[row + RETRIES] = 0;
    rows[row + REMAIN]! -= 1;
    const over = rows[row + REMAIN]! <= 0;
    this.#next(
      row,
      over ? STAGE_CLOSE : STAGE_REQUEST,
      this.#random.exponential(rows[row + PACE]!),
    );
  }

  #openerCloses(row: number): boolean {
    const close = this.#table.rows[row + PLAN]! & CLOSE_MASK;
    return close === CLOSE_FIN_OPENER || close === CLOSE_RST_OPENER;
  }

  #close(row: number): void {
    const close = this.#table.rows[row + PLAN]! & CLOSE_MASK;
    if (close === CLOSE_NONE) {
      this.#end(row);
      return;
    }
    const reset = close === CLOSE_RST_OPENER || close === CLOSE_RST_RESPONDER;
    const flags = reset ? RST : FIN;
    this.#path.send(row, this.#openerCloses(row), this.#now(row), 1, 52, flags);
    if (reset) {
      this.#after(row);
      return;
    }
    this.#next(row, STAGE_CLOSE_BACK, this.#roundTrip());
  }

  #closeBack(row: number): void {
    this.#path.send(row, !this.#openerCloses(row), this.#now(row), 1, 52, FIN);
    this.#next(row, STAGE_LAST_ACK, this.#roundTrip());
  }

  /** After the end: nothing, a straggler, or the same ports again. */
  #after(row: number): void {
    const { rows } = this.#table;
    const plan = rows[row + PLAN]!;
    if ((plan & AFTER_LATE) !== 0) {
      rows[row + REMAIN] = this.#random.between(1, 3);
      this.#next(row, STAGE_LATE, this.#lateDelay());
      return;
    }
    if ((plan & AFTER_AGAIN) === 0) {
      this.#end(row);
      return;
    }
    rows[row + PLAN] = plan & ~AFTER_AGAIN;
    rows[row + REMAIN] = this.#random.between(1, 4);
    rows[row + RETRIES] = 0;
    rows[row + OLDER] = 0;
    // The window may hold records of both lives: they show the number of the later one.
    rows[row + ORDINAL] = ++this.ordinal | 0;
    this.#path.forget(row);
    this.#next(row, STAGE_SYN, this.#random.between(2 * SECOND, 150 * SECOND));
  }

  /** Half within a minute, the rest up to a quarter of an hour. */
  #lateDelay(): number {
    const kind = this.#random.unit();
    if (kind < 0.5) return this.#random.between(3 * SECOND, 60 * SECOND);
    if (kind < 0.75) return this.#random.between(60 * SECOND, 240 * SECOND);
    return this.#random.between(240 * SECOND, 900 * SECOND);
  }

  #late(row: number): void {
    const { rows } = this.#table;
    const isTcp = rows[row + PROTOCOL] === 6;
    const kind = this.#random.unit();
    const fromOpener = kind < 0.15;
    let flags = 0;
    if (isTcp) flags = this.#lateFlags();
    this.#path.send(row, fromOpener, this.#now(row), 1, isTcp ? 52 : 120, flags);
    rows[row + REMAIN]! -= 1;
    if (rows[row + REMAIN]! <= 0) {
      this.#end(row);
      return;
    }
    this.#next(row, STAGE_LATE, this.#random.between(SECOND, 20 * SECOND));
  }

  #lateFlags(): number {
    const kind = this.#random.unit();
    if (kind < 0.4) return RST;
    return kind < 0.6 ? FIN : 0;
  }

  /** The opener of the row is the host that answers somebody else's packet. */
  #backscatter(row: number): void {
    const { rows } = this.#table;
    const arrived = this.#path.send(row, true, this.#now(row), 1, 44, rows[row + RETRIES]!);
    if (arrived && rows[row + RETRIES] !== RST && (rows[row + PLAN]! & HOST_SILENT) === 0)
      this.#path.send(row, false, this.#now(row), 1, 40, RST);
    rows[row + REMAIN]! -= 1;
    if (rows[row + REMAIN]! <= 0) {
      this.#end(row);
      return;
    }
    this.#next(row, STAGE_BACKSCATTER, this.#random.between(SECOND, 8 * SECOND));
  }

  #datagram(row: number): void {
    const { rows } = this.#table;
    const isPing = rows[row + PROTOCOL] === 1 || rows[row + PROTOCOL] === 58;
    const packets = isPing ? 1 : 1 + (this.#random.next() >>> 30);
    const bytes = isPing ? 84 : packets * (40 + this.#random.below(400));
    const arrived = this.#path.send(row, true, this.#now(row), packets, bytes, 0);
    if (arrived && (rows[row + PLAN]! & HOST_SILENT) === 0) {
      this.#next(row, STAGE_DATAGRAM_BACK, this.#roundTrip());
      return;
    }
    this.#nextDatagram(row);
  }

  #datagramBack(row: number): void {
    const { rows } = this.#table;
    const isPing = rows[row + PROTOCOL] === 1 || rows[row + PROTOCOL] === 58;
    // Only a responder that was reached can send something late.
    rows[row + RETRIES] = 1;
    const packets = isPing ? 1 : this.#responsePackets(row);
    const bytes = isPing ? 84 : packets * (60 + this.#random.below(1100));
    this.#path.send(row, false, this.#now(row), packets, bytes, 0);
    this.#nextDatagram(row);
  }

  #nextDatagram(row: number): void {
    const { rows } = this.#table;
    rows[row + REMAIN]! -= 1;
    if (rows[row + REMAIN]! > 0) {
      this.#next(row, STAGE_DATAGRAM, this.#random.exponential(rows[row + PACE]!));
      return;
    }
    if ((rows[row + PLAN]! & AFTER_LATE) === 0 || rows[row + RETRIES] === 0) {
      this.#end(row);
      return;
    }
    rows[row + REMAIN] = this.#random.between(1, 3);
    // Around the timers of 30 and 180 s, and well beyond them.
    const idle = this.#random.pick([20, 28, 33, 60, 170, 190, 320, 600]);
    this.#next(row, STAGE_LATE, idle * SECOND + this.#random.below(10 * SECOND));
  }
}
