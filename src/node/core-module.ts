import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { exposeGlobals } from "../core/expose-globals.js";
import { loadCore } from "../core/load.js";
import { FlowError } from "../errors.js";

// From dist/cli (the command line) and from src/node; from dist/src/node (the library).
const PLACES = ["../../build/core.wasm", "../../../build/core.wasm"];

/** The core's bytes. */
async function bytesOfCore(): Promise<Buffer> {
  for (const place of PLACES) {
    try {
      return await readFile(new URL(place, import.meta.url));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    }
  }
  throw new FlowError("core-missing", "core.wasm is not where it was installed", {
    hint: "reinstall the package, or run `npm run build` in a checkout",
  });
}

let loaded: Promise<WebAssembly.Module> | undefined;

/** The core that came with the package, compiled once per process. */
export function coreModule(): Promise<WebAssembly.Module> {
  loaded ??= bytesOfCore().then(loadCore);
  return loaded;
}

/** The same with its variables exposed, so that its state can be kept, and what tells it from others. */
export async function keepableCore(): Promise<{
  readonly module: WebAssembly.Module;
  readonly digest: string;
}> {
  const bytes = await bytesOfCore();
  const module = await loadCore(exposeGlobals(bytes));
  return { module, digest: createHash("sha256").update(bytes).digest("hex") };
}
