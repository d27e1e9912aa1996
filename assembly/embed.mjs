// Build step: puts the core into JavaScript for places that cannot fetch a file (bundlers that copy no assets, one-file
// pages). Writes dist/src/core/inline.js and its types from build/core.wasm.

import { readFileSync, writeFileSync } from "node:fs";

const wasm = readFileSync(new URL("../build/core.wasm", import.meta.url));
const target = new URL("../dist/src/core/inline", import.meta.url);
writeFileSync(
  `${target.pathname}.js`,
  `const base64 =\n  "${wasm.toString("base64")}";

/** The bytes of the core. */
export function coreBytes() {
  return Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
}
`,
);
writeFileSync(
  `${target.pathname}.d.ts`,
  `/** The bytes of the core (core.wasm), decoded from the module itself: nothing is fetched. Pass them to loadCore. */
export declare function coreBytes(): Uint8Array<ArrayBuffer>;
`,
);
