import {
  type JudgedAndSummarized,
  type JudgedPlace,
  judgeAndSummarize,
  type LogInput,
} from "../../analysis/index.js";
import { type ByteRanges, blobLog, unpackWeb } from "../../logs/index.js";
import type { RuleSet } from "../../model/rule-set.js";
import type { Period } from "../../model/timeline.js";
import type { RecordBatch } from "../../report/record-writer.js";
import { TOOL } from "../../report/tool.js";
import { Gate } from "./gate.js";
import { chunksOf, type LogFile } from "./inputs.js";

/** Progress crosses threads at most this often. */
const REPORT_MS = 100;

/** What a pass reads and judges by; every part can be cloned. */
export interface PassOrder {
  readonly files: readonly LogFile[];
  readonly ruleSet: RuleSet;
  /** Rule sets that take over later, in order of time. */
  readonly later: readonly Period[];
  /** Of logs without a header; undefined = as their lines show. */
  readonly fields: readonly string[] | undefined;
  readonly snapshotTakenAt: number | null;
  /** Which interfaces are judged: those of one of so many passes over the same files. */
  readonly shard: { readonly index: number; readonly count: number };
}

/** How far a pass is. */
export interface PassProgress {
  readonly file: string;
  /** Of the files, compressed or not. */
  readonly bytesDone: number;
  readonly records: number;
  /** Linear memory of the core. */
  readonly memory: number;
}

/** Where a pass tells what it finds. */
export interface PassSink {
  take(batch: RecordBatch, place: JudgedPlace): void;
  /** All records up to this many were judged or wait, and what was judged of them was given. */
  reach(records: number): void;
  report(progress: PassProgress): void;
}

/** One pass over the logs in this thread: can be paused, resumed and ended early. */
export class Pass {
  private readonly gate = new Gate();
  private readonly controller = new AbortController();
  private readonly order: PassOrder;
  private readonly sink: PassSink;
  private bytesDone = 0;
  private memory = 0;
  private place: JudgedPlace = { after: 0, rank: 0 };
  private nextReport = 0;

  constructor(order: PassOrder, sink: PassSink) {
    this.order = order;
    this.sink = sink;
  }

  pause(): void {
    this.gate.pause();
  }

  resume(): void {
    this.gate.resume();
  }

  cancel(): void {
    this.controller.abort();
    this.gate.resume();
  }

  async run(core: WebAssembly.Module): Promise<JudgedAndSummarized> {
    const { files, ruleSet, later, fields, snapshotTakenAt, shard } = this.order;
    const inputs = files.map((file): LogInput => this.input(file));
    const steps = judgeAndSummarize(inputs, {
      core,
      ruleSet,
      later,
      ...(fields === undefined ? {} : { fields }),
      shard,
      tool: `${TOOL.name} ${TOOL.version}`,
      signal: this.controller.signal,
      snapshotTakenAt,
      onProgress: ({ file, records }) => this.report(file, records),
      onMemory: (bytes) => {
        this.memory = bytes;
      },
      onPlace: (place) => {
        this.place = place;
      },
    });
    for (;;) {
      const step = await steps.next();
      if (step.done === true) return step.value;
      this.sink.take(step.value, this.place);
      await this.gate.pass();
    }
  }

  private input({ name, size, content, doubtful }: LogFile): LogInput {
    return {
      name,
      size,
      doubtful,
      open: () => unpackWeb(this.counted(content), name),
      ranges: () => this.rangesOf(name, content),
    };
  }

  private async rangesOf(name: string, content: Blob): Promise<ByteRanges> {
    const source = await blobLog(name, content).ranges();
    const read = async (from: number, to: number): Promise<Uint8Array> => {
      await this.gate.pass();
      this.bytesDone += to - from;
      return source.read(from, to);
    };
    return { ...source, read };
  }

  private async *counted(content: Blob): AsyncGenerator<Uint8Array> {
    for await (const chunk of chunksOf(content)) {
      await this.gate.pass();
      this.bytesDone += chunk.length;
      yield chunk;
    }
  }

  private report(file: string, records: number): void {
    this.sink.reach(records);
    const now = performance.now();
    if (now < this.nextReport) return;
    this.nextReport = now + REPORT_MS;
    this.sink.report({ file, bytesDone: this.bytesDone, records, memory: this.memory });
  }
}
