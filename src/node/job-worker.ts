// The inside of one worker thread of jobs.ts: evaluate one share of the interfaces, report, end.

import { parentPort, workerData } from "node:worker_threads";
import { evaluate } from "../analysis/index.js";
import { errorParts, FlowError } from "../errors.js";
import { type JobOrder, type JobReport, STOP } from "./jobs.js";
import { logInputs } from "./log-input.js";

/** Progress crosses threads at most this often. */
const REPORT_MS = 100;

const port = parentPort;
if (port === null) throw new Error("job-worker runs only as a worker thread");

const order = workerData as JobOrder;
const controller = new AbortController();
port.on("message", (message) => {
  if (message === STOP) controller.abort();
});

function send(report: JobReport): void {
  port?.postMessage(report);
}

let nextReport = 0;
try {
  const inputs = logInputs(order.files, controller.signal);
  const summary = await evaluate(inputs, {
    ...order.options,
    signal: controller.signal,
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
port.close();
