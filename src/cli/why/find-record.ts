// The record that `why` is asked about: a pasted line, or a line of a file.

import { access } from "node:fs/promises";
import { FlowError } from "../../errors.js";
import { logRecords } from "../../inspect/index.js";
import { V2_FIELDS } from "../../logs/index.js";
import { findLogs, type LogFile } from "../../node/index.js";
import { logInput } from "../../node/log-input.js";
import { type ParsedRecord, parseRecord } from "../../reference/index.js";

export interface Target {
  readonly record: ParsedRecord;
  /** The file it stands in, or `null` for a pasted line. */
  readonly source: LogFile | null;
}

/** Name of a pasted line in reports; no file can be called so. */
const PASTED = "(line)";

const FIELDS_HINT =
  "lines without a header are read as the version 2 default; give --fields with the LogFormat that describe-flow-logs shows";

function malformed(at: string, reason: string): FlowError {
  return new FlowError("record-malformed", `is no flow-log record: ${reason}`, {
    at,
    hint: FIELDS_HINT,
  });
}

/**
 * The file at the path; else the one of `--context` that reports call so: they name files relative to the folder that
 * was given.
 */
async function findFile(path: string, context: readonly LogFile[]): Promise<LogFile> {
  if (await exists(path)) {
    const [file] = await findLogs([path]);
    if (file !== undefined) return file;
  }
  const called = context.filter(({ name }) => name === path);
  const [only] = called;
  if (only === undefined)
    throw new FlowError("no-such-input", "there is no such file or folder", {
      at: path,
      hint:
        context.length === 0
          ? "names in reports are relative to the folder of the logs: give it with --context"
          : "no log of --context is called so either",
    });
  if (called.length > 1)
    throw new FlowError(
      "ambiguous-input",
      `${called.length} logs of --context are called so: ${called.map((file) => file.path).join(", ")}`,
      { at: path, hint: "give the path of one" },
    );
  return only;
}

async function readTarget(
  file: LogFile,
  line: number,
  fields: readonly string[] | undefined,
): Promise<Target> {
  const at = `${file.name}:${line}`;
  const options = fields === undefined ? {} : { fields };
  let last = 0;
  for await (const entry of logRecords(logInput(file), options)) {
    if (entry.kind === "format" || entry.kind === "note") continue;
    const here = entry.kind === "record" ? entry.record.line : entry.line;
    last = here;
    if (here < line) continue;
    if (here > line) break;
    if (entry.kind === "malformed") throw malformed(at, entry.reason);
    return { record: entry.record, source: file };
  }
  const found =
    last < line ? `the last record stands at line ${last}` : "the line is blank or a header";
  throw new FlowError("record-missing", `there is no record: ${found}`, {
    at,
    hint: "count lines from 1, the header included",
  });
}

function parseTarget(text: string, fields: readonly string[] | undefined): Target {
  const found = parseRecord(text.trim(), fields ?? V2_FIELDS, PASTED, 1);
  if (found === undefined)
    throw new FlowError("record-missing", "the line is empty", { hint: FIELDS_HINT });
  if (typeof found === "string") throw malformed(PASTED, found);
  return { record: found, source: null };
}

const FILE_LINE = /^(.+):([1-9]\d{0,14})$/s;

async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch {
    return false;
  }
}

/** `FILE:LINE` in its parts; nothing for any other text. */
export function splitFileLine(
  text: string,
): { readonly file: string; readonly line: number } | undefined {
  const parts = FILE_LINE.exec(text);
  return parts === null ? undefined : { file: parts[1]!, line: Number(parts[2]) };
}

/** The record that `LINE` is, or that stands at `FILE:LINE`; nothing where there is no such file. */
export async function recordOf(
  text: string,
  fields: readonly string[] | undefined,
): Promise<ParsedRecord | undefined> {
  const place = splitFileLine(text);
  if (place !== undefined && !/\s/.test(text) && !(await exists(place.file))) return undefined;
  return (await findTarget(text, fields)).record;
}

/**
 * Reads the record that `LINE` or `FILE:LINE` names; `context` are logs whose names as reports print them count too. A line may end like `FILE:LINE` (an IPv6 address does): what holds
 * blanks and names no file is a line.
 */
export async function findTarget(
  text: string,
  fields: readonly string[] | undefined,
  context: readonly LogFile[] = [],
): Promise<Target> {
  const parts = FILE_LINE.exec(text);
  if (parts === null) return parseTarget(text, fields);
  const path = parts[1]!;
  const isLine = /\s/.test(text) && !context.some(({ name }) => name === path);
  if (isLine && !(await exists(path))) return parseTarget(text, fields);
  return readTarget(await findFile(path, context), Number(parts[2]), fields);
}
