// YAML with places: every value knows the line and column it stands at, so that every refusal can say so.
import { isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from "yaml";
import { FlowError } from "../errors.js";
import type { Place } from "../model/rule-set.js";

/** A node of an assertion file. */
export interface YamlValue {
  readonly node: Node | null;
  readonly place: (node: Node | null) => Place;
  readonly at: Place;
}

export function refuse(at: Place, found: string, allowed: string): never {
  throw new FlowError("assertions-invalid", found, {
    at: `${at.file}:${at.line}:${at.column}`,
    hint: allowed,
  });
}

/** Throws a refusal where the text is nested deeper than the parser's stack. */
function parse(text: string, lines: LineCounter, file: string): ReturnType<typeof parseDocument> {
  try {
    return parseDocument(text, { lineCounter: lines, strict: true, uniqueKeys: true });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return refuse({ file, line: 1, column: 1 }, "it is nested too deeply", "write plain YAML 1.2");
  }
}

/** Parses one document. Throws `assertions-invalid` on what is no YAML 1.2, on doubled keys, anchors and tags. */
export function readYaml(text: string, file: string): YamlValue {
  const lines = new LineCounter();
  const document = parse(text, lines, file);
  const placeAt = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(1, line), column: Math.max(1, col) };
  };
  const problem = document.errors[0] ?? document.warnings[0];
  if (problem !== undefined) {
    const [message = ""] = problem.message.split(" at line ");
    refuse(placeAt(problem.pos[0]), message, "write plain YAML 1.2");
  }
  const place = (node: Node | null): Place => placeAt(node?.range?.[0] ?? 0);
  const node = document.contents;
  return { node, place, at: place(node) };
}

function below(parent: YamlValue, node: Node | null): YamlValue {
  return { node, place: parent.place, at: node === null ? parent.at : parent.place(node) };
}

function refuseDecorated(value: YamlValue): void {
  const { node } = value;
  if (node === null) return;
  if ("anchor" in node && node.anchor !== undefined)
    refuse(value.at, "anchors are not read", "write the value out where it is needed");
  if (node.tag !== undefined)
    refuse(value.at, `the tag ${node.tag} is not read`, "write the value without a tag");
  if (!isMap(node) && !isSeq(node) && !isScalar(node))
    refuse(value.at, "aliases are not read", "write the value out where it is needed");
}

/** The keys of a mapping, all of them among `allowed`. */
export function readMap(
  value: YamlValue,
  what: string,
  allowed: readonly string[],
): ReadonlyMap<string, YamlValue> {
  refuseDecorated(value);
  const { node } = value;
  if (!isMap(node))
    return refuse(value.at, `${what} is ${nameOf(node)}`, `allowed: keys ${allowed.join(", ")}`);
  const out = new Map<string, YamlValue>();
  for (const { key, value: item } of node.items) {
    const at = value.place(key as Node);
    const name = isScalar(key) ? String(key.value) : "";
    if (!allowed.includes(name))
      refuse(at, `"${name}" is not a key of ${what}`, `allowed: ${allowed.join(", ")}`);
    out.set(name, { ...below(value, item as Node | null), ...(item === null ? { at } : {}) });
  }
  return out;
}

/** The items of a sequence; a value that is none is a sequence of itself where `orOne`. */
export function readList(value: YamlValue, what: string, orOne: boolean): readonly YamlValue[] {
  refuseDecorated(value);
  if (isSeq(value.node)) return value.node.items.map((item) => below(value, item as Node | null));
  if (orOne) return [value];
  return refuse(value.at, `${what} is ${nameOf(value.node)}`, "write a list: one `- ` per item");
}

/** A scalar as it is written: `2027-01-31` stays text, whatever YAML makes of it. */
export function readText(value: YamlValue, what: string, allowed: string): string {
  refuseDecorated(value);
  const { node } = value;
  if (isScalar(node) && node.value !== null) {
    const text = typeof node.value === "string" ? node.value : node.source;
    if (text !== undefined && text.trim() !== "") return text.trim();
  }
  return refuse(value.at, `${what} is ${nameOf(node)}`, allowed);
}

function nameOf(node: Node | null): string {
  if (isMap(node)) return "a mapping";
  if (isSeq(node)) return "a list";
  if (!isScalar(node) || node.value === null || node.value === "") return "empty";
  return `"${String(node.source ?? node.value)}"`;
}
