import * as c from "../contract.js";
import { Core, type OutputColumn, type PlanState } from "../core/core.js";
import { FlowError } from "../errors.js";
import { type ByteRanges, parseHeaderLine, type ReadLogOptions, readLog } from "../logs/index.js";
import { always, type Timeline } from "../model/timeline.js";
import { DEFAULT_LOOK_AHEAD, DEFAULT_TIMERS, type Timers } from "../model/timers.js";
import { summaryOfCore, verdictsSoFar } from "./core-summary.js";
import { columnTokens, fieldCodes, isJudgedField } from "./fields-plan.js";
import { missingFields } from "./missing-fields.js";
import { OpenAhead } from "./open-ahead.js";
import { DEFAULT_MAX_CONNECTIONS, type EvaluateOptions, type LogInput } from "./options.js";
import { rulesDigest } from "./rules-digest.js";
import { compileRun, type RunRules } from "./run-rules.js";
import {
  advance,
  type LogPlace,
  partsBehind,
  type RunState,
  type StoredRun,
  strangeState,
} from "./run-state.js";
import type { BrokenFile, LogNote, Summary, VerdictCounts } from "./summary.js";
import { inTurns } from "./turn.js";
import { VerdictsOverTime } from "./verdicts-over-time.js";

/** Progress is told after this many bytes at most. */
const PROGRESS_BYTES = 1 << 20;
const MAX_NOTES = 100;
/** Times of records are 32-bit seconds. */
const MAX_SECONDS = 0xffffffff;
const NO_SLOT = 0xffffffff;

function timerList(timers: Timers): readonly number[] {
  return [
    timers.tcpEstablished,
    timers.tcpTransitory,
    timers.udp,
    timers.udpStream,
    timers.icmp,
    timers.other,
  ];
}

// Into the range of times that records can have.
function seconds(time: number): number {
  return Math.min(Math.max(Math.trunc(time), 0), MAX_SECONDS);
}

/** What a run does with the records, whatever its rules. */
export interface RunSettings extends Omit<EvaluateOptions, "ruleSet" | "later"> {
  /** FOLD_*: what becomes rows of openers. */
  readonly fold: number;
  /** Rows of openers tell how connections stand at this second. */
  readonly cutOverAt?: number;
}

/** The same with the rules that it judges by. */
export interface RunOptions extends RunSettings {
  /** The first is the baseline. */
  readonly timelines: readonly RunTimeline[];
}

/** A timeline, and what it is for: TIMELINE_*. */
export interface RunTimeline extends Timeline {
  readonly kind: number;
}

/** The run that judges records by one rule set, or one history, and nothing else. */
export function runOf({ ruleSet, later = [], ...options }: EvaluateOptions): RunOptions {
  const { name, periods } = always("baseline", ruleSet);
  return {
    ...options,
    timelines: [{ name, periods: [...periods, ...later], kind: c.TIMELINE_JUDGES }],
    fold: c.FOLD_NONE,
  };
}

/** Lines of the same fields in the same order, and how many of them were records: what missing fields cost. */
interface Format {
  readonly plan: number;
  readonly fields: readonly string[];
  records: number;
}

/**
 * Where in a run judged records come out. Every shard of a run reads the same lines and judges slot by slot, so that the
 * same place is the same in all.
 */
export interface JudgedPlace {
  /** Records that had been read; infinite after the last. */
  readonly after: number;
  /** Order of those that come out together: late records, the slots, at the very end records without a start. */
  readonly rank: number;
}

/** One evaluation: the core, the files it reads and what is known beside the core's counters. */
export class Run {
  readonly core: Core;
  readonly rules: RunRules;
  /** Names of the inputs in their own order, by number: samples are those of the first files (semantics 9.5). */
  readonly files: string[] = [];
  private filesRead = 0;
  private readonly options: RunSettings;
  private readonly columns: readonly OutputColumn[];
  private readonly formats = new Map<string, Format>();
  /** Of the lines being read. */
  private format: Format | undefined;
  private readonly broken: BrokenFile[] = [];
  private readonly notes: LogNote[] = [];
  private readonly overTime = new VerdictsOverTime(c.SLOT_SECONDS);
  private bytesRead = 0;
  private records = 0;
  private partial = false;

  private constructor(
    core: Core,
    rules: RunRules,
    options: RunSettings,
    columns: readonly OutputColumn[],
  ) {
    this.core = core;
    this.rules = rules;
    this.options = options;
    this.columns = columns;
    if (columns.length > 0) core.emitColumns(columns);
    core.onPiece = this.countOverTime();
  }

