import { readFile } from "node:fs/promises";
import { loadCore } from "../core/load.js";
import { FlowError } from "../errors.js";

let loaded: Promise<WebAssembly.Module> | undefined;

// dist/src/node -> build; the same distance from src/node when run from source.
const PLACES = ["../../../build/core.wasm", "../../build/core.wasm"];

async function compile(): Promise<WebAssembly.Module> {
  for (const place of PLACES) {
    try {
      return await loadCore(await readFile(new URL(place, import.meta.url)));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    }
  }
  throw new FlowError("core-missing", "core.wasm is not where it was installed", {
    hint: "reinstall the package, or run `npm run build` in a checkout",
  });
}

/** The core that came with the package, compiled once per process. */
export function coreModule(): Promise<WebAssembly.Module> {
  loaded ??= compile();
  return loaded;
}
