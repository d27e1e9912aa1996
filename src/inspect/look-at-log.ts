// A first look at one log: enough to tell its format, not to judge it.

import type { LogInput } from "../analysis/index.js";
import { FlowError } from "../errors.js";
import { type FormatSource, isGzip, isZstd, ZSTD_MAGIC_BYTES } from "../logs/index.js";
import type { LogLook } from "./doctor-findings.js";
import { type LogEntry, logRecords } from "./log-records.js";

/** Bytes of text that a look reads. */
const LOOK_BYTES = 1 << 20;

interface Gathered {
  how: FormatSource | null;
  fields: readonly string[];
  records: number;
  nodata: number;
  skipdata: number;
  firstStart: number | null;
  lastEnd: number | null;
  readonly malformed: Record<string, number>;
  readonly messages: string[];
}

function take(entry: LogEntry, into: Gathered, interfaces: Set<string>): void {
  if (entry.kind === "format") {
    into.how = entry.format.how;
    into.fields = entry.format.fields;
    return;
  }
  if (entry.kind === "note") {
    into.messages.push(entry.note.message);
    return;
  }
  if (entry.kind === "malformed") {
    into.malformed[entry.reason] = (into.malformed[entry.reason] ?? 0) + 1;
    return;
  }
  const { record } = entry;
  into.records++;
  if (record.logStatus === "NODATA") into.nodata++;
  if (record.logStatus === "SKIPDATA") into.skipdata++;
  if (record.interfaceId !== null) interfaces.add(record.interfaceId);
  if (record.start === null) return;
  into.firstStart = Math.min(into.firstStart ?? record.start, record.start);
  into.lastEnd = Math.max(into.lastEnd ?? 0, record.end ?? record.start);
}

function statusOf(
  gathered: Gathered,
  failure: FlowError | undefined,
  { doubtful }: LogInput,
): LogLook["status"] {
  if (doubtful === true && failure?.code === "log-unrecognised") return "other";
  if (failure !== undefined) return gathered.how === null ? "refused" : "broken";
  return gathered.how === null ? "empty" : "recognised";
}

async function packingOf({ ranges }: LogInput): Promise<LogLook["packing"]> {
  if (ranges === undefined) return null;
  try {
    const source = await ranges();
    const head = await source.read(0, ZSTD_MAGIC_BYTES);
    await source.close();
    if (isGzip(head)) return "gzip";
    return isZstd(head) ? "zstd" : "none";
  } catch (error) {
    if (error instanceof FlowError) return null;
    throw error;
  }
}

/** Looks at the beginning of a log; adds the interfaces it saw to `interfaces`. */
export async function lookAtLog(
  log: LogInput,
  fields: readonly string[] | undefined,
  interfaces: Set<string>,
): Promise<LogLook> {
  const gathered: Gathered = {
    how: null,
    fields: [],
    records: 0,
    nodata: 0,
    skipdata: 0,
    firstStart: null,
    lastEnd: null,
    malformed: {},
    messages: [],
  };
  let failure: FlowError | undefined;
  let whole = false;
  try {
    const options = { limit: LOOK_BYTES, ...(fields === undefined ? {} : { fields }) };
    const entries = logRecords(log, options);
    let step = await entries.next();
    for (; step.done !== true; step = await entries.next()) take(step.value, gathered, interfaces);
    whole = step.value;
  } catch (error) {
    if (!(error instanceof FlowError)) throw error;
    failure = error;
    gathered.messages.push(`${error.message}${error.hint === undefined ? "" : ` (${error.hint})`}`);
  }
  return {
    name: log.name,
    size: log.size ?? 0,
    status: statusOf(gathered, failure, log),
    packing: await packingOf(log),
    whole,
    ...gathered,
  };
}
