import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { isBuiltin } from "node:module";
import { dirname, join, relative } from "node:path";
import { promisify } from "node:util";
import { beforeAll, describe, expect, it } from "vitest";
import { TOOL } from "../src/report/tool.js";
import { type PackedFile, packedFiles, ROOT, withInstalled } from "./support/packed.js";

type Versions = Readonly<Record<string, string>>;

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  readonly type: string;
  readonly engines: Versions;
  readonly bin: { readonly flowverdict: string };
  readonly exports: Readonly<Record<string, unknown>> & {
    readonly ".": Readonly<Record<"browser" | "node" | "default", { readonly default: string }>>;
  };
  readonly dependencies: Versions;
  readonly peerDependencies: Versions;
  readonly devDependencies: Versions;
}

interface Lock {
  readonly packages: Readonly<
    Record<string, { readonly version: string } & Partial<Record<"dependencies", Versions>>>
  >;
}

async function readText(path: string): Promise<string> {
  return readFile(join(ROOT, path), "utf8");
}

/** Every path that the exports map leads to. */
function targetsOf(exports: unknown): string[] {
  if (typeof exports === "string") return [exports];
  return Object.values(exports as object).flatMap(targetsOf);
}

/** What a module asks for when it is loaded: static imports and re-exports. */
const AT_ONCE = [
  /(?:^|[;}\s])(?:import|export)\s[^"';]*?from\s*"([^"]+)"/g,
  /(?:^|[;}\s])import\s*"([^"]+)"/g,
];
/** What it may ask for besides: dynamic imports, and files beside it. */
const LATER = [/\bimport\(\s*"([^"]+)"/g, /\bnew URL\(\s*"([^"]+)"/g];

function importsOf(source: string, forms = [...AT_ONCE, ...LATER]): string[] {
  const code = source.replace(/\/\*[\s\S]*?\*\//g, "").replace(/^\s*\/\/.*$/gm, "");
  return forms.flatMap((form) => [...code.matchAll(form)].map(([, name]) => name!));
}

/**
 * Every module that a module of dist leads to, and every foreign name on the way; with `.d.ts` the declarations, which
 * name each other as modules.
 */
async function graphOf(
  entry: string,
  ending: ".js" | ".d.ts" = ".js",
  forms?: RegExp[],
): Promise<{ modules: Set<string>; foreign: Set<string> }> {
  const modules = new Set<string>();
  const foreign = new Set<string>();
  const open = [entry];
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    if (modules.has(path)) continue;
    modules.add(path);
    for (const name of importsOf(await readText(path), forms)) {
      if (!name.startsWith(".")) foreign.add(name);
      else open.push(relative(ROOT, join(ROOT, dirname(path), name)).replace(/\.js$/, ending));
    }
  }
  return { modules, foreign };
}

/** Addresses that are names: written into documents, by which readers know the format, and never asked. */
const NAMES: Readonly<Record<string, string>> = {
  "dist/src/report/sarif.js": '"https://json.schemastore.org/sarif-2.1.0.json"',
};

/** Modules that load the AWS SDK, as the compiler writes them. */
const CALLERS = ["dist/src/cli/snapshot/open-session.js", "dist/src/node/s3/s3-client.js"];

/** What the program is started by, and the threads it starts. */
const PROGRAM = ["main", "job-worker", "small-files-worker"].map((name) => `dist/cli/${name}.js`);
const LIBRARY = ["dist/src/node.js", "dist/src/core/inline.js"];

function packageOf(specifier: string): string {
  const parts = specifier.split("/");
  return parts.slice(0, specifier.startsWith("@") ? 2 : 1).join("/");
}

let manifest: Manifest;
let files: readonly PackedFile[];
beforeAll(async () => {
  manifest = JSON.parse(await readText("package.json")) as Manifest;
  files = await packedFiles();
});

describe("package.json", () => {
  it("names exact versions only, and the lock file holds the same ones", async () => {
    const lock = JSON.parse(await readText("package-lock.json")) as Lock;
    for (const kind of ["dependencies", "devDependencies"] as const)
      for (const [name, version] of Object.entries(manifest[kind])) {
        expect(version, name).toMatch(/^\d+\.\d+\.\d+$/);
        expect(lock.packages[`node_modules/${name}`]?.version, name).toBe(version);
      }
    expect(lock.packages[""]?.version).toBe(manifest.version);
  });

  it("leads browsers to the host-neutral entry and Node to the one with files", () => {
    expect(Object.keys(manifest.exports)).toEqual([
      ".",
      "./inline",
      "./core.wasm",
      "./package.json",
    ]);
    const main = manifest.exports["."];
    // A browser condition after the node one would never be asked by a bundler that sets both.
    expect(Object.keys(main)).toEqual(["browser", "node", "default"]);
    expect(main.browser.default).toBe("./dist/src/index.js");
    expect(main.node.default).toBe("./dist/src/node.js");
    expect(main.default).toEqual(main.browser);
    for (const entry of Object.values(main)) expect(Object.keys(entry)[0]).toBe("types");
  });

  it("is Apache-2.0, ESM, for Node 20.19 and up", async () => {
    expect(manifest).toMatchObject({ license: "Apache-2.0", type: "module" });
    expect(manifest.engines).toEqual({ node: ">=20.19" });
    expect(await readText("LICENSE")).toContain("Apache License\n");
  });

  it("has the version that reports print and that the changelog begins with", async () => {
    expect(TOOL).toEqual({ name: manifest.name, version: manifest.version });
    const [, latest] = /^## (\S+)/m.exec(await readText("CHANGELOG.md")) ?? [];
    expect(latest).toBe(manifest.version);
  });
});

describe("the tarball", () => {
  it("holds what the exports map and bin lead to", () => {
    const paths = new Set(files.map(({ path }) => path));
    const targets = [...targetsOf(manifest.exports), ...Object.values(manifest.bin)];
    expect(targets.filter((target) => !paths.has(target.replace("./", "")))).toEqual([]);
  });

  it("holds the built program, the core, the documents, and nothing else", () => {
    const allowed =
      /^(dist\/(src|assembly\/shared)\/.+\.(js|d\.ts)|dist\/cli\/([a-z0-9-]+\.js|LICENSES\.txt)|dist\/page\/flowverdict\.html|build\/(core\.wasm|flowverdict\.1)|docs\/[A-Z]+\.md|docs\/schemas\/[a-z]+\.schema\.json|(README|CHANGELOG)\.md|LICENSE|package\.json)$/;
    expect(files.map(({ path }) => path).filter((path) => !allowed.test(path))).toEqual([]);
  });

  it("holds the types of what is exported, and of nothing that only the program uses", async () => {
    const entries = ["dist/src/index.d.ts", "dist/src/node.d.ts", "dist/src/core/inline.d.ts"];
    const reached = new Set<string>();
    for (const entry of entries)
      for (const path of (await graphOf(entry, ".d.ts")).modules) reached.add(path);
    const packed = files.map(({ path }) => path).filter((path) => path.endsWith(".d.ts"));
    expect(packed).toEqual(expect.arrayContaining([...reached]));
    const folders = new Set([...reached].map(dirname));
    const known = (path: string): boolean =>
      [...folders].some((folder) => path.startsWith(`${folder}/`));
    expect(packed.filter((path) => !known(path))).toEqual([]);
  });

  // The program with what it takes of others is a half of it, the library and the page a quarter each; the core is in it
  // three times.
  it("stays below 6 MB unpacked", () => {
    expect(files.reduce((sum, { size }) => sum + size, 0)).toBeLessThan(6_000_000);
  });

  it("tells the licence of every package whose code the program holds", async () => {
    const told = (await readText("dist/cli/LICENSES.txt")).matchAll(/^(\S+) \d+\.\d+\.\d+ \(/gm);
    const names = [...told].map(([, name]) => name!);
    const { dependencies, devDependencies } = manifest;
    expect(names).toEqual(
      expect.arrayContaining([...Object.keys(dependencies), "commander", "hyparquet-writer"]),
    );
    for (const name of ["typescript", "vite", "preact"]) {
      expect(devDependencies).toHaveProperty([name]);
      expect(names).not.toContain(name);
    }
  });

  it("answers as a library and as a program where it is installed", async () => {
    await withInstalled(async (folder) => {
      const node = (...args: string[]): Promise<{ stdout: string }> =>
        promisify(execFile)(process.execPath, args, { cwd: folder });
      const main = join("node_modules/flowverdict", manifest.bin.flowverdict);
      expect((await readFile(join(folder, main), "utf8")).split("\n")[0]).toBe(
        "#!/usr/bin/env node",
      );
      expect((await node(main, "--version")).stdout).toBe(`${manifest.version}\n`);
      const library =
        'import * as all from "flowverdict"; const core = await all.coreModule();' +
        "console.log(core instanceof WebAssembly.Module, Object.keys(all).sort().join());";
      expect((await node("--input-type=module", "--eval", library)).stdout).toBe(
        "true DEFAULT_LOOK_AHEAD,DEFAULT_MAX_CONNECTIONS,DEFAULT_TIMERS,FIELDS,FILTER_FIELDS,FilterFields," +
          "FlowError,RecordSelector,SCHEMA_VERSION,blobLog,completionsAt,coreModule,evaluate,evaluateRecords,filterError," +
          "findLogs,loadCore,loadRuleSet,mergeSummaries,parseFilter,readBytes,takeRows,unpackWeb\n",
      );
      const inline =
        'import { coreBytes } from "flowverdict/inline"; import { createHash } from "node:crypto";' +
        'console.log(createHash("sha256").update(coreBytes()).digest("hex"));';
      const core = await readFile(join(ROOT, "build/core.wasm"));
      expect((await node("--input-type=module", "--eval", inline)).stdout).toBe(
        `${createHash("sha256").update(core).digest("hex")}\n`,
      );
    });
  });
});

/** Other versions of Node, from packages that hold its program for Linux on x64. */
const OTHER_NODES =
  process.platform === "linux" && process.arch === "x64" ? ["node22", "node24"] : [];

describe("the tarball, on other versions of Node", () => {
  it("gives the same answers", async () => {
    await withInstalled(async (folder) => {
      const main = join("node_modules/flowverdict", manifest.bin.flowverdict);
      const rules = ["--rules", join(ROOT, "examples/account")];
      const logs = join(ROOT, "examples/logs");
      const questions = [
        ["evaluate", logs, ...rules, "--json"],
        ["evaluate", logs, ...rules, "--json", "--jobs", "2"],
        ["evaluate", logs, ...rules, "--records", "-"],
        ["diff", logs, ...rules, "--edit", "revoke web ingress tcp 80 0.0.0.0/0", "--json"],
      ];
      const answers = async (node: string): Promise<string[]> => {
        const printed: string[] = [];
        for (const args of questions) {
          const options = { cwd: folder, maxBuffer: 64 * 1024 * 1024 };
          printed.push((await promisify(execFile)(node, [main, ...args], options)).stdout);
        }
        return printed;
      };
      const expected = await answers(process.execPath);
      for (const name of OTHER_NODES) {
        const node = join(ROOT, "test/outside/node_modules", name, "bin/node");
        const { stdout } = await promisify(execFile)(node, ["--version"]);
        expect(stdout).toMatch(new RegExp(`^v${name.replace("node", "")}\\.`));
        expect(await answers(node), name).toEqual(expected);
      }
    });
  });
});

describe("the modules of dist", () => {
  it("keep Node out of what a browser loads", async () => {
    const { modules, foreign } = await graphOf("dist/src/index.js");
    expect([...foreign].filter((name) => name.startsWith("node:"))).toEqual([]);
    const folders = new Set([...modules].map((path) => path.split("/")[2]));
    for (const folder of ["cli", "node", "generate"]) expect(folders).not.toContain(folder);
    expect(modules.size).toBeGreaterThan(50);
  });

  it("ask only for packages that are dependencies, and for every one of them", async () => {
    const packagesOf = async (entries: readonly string[]): Promise<string[]> => {
      const reached = new Set<string>();
      for (const entry of entries)
        for (const name of (await graphOf(entry)).foreign)
          if (!isBuiltin(name)) reached.add(packageOf(name));
      return [...reached].sort();
    };
    const { dependencies, peerDependencies } = manifest;
    expect(await packagesOf(LIBRARY)).toEqual(
      [...Object.keys(dependencies), "@aws-sdk/client-s3"].sort(),
    );
    // The program holds its own.
    expect(await packagesOf(PROGRAM)).toEqual(Object.keys(peerDependencies).sort());
  });

  it("load no package at the start of evaluate that only records and columns need", async () => {
    const { foreign } = await graphOf("dist/src/cli/evaluate/run-evaluate.js", ".js", AT_ONCE);
    const names = new Set([...foreign].map(packageOf));
    for (const name of ["apache-arrow", "hyparquet", "hyparquet-writer", "csv-parse"])
      expect(names).not.toContain(name);
    expect(names).toContain("valibot");
  });

  it("are all reached from the entries: nothing dead is shipped", async () => {
    const reached = new Set<string>();
    for (const entry of [...PROGRAM, ...LIBRARY])
      for (const path of (await graphOf(entry)).modules) reached.add(path);
    // A module of types alone is empty: `export {};` and nothing more.
    const dead: string[] = [];
    for (const { path } of files) {
      if (!path.endsWith(".js") || reached.has(path)) continue;
      if (/^\s*(\/\/.*\s*)*export \{\};\s*$/.test(await readText(path))) continue;
      dead.push(path);
    }
    expect(dead).toEqual([]);
  });

  it("know no network: nothing leaves the machine", async () => {
    // As the compiler writes them: what others wrote stands in the files of the program too.
    const scripts = (await readdir(join(ROOT, "dist/src"), { recursive: true }))
      .filter((path) => path.endsWith(".js"))
      .map((path) => `dist/src/${path}`);
    for (const path of scripts) {
      const source = await readText(path);
      expect(importsOf(source), path).not.toContainEqual(
        expect.stringMatching(/^node:(https?|http2|net|tls|dgram|dns|inspector)(\/|$)/),
      );
      expect(source.replace(NAMES[path] ?? "", ""), path).not.toMatch(
        /\b(fetch\(|XMLHttpRequest|WebSocket|EventSource|sendBeacon|https?:\/\/)/,
      );
    }
    expect(scripts.length).toBeGreaterThan(100);
    // But for what is installed beside it to call AWS, loaded where that is asked for.
    const callers: string[] = [];
    for (const path of scripts)
      if (importsOf(await readText(path)).some((name) => name.startsWith("@aws-sdk/")))
        callers.push(path);
    expect(callers.sort()).toEqual(CALLERS);
    for (const path of CALLERS) expect(await readText(path)).not.toMatch(/from "@aws-sdk\//);
    for (const { path } of files.filter(({ path }) => path.startsWith("dist/cli/")))
      expect(importsOf(await readText(path)), path).not.toContainEqual(
        expect.stringMatching(/^node:(https?|http2|net|tls|dgram|dns|inspector)(\/|$)/),
      );
  });
});
