// A session as a file: rules, candidates and what the log said, so that one can go on another day. No records are in it.

import {
  isSummary,
  readSummary,
  StoredRows,
  surveySummaries,
  writeSummary,
} from "../../analysis/index.js";
import type { OverTime, Summary } from "../../analysis/summary.js";
import { FlowError } from "../../errors.js";
import { unpackWeb } from "../../logs/index.js";
import { always } from "../../model/timeline.js";
import { TOOL } from "../../report/tool.js";
import type { RuleDocument } from "../../rules/index.js";
import type { CalendarTold, CandidateText, SavedCandidate, SeriesTold } from "../protocol.js";
import { SERIES_CELLS } from "../protocol.js";
import type { Totals } from "./impact.js";
import { chunksOf, type Inputs } from "./inputs.js";
import type { Left } from "./left.js";
import { ownCore } from "./own-core.js";
import { groupsOf } from "./reading.js";
import { RecordStore } from "./record-store.js";

const KIND = "flowverdict-session";
const VERSION = 1;
/** The head is one line of JSON: documents of an account's size and counts. */
const MOST_HEAD = 1 << 29;
const LINE_FEED = 10;

/** The line in front of the summary of openers, which is as `summarize` writes it; the whole is gzipped. */
interface Head {
  readonly kind: typeof KIND;
  readonly version: typeof VERSION;
  readonly tool: string;
  readonly documents: readonly RuleDocument[];
  readonly candidates: readonly SavedCandidate[];
  /** Under the rules, as `evaluate` counts; its times are in `overTime`. */
  readonly summary: Summary;
  readonly overTime: OverTime | null;
  readonly totals: Totals;
  readonly series: {
    readonly width: number;
    readonly starts: readonly number[];
    readonly counts: readonly number[];
  };
  readonly calendar: CalendarTold;
}

export interface LoadedSession {
  readonly documents: readonly RuleDocument[];
  readonly candidates: readonly SavedCandidate[];
  readonly summary: Summary;
  readonly rows: StoredRows;
  readonly totals: Totals;
  readonly series: SeriesTold;
  readonly calendar: CalendarTold;
}

/** Throws `session-undated` for rules that change: rows of openers do not tell which of them held. */
export async function sessionFile(
  { documents, periods, summary, rows, totals, series, calendar }: Left,
  candidates: readonly SavedCandidate[],
): Promise<Blob> {
  if (periods.length > 1)
    throw new FlowError("session-undated", "a session does not tell when connections opened", {
      hint: "rules of several times are judged from the logs alone: save findings and records, and keep the logs",
    });
  const head: Head = {
    kind: KIND,
    version: VERSION,
    tool: `${TOOL.name} ${TOOL.version}`,
    documents,
    candidates,
    summary: { ...summary, coverage: { ...summary.coverage, overTime: null } },
    overTime: summary.coverage.overTime,
    totals,
    series: { ...series, starts: [...series.starts], counts: [...series.counts] },
    calendar,
  };
  const parts: BlobPart[] = [`${JSON.stringify(head)}\n`];
  // Copies: the writer goes on in the same memory.
  for await (const chunk of writeSummary(rows.all())) parts.push(chunk.slice());
  const packed = new Blob(parts).stream().pipeThrough(new CompressionStream("gzip"));
  return new Response(packed).blob();
}

/** Throws `session-invalid` for what is no session, `summary-invalid` for a summary that is cut or not consistent. */
export async function readSession(name: string, file: Blob): Promise<LoadedSession> {
  const chunks = unpackWeb(chunksOf(file), name);
  const { line, rest } = await firstLine(chunks, name);
  const head = headOf(line, name);
  const rows = await StoredRows.of(await readSummary(name, rest));
  const { documents, candidates, summary, overTime, totals, series, calendar } = head;
  return {
    documents,
    candidates,
    summary: { ...summary, coverage: { ...summary.coverage, overTime } },
    rows,
    totals,
    series: {
      width: series.width,
      starts: Float64Array.from(series.starts),
      counts: Float64Array.from(series.counts),
    },
    calendar,
  };
}

/** What a session holds, as a reading would have left it: its rows are judged again when they are asked for. */
export async function storedLeft(
  { overTime: { loaded, periods }, ruleDocuments }: Inputs,
  session: LoadedSession,
): Promise<Left> {
  const core = await ownCore();
  const { rows } = session;
  const baseline = always("baseline", loaded.ruleSet);
  const judged = async () => {
    const options = { core, baseline, candidates: [], openers: "all" } as const;
    return (await surveySummaries([rows.all()], options)).openers;
  };
  const store = new RecordStore({ groupsOf: groupsOf(loaded.ruleSet) });
  return { ...session, core, loaded, periods, documents: ruleDocuments, judged, store };
}

