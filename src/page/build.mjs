// Build step: the page, once as a single HTML file that opens from disk, once as files to be hosted. Both carry a policy
// under which nothing can leave: no connections, no code but what the hashes name. Needs build/core.wasm.

import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { deflateRawSync } from "node:zlib";
import { build } from "vite";

const root = fileURLToPath(new URL(".", import.meta.url));
const dist = fileURLToPath(new URL("../../dist/", import.meta.url));
const core = readFileSync(new URL("../../build/core.wasm", import.meta.url));

function packed(bytes) {
  return deflateRawSync(bytes, { level: 9 }).toString("base64");
}

/** Modules that exist only in a build: the core's bytes, and how the page comes by its worker. */
function virtualModules(engine) {
  const modules = new Map([
    ["virtual:core", `export const packedCore = "${packed(core)}";`],
    ["virtual:engine", engine],
  ]);
  return {
    name: "flowverdict-virtual",
    resolveId: (id) => (modules.has(id) ? `\0${id}` : undefined),
    load: (id) => (id.startsWith("\0virtual:") ? modules.get(id.slice(1)) : undefined),
  };
}

function options({ engine, ...more }) {
  return {
    root,
    configFile: false,
    logLevel: "warn",
    base: "./",
    plugins: [virtualModules(engine ?? "")],
    oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
    build: {
      target: "es2022",
      // The preloader would ask by fetch, which the policy forbids.
      modulePreload: false,
      assetsInlineLimit: 0,
      reportCompressedSize: false,
      ...more,
    },
  };
}

const worker = `${root}engine/worker.ts`;

/** The worker as one script, without imports. */
async function engineScript() {
  const [{ output }] = await build(
    options({
      write: false,
      lib: { entry: worker, formats: ["iife"], name: "engine" },
    }),
  ).then((made) => [made].flat());
  const chunks = output.filter(({ type }) => type === "chunk");
  if (chunks.length !== 1) throw new Error(`the worker came out as ${chunks.length} scripts`);
  return chunks[0].code;
}

function sha256(text) {
  return `'sha256-${createHash("sha256").update(text, "utf8").digest("base64")}'`;
}

/** `scripts` and `styles`: where code and styles may come from. */
function policy(scripts, styles) {
  return [
    "default-src 'none'",
    `script-src ${scripts} 'wasm-unsafe-eval'`,
    `style-src ${styles}`,
    "img-src data:",
    "worker-src blob:",
    "connect-src 'none'",
    "form-action 'none'",
    "base-uri 'none'",
  ].join("; ");
}

function withPolicy(html, csp) {
  const meta = `<meta http-equiv="Content-Security-Policy" content="${csp}" />`;
  return html.replace('<meta charset="utf-8" />', `<meta charset="utf-8" />\n    ${meta}`);
}

function htmlOf(output) {
  const page = output.find(({ fileName }) => fileName === "index.html");
  return String(page.source);
}

/** What the page shows at first, as HTML. */
async function drawnAhead() {
  const [{ output }] = await build(
    options({
      engine: 'export const engine = { packed: "" };',
      write: false,
      lib: { entry: `${root}main.tsx`, formats: ["es"], fileName: "main" },
      rolldownOptions: { output: { codeSplitting: false } },
    }),
  ).then((made) => [made].flat());
  const folder = mkdtempSync(join(tmpdir(), "flowverdict-page-"));
  const script = join(folder, "main.mjs");
  writeFileSync(script, output.find(({ type }) => type === "chunk").code);
  const html = execFileSync(process.execPath, [`${root}draw.mjs`, script], { encoding: "utf8" });
  rmSync(folder, { recursive: true });
  return html;
}

/**
 * What is drawn ahead is painted before the page's code is even looked at: that takes several times as long. It is packed,
 * because the text of the file is read before the first paint. Of another screen than the first nothing is drawn.
 */
const BEGIN = `
if (!/^(#\\/?(start)?)?$/.test(location.hash)) document.getElementById("page").replaceChildren();
const begin = async () => {
  const letters = atob(document.getElementById("code").textContent);
  const bytes = Uint8Array.from(letters, (letter) => letter.charCodeAt(0));
  const inflated = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  const script = document.createElement("script");
  script.type = "module";
  script.textContent = await new Response(inflated).text();
  document.body.append(script);
};
const parsed = () => {
  if (document.readyState !== "loading") begin();
  else addEventListener("DOMContentLoaded", begin);
};
// In a page that is not shown there are no frames.
if (document.hidden) parsed();
else requestAnimationFrame(() => setTimeout(parsed));
`;

async function buildSingle() {
  const script = packed(Buffer.from(await engineScript()));
  // A text of its own: the page's code is not the longer for it.
  const engine = 'export const engine = { packed: document.getElementById("engine").textContent };';
  const [{ output }] = [
    await build(
      options({ engine, write: false, rolldownOptions: { output: { codeSplitting: false } } }),
    ),
  ].flat();
  const chunks = output.filter(({ type }) => type === "chunk");
  if (chunks.length !== 1) throw new Error(`the page came out as ${chunks.length} scripts`);
  const { code } = chunks[0];
  const css = output
    .filter(({ fileName }) => fileName.endsWith(".css"))
    .map(({ source }) => String(source))
    .join("\n");
  const ahead = await drawnAhead();
  const html = htmlOf(output)
    .replace(/\s*<script type="module"[^>]*><\/script>/, "")
    .replace(/\s*<link rel="stylesheet"[^>]*>/g, "")
    .replace("</head>", () => `  <style>${css}</style>\n  </head>`)
    .replace('<div id="page"></div>', () => `<div id="page" inert>${ahead}</div>`)
    .replace(
      "</body>",
      () => `  <script>${BEGIN}</script>
    <script type="text/plain" id="engine">${script}</script>
    <script type="text/plain" id="code">${packed(Buffer.from(code))}</script>
  </body>`,
    );
  return withPolicy(html, policy(`${sha256(BEGIN)} ${sha256(code)}`, sha256(css)));
}

async function buildHosted(outDir) {
  const [{ output: made }] = [
    await build(
      options({
        outDir,
        emptyOutDir: true,
        rolldownOptions: {
          input: worker,
          output: { entryFileNames: "assets/engine-[hash].js", format: "es" },
        },
      }),
    ),
  ].flat();
  const { fileName } = made.find(({ isEntry }) => isEntry);
  const engine = `export const engine = { url: ${JSON.stringify(`./${fileName}`)} };`;
  const [{ output }] = [await build(options({ engine, outDir, emptyOutDir: false }))].flat();
  const html = htmlOf(output).replaceAll(" crossorigin", "");
  writeFileSync(`${outDir}/index.html`, withPolicy(html, policy("'self'", "'self'")));
}

const target = `${dist}page`;
rmSync(target, { recursive: true, force: true });
mkdirSync(target, { recursive: true });
await buildHosted(`${target}/hosted`);
writeFileSync(`${target}/flowverdict.html`, await buildSingle());
