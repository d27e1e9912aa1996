import * as c from "../contract.js";
import { FlowError } from "../errors.js";
import { type CoreState, growMemory, putVariables, takeVariables } from "./core-state.js";
import type { CoreExports } from "./exports.js";
import { instantiateCore } from "./load.js";
import { CoreMemory } from "./memory.js";
import { ReusableCore } from "./reusable-core.js";
import { type SourcePart, Staging } from "./staging.js";

export interface CoreOptions {
  readonly maxConnections: number;
  readonly lookAhead: {
    readonly slots: number;
    readonly minRecords: number;
    readonly maxRecords: number;
  };
  readonly shard: { readonly index: number; readonly count: number };
  /** Records with from <= start < to pass. */
  readonly time: { readonly from: number; readonly to: number } | undefined;
  /** Seconds: tcpEstablished, tcpTransitory, udp, udpStream, icmp, other. */
  readonly timers: readonly number[];
  /** Whether interfaces that no filter names pass. */
  readonly othersPass: boolean;
  /** `image` is an index into the images given. The first is the baseline. */
  readonly timelines: readonly CoreTimeline[];
  /** FOLD_*: what becomes rows of openers. */
  readonly fold: number;
  /** Rows of openers tell how connections stand at this second. */
  readonly cutOverAt: number | undefined;
}

/** One timeline: what it is for (TIMELINE_*), and its periods in order of time. */
export interface CoreTimeline {
  readonly kind: number;
  readonly periods: readonly CorePeriod[];
}

/** From this second on the image holds. */
export interface CorePeriod {
  readonly from: number;
  readonly image: number;
}

/** One output column of emitted records: EMIT_KIND_*. */
export interface OutputColumn {
  readonly name: string;
  readonly kind: number;
}

/** Idle timers of an interface. */
const TIMERS = 6;
/** Connections folded per call at the end. */
const FOLD_STEP = 65_536;
/** Stored rows of openers, or connections, per call: 2.5 MiB. */
const STORED_STEP = 16_384;

/** What a line of STATUS_HEADER is: the plan of its fields, or 0 when it is no header. */
export type HeaderHandler = (line: Uint8Array) => number;

/**
 * One evaluation in the core: its memory, its rule image, its chunk in hand. The class turns status codes into errors
 * and owns every view; what it returns is copied.
 */
export class Core {
  readonly memory: CoreMemory;
  private countersAt = 0;
  private readonly api: CoreExports;
  private readonly counting: boolean;
  private readonly batchRows: number;
  private readonly matchers: number[] = [];
  private readonly timelines: number;
  private readonly staging: Staging;
  private block = 0;
  /** Holds text of rows rather than of lines: the core wrote it. */
  private holdsRows = false;
  /** Where stored rows of openers are put, STORED_STEP at a time. */
  private stored = 0;
  private filled = 0;

  private constructor(api: CoreExports, counting: boolean, timelines: number, batchRows: number) {
    this.api = api;
    this.timelines = timelines;
    this.memory = new CoreMemory(api.memory);
    this.staging = new Staging(api, this.memory, () => this.refuseMemory());
    this.counting = counting;
    this.batchRows = batchRows;
  }

  /**
   * `images`: compiled rule sets, which all list the same `interfaces` interfaces. `batchRows` (1 to BATCH_ROWS) only cuts
   * the work differently; no answer depends on it.
   */
  static async create(
    module: WebAssembly.Module | ReusableCore,
    images: readonly Uint8Array[],
    interfaces: number,
    options: CoreOptions,
    batchRows: number = c.BATCH_ROWS,
  ): Promise<Core> {
    const api =
      module instanceof ReusableCore ? await module.renewed() : await instantiateCore(module);
    const { timelines, fold, cutOverAt } = options;
    const core = new Core(api, options.shard.index === 0, timelines.length, batchRows);
    core.check(api.start(options.maxConnections, timelines.length, fold));
    if (cutOverAt !== undefined) api.setCutOver(cutOverAt);
    const { slots, minRecords, maxRecords } = options.lookAhead;
    api.setLookAhead(slots, minRecords, maxRecords);
    api.setShard(options.shard.index, options.shard.count);
    if (options.time !== undefined) api.setTimeFilter(options.time.from, options.time.to);
    const template = api.interfaceTemplate();
    core.memory.data.setUint32(
      template + c.STATE_FLAGS,
      options.othersPass ? c.INTERFACE_PASSES : 0,
      true,
    );
    core.setTimers(template, options.timers);
    core.check(api.reserveInterfaces(interfaces));
    for (const image of images) core.loadImage(image);
    core.addTimelines(timelines);
    core.check(api.reserveSession(batchRows));
    return core;
  }