  /** Compiles the rule sets and sets the core up; `columns` empty = nothing is emitted. */
  static start(options: RunOptions, columns: readonly OutputColumn[]): Promise<Run> {
    return Run.startCompiled(compileRun(options), options, columns);
  }

  /** The same for rules that are compiled. */
  static async startCompiled(
    rules: RunRules,
    options: RunSettings,
    columns: readonly OutputColumn[],
  ): Promise<Run> {
    const { interfaceIds, passing, timelines, alike } = rules;
    const filter = options.filter ?? {};
    const filtersTime = filter.from !== undefined || filter.to !== undefined;
    const core = await Core.create(
      options.core,
      rules.images.map(({ image }) => image),
      interfaceIds.length,
      {
        maxConnections: options.maxConnections ?? DEFAULT_MAX_CONNECTIONS,
        lookAhead: options.lookAhead ?? DEFAULT_LOOK_AHEAD,
        shard: options.shard ?? { index: 0, count: 1 },
        time: filtersTime
          ? { from: seconds(filter.from ?? 0), to: seconds(filter.to ?? MAX_SECONDS) }
          : undefined,
        timers: timerList(options.timers ?? DEFAULT_TIMERS),
        othersPass: passing.all,
        timelines,
        fold: options.fold,
        cutOverAt: options.cutOverAt,
      },
      options.batchRows,
    );
    if (!passing.all) {
      const known = new Map(interfaceIds.map((id, index) => [id, index]));
      for (const id of passing.ids) core.passInterface(id, known.get(id));
      if (passing.others) core.passOthers();
    }
    for (const [timeline, indices] of alike.entries())
      for (const index of indices) core.setAlike(index, timeline);
    const run = new Run(core, rules, options, columns);
    if (options.checkpoints !== undefined) await run.prepareCheckpoints(options.checkpoints.from);
    return run;
  }

  private rulesDigest = "";
  /** Where this run goes on; undefined = at the beginning. */
  private resumed: RunState | undefined;

  private async prepareCheckpoints(stored: StoredRun | undefined): Promise<void> {
    this.rulesDigest = await rulesDigest(this.rules);
    if (stored === undefined) return;
    const { state } = stored;
    if (state.rules !== this.rulesDigest) throw strangeState("the rules are others");
    if (state.columns.join() !== this.columns.map(({ name }) => name).join())
      throw strangeState("the records have other columns");
    await this.core.resume(state.core, (memory) => stored.fill(memory));
    for (const format of state.formats) this.formats.set(format.fields.join(" "), { ...format });
    this.filesRead = state.filesRead - 1;
    this.bytesRead = state.bytesRead;
    this.records = state.records;
    this.cellsCut = state.cellsCut;
    this.broken.push(...state.broken);
    this.notes.push(...state.notes);
    this.overTime.resume(state.overTime);
    this.told = verdictsSoFar(this.core);
    this.resumed = state;
  }

  private stateAt(input: number, place: LogPlace, plan: PlanState, bytesBefore: number): RunState {
    const formats = [...this.formats.values()];
    return {
      core: this.core.state(),
      rules: this.rulesDigest,
      columns: this.columns.map(({ name }) => name),
      input,
      place: { ...place },
      plan: plan.plan,
      planRecords: plan.records,
      format: this.format === undefined ? -1 : formats.indexOf(this.format),
      formats: formats.map((format) => ({ ...format })),
      filesRead: this.filesRead,
      bytesRead: bytesBefore,
      records: this.records,
      cellsCut: this.cellsCut,
      broken: this.broken,
      notes: this.notes,
      overTime: this.overTime.state(),
    };
  }

  /** Reads every input in turn and judges; yields the rows of each emission. */
  async *read(inputs: readonly LogInput[]): AsyncGenerator<number> {
    const order = inputs.map((_, i) => i).sort((a, b) => compareNames(inputs, a, b));
    this.files.push(...order.map((i) => inputs[i]!.name));
    const numbers = new Map(order.map((i, number) => [inputs[i], number]));
    const ahead = new OpenAhead(inputs);
    try {
      for (const [i, input] of inputs.entries()) {
        if (i < (this.resumed?.input ?? 0)) continue;
        if (this.stopped()) break;
        yield* this.readOne(input, ahead.open(i), numbers.get(input)!, i);
      }
    } finally {
      await ahead.close();
    }
    this.ended = true;
    yield* inTurns(this.core.work(true));
  }

  private ended = false;
  /** Of the file being read. */
  private reading: PlanState | undefined;

