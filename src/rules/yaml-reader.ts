// YAML as the same values that JSON gives, with the place of every mapping. Scalars stay the text that was written: what
// YAML makes of 012345678901, of yes or of 22:22 is nothing that rules mean.
import {
  type Document,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type ParsedNode,
  parseAllDocuments,
  type YAMLMap,
} from "yaml";
import { FlowError } from "../errors.js";
import type { Place } from "../model/rule-set.js";
import type { Path } from "./json-place.js";
import { type JsonDocument, type JsonObject, type JsonValue, OFFSET } from "./json-reader.js";

/** UTF-16 units. CloudFormation takes half of this; the parser needs some ten seconds for so many short values. */
const MAX_LENGTH = 2 * 1024 * 1024;
/** As in JSON. */
const MAX_DEPTH = 100;
/** Documents in one text; the parser's time grows with their square. */
const MAX_DOCUMENTS = 1000;
/** Markers in a row on one line: `- - -`, `? ? ?`, and tags, of which a value has one. */
const MAX_MARKERS = 100;
const MARKERS = new RegExp(`(?:(?:[-?]|![^\\s,[\\]{}]{0,100})[ \\t]+){${MAX_MARKERS}}`);

/** Whether the first line that says something begins a mapping: what else is no YAML that rules are written in. */
export function looksLikeYaml(text: string): boolean {
  return /^\ufeff?(?:[ \t]*(?:#[^\n]*)?\r?\n|---[^\n]*\n|%[^\n]*\n)*[ \t]*(?:"[^"\n]{0,200}"|'[^'\n]{0,200}'|[A-Za-z][A-Za-z0-9_.-]{0,200}):(?:[ \t\r\n]|$)/.test(
    text,
  );
}

/**
 * Reads every document of the text. Short tags are CloudFormation's: `!Ref x` is `{Ref: x}`, `!Sub x` is
 * `{"Fn::Sub": x}`. Anchors and aliases are refused, as CloudFormation does. Throws a FlowError (`yaml-*`) with the place
 * of the fault.
 */
export function readYaml(name: string, text: string): JsonDocument {
  const lines = new LineCounter();
  const placeOf = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { file: name, line: Math.max(1, line), column: Math.max(1, col) };
  };
  const fail = (offset: number, code: string, message: string, hint?: string): never => {
    const { line, column } = placeOf(offset);
    throw new FlowError(code, message, {
      at: `${name}:${line}:${column}`,
      ...(hint === undefined ? {} : { hint }),
    });
  };
  if (text.length > MAX_LENGTH)
    fail(0, "yaml-too-large", `${text.length} characters are more than the ${MAX_LENGTH} allowed`);
  const documents = parse(text, lines, fail);
  const maps = new Map<number, YAMLMap>();

  function convert(node: Node | null, depth: number, at: number): JsonValue {
    if (depth > MAX_DEPTH) fail(at, "yaml-too-deep", `values nest more than ${MAX_DEPTH} deep`);
    if (node === null) return null;
    const offset = node.range?.[0] ?? at;
    refuseDecorated(node, offset);
    const { tag } = node;
    if (tag === undefined || !tag.startsWith("!") || tag === "!") return plain(node, depth, offset);
    return tagged(tag.slice(1), plain(node, depth + 1, offset), offset);
  }

  function refuseDecorated(node: Node, offset: number): void {
    if (("anchor" in node && node.anchor !== undefined) || !("items" in node || "value" in node))
      fail(
        offset,
        "yaml-alias",
        "anchors and aliases are not read",
        "write the value out where it is needed",
      );
  }

  function plain(node: Node, depth: number, offset: number): JsonValue {
    if (isScalar(node)) {
      const isEmpty = node.type === "PLAIN" && (node.source ?? "") === "";
      return isEmpty || isNull(node.type, node.source) ? null : String(node.value);
    }
    if (isSeq(node))
      return node.items.map((item) => convert(item as Node | null, depth + 1, offset));
    const object: Record<string, JsonValue> & { [OFFSET]: number } = { [OFFSET]: offset };
    const map = node as YAMLMap;
    maps.set(offset, map);
    for (const { key, value } of map.items) {
      const at = (key as Node | null)?.range?.[0] ?? offset;
      if (!isScalar(key)) return fail(at, "yaml-key", "a key is no plain text");
      const word = String(key.value);
      if (word === "<<")
        fail(at, "yaml-alias", "merges are not read", "write the values out where they are needed");
      if (Object.hasOwn(object, word))
        fail(at, "yaml-duplicate-key", `the key ${JSON.stringify(word)} stands twice`);
      const inner = convert(value as Node | null, depth + 1, at);
      Object.defineProperty(object, word, {
        value: inner,
        enumerable: true,
        configurable: true,
        writable: true,
      });
    }
    return object;
  }

  const values = documents.map((document) =>
    convert(document.contents as Node | null, 0, document.range?.[0] ?? 0),
  );
  const offsets = documents.map(({ contents }) => contents?.range[0] ?? 0);
  const roots = new Map(documents.map(({ contents }, i) => [offsets[i]!, contents as Node | null]));
  return {
    name,
    text,
    values,
    offsets,
    placeOf,
    locate: (start, path) => locateYaml(maps.get(start) ?? roots.get(start) ?? null, start, path),
  };
}