  /** What the core is made of beside its memory, between two calls; of a module of `exposeGlobals` only. */
  state(): CoreState {
    return {
      variables: takeVariables(this.api),
      memoryBytes: this.memory.bytes.length,
      block: this.block,
      filled: this.filled,
      holdsRows: this.holdsRows,
      staging: this.staging.state(),
    };
  }

  /**
   * Goes on where another core stood, that was made of the same module, images and options; `fill` puts its memory there.
   */
  async resume(state: CoreState, fill: (memory: Uint8Array) => Promise<void>): Promise<void> {
    if (!growMemory(this.api.memory, state.memoryBytes)) this.refuseMemory();
    await fill(this.memory.bytes);
    putVariables(this.api, state.variables);
    this.block = state.block;
    this.filled = state.filled;
    this.holdsRows = state.holdsRows;
    this.staging.resume(state.staging);
  }

  private check(status: number): void {
    if (status >= 0) return;
    if (status === c.STATUS_NO_MEMORY) this.refuseMemory();
    if (status === c.STATUS_TOO_MANY_INTERFACES)
      throw new FlowError(
        "too-many-interfaces",
        `the logs name over ${c.MAX_INTERFACES} interfaces`,
        {
          hint: "evaluate the log folders of fewer accounts at a time",
        },
      );
    throw new Error(`the core answered with status ${status}`);
  }

  private refuseMemory(): never {
    throw new FlowError("out-of-memory", "the core cannot have more memory (4 GiB at most)", {
      hint: "lower --max-connections, or evaluate fewer interfaces at a time with --interface or --jobs",
    });
  }

  private loadImage(image: Uint8Array): void {
    if (this.matchers.length === c.MAX_IMAGES)
      throw new FlowError("too-many-rule-sets", `more than ${c.MAX_IMAGES} different rule sets`, {
        hint: "give fewer dated rule sets or candidates at a time",
      });
    const ptr = this.api.reserve(image.length);
    if (ptr === 0) this.check(c.STATUS_NO_MEMORY);
    this.memory.bytes.set(image, ptr);
    const matcher = this.api.loadImage(ptr, image.length);
    this.check(matcher);
    this.matchers.push(matcher >>> 0);
  }

  private addTimelines(timelines: readonly CoreTimeline[]): void {
    timelines.forEach(({ kind, periods }, timeline) => {
      if (timeline < c.MAX_TIMELINES) this.api.setKind(timeline, kind);
      for (const { from, image } of periods)
        if (!this.api.addPeriod(timeline, from, image))
          throw new FlowError(
            "too-many-rule-sets",
            `more than ${c.MAX_TIMELINES} timelines or ${c.MAX_PERIODS} dated rule sets`,
            { hint: "give fewer at a time" },
          );
    });
  }

  /** Number of an interface id; a new one is interned. */
  internInterface(id: string): number {
    const bytes = new TextEncoder().encode(id).subarray(0, c.MAX_INTERFACE_ID_BYTES);
    this.check(this.api.reserveInterfaces(1));
    const ptr = this.api.blockPtr(this.takeBlock());
    this.memory.bytes.set(bytes, ptr);
    const index = this.api.internInterface(ptr, bytes.length);
    this.dropBlock();
    if (index >>> 0 >= c.MAX_INTERFACES) this.check(c.STATUS_TOO_MANY_INTERFACES);
    return index;
  }

  /** Interns an id that is not in the image and says whether it passes the filters. */
  passInterface(id: string, index: number | undefined): void {
    const at = index ?? this.internInterface(id);
    const flags = this.api.interfaceState(at) + c.STATE_FLAGS;
    this.memory.data.setUint32(flags, this.memory.u32(flags) | c.INTERFACE_PASSES, true);
  }

  /** The rules of a timeline say of this interface of the image what those of timeline 0 say. */
  setAlike(index: number, timeline: number): void {
    const at = this.api.interfaceState(index) + c.STATE_ALIKE;
    this.memory.data.setUint32(at, this.memory.u32(at) | (1 << timeline), true);
  }

  /** Interfaces that are first seen in the log pass the filters. */
  passOthers(): void {
    const flags = this.api.interfaceTemplate() + c.STATE_FLAGS;
    this.memory.data.setUint32(flags, this.memory.u32(flags) | c.INTERFACE_PASSES, true);
  }

