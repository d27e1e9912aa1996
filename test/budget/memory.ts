// Runs that watch the core from outside: its memory after every chunk, and how often it is called.
import type { EvaluateOptions, LogInput } from "../../src/analysis/index.js";
import { Run, runOf } from "../../src/analysis/run.js";
import type { Summary } from "../../src/analysis/summary.js";
import type { CoreExports } from "../../src/core/exports.js";
import type { GeneratedChunk } from "../../src/generate/index.js";

export interface Watched {
  readonly summary: Summary;
  /** Bytes of linear memory in use after each record count asked for. */
  readonly bytesAt: ReadonlyMap<number, number>;
  /** Most bytes, connections and records held at a time. */
  readonly most: { readonly bytes: number; readonly connections: number; readonly records: number };
  /** Calls into the core by export while text went in, and how many bytes of it. */
  readonly calls: ReadonlyMap<string, number>;
  readonly text: number;
}

/** Counts every call of an instance's exports. */
function counting(api: CoreExports, calls: Map<string, number>): CoreExports {
  return new Proxy(api, {
    get(target, name, receiver): unknown {
      const found: unknown = Reflect.get(target, name, receiver);
      if (typeof found !== "function" || typeof name !== "string") return found;
      return (...values: unknown[]): unknown => {
        calls.set(name, (calls.get(name) ?? 0) + 1);
        return Reflect.apply(found, target, values);
      };
    },
  });
}

/** Evaluates generated chunks without keeping them, and looks at the core when `marks` records went in. */
export async function watch(
  chunks: Iterable<GeneratedChunk>,
  options: EvaluateOptions,
  marks: readonly number[],
): Promise<Watched> {
  const run = await Run.start(runOf(options), []);
  const calls = new Map<string, number>();
  const core = run.core as unknown as { api: CoreExports };
  const { api } = core;
  core.api = counting(api, calls);
  const bytesAt = new Map<number, number>();
  const most = { bytes: 0, connections: 0, records: 0 };
  let records = 0;
  let text = 0;
  const look = (): void => {
    most.bytes = Math.max(most.bytes, api.arenaUsed());
    most.connections = Math.max(most.connections, api.connectionsLive());
    most.records = Math.max(most.records, api.rowsLive());
    for (const mark of marks)
      if (records >= mark && !bytesAt.has(mark)) bytesAt.set(mark, most.bytes);
  };
  const input: LogInput = {
    name: "log",
    async *open(): AsyncGenerator<Uint8Array> {
      for (const chunk of chunks) {
        look();
        text += chunk.text.length;
        yield chunk.text;
        records += chunk.truth.count;
      }
    },
  };
  for await (const _ of run.read([input])) {
    // Nothing is emitted: the generator is only driven.
  }
  look();
  core.api = api;
  return { summary: run.summary(), bytesAt, most, calls, text };
}