  /** Where the records stand that have just been given out. */
  get place(): JudgedPlace {
    const slot = this.core.judgedSlot;
    if (this.ended) return { after: Number.POSITIVE_INFINITY, rank: slot };
    const after = this.records + (this.reading?.records ?? 0);
    return { after, rank: slot === NO_SLOT ? -1 : slot };
  }

  private told: VerdictCounts = { allow: 0, deny: 0, unknown: 0 };

  /** Counts what every piece of work adds to the verdicts under the time of its slot. */
  private countOverTime(): (slot: number) => void {
    return (slot) => {
      const { told } = this;
      const now = verdictsSoFar(this.core);
      const added = [
        now.allow - told.allow,
        now.deny - told.deny,
        now.unknown - told.unknown,
      ] as const;
      this.told = now;
      if (slot === NO_SLOT || (added[0] | added[1] | added[2]) === 0) return;
      this.overTime.add(slot * c.SLOT_SECONDS, added);
    };
  }

  private stopped(): boolean {
    if (this.options.signal?.aborted !== true) return false;
    this.partial = true;
    return true;
  }

  // A file that cannot be read to its end is used up to the break; the run goes on.
  private async *readOne(
    input: LogInput,
    chunks: AsyncIterable<Uint8Array>,
    file: number,
    number: number,
  ): AsyncGenerator<number> {
    const { name } = input;
    const { checkpoints } = this.options;
    const bytesBefore = this.bytesRead;
    this.filesRead++;
    this.format = undefined;
    const state: PlanState = { plan: 0, file, records: 0 };
    this.reading = state;
    const place: LogPlace = { formats: 0, textBytes: 0, rows: 0 };
    const resumed = this.takeResumed(state, place);
    const onHeader = (line: Uint8Array): number => this.planOfHeader(line, state);
    let whole = false;
    let nextProgress = 0;
    try {
      const all = readLog(name, this.counted(chunks), this.readOptions(input));
      const parts = resumed ? partsBehind(name, all, { ...place }) : all;
      for await (const part of parts) {
        advance(place, part);
        if (part.kind === "note") {
          this.note(name, part);
          continue;
        }
        if (part.kind === "format") {
          if (state.plan !== 0) yield* inTurns(this.core.endText(true, state, onHeader));
          this.usePlan(state, part.fields);
          this.core.beginText(file, 0);
          continue;
        }
        if (part.kind === "rows") {
          yield* inTurns(this.core.takeRows(part, state));
          this.noteCut(name);
        } else {
          if (part.line > 0) this.core.beginText(file, part.line);
          yield* inTurns(this.core.take(part.bytes, state, onHeader));
        }
        this.checkStrict();
        if (this.bytesRead >= nextProgress) {
          nextProgress = this.bytesRead + PROGRESS_BYTES;
          this.tellProgress(name, state);
        }
        if (this.stopped()) break;
        if (checkpoints?.isDue() === true)
          await checkpoints.save(
            this.stateAt(number, place, state, bytesBefore),
            this.core.memory.bytes,
          );
      }
      whole = !this.partial;
    } catch (error) {
      // An abort may surface as whatever the source throws.
      if (!this.stopped()) this.noteBroken(input, error);
    }
    yield* inTurns(this.core.endText(whole, state, onHeader));
    this.checkStrict();
    this.countFormat(state);
    this.tellProgress(name, state);
  }

  /** Where the input is the one that an earlier run stood in, its state; once. */
  private takeResumed(plan: PlanState, place: LogPlace): boolean {
    const { resumed } = this;
    if (resumed === undefined) return false;
    this.resumed = undefined;
    plan.plan = resumed.plan;
    plan.records = resumed.planRecords;
    this.format = [...this.formats.values()][resumed.format];
    Object.assign(place, resumed.place);
    return true;
  }

  private note(file: string, { code, message, line }: Omit<LogNote, "file">): void {
    const known = this.notes.some((note) => note.code === code && note.file === file);
    if (!known && this.notes.length < MAX_NOTES) this.notes.push({ file, line, code, message });
  }

  private noteBroken({ name, doubtful }: LogInput, error: unknown): void {
    const ofFile = error instanceof FlowError && !FATAL.has(error.code);
    if (!ofFile) throw error;
    if (doubtful === true && error.code === "log-unrecognised") {
      this.filesRead--;
      this.note(name, { code: "not-a-log", message: "not read: no log of a known form", line: 0 });
      return;
    }
    if (this.options.strict === true) throw error;
    this.broken.push({ name, code: error.code, message: error.message });
  }

  private cellsCut = 0;

