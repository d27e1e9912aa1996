// zstd as zstd's own library writes it: by a Node that has it in node:zlib. That of the tests may be too old.
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./packed.js";

/** Programs of Node 22 and 24, from packages for Linux on x64; empty elsewhere. */
export const OTHER_NODES: readonly string[] = ["node22", "node24"]
  .map((name) => join(ROOT, "test/outside/node_modules", name, "bin/node"))
  .filter((path) => existsSync(path));

export interface ZstdOptions {
  readonly level?: number;
  readonly checksum?: boolean;
  readonly windowLog?: number;
}

const SCRIPT = `
const zlib = require("node:zlib");
const { constants: c } = zlib;
const { level = 3, checksum = false, windowLog = 0 } = JSON.parse(process.argv[1]);
const params = {
  [c.ZSTD_c_compressionLevel]: level,
  [c.ZSTD_c_checksumFlag]: checksum ? 1 : 0,
  [c.ZSTD_c_windowLog]: windowLog,
};
const chunks = [];
process.stdin.on("data", (chunk) => chunks.push(chunk));
process.stdin.on("end", () => process.stdout.write(zlib.zstdCompressSync(Buffer.concat(chunks), { params })));
`;

/** One frame of zstd. */
export function zstdOf(input: string | Uint8Array, options: ZstdOptions = {}): Buffer {
  const node = OTHER_NODES[OTHER_NODES.length - 1];
  if (node === undefined) throw new Error("no Node with zstd: npm ci --prefix test/outside");
  return execFileSync(node, ["--no-warnings", "-e", SCRIPT, JSON.stringify(options)], {
    input,
    maxBuffer: 1 << 30,
  });
}

/** A frame that decoders pass over. */
export function skippableFrame(length: number): Buffer {
  const frame = Buffer.alloc(8 + length, 0xab);
  frame.writeUInt32LE(0x184d2a53, 0);
  frame.writeUInt32LE(length, 4);
  return frame;
}