  private takeBlock(): number {
    const block = this.api.blockTake();
    if (block === 0) this.check(c.STATUS_NO_MEMORY);
    this.api.blockHold(block);
    this.block = block;
    this.filled = 0;
    return block;
  }

  private dropBlock(): void {
    this.api.blockDrop(this.block);
    this.block = 0;
    this.holdsRows = false;
  }

  /** Judged records are to be emitted in these columns; before the first record. */
  emitColumns(columns: readonly OutputColumn[]): void {
    if (columns.length > c.EMIT_MAX_COLUMNS)
      throw new FlowError("fields-invalid", `the logs have ${columns.length} different fields`, {
        hint: `judged records are written with at most ${c.EMIT_MAX_COLUMNS} columns: write fewer logs at a time`,
      });
    this.api.keepText(this.timelines);
    if (!this.api.emitInit(columns.length)) this.check(c.STATUS_NO_MEMORY);
    const kinds = this.api.emitKinds();
    columns.forEach((column, i) => {
      this.memory.bytes[kinds + i] = column.kind;
    });
    this.check(this.api.reserveSession(this.batchRows));
  }

  /** A plan for lines of these fields: FIELD_* per token, and per output column its token (COLUMN_ABSENT = none). */
  createPlan(fields: readonly number[], columns: readonly number[]): number {
    if (fields.length > c.MAX_FIELDS)
      throw new FlowError("fields-invalid", `a format of ${fields.length} fields`, {
        hint: `at most ${c.MAX_FIELDS} fields are read`,
      });
    const plan = this.api.planCreate(fields.length);
    if (plan === 0) this.check(c.STATUS_NO_MEMORY);
    this.memory.bytes.set(fields, this.api.planFields(plan));
    const at = this.api.planColumns(plan);
    columns.forEach((token, i) => {
      this.memory.data.setUint16(at + 2 * i, token, true);
    });
    return plan;
  }

  /** Text of another file, or of another format, begins with `firstLine`. */
  beginText(file: number, firstLine: number): void {
    this.api.malformedFile(file);
    this.api.decodeBegin(firstLine);
  }

  /**
   * Takes text in; yields the number of emitted records whenever some stand in the emission areas, and 0 as work() does. `onHeader` is asked
   * about lines that look like headers and gives the plan that holds from there on.
   */
  *take(bytes: Uint8Array, state: PlanState, onHeader: HeaderHandler): Generator<number> {
    let rest = bytes;
    while (rest.length > 0) {
      if (this.block === 0) this.takeBlock();
      const part = rest.subarray(0, c.BLOCK_BYTES - this.filled);
      this.memory.bytes.set(part, this.api.blockPtr(this.block) + this.filled);
      this.filled += part.length;
      rest = rest.subarray(part.length);
      if (this.filled === c.BLOCK_BYTES) yield* this.decodeBlock(false, state, onHeader);
    }
  }

  /** The text ends. `whole` = the last line counts although no line end follows it. */
  *endText(whole: boolean, state: PlanState, onHeader: HeaderHandler): Generator<number> {
    if (this.block === 0) return;
    if (!this.holdsRows) yield* this.decodeBlock(whole, state, onHeader);
    this.dropBlock();
  }

  /**
   * Takes in rows of a columnar log; yields as take() does. No text may wait to be decoded: endText() comes between text
   * and rows.
   */
  *takeRows(part: SourcePart, state: PlanState): Generator<number> {
    const { api } = this;
    api.partBegin(state.plan, this.staging.put(part), part.rows, part.line);
    if (this.block === 0) this.takeBlock();
    this.holdsRows = true;
    for (;;) {
      const records = api.columnsInto(
        state.plan,
        state.file,
        this.block,
        this.filled,
        this.batchRows,
        this.counting,
      );
      const stopped = api.decodeStopped();
      this.check(stopped);
      if (stopped === c.STATUS_RESERVE) {
        this.check(api.reserveSession(this.batchRows));
        continue;
      }
      this.filled = api.columnsFilled();
      state.records += records;
      if (stopped === c.STATUS_BLOCK) {
        this.dropBlock();
        this.takeBlock();
        this.holdsRows = true;
      }
      if (records > 0) yield* this.work(false);
      if (stopped === c.STATUS_DONE) return;
    }
  }

  /** Cells that the records lack because their rows are longer than a line may be. */
  get cellsCut(): number {
    return this.api.cellsCut();
  }

