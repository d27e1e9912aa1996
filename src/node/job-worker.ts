// The inside of one worker thread of jobs.ts: evaluate one share of the interfaces, report, end.

import { parentPort } from "node:worker_threads";
import { evaluateCompiled } from "../analysis/index.js";
import { errorParts, FlowError } from "../errors.js";
import { type JobOrder, type JobReport, STOP } from "./jobs.js";
import { logInputs } from "./log-input.js";

/** Progress crosses threads at most this often. */
const REPORT_MS = 100;

const port = parentPort;
if (port === null) throw new Error("job-worker runs only as a worker thread");

const controller = new AbortController();
port.on("message", (message: JobOrder | typeof STOP) => {
  if (message === STOP) controller.abort();
  else void judge(message as JobOrder);
});

function send(report: JobReport): void {
  port?.postMessage(report);
}

async function judge({ files, rules, options }: JobOrder): Promise<void> {
  const { signal } = controller;
  let nextReport = 0;
  try {
    const summary = await evaluateCompiled(logInputs(files, signal), rules, {
      ...options,
      signal,
      onProgress: (done) => {
        const now = performance.now();
        if (now < nextReport) return;
        nextReport = now + REPORT_MS;
        send({ kind: "progress", done });
      },
    });
    send({ kind: "summary", summary });
  } catch (error) {
    // Anything else is a fault: it ends the thread with its stack, and the parent rejects with it.
    if (!(error instanceof FlowError)) throw error;
    send({ kind: "refused", error: errorParts(error) });
  }
  port?.close();
}
