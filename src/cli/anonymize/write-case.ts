// Logs and rules of a case, written anonymized, and where each line went.
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { LogInput } from "../../analysis/index.js";
import {
  type AnonymousLog,
  anonymousLog,
  anonymousRules,
  type Mapping,
} from "../../anonymize/index.js";
import type { Timeline } from "../../model/timeline.js";
import { type Write, writeAtomically } from "../../node/index.js";
import { ruleSetAsAwsJson } from "../../rules/index.js";

/** One log and what became of it. */
export interface WrittenLog extends AnonymousLog {
  readonly name: string;
  /** Name below the folder of logs. */
  readonly written: string;
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
  const log = await anonymousLog(input, mapping, { fields, signal, write });
  return { name: input.name, written, ...log };
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
