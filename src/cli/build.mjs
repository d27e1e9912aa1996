// Build step: the command line in a few files, with what it takes of its dependencies. Node's loader spends longer on
// finding several hundred modules than on a small log. Reads what `tsc` made and writes dist/cli; what libraries import
// stays as it is in dist/src.

import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";

const root = fileURLToPath(new URL("../../", import.meta.url));
const built = join(root, "dist", "src");
const target = join(root, "dist", "cli");

/** Files that are started by their names: the program, and the threads it starts. */
const input = {
  main: join(built, "cli", "main.js"),
  "job-worker": join(built, "node", "job-worker.js"),
  "small-files-worker": join(built, "node", "small-files-worker.js"),
};

/**
 * Files of what is loaded together, each with the modules whose imports it holds; a module goes to the first that has
 * it. What else there is has files of its own, loaded when it is asked for.
 */
const together = [
  ["base", [input.main]],
  ["unpack", [input["small-files-worker"]]],
  ["engine", [input["job-worker"]]],
  ["evaluate", ["program.js", "evaluate/run-evaluate.js"].map((path) => join(built, "cli", path))],
];

/** Every module that the given ones import at once, without themselves. */
function importsBelow(entries, context) {
  const found = new Set();
  const open = [...entries];
  for (let id = open.pop(); id !== undefined; id = open.pop())
    for (const imported of context.getModuleInfo(id)?.importedIds ?? [])
      if (!found.has(imported)) {
        found.add(imported);
        open.push(imported);
      }
  return found;
}

/** Which file a module goes to; null = none of those above. */
function fileNames() {
  let files;
  return (id, context) => {
    files ??= together.map(([name, entries]) => [name, importsBelow(entries, context)]);
    return files.find(([, modules]) => modules.has(id))?.[0] ?? null;
  };
}

/** The folder of the package that a module comes from; none for our own. */
function packageFolder(id) {
  const [path, name] = /^.*[\\/]node_modules[\\/]((?:@[^\\/]+[\\/])?[^\\/]+)/.exec(id) ?? [];
  return path === undefined ? [] : [[name.replaceAll(sep, "/"), path]];
}

/** The words of a package's licence. Throws where it tells none. */
function licenceWords(folder, license) {
  const files = readdirSync(folder).filter((file) => /^(licen[cs]e|notice)\b/i.test(file));
  if (files.length > 0) return files.map((file) => readFileSync(join(folder, file), "utf8").trim());
  if (license === "Apache-2.0")
    return ["The text is that of LICENSE, which flowverdict comes with."];
  throw new Error(`${folder} comes without a licence`);
}

/** What must go along with the code of others: their licences, word for word. */
function licences(chunks) {
  const packages = new Map(chunks.flatMap(({ moduleIds }) => moduleIds.flatMap(packageFolder)));
  const texts = [...packages].sort().map(([name, folder]) => {
    const { version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    return [`${name} ${version} (${license})`, ...licenceWords(folder, license)].join("\n\n");
  });
  return `${texts.join(`\n\n${"-".repeat(80)}\n\n`)}\n`;
}

rmSync(target, { recursive: true, force: true });
const bundle = await rolldown({
  input,
  preserveEntrySignatures: false,
  platform: "node",
  // The SDK is the user's own (peerDependencies).
  external: [/^node:/, /^@aws-sdk\//],
});
const { output } = await bundle.write({
  dir: target,
  format: "esm",
  comments: false,
  entryFileNames: "[name].js",
  chunkFileNames: "[name].js",
  codeSplitting: {
    includeDependenciesRecursively: false,
    groups: [{ name: fileNames(), debugName: "together" }],
  },
});
await bundle.close();
writeFileSync(join(target, "LICENSES.txt"), licences(output));
for (const name of Object.keys(input))
  if (!existsSync(join(target, `${name}.js`))) throw new Error(`${basename(target)} lacks ${name}`);
