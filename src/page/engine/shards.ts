// A reading by several workers. Each reads all files and judges its share of the interfaces, so the answer does not
// depend on their number (semantics 7.2).

import {
  mergeJudgedRows,
  mergeShardRows,
  mergeSummaries,
  type OpenerSummary,
} from "../../analysis/index.js";
import { RecordMerge } from "../../analysis/merge-records.js";
import type { Summary } from "../../analysis/summary.js";
import { errorOfParts } from "../../errors.js";
import type { JudgedOpener } from "../../model/opener.js";
import type { PassOrder, PassProgress } from "./pass.js";
import type { RecordStore } from "./record-store.js";
import type { ShardLeft, ShardMessage, ShardRequest } from "./shard-protocol.js";
import type { Tallies } from "./tallies.js";

export interface ShardsSink {
  report(progress: PassProgress): void;
  /** Requests that one more worker has seen leave. */
  requested(count: number): void;
  /** Starts another worker; what is said to it goes through the port. */
  startWorker(): MessagePort;
}

/** One of the workers, and what it was asked for. */
class ShardWorker {
  private readonly port: MessagePort;
  private judgedRows: JudgedOpener[] = [];
  private settle: { resolve(value: unknown): void; reject(error: unknown): void } | undefined;
  progress: PassProgress | undefined;
  requests = 0;

  constructor(port: MessagePort, onMessage: (message: ShardMessage) => void) {
    this.port = port;
    port.onmessage = ({ data }: MessageEvent<ShardMessage>) => {
      this.hear(data);
      onMessage(data);
    };
    port.onmessageerror = () => this.settle?.reject(new Error("an answer of a worker was lost"));
  }

  tell(request: ShardRequest): void {
    this.port.postMessage(request);
  }

  read(order: PassOrder): Promise<ShardLeft> {
    return this.asked({ kind: "read", order });
  }

  judged(): Promise<readonly JudgedOpener[]> {
    return this.asked({ kind: "judged" });
  }

  end(): void {
    this.tell({ kind: "end" });
    this.port.close();
  }

  private asked<T>(request: ShardRequest): Promise<T> {
    return new Promise((resolve, reject) => {
      this.settle = { resolve: resolve as (value: unknown) => void, reject };
      this.tell(request);
    });
  }

  private hear(message: ShardMessage): void {
    if (message.kind === "progress") this.progress = message.progress;
    else if (message.kind === "requests") this.requests = message.count;
    else if (message.kind === "left") this.settle?.resolve(message.left);
    else if (message.kind === "refused") this.settle?.reject(errorOfParts(message.error));
    else if (message.kind === "judged") {
      for (const row of message.openers) this.judgedRows.push(row);
      if (!message.last) return;
      this.settle?.resolve(this.judgedRows);
      this.judgedRows = [];
    }
  }
}

/** What the workers of a reading left together. */
export interface ShardsLeft {
  readonly summary: Summary;
  readonly openers: OpenerSummary;
}

/** The workers stay until end(): their cores answer what the rules said of the rows. */
export class Shards {
  private readonly workers: readonly ShardWorker[];
  private readonly merge: RecordMerge;
  private readonly store: RecordStore;
  private readonly tallies: Tallies;
  private readonly sink: ShardsSink;

  constructor(count: number, store: RecordStore, tallies: Tallies, sink: ShardsSink) {
    this.merge = new RecordMerge(count);
    this.store = store;
    this.tallies = tallies;
    this.sink = sink;
    this.workers = Array.from(
      { length: count },
      (_, index) => new ShardWorker(sink.startWorker(), (message) => this.heard(index, message)),
    );
  }

  pause(): void {
    this.tellAll("pause");
  }

  resume(): void {
    this.tellAll("resume");
  }

  cancel(): void {
    this.tellAll("cancel");
  }

  /** Throws what a worker refuses. */
  async run(order: Omit<PassOrder, "shard">): Promise<ShardsLeft> {
    const { length: count } = this.workers;
    const left = await Promise.all(
      this.workers.map((worker, index) => worker.read({ ...order, shard: { index, count } })),
    );
    for (const { tallies } of left) this.tallies.join(tallies);
    this.store.countAll(this.tallies.rows);
    return {
      summary: mergeSummaries(left.map(({ summary }) => summary)),
      openers: mergeShardRows(left.map(({ rows }) => rows)),
    };
  }

  /** The rows with what the rules said of them. */
  async judged(): Promise<readonly JudgedOpener[]> {
    return mergeJudgedRows(await Promise.all(this.workers.map((worker) => worker.judged())));
  }

  end(): void {
    for (const worker of this.workers) worker.end();
  }

  private tellAll(kind: "pause" | "resume" | "cancel" | "enough"): void {
    for (const worker of this.workers) worker.tell({ kind });
  }

  private heard(index: number, message: ShardMessage): void {
    if (message.kind === "piece") {
      if (!this.store.isFull) this.merge.add(index, message.piece);
    } else if (message.kind === "reached") this.merge.reach(index, message.records);
    else if (message.kind === "left") this.merge.reach(index, Number.POSITIVE_INFINITY);
    else if (message.kind === "requests") this.sink.requested(this.requests());
    else if (message.kind === "progress") this.tellProgress();
    else return;
    if (this.store.isFull) return;
    for (const batch of this.merge.ready()) this.store.add(batch);
    if (this.store.isFull) this.tellAll("enough");
  }

  private requests(): number {
    return this.workers.reduce((sum, { requests }) => sum + requests, 0);
  }

  /** The slowest tells how far the reading is; all hold memory. */
  private tellProgress(): void {
    const known = this.workers.flatMap(({ progress }) =>
      progress === undefined ? [] : [progress],
    );
    if (known.length < this.workers.length) return;
    const slowest = known.reduce((a, b) => (b.records < a.records ? b : a));
    const memory = known.reduce((sum, progress) => sum + progress.memory, 0);
    this.sink.report({ ...slowest, memory });
  }
}
