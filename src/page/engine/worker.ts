// The worker's end of the protocol: one request after the other is answered, those that steer a reading at once.

import { errorParts, FlowError } from "../../errors.js";
import type { CallName, EngineCalls, EngineMessage, EngineRequest } from "../protocol.js";
import { watchRequests } from "../watch-requests.js";
import { Engine } from "./engine.js";

/** A worker's global scope; the types of pages and of workers cannot stand in one program. */
interface WorkerScope {
  onmessage: ((event: MessageEvent<EngineRequest>) => void) | null;
  postMessage(message: EngineMessage): void;
}

const scope = globalThis as unknown as WorkerScope;
const engine = new Engine((progress) => scope.postMessage({ kind: "progress", progress }));

async function answer({ id, name, args }: EngineRequest): Promise<void> {
  try {
    const call = engine[name] as (...args: readonly unknown[]) => unknown;
    const value = await call.apply(engine, [...args]);
    scope.postMessage({ kind: "answer", id, value });
  } catch (error) {
    // Anything else is a fault of ours: it is told with its stack.
    const told =
      error instanceof FlowError
        ? error
        : new FlowError(
            "fault",
            error instanceof Error ? (error.stack ?? error.message) : String(error),
            {
              hint: "this is a fault of the page; what you see may be incomplete",
            },
          );
    scope.postMessage({ kind: "refused", id, error: errorParts(told) });
  }
}

/** Calls that must not wait for a reading to end. */
const AT_ONCE: ReadonlySet<CallName> = new Set<keyof EngineCalls>(["pause", "resume", "cancel"]);

let last: Promise<void> = Promise.resolve();
scope.onmessage = ({ data }) => {
  if (AT_ONCE.has(data.name)) void answer(data);
  else last = last.then(() => answer(data));
};

watchRequests((count) => scope.postMessage({ kind: "requests", count }));