  // Only records have the text of a row: no verdict rests on what is cut.
  private noteCut(file: string): void {
    if (this.core.cellsCut === this.cellsCut) return;
    this.cellsCut = this.core.cellsCut;
    const message = "rows longer than 64 KiB as text are written without their longest values";
    this.note(file, { code: "cells-not-written", message, line: 0 });
  }

  private readOptions({ ranges }: LogInput): ReadLogOptions {
    const counted = async (): Promise<ByteRanges> => {
      const source = await ranges!();
      return {
        size: source.size,
        read: (from, to) => this.countedRange(source, from, to),
        close: () => source.close(),
      };
    };
    return {
      fields: this.options.fields,
      // Whole rows are needed only where records are.
      wanted: this.columns.length > 0 ? undefined : isJudgedField,
      ranges: ranges === undefined ? undefined : counted,
    };
  }

  private async countedRange(source: ByteRanges, from: number, to: number): Promise<Uint8Array> {
    const bytes = await source.read(from, to);
    this.bytesRead += bytes.length;
    return bytes;
  }

  private async *counted(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of chunks) {
      this.bytesRead += chunk.length;
      yield chunk;
    }
  }

  private tellProgress(file: string, state: PlanState): void {
    const { onProgress } = this.options;
    onProgress?.({ bytes: this.bytesRead, records: this.records + state.records, file });
  }

  // The columns of the output were chosen from the beginnings of the logs.
  private noteColumns(file: string, fields: readonly string[]): void {
    if (this.columns.length === 0) return;
    const names = new Set(this.columns.map((column) => column.name));
    const left = fields.filter((field) => !names.has(field.replaceAll("-", "_")));
    if (left.length === 0) return;
    const message = `a later header names ${left.join(", ")}, which the records written do not have`;
    this.note(file, { code: "fields-not-written", message, line: 0 });
  }

  private usePlan(state: PlanState, fields: readonly string[]): void {
    const file = this.files[state.file] ?? "";
    this.countFormat(state);
    const key = fields.join(" ");
    let format = this.formats.get(key);
    if (format === undefined) {
      const plan = this.core.createPlan(fieldCodes(fields), columnTokens(fields, this.columns));
      format = { plan, fields, records: 0 };
      this.formats.set(key, format);
      this.noteColumns(file, fields);
    }
    this.format = format;
    state.plan = format.plan;
  }

  private countFormat(state: PlanState): void {
    if (this.format !== undefined) this.format.records += state.records;
    this.records += state.records;
    state.records = 0;
  }

  // A header in mid-file: concatenated files.
  private planOfHeader(line: Uint8Array, state: PlanState): number {
    const fields = parseHeaderLine(line);
    if (fields === undefined) return 0;
    this.usePlan(state, fields);
    return state.plan;
  }

  private checkStrict(): void {
    if (this.options.strict !== true || this.core.malformedSamples.count === 0) return;
    const first = this.summary().coverage.malformed.samples[0]!;
    throw new FlowError(
      "malformed-line",
      `the line does not parse (${first.reason}): ${first.text}`,
      {
        at: `${first.file}:${first.line}`,
        hint: "without --strict such lines are counted and passed over",
      },
    );
  }

  /** Ids by rule number, per image. */
  get ruleIds(): readonly (readonly string[])[] {
    return this.rules.images.map(({ ruleIds }) => ruleIds);
  }

  // Only what the baseline asks has hits.
  private baselineRuleIds(): readonly (readonly string[] | undefined)[] {
    const asked = new Set(this.rules.timelines[0]!.periods.map(({ image }) => image));
    return this.ruleIds.map((ids, image) => (asked.has(image) ? ids : undefined));
  }

  summary(): Summary {
    return summaryOfCore(this.core, {
      partial: this.partial,
      files: this.files,
      ruleIds: this.baselineRuleIds(),
      coverage: {
        files: this.filesRead,
        filesOutsideTime: this.options.filesOutsideTime ?? 0,
        bytesRead: this.bytesRead,
        missingFields: missingFields(this.formats.values()),
        brokenFiles: this.broken,
        notes: this.notes,
        overTime: this.overTime.told(),
        snapshotTakenAt: this.options.snapshotTakenAt ?? null,
      },
    });
  }
}

/** By code units: no locale can change the order. Equal names stay as they are given. */
function compareNames(inputs: readonly LogInput[], a: number, b: number): number {
  const [left, right] = [inputs[a]!.name, inputs[b]!.name];
  if (left === right) return a - b;
  return left < right ? -1 : 1;
}

/** Not a fault of one file: going on would not help. */
const FATAL: ReadonlySet<string> = new Set([
  "out-of-memory",
  "too-many-interfaces",
  "checkpoint-failed",
  "checkpoint-mismatch",
]);
