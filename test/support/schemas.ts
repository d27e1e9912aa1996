// The shipped JSON schemas, as they are and with every object closed.

import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";

const FOLDER = fileURLToPath(new URL("../../docs/schemas/", import.meta.url));
const SUFFIX = ".schema.json";

type Schema = Readonly<Record<string, unknown>>;

/** Names of all schemas: `evaluate`, `diff`, ... and `common`. */
export const SCHEMA_NAMES: readonly string[] = readdirSync(FOLDER)
  .filter((name) => name.endsWith(SUFFIX))
  .map((name) => name.slice(0, -SUFFIX.length))
  .sort();

export function readSchema(name: string): Schema {
  return JSON.parse(readFileSync(`${FOLDER}${name}${SUFFIX}`, "utf8")) as Schema;
}

/** Users must accept keys that come later; here a key that no schema names is a fault. */
function closed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(closed);
  if (value === null || typeof value !== "object") return value;
  const entries = Object.entries(value).map(([key, inner]) => [key, closed(inner)]);
  const object = Object.fromEntries(entries) as Record<string, unknown>;
  const isOpen = "properties" in value && !("additionalProperties" in value);
  const isSchema = typeof object.type === "string" || Array.isArray(object.type);
  return isOpen && isSchema ? { ...object, additionalProperties: false } : object;
}

/** A validator of every schema by name; `close` refuses keys that the schema does not name. */
export function validators(close: boolean): ReadonlyMap<string, ValidateFunction> {
  const ajv = new Ajv2020({ allowUnionTypes: true, allErrors: true, strict: true });
  const schemas = SCHEMA_NAMES.map((name) => [name, readSchema(name)] as const);
  for (const [name, schema] of schemas)
    ajv.addSchema((close ? closed(schema) : schema) as Schema, `${name}${SUFFIX}`);
  const found = new Map<string, ValidateFunction>();
  for (const name of SCHEMA_NAMES) {
    const validate = ajv.getSchema(`${name}${SUFFIX}`);
    if (validate === undefined) throw new Error(`no schema ${name}`);
    found.set(name, validate);
  }
  return found;
}

const CLOSED = validators(true);
const OPEN = validators(false);

/** What is wrong with a document, one line each; empty where nothing is. */
export function schemaFaults(name: string, document: unknown): string[] {
  const validate = (name === "line" ? OPEN : CLOSED).get(name);
  if (validate === undefined) return [`there is no schema ${name}`];
  if (validate(document)) return [];
  return (validate.errors ?? []).map(
    ({ instancePath, message, params }) => `${instancePath}: ${message} ${JSON.stringify(params)}`,
  );
}
