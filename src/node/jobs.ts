// Evaluation spread over worker threads. Every worker reads all files and judges the interfaces of its share, so the
// answer does not depend on their number (semantics 7.2).

import { Worker } from "node:worker_threads";
import { type EvaluateOptions, mergeSummaries } from "../analysis/index.js";
import type { Summary } from "../analysis/summary.js";
import { type ErrorParts, errorOfParts } from "../errors.js";
import type { LogFile } from "./find-logs.js";

/** What a worker is started with; every part can be cloned. */
export interface JobOrder {
  readonly files: readonly LogFile[];
  readonly options: Omit<EvaluateOptions, "signal" | "onProgress">;
}

export interface JobProgress {
  readonly bytes: number;
  readonly records: number;
  readonly file: string;
}

/** From a worker. */
export type JobReport =
  | { readonly kind: "progress"; readonly done: JobProgress }
  | { readonly kind: "summary"; readonly summary: Summary }
  | { readonly kind: "refused"; readonly error: ErrorParts };

/** To a worker: stop and report what is known. */
export const STOP: string = "stop";

export interface JobsOptions extends Omit<EvaluateOptions, "shard"> {
  readonly jobs: number;
}

/** The slowest worker tells how far the run is; the last one known tells its file. */
function slowest(states: readonly (JobProgress | undefined)[]): JobProgress | undefined {
  let least: JobProgress | undefined;
  for (const state of states) {
    if (state === undefined) return undefined;
    if (least === undefined || state.bytes < least.bytes) least = state;
  }
  return least;
}

function runWorker(
  order: JobOrder,
  signal: AbortSignal | undefined,
  onProgress: (done: JobProgress) => void,
  running: Worker[],
): Promise<Summary> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL("./job-worker.js", import.meta.url), { workerData: order });
    running.push(worker);
    const stop = (): void => worker.postMessage(STOP);
    signal?.addEventListener("abort", stop);
    worker.on("message", (report: JobReport) => {
      if (report.kind === "progress") onProgress(report.done);
      else if (report.kind === "summary") resolve(report.summary);
      else reject(errorOfParts(report.error));
    });
    worker.on("error", reject);
    worker.on("exit", (code) => {
      signal?.removeEventListener("abort", stop);
      // After a summary this changes nothing: a promise settles once.
      reject(new Error(`a worker thread ended with code ${code} and without an answer`));
    });
    if (signal?.aborted === true) stop();
  });
}

/**
 * Judges the files in `jobs` worker threads and merges their summaries. An aborted signal resolves with what is known,
 * marked partial. Throws what a worker refuses, after all workers have ended. Memory: that of one evaluation each.
 */
export async function evaluateInJobs(
  files: readonly LogFile[],
  options: JobsOptions,
): Promise<Summary> {
  const { jobs, signal, onProgress, ...shared } = options;
  const states = new Array<JobProgress | undefined>(jobs).fill(undefined);
  const running: Worker[] = [];
  try {
    const parts = await Promise.all(
      states.map((_, index) => {
        const order: JobOrder = { files, options: { ...shared, shard: { index, count: jobs } } };
        const report = (done: JobProgress): void => {
          states[index] = done;
          const overall = slowest(states);
          if (overall !== undefined) onProgress?.(overall);
        };
        return runWorker(order, signal, report, running);
      }),
    );
    return mergeSummaries(parts);
  } finally {
    await Promise.all(running.map((worker) => worker.terminate()));
  }
}
