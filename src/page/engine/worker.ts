// The worker's end of the protocol: one request after the other is answered (request-queue.ts), those that steer a reading
// at once. The same script is one of several workers of a reading where its name says so.

import { errorParts } from "../../errors.js";
import {
  type CallName,
  type EngineCalls,
  type EngineMessage,
  type EngineRequest,
  SHARD_NAME,
  type ShardStart,
} from "../protocol.js";
import { watchRequests } from "../watch-requests.js";
import { Engine } from "./engine.js";
import { faultOf } from "./fault.js";
import { RequestQueue } from "./request-queue.js";
import type { ShardMessage, ShardRequest } from "./shard-protocol.js";

/** A worker's global scope; the types of pages and of workers cannot stand in one program. */
interface WorkerScope<Heard, Said> {
  readonly name: string;
  onmessage: ((event: MessageEvent<Heard>) => void) | null;
  postMessage(message: Said, handOver?: readonly Transferable[]): void;
  close(): void;
}

/** All that it hears and says goes through the port of its first message. */
function serveShard(scope: WorkerScope<ShardStart, never>): void {
  scope.onmessage = async ({ data: { port } }) => {
    const { Shard } = await import("./shard.js");
    const send = (message: ShardMessage, handOver: readonly ArrayBuffer[] = []): void =>
      port.postMessage(message, [...handOver]);
    const shard = new Shard(send, () => scope.close());
    port.onmessage = ({ data }: MessageEvent<ShardRequest>) => void shard.serve(data);
    watchRequests((count) => send({ kind: "requests", count }));
  };
}

function serveEngine(scope: WorkerScope<EngineRequest, EngineMessage>): void {
  let own = 0;
  let others = 0;
  const tellRequests = (): void => scope.postMessage({ kind: "requests", count: own + others });
  const engine = new Engine({
    report: (progress) => scope.postMessage({ kind: "progress", progress }),
    requested: (count) => {
      others = count;
      tellRequests();
    },
    startWorker: () => {
      const { port1, port2 } = new MessageChannel();
      scope.postMessage({ kind: "shard", port: port2 }, [port2]);
      return port1;
    },
  });
  const answered = (request: EngineRequest): Promise<void> => answer(engine, scope, request);
  const queue = new RequestQueue<EngineRequest>(({ name }) => CAN_WAIT.has(name), answered);
  scope.onmessage = ({ data }) => {
    if (AT_ONCE.has(data.name)) void answered(data);
    else queue.add(data);
  };
  watchRequests((count) => {
    own = count;
    tellRequests();
  });
}

async function answer(
  engine: Engine,
  scope: WorkerScope<EngineRequest, EngineMessage>,
  { id, name, args }: EngineRequest,
): Promise<void> {
  try {
    const call = engine[name] as (...args: readonly unknown[]) => unknown;
    const value = await call.apply(engine, [...args]);
    scope.postMessage({ kind: "answer", id, value });
  } catch (error) {
    scope.postMessage({ kind: "refused", id, error: errorParts(faultOf(error)) });
  }
}

/** Calls that must not wait for a reading to end. */
const AT_ONCE: ReadonlySet<CallName> = new Set<keyof EngineCalls>(["pause", "resume", "cancel"]);

/** When the records of each impact row came: nobody is kept from the next edit by it. */
const CAN_WAIT: ReadonlySet<CallName> = new Set<keyof EngineCalls>(["changes"]);

const { name } = globalThis as unknown as WorkerScope<never, never>;
if (name === SHARD_NAME) serveShard(globalThis as unknown as WorkerScope<ShardStart, never>);
else serveEngine(globalThis as unknown as WorkerScope<EngineRequest, EngineMessage>);
