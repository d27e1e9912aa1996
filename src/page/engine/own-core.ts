import { packedCore } from "virtual:core";
import { exposeGlobals } from "../../core/expose-globals.js";
import { loadCore } from "../../core/load.js";
import { unpack } from "../unpack.js";

/**
 * The core as the script holds it: deflated, in base64. Every worker makes its own: a module cannot be handed from one
 * worker to another where the page was opened from disk. Its variables are exposed, so that it can be used again.
 */
export async function ownCore(): Promise<WebAssembly.Module> {
  return loadCore(exposeGlobals(new Uint8Array(await unpack(packedCore).arrayBuffer())));
}
