// `flowverdict.config.json`: options that would be typed every time.

import { readFile } from "node:fs/promises";
import { FlowError } from "../../errors.js";

/** The name that is looked for in the working folder. */
export const CONFIG_NAME = "flowverdict.config.json";

/** What an option may be set to: a flag, a value, or values of an option that may be repeated. */
export type ConfigValue = boolean | string | number | readonly (string | number)[];
export type ConfigOptions = Readonly<Record<string, ConfigValue>>;

export interface Config {
  /** As given, for messages. */
  readonly path: string;
  /** For every command that knows the option. */
  readonly defaults: ConfigOptions;
  /** For one command, by its name; these win over `defaults`. */
  readonly commands: Readonly<Record<string, ConfigOptions>>;
}

const KEYS = ["schemaVersion", "defaults", "commands"];
const SCHEMA_VERSION = 1;
/** Far beyond any list of options, far below what would slow a start. */
const MAX_BYTES = 1_048_576;

function refuse(at: string, found: string, hint: string): never {
  throw new FlowError("config-invalid", found, { at, hint });
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isScalar(value: unknown): value is string | number {
  return typeof value === "string" || (typeof value === "number" && Number.isFinite(value));
}

function isConfigValue(value: unknown): value is ConfigValue {
  if (typeof value === "boolean" || isScalar(value)) return true;
  return Array.isArray(value) && value.length > 0 && value.every(isScalar);
}

function optionsOf(value: unknown, at: string): ConfigOptions {
  if (value === undefined) return {};
  if (!isObject(value))
    return refuse(at, "this is no object", 'write { "rules": ["account/"], ... }');
  for (const [name, given] of Object.entries(value))
    if (!isConfigValue(given))
      refuse(
        `${at}.${name}`,
        "this is no value of an option",
        "write true, false, a text, a number, or a list of texts",
      );
  return value as ConfigOptions;
}

/** Checks the shape; whether the options exist is the command tree's to say. Throws `config-invalid`. */
export function parseConfig(text: string, path: string): Config {
  if (text.length > MAX_BYTES)
    refuse(path, "the file is larger than 1 MiB", "it holds options only");
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return refuse(path, `this is no JSON: ${message}`, "write one JSON object");
  }
  if (!isObject(value)) return refuse(path, "this is no object", "write one JSON object");
  for (const key of Object.keys(value))
    if (!KEYS.includes(key))
      refuse(`${path}: ${key}`, "the key is not known", `allowed are ${KEYS.join(", ")}`);
  const { schemaVersion, defaults, commands = {} } = value;
  if (schemaVersion !== SCHEMA_VERSION)
    refuse(`${path}: schemaVersion`, "it must be 1", 'write "schemaVersion": 1');
  if (!isObject(commands))
    return refuse(`${path}: commands`, "this is no object", "name commands and their options");
  return {
    path,
    defaults: optionsOf(defaults, `${path}: defaults`),
    commands: Object.fromEntries(
      Object.entries(commands).map(([name, options]) => [
        name,
        optionsOf(options, `${path}: commands.${name}`),
      ]),
    ),
  };
}

/** The file of `--config`, else that of the working folder where there is one. */
export async function readConfig(given: string | undefined): Promise<Config | undefined> {
  const path = given ?? CONFIG_NAME;
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (given === undefined && (code === "ENOENT" || code === "ENOTDIR")) return undefined;
    throw error;
  }
  return parseConfig(text, path);
}
