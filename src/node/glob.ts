// Quoted globs: * ? ** [a-z] [!a-z] {a,b}. Node 20 has no glob of its own.
import type { Dirent } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { sep } from "node:path";
import { FlowError } from "../errors.js";
import { segmentMatcher } from "./glob-segment.js";

/** Alternatives that braces may multiply to. */
const MAX_ALTERNATIVES = 1000;
/** Folders that `**` goes down; also ends loops of links. */
const MAX_DEPTH = 64;

/** Whether a path is a pattern. */
export function hasMagic(path: string): boolean {
  return /[*?[{]/.test(path);
}

function closingBrace(pattern: string, open: number): number {
  let depth = 0;
  for (let i = open; i < pattern.length; i++) {
    if (pattern[i] === "{") depth++;
    else if (pattern[i] === "}" && --depth === 0) return i;
  }
  return -1;
}

function splitAlternatives(body: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let from = 0;
  for (let i = 0; i < body.length; i++) {
    if (body[i] === "{") depth++;
    else if (body[i] === "}") depth--;
    else if (body[i] === "," && depth === 0) {
      parts.push(body.slice(from, i));
      from = i + 1;
    }
  }
  return [...parts, body.slice(from)];
}

/** The patterns without braces that a pattern stands for. Braces without a comma mean themselves. */
export function expandBraces(pattern: string): string[] {
  const done: string[] = [];
  const open: { readonly text: string; readonly from: number }[] = [{ text: pattern, from: 0 }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (done.length + open.length > MAX_ALTERNATIVES) {
      throw new FlowError("no-such-input", `stands for more than ${MAX_ALTERNATIVES} patterns`, {
        at: pattern.slice(0, 200),
        hint: "give fewer alternatives in braces",
      });
    }
    const { text, from } = next;
    const start = text.indexOf("{", from);
    const end = start < 0 ? -1 : closingBrace(text, start);
    if (end < 0) {
      done.push(text);
      continue;
    }
    const parts = splitAlternatives(text.slice(start + 1, end));
    if (parts.length === 1) open.push({ text, from: start + 1 });
    else
      for (const part of parts.reverse())
        open.push({ text: text.slice(0, start) + part + text.slice(end + 1), from: start });
  }
  return done;
}

async function list(folder: string): Promise<Dirent[]> {
  try {
    const entries = await readdir(folder === "" ? "." : folder, { withFileTypes: true });
    return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch {
    return [];
  }
}

async function isFolder(entry: Dirent, path: string): Promise<boolean> {
  if (!entry.isSymbolicLink()) return entry.isDirectory();
  try {
    return (await stat(path)).isDirectory();
  } catch {
    return false;
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch {
    return false;
  }
}

async function* matchSegments(
  base: string,
  segments: readonly string[],
  depth: number,
): AsyncGenerator<string> {
  const [segment, ...rest] = segments;
  if (segment === undefined) return;
  const last = rest.length === 0;
  if (segment === "**") {
    if (last) yield* matchSegments(base, ["*"], depth);
    else yield* matchSegments(base, rest, depth);
    if (depth >= MAX_DEPTH) return;
    for (const entry of await list(base)) {
      // Like shells, ** does not go through links: no loops.
      if (entry.name.startsWith(".") || !entry.isDirectory()) continue;
      yield* matchSegments(`${base}${entry.name}/`, segments, depth + 1);
    }
    return;
  }
  if (segment === "" || segment === "." || segment === ".." || !hasMagic(segment)) {
    const path = base + segment;
    if (!last) yield* matchSegments(`${path}/`, rest, depth);
    else if (await exists(path)) yield path;
    return;
  }
  const matches = segmentMatcher(segment);
  for (const entry of await list(base)) {
    if (!matches(entry.name)) continue;
    const path = base + entry.name;
    if (last) yield path;
    else if (await isFolder(entry, path)) yield* matchSegments(`${path}/`, rest, depth);
  }
}

/** Paths that match, each once, in code-unit order of their segments. Hidden names need a dot in the pattern. */
export async function* matchGlob(pattern: string): AsyncGenerator<string> {
  const seen = new Set<string>();
  for (const alternative of expandBraces(sep === "\\" ? pattern.replaceAll("\\", "/") : pattern)) {
    for await (const path of matchSegments("", alternative.split("/"), 0)) {
      if (seen.has(path)) continue;
      seen.add(path);
      yield path;
    }
  }
}
