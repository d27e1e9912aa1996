// The page's end of the protocol.

import { engine as engineSource } from "virtual:engine";
import { signal } from "@preact/signals";
import { errorOfParts } from "../../errors.js";
import {
  type CallName,
  type EngineCalls,
  type EngineMessage,
  type EngineRequest,
  type Progress,
  SHARD_NAME,
  type ShardStart,
} from "../protocol.js";
import { unpack } from "../unpack.js";

/** How far the reading is that goes on; null where none does. */
export const progress = signal<Progress | null>(null);

/** Requests that the worker has seen leave. */
export const workerRequests = signal(0);

/** A fault of ours that ended the worker: nothing can be asked any more. */
export const engineFault = signal<string | null>(null);

// Parts of the page beside it, loaded when they are first needed.
if ("url" in engineSource)
  globalThis.flowverdictFiles = new URL(".", new URL(engineSource.url, document.baseURI)).href;

interface Waiting {
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

/**
 * Always from a blob: such a worker is bound by the page's policy, while one from an address would have its own, or none.
 * Where the code lies beside the page it is imported; what is said meanwhile is kept for it.
 */
async function startWorker(name = ""): Promise<Worker> {
  const code =
    "packed" in engineSource
      ? await unpack(engineSource.packed).text()
      : importing(engineSource.url);
  const url = URL.createObjectURL(new Blob([code], { type: "text/javascript" }));
  const worker = new Worker(url, { name });
  worker.onerror = ({ message }) => failed(message ?? "");
  return worker;
}

function importing(path: string): string {
  const address = new URL(path, document.baseURI);
  const url = JSON.stringify(address.href);
  const files = JSON.stringify(new URL(".", address).href);
  return `globalThis.flowverdictFiles = ${files};
const early = [];
onmessage = (event) => early.push(event);
import(${url}).then(
  () => early.forEach((event) => onmessage(event)),
  (error) => setTimeout(() => { throw error; }),
);`;
}

const waiting = new Map<number, Waiting>();
let lastId = 0;

function settle(id: number, how: (waiting: Waiting) => void): void {
  const found = waiting.get(id);
  waiting.delete(id);
  if (found !== undefined) how(found);
}

function heard(data: EngineMessage): void {
  switch (data.kind) {
    case "answer":
      settle(data.id, ({ resolve }) => resolve(data.value));
      break;
    case "refused":
      settle(data.id, ({ reject }) => reject(errorOfParts(data.error)));
      break;
    case "progress":
      progress.value = data.progress;
      break;
    case "shard":
      startShard(data.port).catch((error) => failed(String(error)));
      break;
    case "requests":
      workerRequests.value = data.count;
      break;
  }
}

/** One of several workers of a reading: what it says goes to the one that asked for it. */
async function startShard(port: MessagePort): Promise<void> {
  const worker = await startWorker(SHARD_NAME);
  const start: ShardStart = { port };
  worker.postMessage(start, [port]);
}

function failed(message: string): void {
  engineFault.value = message === "" ? "it did not start" : message;
  for (const { reject } of waiting.values()) reject(new Error(engineFault.value));
  waiting.clear();
}

/** What is seen comes first: unpacking the worker's script takes some milliseconds. */
function painted(): Promise<void> {
  return new Promise((resolve) => {
    // In a page that is not shown there are no frames.
    if (document.hidden) resolve();
    else requestAnimationFrame(() => setTimeout(resolve));
  });
}

const started = painted()
  .then(() => startWorker())
  .then((worker) => {
    worker.onmessage = ({ data }) => heard(data);
    return worker;
  });
started.catch((error) => failed(String(error)));

/** Asks the worker. Rejects with a FlowError for what it refuses. */
export function call<Name extends CallName>(
  name: Name,
  ...args: Parameters<EngineCalls[Name]>
): Promise<ReturnType<EngineCalls[Name]>> {
  if (engineFault.value !== null) return Promise.reject(new Error(engineFault.value));
  const id = ++lastId;
  const request: EngineRequest = { id, name, args };
  return new Promise((resolve, reject) => {
    waiting.set(id, { resolve: resolve as (value: unknown) => void, reject });
    started.then(
      (worker) => worker.postMessage(request),
      // Told to all that wait.
      () => {},
    );
  });
}
