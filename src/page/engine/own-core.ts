import { packedCore } from "virtual:core";
import { loadCore } from "../../core/load.js";
import { unpack } from "../unpack.js";

/**
 * The core as the script holds it: deflated, in base64. Every worker makes its own: a module cannot be handed from one
 * worker to another where the page was opened from disk.
 */
export async function ownCore(): Promise<WebAssembly.Module> {
  return loadCore(new Uint8Array(await unpack(packedCore).arrayBuffer()));
}
