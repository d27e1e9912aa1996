// Runs the simulation window by window and yields the log as it is delivered.

import { makeAccount } from "./account.js";
import type { AccountSpec } from "./account-spec.js";
import { ConnectionTable, PLAN, TICKS } from "./connection-table.js";
import { Delivery, type GeneratedChunk } from "./delivery.js";
import { LineWriter } from "./line-writer.js";
import { type FullOptions, type GenerateOptions, resolveOptions } from "./options.js";
import { PacketPath } from "./packet-path.js";
import { Random } from "./random.js";
import { LONG_LIVED, Script } from "./script.js";
import { Traffic } from "./traffic.js";
import { WindowRecords } from "./window-records.js";
import { WindowWheel } from "./window-wheel.js";
import { makeWorld } from "./world.js";

/** Rows of ended connections that may wait for the end of their window: bounds memory at extreme rates. */
const MOST_ENDED = 1 << 17;

/** Objects of a run, for tests of what memory holds. */
export interface GeneratorGauge {
  /** Rows of the connection table, free ones included. */
  readonly rows: number;
  readonly live: number;
}

class Simulation {
  readonly delivery: Delivery;
  readonly table: ConnectionTable = new ConnectionTable();
  readonly records: WindowRecords;
  readonly #options: FullOptions;
  readonly #spec: AccountSpec;
  readonly #random: Random;
  readonly #script: Script;
  readonly #traffic: Traffic;
  readonly #wheel: WindowWheel;
  readonly #windowTicks: number;
  /** Connections that are kept alive. */
  #kept = 0;
  #nodata = 0;
  /** Ended in this window: until it is over their ports stay taken, since one window has one record per 5-tuple. */
  #ended: number[] = [];
  #window = 0;

  constructor(spec: AccountSpec, options: FullOptions) {
    const random = new Random(options.seed, 2);
    const world = makeWorld(spec);
    const writer = new LineWriter(spec, options.fields);
    this.#options = options;
    this.#spec = spec;
    this.#random = random;
    this.delivery = new Delivery(new Random(options.seed, 3), options.chunkBytes);
    if (options.header) this.delivery.writeHeader(writer.header());
    this.records = new WindowRecords(world, this.table, random, this.delivery, writer, options);
    const path = new PacketPath(world, this.table, this.records, options.start, options.trace);
    this.#script = new Script(this.table, path, this.records, random);
    this.#traffic = new Traffic(world, this.table, path, this.#script, random, options);
    this.#windowTicks = options.windowSeconds * TICKS;
    this.#wheel = new WindowWheel(this.table, this.#windowTicks);
  }

  /** Opens what is older than the log. */
  begin(): void {
    const failures = 20 + 4 * this.#options.liveConnections;
    for (let tries = 0; this.#kept < this.#options.liveConnections && tries < failures; tries++) {
      const row = this.#traffic.openLong(0, true);
      if (row < 0) continue;
      this.#kept += 1;
      this.#wheel.add(row);
    }
  }

  /** One capture window; pauses (yields) where a chunk is ready. */
  *window(): Generator<undefined> {
    const { records, delivery } = this;
    const window = this.#window++;
    const startTick = window * this.#windowTicks;
    const endTick = startTick + this.#windowTicks;
    records.beginWindow(window, this.#options.skipShare);
    const before = records.remaining;
    const goal = this.#options.ratePerSecond * this.#options.windowSeconds;
    const due = this.#wheel.take(window, this.#random);
    // Fewer would mean that the connections already open fill the log for ever.
    const least = Math.ceil(goal / 50);
    let next = 0;
    let opened = 0;
    let failed = 0;
    const expected = Math.max(1, (due.length * 2) / goal);
    while (records.remaining > 0 && failed < 1000) {
      const hasNew = opened < least || before - records.remaining < goal;
      if (!hasNew && next === due.length) break;
      if (next < due.length && (!hasNew || this.#random.chance(expected / (expected + 1)))) {
        this.#play(due[next++]!, endTick);
      } else if (hasNew) {
        const row = this.#open(startTick);
        opened += 1;
        if (row < 0) failed += 1;
        else this.#play(row, endTick);
      }
      if (delivery.hasChunk) yield undefined;
    }
    this.#discardEnded();
    this.#writeStatusLines(window);
    delivery.endWindow();
  }

  #open(startTick: number): number {
    const tick = startTick + this.#random.below(this.#windowTicks);
    if (this.#kept >= this.#options.liveConnections) return this.#traffic.open(tick);
    const row = this.#traffic.openLong(tick, false);
    if (row >= 0) this.#kept += 1;
    return row;
  }

  #play(row: number, endTick: number): void {
    const { table } = this;
    if (this.#script.play(row, endTick)) {
      this.#wheel.add(row);
      return;
    }
    if ((table.rows[row + PLAN]! & LONG_LIVED) !== 0) this.#kept -= 1;
    this.#ended.push(row);
    if (this.#ended.length === MOST_ENDED) this.#discardEnded();
  }

  #discardEnded(): void {
    for (const row of this.#ended) this.#traffic.discard(row);
    this.#ended = [];
  }

  /** SKIPDATA for what was lost, NODATA for idle interfaces as far as the share allows. */
  #writeStatusLines(window: number): void {
    const { records } = this;
    const start = this.#options.start + window * this.#options.windowSeconds;
    const end = start + this.#options.windowSeconds - 1;
    for (let index = 0; index < this.#spec.interfaces.length; index++) {
      if (records.isSkipped(index)) records.writeStatus(index, start, end, "SKIPDATA");
      else if (!records.wasSeen(index)) {
        const written = this.#options.records - records.remaining;
        if (this.#nodata >= written * this.#options.nodataShare) continue;
        this.#nodata += 1;
        records.writeStatus(index, start, end, "NODATA");
      }
    }
  }
}

/** As `generateLog`, of a given account; `gauge` sees the table after every window. */
export function* generateLogOf(
  spec: AccountSpec,
  options: GenerateOptions,
  gauge?: (now: GeneratorGauge) => void,
): Generator<GeneratedChunk> {
  const simulation = new Simulation(spec, resolveOptions(options));
  simulation.begin();
  const { delivery, records, table } = simulation;
  while (records.remaining > 0) {
    for (const _ of simulation.window()) yield* drain(delivery);
    yield* drain(delivery);
    gauge?.({ rows: table.capacity, live: table.live });
  }
  delivery.end();
  yield* drain(delivery);
}

function* drain(delivery: Delivery): Generator<GeneratedChunk> {
  for (let chunk = delivery.shift(); chunk !== undefined; chunk = delivery.shift()) yield chunk;
}

/**
 * Writes a log of exactly `records` lines (and a header) of the account that the same options make, with the truth of
 * each. The same options give the same bytes. Memory: the rules, the live connections, sixteen lanes and a chunk.
 * Cost: some 2 microseconds per record with up to 1,000 rules per interface.
 */
export function generateLog(options: GenerateOptions): Generator<GeneratedChunk> {
  return generateLogOf(makeAccount(options), options);
}
