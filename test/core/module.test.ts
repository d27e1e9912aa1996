import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import * as contract from "../../src/contract.js";
import { instantiateCore, loadCore } from "../../src/core/load.js";

const TARGETS = ["core.debug", "core"] as const;
type Target = (typeof TARGETS)[number];

function read(path: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(readFileSync(new URL(`../../${path}`, import.meta.url)));
}

function readText(path: string): string {
  return new TextDecoder().decode(read(path));
}

function bytesOf(target: Target): Uint8Array<ArrayBuffer> {
  return read(`build/${target}.wasm`);
}

/** The names between the braces of every `export { ... }` of a source file. */
function exportedNames(source: string): string[] {
  return [...source.matchAll(/^export \{([^}]*)\}/gm)].flatMap(([, names]) =>
    names!
      .split(",")
      .map((name) => name.trim())
      .filter((name) => name !== ""),
  );
}

/** The wasm integer that stands for `value` (signed LEB128). */
function leb128(value: number): number[] {
  const bytes: number[] = [];
  for (let rest = value; ; rest >>= 7) {
    const low = rest & 127;
    const done = rest >> 7 === (low & 64 ? -1 : 0);
    bytes.push(done ? low : low | 128);
    if (done) return bytes;
  }
}

function indexOfBytes(bytes: Uint8Array, wanted: readonly number[]): number {
  return bytes.findIndex((_, at) => wanted.every((byte, i) => bytes[at + i] === byte));
}

describe.each(TARGETS)("the core's module (%s.wasm)", (target) => {
  it("imports nothing", () => {
    expect(WebAssembly.Module.imports(new WebAssembly.Module(bytesOf(target)))).toEqual([]);
  });

  it("exports what assembly/index.ts lists, its memory and the contract, and nothing else", () => {
    const exports = WebAssembly.Module.exports(new WebAssembly.Module(bytesOf(target)));
    const listed = exportedNames(readText("assembly/index.ts"));
    expect(exports.map(({ name }) => name).sort()).toEqual(
      [...listed, ...Object.keys(contract), "memory"].sort(),
    );
  });

  it("has every function that the host calls", () => {
    const called = [...readText("src/core/exports.ts").matchAll(/^ {2}(\w+)\(/gm)].map(
      ([, name]) => name!,
    );
    expect(called.length).toBeGreaterThan(30);
    const exports = WebAssembly.Module.exports(new WebAssembly.Module(bytesOf(target)));
    const functions = new Set(exports.map((entry) => entry.name));
    expect(called.filter((name) => !functions.has(name))).toEqual([]);
  });

  it("agrees with TypeScript on every constant", async () => {
    const exports = await instantiateCore(await loadCore(bytesOf(target)));
    const globals = exports as unknown as Record<string, { readonly value: number }>;
    const found = Object.fromEntries(
      Object.keys(contract).map((name) => [name, Number(globals[name]?.value ?? globals[name])]),
    );
    expect(found).toEqual({ ...contract });
  });

  it("is refused with the constant's name when it comes from another build", async () => {
    const bytes = bytesOf(target);
    const value = leb128(contract.IMAGE_MAGIC);
    const at = indexOfBytes(bytes, [0x7f, 0, 0x41, ...value, 0x0b]);
    expect(at).toBeGreaterThan(0);
    bytes[at + 3]! ^= 1;
    await expect(instantiateCore(await loadCore(bytes))).rejects.toMatchObject({
      code: "core-mismatch",
      message: `core.wasm has IMAGE_MAGIC = ${contract.IMAGE_MAGIC ^ 1}, not ${contract.IMAGE_MAGIC}`,
    });
  });
});

describe("the release build of the core", () => {
  it("holds no managed runtime: no object crept in", () => {
    expect(readText("build/core.wat")).not.toContain("~lib/rt");
  });

  it("uses SIMD", () => {
    expect(readText("build/core.wat")).toContain("v128.load");
  });
});

describe("loadCore", () => {
  it("takes bytes, a module, a response and a promise of one", async () => {
    const response = (): Response =>
      new Response(bytesOf("core"), { headers: { "content-type": "application/wasm" } });
    const module = await loadCore(bytesOf("core"));
    expect(await loadCore(module)).toBe(module);
    for (const source of [response(), Promise.resolve(response())])
      expect(await loadCore(source)).toBeInstanceOf(WebAssembly.Module);
  });

  it("refuses what is no WebAssembly", async () => {
    await expect(loadCore(new TextEncoder().encode("<html>"))).rejects.toMatchObject({
      code: "core-invalid",
    });
  });

  it("refuses a module that is not the core", async () => {
    // The smallest module there is: magic and version.
    const empty = await loadCore(Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0));
    await expect(instantiateCore(empty)).rejects.toMatchObject({ code: "core-mismatch" });
  });
});
