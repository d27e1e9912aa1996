// Evaluation spread over threads. Every thread reads all files and judges the interfaces of its share, so the answer does
// not depend on their number (semantics 7.2). This thread is one of them.

import { Worker } from "node:worker_threads";
import {
  type CompiledOptions,
  compileEvaluation,
  type EvaluateOptions,
  evaluateCompiled,
  mergeSummaries,
  type Progress,
  type RunRules,
} from "../analysis/index.js";
import type { Summary } from "../analysis/summary.js";
import { type ErrorParts, errorOfParts } from "../errors.js";
import type { LogFile } from "./find-logs.js";
import { logInputs } from "./log-input.js";

/** What a thread is to do; every part can be cloned. */
export interface JobOrder {
  readonly files: readonly LogFile[];
  readonly rules: RunRules;
  readonly options: Omit<CompiledOptions, "signal" | "onProgress">;
}

/** From a thread. */
export type JobReport =
  | { readonly kind: "progress"; readonly done: Progress }
  | { readonly kind: "summary"; readonly summary: Summary }
  | { readonly kind: "refused"; readonly error: ErrorParts };

/** To a thread: stop and report what is known. */
export const STOP: string = "stop";

/** The slowest thread tells how far the run is; the last one known tells its file. */
function slowest(states: readonly (Progress | undefined)[]): Progress | undefined {
  let least: Progress | undefined;
  for (const state of states) {
    if (state === undefined) return undefined;
    if (least === undefined || state.bytes < least.bytes) least = state;
  }
  return least;
}

/** The same rules with their images in memory that threads share: each would get a copy else. */
function shareable(rules: RunRules): RunRules {
  const images = rules.images.map(({ image, ruleIds }) => {
    const shared = new Uint8Array(new SharedArrayBuffer(image.length));
    shared.set(image);
    return { image: shared, ruleIds };
  });
  return { ...rules, images };
}

/** A thread that waits for its order. */
class Job {
  private readonly worker = new Worker(new URL("./job-worker.js", import.meta.url));
  private readonly answered: Promise<Summary>;
  private onProgress: ((done: Progress) => void) | undefined;

  constructor() {
    this.answered = new Promise((resolve, reject) => {
      this.worker.on("message", (report: JobReport) => {
        if (report.kind === "progress") this.onProgress?.(report.done);
        else if (report.kind === "summary") resolve(report.summary);
        else reject(errorOfParts(report.error));
      });
      this.worker.on("error", reject);
      this.worker.on("exit", (code) => {
        // After a summary this changes nothing: a promise settles once.
        reject(new Error(`a worker thread ended with code ${code} and without an answer`));
      });
    });
    // Told to whoever gives an order; without one it concerns nobody.
    this.answered.catch(() => {});
    this.worker.unref();
  }

  /** Once. An aborted signal resolves with what is known. */
  async run(
    order: JobOrder,
    signal: AbortSignal,
    onProgress: (done: Progress) => void,
  ): Promise<Summary> {
    this.onProgress = onProgress;
    this.worker.ref();
    this.worker.postMessage(order);
    const stop = (): void => this.worker.postMessage(STOP);
    if (signal.aborted) stop();
    signal.addEventListener("abort", stop);
    try {
      return await this.answered;
    } finally {
      signal.removeEventListener("abort", stop);
    }
  }

  async end(): Promise<void> {
    await this.worker.terminate();
  }
}

/**
 * The threads of one evaluation. They are started with the object, before anybody knows the rules: a thread takes as long
 * to load the program as a small rule set to read.
 */
export class Jobs {
  private readonly others: readonly Job[];

  /** `count`: threads that judge, this one among them. */
  constructor(count: number) {
    this.others = Array.from({ length: count - 1 }, () => new Job());
  }

  /**
   * Judges the files in all threads and merges their summaries; once. The rules are compiled here and handed to all. An
   * aborted signal resolves with what is known, marked partial. Throws what a thread refuses, after all have ended.
   * Memory: that of one evaluation each.
   */
  async evaluate(files: readonly LogFile[], options: EvaluateOptions): Promise<Summary> {
    const { ruleSet: _, later: __, signal, onProgress, ...shared } = options;
    const rules = shareable(compileEvaluation(options));
    const count = this.others.length + 1;
    const states = new Array<Progress | undefined>(count).fill(undefined);
    const report =
      (index: number) =>
      (done: Progress): void => {
        states[index] = done;
        const overall = slowest(states);
        if (overall !== undefined) onProgress?.(overall);
      };
    const failed = new AbortController();
    const ends = signal === undefined ? failed.signal : AbortSignal.any([signal, failed.signal]);
    const shardOf = (index: number) => ({ ...shared, shard: { index, count } });
    const parts = this.others.map((job, i) =>
      job.run({ files, rules, options: shardOf(i + 1) }, ends, report(i + 1)),
    );
    const own = evaluateCompiled(logInputs(files, ends), rules, {
      ...shardOf(0),
      signal: ends,
      onProgress: report(0),
    });
    try {
      return mergeSummaries(await Promise.all([own, ...parts]));
    } catch (error) {
      failed.abort();
      await own.catch(() => {});
      throw error;
    } finally {
      await this.end();
    }
  }

  /** Ends the threads, whatever they do. */
  async end(): Promise<void> {
    await Promise.all(this.others.map((job) => job.end()));
  }
}