  private *decodeBlock(
    last: boolean,
    state: PlanState,
    onHeader: HeaderHandler,
  ): Generator<number> {
    const api = this.api;
    api.decodeChunk(api.blockPtr(this.block), this.filled, last);
    for (;;) {
      const rows = api.decodeInto(
        state.plan,
        state.file,
        this.block,
        this.batchRows,
        this.counting,
      );
      const stopped = api.decodeStopped();
      this.check(stopped);
      state.records += rows;
      if (stopped === c.STATUS_RESERVE) this.check(api.reserveSession(this.batchRows));
      if (stopped === c.STATUS_HEADER) {
        const line = this.memory.copy(api.decodeHeaderPtr(), api.decodeHeaderBytes());
        const plan = onHeader(line);
        if (plan === 0) api.decodeHeaderMalformed(this.counting);
        else state.plan = plan;
      }
      if (rows > 0) yield* this.work(false);
      if (stopped === c.STATUS_DONE) break;
    }
    // The beginning of an unfinished line moves to the next block.
    const old = this.block;
    const from = api.blockPtr(old) + this.filled - api.decodeRest();
    const to = from + api.decodeRest();
    this.takeBlock();
    this.memory.bytes.copyWithin(api.blockPtr(this.block), from, to);
    this.filled = to - from;
    api.blockDrop(old);
  }

  /** Told after every piece of work, with the slot of the records it judged; 0xffffffff = they belong to none. */
  onPiece: ((slot: number) => void) | undefined;

  /**
   * Judges what can be judged; `final` after the last text. Yields as take() does, and 0 between pieces of work, for the
   * host to have the thread.
   */
  *work(final: boolean): Generator<number> {
    const api = this.api;
    for (;;) {
      const status = api.advance(final);
      this.check(status);
      this.onPiece?.(api.judgedSlot() >>> 0);
      if (status === c.STATUS_DONE) return;
      if (status === c.STATUS_RESERVE) this.check(api.reserveSession(this.batchRows));
      if (status === c.STATUS_MORE) yield 0;
      if (status !== c.ADVANCE_EMIT) continue;
      for (let rows = api.emitNext(); rows > 0; rows = api.emitNext()) yield rows;
      api.emitted();
    }
  }

  /** Slot of the records that are being emitted; 0xffffffff = they belong to none. */
  get judgedSlot(): number {
    return this.api.judgedSlot() >>> 0;
  }

  /** Area of an output column of the current emission: values or offsets, validity; and its text. Not copied. */
  column(index: number): { values: number; validity: number; text: number; textBytes: number } {
    const values = this.api.emitArea(index);
    return {
      values,
      validity: values + c.EMIT_VALUES_BYTES,
      text: this.api.emitText(index),
      textBytes: this.api.emitTextBytes(index),
    };
  }

  get results(): number {
    return this.api.emitResults();
  }

  /** Results of a further timeline in the current emission (EMIT_FURTHER_*). Not copied. */
  further(timeline: number): number {
    return this.api.emitFurther(timeline);
  }

  counter(slot: number): number {
    // Reserved at the start, where they stay; asked once, for every slot judged reads several.
    this.countersAt ||= this.api.countersPtr();
    return this.memory.u64(this.countersAt + 8 * slot);
  }

  get interfacesSeen(): number {
    return this.api.interfacesSeen();
  }

  interfaceState(index: number): number {
    return this.api.interfaceState(index);
  }

  /** State that interfaces begin with. */
  get interfaceTemplate(): number {
    return this.api.interfaceTemplate();
  }

  /** Idle timers (STATE_TIMERS) of a state. */
  timers(state: number): readonly number[] {
    return Array.from({ length: TIMERS }, (_, i) =>
      this.memory.u32(state + c.STATE_TIMERS + 4 * i),
    );
  }

  /** Gives a state, that of an interface or the one they begin with, its idle timers. */
  setTimers(state: number, timers: readonly number[]): void {
    timers.forEach((seconds, i) => {
      this.memory.data.setUint32(state + c.STATE_TIMERS + 4 * i, seconds, true);
    });
  }

  /** The same for records without an interface id. */
  get namelessState(): number {
    return this.api.namelessState();
  }

  /** Rule sets that an image's matcher interned. */
  ruleSetCount(image: number): number {
    return this.api.ruleSetCount(this.matchers[image]!);
  }

  /** Rule numbers of an interned rule set of an image. */
  ruleSet(image: number, id: number): readonly number[] {
    const ptr = this.api.ruleSetPtr(this.matchers[image]!, id);
    const count = this.memory.u32(ptr);
    return Array.from({ length: count }, (_, i) => this.memory.u32(ptr + 4 + 4 * i));
  }

  /** HIT_BYTES per rule set of an image. */
  hits(image: number): number {
    return this.api.hitsPtr(image);
  }

