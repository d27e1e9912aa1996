// One log, written with mapped values.

import type { LogInput } from "../analysis/index.js";
import { FlowError } from "../errors.js";
import { logRecords } from "../inspect/index.js";
import { LineFormat, MALFORMED_LINE } from "./anonymous-lines.js";
import type { Mapping } from "./mapping.js";

/** What became of a log: the line of each record there and here, both ascending. */
export interface AnonymousLog {
  readonly from: readonly number[];
  readonly to: readonly number[];
  readonly malformed: number;
  /** What stopped the reading before its end. */
  readonly broken: FlowError | undefined;
}

export interface AnonymousLogOptions {
  /** Of a log without a header. */
  readonly fields: readonly string[] | undefined;
  readonly signal: AbortSignal;
  readonly write: (text: string) => Promise<void> | void;
}

/** Writes a log line by line. Throws the signal's reason once it is aborted. */
export async function anonymousLog(
  input: LogInput,
  mapping: Mapping,
  { fields, signal, write }: AnonymousLogOptions,
): Promise<AnonymousLog> {
  const from: number[] = [];
  const to: number[] = [];
  let malformed = 0;
  let line = 0;
  let broken: FlowError | undefined;
  let known: readonly string[] | undefined;
  let format: LineFormat | undefined;
  const put = (text: string): Promise<void> | void => {
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
  return { from, to, malformed, broken };
}
