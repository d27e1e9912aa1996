import { demangle } from "@assemblyscript/loader";
import * as contract from "../contract.js";
import { FlowError } from "../errors.js";
import type { CoreExports } from "./exports.js";

/** Where the core's bytes come from. */
export type CoreSource = WebAssembly.Module | BufferSource | Response | Promise<Response>;

/**
 * Compiles the core once; the module may be sent to workers. Throws `core-invalid` for bytes that are no WebAssembly
 * module. Cost: tens of milliseconds.
 */
export async function loadCore(source: CoreSource): Promise<WebAssembly.Module> {
  if (source instanceof WebAssembly.Module) return source;
  try {
    // Told by what they have: naming Response makes Node load its whole HTTP client.
    if ("byteLength" in source) return await WebAssembly.compile(source);
    return await WebAssembly.compileStreaming(source);
  } catch (error) {
    throw new FlowError("core-invalid", `the core does not compile: ${String(error)}`, {
      hint: "reinstall the package; core.wasm must be the file that came with it",
    });
  }
}

/**
 * A fresh instance: one evaluation, its own memory. Compares every constant of the contract with the module's exported
 * global and throws `core-mismatch` where a wasm file of another version is in place.
 */
export async function instantiateCore(module: WebAssembly.Module): Promise<CoreExports> {
  // The loader's own instantiate() names Response too. The core imports nothing.
  const instance = await WebAssembly.instantiate(module);
  const exports = demangle<Record<string, unknown>>(instance.exports);
  for (const [name, value] of Object.entries(contract)) {
    const global = exports[name];
    const found = global instanceof WebAssembly.Global ? global.value : global;
    if (found === value) continue;
    throw new FlowError("core-mismatch", `core.wasm has ${name} = ${String(found)}, not ${value}`, {
      hint: "core.wasm and the JavaScript around it come from different builds: reinstall or rebuild",
    });
  }
  return exports as unknown as CoreExports;
}
