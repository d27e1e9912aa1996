// One instance for one evaluation after the other. Memory that is touched for the first time is what a small evaluation
// spends most of its time on: a fresh instance has none that is not.

import { putVariables, takeVariables } from "./core-state.js";
import type { CoreExports } from "./exports.js";
import { instantiateCore } from "./load.js";

/** Linear memory that is kept from one evaluation to the next: two million rows of openers, and what stands beside. */
const MOST_KEPT_BYTES = 768 << 20;

export class ReusableCore {
  private readonly module: WebAssembly.Module;
  private made: { readonly api: CoreExports; readonly begin: CoreBegin } | undefined;

  /** A module of `exposeGlobals`. */
  constructor(module: WebAssembly.Module) {
    this.module = module;
  }

  /** The instance as it was when it was made. What was done with it before is void: nobody may hold views of it. */
  async renewed(): Promise<CoreExports> {
    if (this.made === undefined || this.made.api.memory.buffer.byteLength > MOST_KEPT_BYTES) {
      const api = await instantiateCore(this.module);
      this.made = { api, begin: beginOf(api) };
      return api;
    }
    const { api, begin } = this.made;
    const end = api.arenaEnd();
    new Uint8Array(api.memory.buffer).set(begin.statics);
    putVariables(api, begin.variables);
    api.arenaReuse(end);
    return api;
  }
}

/** What an instance begins with. */
interface CoreBegin {
  /** Memory below what is handed out. */
  readonly statics: Uint8Array;
  readonly variables: readonly string[];
}

function beginOf(api: CoreExports): CoreBegin {
  const statics = new Uint8Array(api.memory.buffer).slice(0, api.arenaBegin());
  return { statics, variables: takeVariables(api) };
}