function invalid(name: string, found: string): FlowError {
  return new FlowError("session-invalid", `no session: ${found}`, {
    at: name,
    hint: "give a file that this page has saved as a session",
  });
}

async function firstLine(
  chunks: AsyncGenerator<Uint8Array>,
  name: string,
): Promise<{ readonly line: string; readonly rest: AsyncGenerator<Uint8Array> }> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for (let next = await chunks.next(); next.done !== true; next = await chunks.next()) {
    const end = next.value.indexOf(LINE_FEED);
    // The source goes on in the same memory.
    const part = next.value.slice(0, end < 0 ? undefined : end);
    bytes += part.length;
    if (bytes > MOST_HEAD) break;
    parts.push(part);
    if (end < 0) continue;
    const line = await new Blob(parts as BlobPart[]).text();
    return { line, rest: following(next.value.slice(end + 1), chunks) };
  }
  throw invalid(name, "it has no first line");
}

async function* following(
  head: Uint8Array,
  chunks: AsyncGenerator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  if (head.length > 0) yield head;
  yield* chunks;
}

function headOf(line: string, name: string): Head {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw invalid(name, "its first line is no JSON");
  }
  const head = value as Head;
  if (typeof value !== "object" || value === null || head.kind !== KIND)
    throw invalid(name, "its first line does not say that it is one");
  if (head.version !== VERSION)
    throw invalid(name, `its version is ${String(head.version)}, this page reads ${VERSION}`);
  if (!isListOf(head.documents, isDocument)) throw invalid(name, "its rule documents are missing");
  if (!isListOf(head.candidates, isCandidate)) throw invalid(name, "its candidates are damaged");
  if (!isSummary(head.summary)) throw invalid(name, "its counts are damaged");
  if (!isSeries(head.series)) throw invalid(name, "its counts over time are damaged");
  if (!isCalendar(head.calendar)) throw invalid(name, "its calendar is damaged");
  if (!isNumber(head.totals?.records) || !isNumber(head.totals.bytes))
    throw invalid(name, "its totals are damaged");
  if (!isOverTime(head.overTime)) throw invalid(name, "its verdicts over time are damaged");
  return head;
}

function isListOf<T>(value: unknown, is: (item: unknown) => item is T): value is readonly T[] {
  return Array.isArray(value) && value.every(is);
}

function isNumber(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value);
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

function isDocument(value: unknown): value is RuleDocument {
  const { name, text, explicit } = (value ?? {}) as Partial<RuleDocument>;
  return isText(name) && isText(text) && typeof explicit === "boolean";
}

function isCandidate(value: unknown): value is SavedCandidate {
  const { name, edits, documents, expected } = (value ?? {}) as Partial<
    CandidateText & SavedCandidate
  >;
  const isNote = (each: unknown): each is readonly [string, string] =>
    Array.isArray(each) && each.length === 2 && each.every(isText);
  return (
    isText(name) && isText(edits) && isListOf(documents, isDocument) && isListOf(expected, isNote)
  );
}

function isSeries(value: unknown): value is Head["series"] {
  const { width, starts, counts } = (value ?? {}) as Partial<Head["series"]>;
  return (
    isNumber(width) &&
    isListOf(starts, isNumber) &&
    isListOf(counts, isNumber) &&
    counts.length === starts.length * 2 * SERIES_CELLS
  );
}

function isCalendar(value: unknown): value is CalendarTold {
  const { width, starts, faces, more } = (value ?? {}) as Partial<CalendarTold>;
  if (!isNumber(width) || !isNumber(more) || !isListOf(starts, isNumber)) return false;
  const isFace = (each: unknown): each is CalendarTold["faces"][number] => {
    const { id, records } = (each ?? {}) as Partial<CalendarTold["faces"][number]>;
    return isText(id) && isListOf(records, isNumber) && records.length === starts.length;
  };
  return isListOf(faces, isFace);
}

function isOverTime(value: unknown): value is OverTime | null {
  if (value === null) return true;
  const { seconds, first, allow, deny, unknown } = (value ?? {}) as Partial<OverTime>;
  return (
    isNumber(seconds) &&
    isNumber(first) &&
    isListOf(allow, isNumber) &&
    isListOf(deny, isNumber) &&
    isListOf(unknown, isNumber)
  );
}