  /** Records, then bytes per change (CHANGE_*) under a further timeline. */
  changes(timeline: number): number {
    return this.api.changesPtr() + timeline * c.CHANGES_BYTES;
  }

  /** Folds the connections that are still held, after the last record. */
  foldRest(): void {
    for (;;) {
      const status = this.api.foldRest(FOLD_STEP);
      if (status === c.STATUS_DONE) return;
      if (status === c.STATUS_RESERVE && !this.api.openersReserve(FOLD_STEP))
        this.check(c.STATUS_NO_MEMORY);
    }
  }

  /** Judges stored rows of openers (OPENING_BYTES each, interfaces by their number here) and folds them. */
  judgeStored(rows: Uint8Array): void {
    this.inSteps(rows, c.OPENING_BYTES, (from, count) => {
      if (this.api.judgeStored(from, count) !== c.STATUS_RESERVE) return count;
      this.check(this.api.reserveForStored(STORED_STEP));
      return this.api.storedJudged();
    });
  }

  /** Openers of connections that summaries keep are asked for anew on what all of them show (semantics 7.1). */
  askAsWhole(): void {
    this.api.askAsWhole();
  }

  /**
   * Takes in connections that summaries keep one by one (BORDER_BYTES each, interfaces by their number here), in order of
   * their first start; above the flags of BORDER_AT stands the number of their summary.
   */
  takeConnections(rows: Uint8Array): void {
    this.inSteps(rows, c.BORDER_BYTES, (from, count) => {
      if (this.api.takeConnections(from, count) !== c.STATUS_RESERVE) return count;
      this.check(this.api.reserveForConnections(STORED_STEP));
      return this.api.connectionsTaken();
    });
  }

  /** `work` gives how many of the rows at its pointer it has done. */
  private inSteps(
    rows: Uint8Array,
    bytes: number,
    work: (from: number, count: number) => number,
  ): void {
    if (this.stored === 0) {
      this.stored = this.api.reserve(STORED_STEP * Math.max(c.OPENING_BYTES, c.BORDER_BYTES));
      if (this.stored === 0) this.check(c.STATUS_NO_MEMORY);
    }
    const step = STORED_STEP * bytes;
    for (let at = 0; at < rows.length; at += step) {
      const part = rows.subarray(at, at + step);
      this.memory.bytes.set(part, this.stored);
      const count = part.length / bytes;
      for (let done = 0; done < count; ) done += work(this.stored + done * bytes, count - done);
    }
  }

  /** Judges and folds the connections taken in that nothing at `frontier` or later goes on with; `last`: all. */
  closeConnections(frontier: number, last: boolean): void {
    for (;;) {
      const status = this.api.closeConnections(frontier, last, FOLD_STEP);
      if (status === c.STATUS_DONE) return;
      if (status === c.STATUS_RESERVE) this.check(this.api.reserveForStored(STORED_STEP));
    }
  }

  /** Connections kept by themselves, at a border, are numbered from 1 to below this. */
  get borderEnd(): number {
    return this.api.borderEnd();
  }

  borderRow(row: number): number {
    return this.api.borderPtr(row);
  }

  /** Rows of openers are numbered from 1 to below this. */
  get openersEnd(): number {
    return this.api.openersEnd();
  }

  openerRow(row: number): number {
    return this.api.openerPtr(row);
  }

  /** Vectors of rulings are numbered from 1 to below this. */
  get vectorsEnd(): number {
    return this.api.vectorsEnd();
  }

  vector(number: number): number {
    return this.api.vectorPtr(number);
  }

  /** Whether the address opened something that AWS did not REJECT. */
  remoteAnswered(high: bigint, low: bigint): boolean {
    return this.api.remoteAnswered(BigInt.asIntN(64, high), BigInt.asIntN(64, low));
  }

  get tuples(): { readonly ptr: number; readonly cap: number } {
    return { ptr: this.api.tuplesPtr(), cap: this.api.tuplesCap() };
  }

  get malformedSamples(): { readonly ptr: number; readonly count: number } {
    return { ptr: this.api.malformedSamples(), count: this.api.malformedSampleCount() };
  }

  /** Bytes of linear memory in use, and connections and records held now. */
  get usage(): { readonly bytes: number; readonly connections: number; readonly records: number } {
    return {
      bytes: this.api.arenaUsed(),
      connections: this.api.connectionsLive(),
      records: this.api.rowsLive(),
    };
  }
}

/** The plan in force and what was read with it; the core advances it at header lines. */
export interface PlanState {
  plan: number;
  file: number;
  records: number;
}
