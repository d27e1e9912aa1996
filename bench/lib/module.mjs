// A part of the core as a module of its own, built as the core's release is.

import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./measure.mjs";

function flagsOf(options) {
  return Object.entries(options).flatMap(([name, value]) => {
    if (value === true) return [`--${name}`];
    if (value === false) return [];
    return [`--${name}`, Array.isArray(value) ? value.join(",") : String(value)];
  });
}

/** Exports of `assembly/ENTRY`, built anew. */
export function moduleOf(entry) {
  const { options, targets } = JSON.parse(readFileSync(join(ROOT, "asconfig.json"), "utf8"));
  const { outFile: _out, textFile: _text, ...release } = targets.release;
  const folder = join(ROOT, ".tmp", "bench");
  mkdirSync(folder, { recursive: true });
  // Contenders are built by each run of theirs, one after the other.
  const out = join(folder, entry.replace(/\.ts$/, ".wasm"));
  const flags = flagsOf({ ...options, ...release });
  execFileSync(
    process.execPath,
    [
      join(ROOT, "node_modules/assemblyscript/bin/asc.js"),
      ...[join("assembly", entry), "--config", "none", ...flags, "--outFile", out],
    ],
    { cwd: ROOT },
  );
  return new WebAssembly.Instance(new WebAssembly.Module(readFileSync(out)), {}).exports;
}
