// Logs and rules of a case, written anonymized, and where each line went.
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { LogInput } from "../../analysis/index.js";
import { FlowError } from "../../errors.js";
import { logRecords } from "../../inspect/index.js";
import type { Timeline } from "../../model/timeline.js";
import { type Write, writeAtomically } from "../../node/index.js";
import { ruleSetAsAwsJson } from "../../rules/index.js";
import { LineFormat, MALFORMED_LINE } from "./anonymous-lines.js";
import { anonymousRules } from "./anonymous-rules.js";
import type { Mapping } from "./mapping.js";

/** One log and what became of it: the line of each record there and here, both ascending. */
export interface WrittenLog {
  readonly name: string;
  /** Name below the folder of logs. */
  readonly written: string;
  readonly from: readonly number[];
  readonly to: readonly number[];
  readonly malformed: number;
  /** What stopped the reading before its end. */
  readonly broken: FlowError | undefined;
}

/** A rule set that was written, and from when on it holds. */
export interface WrittenRules {
  /** Name below the folder of the case. */
  readonly written: string;
  readonly from: number;
}

/** Names that sort in the order in which the logs are read. */
function logName(index: number): string {
  return `${String(index + 1).padStart(6, "0")}.log`;
}

/** Writes every log, in order. Throws the signal's reason once it is aborted. */
export async function writeLogs(
  folder: string,
  inputs: readonly LogInput[],
  fields: readonly string[] | undefined,
  mapping: Mapping,
  signal: AbortSignal,
  onLog: (written: WrittenLog) => void,
): Promise<readonly WrittenLog[]> {
  await mkdir(join(folder, "logs"));
  const logs: WrittenLog[] = [];
  for (const [i, input] of inputs.entries()) {
    const name = logName(i);
    let log: WrittenLog | undefined;
    await writeAtomically(join(folder, "logs", name), async (write) => {
      log = await writeLog(input, name, fields, mapping, signal, write);
    });
    logs.push(log!);
    onLog(log!);
  }
  return logs;
}

async function writeLog(
  input: LogInput,
  written: string,
  fields: readonly string[] | undefined,
  mapping: Mapping,
  signal: AbortSignal,
  write: Write,
): Promise<WrittenLog> {
  const from: number[] = [];
  const to: number[] = [];
  let malformed = 0;
  let line = 0;
  let broken: FlowError | undefined;
  let known: readonly string[] | undefined;
  let format: LineFormat | undefined;
  const put = (text: string): Promise<void> => {
    line++;
    return write(`${text}\n`);
  };
  try {
    for await (const entry of logRecords(input, fields === undefined ? {} : { fields })) {
      signal.throwIfAborted();
      if (entry.kind === "malformed") {
        malformed++;
        await put(MALFORMED_LINE);
      }
      if (entry.kind !== "record") continue;
      if (format === undefined || entry.fields !== known) {
        known = entry.fields;
        format = new LineFormat(known);
        await put(format.header);
      }
      await put(format.line(entry.text, mapping));
      from.push(entry.record.line);
      to.push(line);
    }
  } catch (error) {
    if (!(error instanceof FlowError)) throw error;
    broken = error;
  }
  return { name: input.name, written, from, to, malformed, broken };
}

/** Every rule set of the timeline in a document of its own. */
export async function writeRules(
  folder: string,
  { periods }: Timeline,
  mapping: Mapping,
): Promise<readonly WrittenRules[]> {
  const rules: WrittenRules[] = [];
  for (const [i, { from, ruleSet }] of periods.entries()) {
    const written = periods.length === 1 ? "rules.json" : `rules-${i + 1}.json`;
    const text = ruleSetAsAwsJson(anonymousRules(ruleSet, mapping), periods.length > 1);
    await writeAtomically(join(folder, written), text);
    rules.push({ written, from: i === 0 ? 0 : from });
  }
  return rules;
}
