import { packedCore } from "virtual:core";
import { loadCore } from "../../core/load.js";

/**
 * The core as the script holds it: deflated, in base64. Every worker makes its own: a module cannot be handed from one
 * worker to another where the page was opened from disk.
 */
export async function ownCore(): Promise<WebAssembly.Module> {
  const packed = Uint8Array.from(atob(packedCore), (letter) => letter.charCodeAt(0));
  const bytes = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  return loadCore(new Uint8Array(await new Response(bytes).arrayBuffer()));
}