/** `~` and `null`, unquoted, as everybody writes them. */
function isNull(type: unknown, source: string | undefined): boolean {
  return type === "PLAIN" && (source === "~" || source === "null");
}

type Fail = (offset: number, code: string, message: string, hint?: string) => never;

/**
 * The parser takes time that grows with the square of what no person writes: such text is refused before it is parsed.
 */
function refuseHostile(text: string, fail: Fail): void {
  const documents = text.match(/^---/gm)?.length ?? 0;
  if (documents > MAX_DOCUMENTS)
    fail(0, "yaml-too-large", `more than ${MAX_DOCUMENTS} documents in one text`);
  const markers = MARKERS.exec(text);
  if (markers !== null)
    fail(markers.index, "yaml-too-deep", `more than ${MAX_MARKERS} markers stand in a row`);
  const deep = unclosedAt(text);
  if (deep >= 0) fail(deep, "yaml-too-deep", `values nest more than ${MAX_DEPTH} deep`);
}

/**
 * Where more brackets are open than values may nest; -1 where they never are. Those in quotes and in text count too:
 * there they are closed again, or few.
 */
function unclosedAt(text: string): number {
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === 91 || c === 123) depth++;
    else if ((c === 93 || c === 125) && depth > 0) depth--;
    if (depth > 2 * MAX_DEPTH) return i;
  }
  return -1;
}

function parse(
  text: string,
  lines: LineCounter,
  fail: Fail,
): readonly Document.Parsed<ParsedNode>[] {
  refuseHostile(text, fail);
  const documents = parseSafely(text, lines, fail);
  for (const { errors } of documents) {
    const [problem] = errors;
    if (problem === undefined) continue;
    const [message = ""] = problem.message.split(" at line ");
    fail(problem.pos[0], "yaml-syntax", message);
  }
  return documents.filter(({ contents }) => contents !== null);
}

/** Text nested deeper than the parser's stack ends it: told, like any other fault. */
function parseSafely(
  text: string,
  lines: LineCounter,
  fail: Fail,
): readonly Document.Parsed<ParsedNode>[] {
  try {
    const documents = parseAllDocuments(text, {
      lineCounter: lines,
      schema: "failsafe",
      strict: true,
      // Asked for while values are read: the parser compares each with each.
      uniqueKeys: false,
      logLevel: "silent",
    });
    return Array.isArray(documents) ? documents : [];
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return fail(0, "yaml-too-deep", `values nest more than ${MAX_DEPTH} deep`);
  }
}

/** CloudFormation's short form of an intrinsic function as its long one. */
function tagged(name: string, value: JsonValue, offset: number): JsonObject {
  const key = name === "Ref" || name === "Condition" ? name : `Fn::${name}`;
  return { [OFFSET]: offset, [key]: name === "GetAtt" ? attributePath(value) : value };
}

/** `!GetAtt a.b.c` is `["a", "b.c"]`. */
function attributePath(value: JsonValue): JsonValue {
  if (typeof value !== "string") return value;
  const dot = value.indexOf(".");
  return dot < 0 ? value : [value.slice(0, dot), value.slice(dot + 1)];
}

function locateYaml(root: Node | null, start: number, path: Path): number {
  let node = root;
  let found = start;
  for (const step of path) {
    let next: unknown;
    if (isMap(node))
      next = node.items.find(({ key }) => isScalar(key) && String(key.value) === step)?.value;
    else if (isSeq(node) && typeof step === "number") next = node.items[step];
    if (next === undefined || next === null) return found;
    node = next as Node;
    found = node.range?.[0] ?? found;
  }
  return found;
}
