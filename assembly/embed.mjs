// Build step: puts the core into JavaScript for places that cannot fetch a file (bundlers that copy no assets, one-file
// pages). Writes dist/src/core/inline.js and its types from build/core.wasm.

import { readFileSync, writeFileSync } from "node:fs";

const wasm = readFileSync(new URL("../build/core.wasm", import.meta.url));
// In lines of common length: tools that look at sources line by line are slow on one of 70,000 characters.
const lines = wasm
  .toString("base64")
  .match(/.{1,100}/g)
  .map((line) => `  "${line}",`);
writeFileSync(
  new URL("../dist/src/core/inline.js", import.meta.url),
  `const base64 = [\n${lines.join("\n")}\n].join("");

/** The bytes of the core. */
export function coreBytes() {
  return Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
}
`,
);
writeFileSync(
  new URL("../dist/src/core/inline.d.ts", import.meta.url),
  `/** The bytes of the core (core.wasm), decoded from the module itself: nothing is fetched. Pass them to loadCore. */
export declare function coreBytes(): Uint8Array<ArrayBuffer>;
`,
);
