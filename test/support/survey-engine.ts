import type { RecordBatch } from "apache-arrow";
import { type Survey, type SurveyOptions, surveyRecords } from "../../src/analysis/survey.js";
import {
  CHANGES,
  type Change,
  type JudgedOpener,
  OPENER_SAMPLES,
  type Sample,
} from "../../src/model/opener.js";
import { plainOpener } from "../../src/model/opener-table.js";
import type { FlowRecord, Judgement } from "../../src/model/record.js";
import type { Direction, Grade, Opener, Reason, Verdict } from "../../src/model/verdict.js";
import { compareOpeners } from "../../src/reference/index.js";
import type { EngineFile } from "./engines.js";
import { readLogText } from "./log-text.js";
import { type CoreTarget, type Cut, coreOf, inputsOf } from "./wasm-engine.js";

/** What is asked of a survey; candidates as they are before a cut-over. */
export type SurveyQuestion = Omit<SurveyOptions, "core" | "openers" | "batchRows">;

/** A survey, and what it wrote of every record. */
export interface SurveyAnswer extends Omit<Survey, "openers"> {
  /** In canonical order, copied. */
  readonly openers: readonly JudgedOpener[];
  /** Per timeline, in the order of files and lines. */
  readonly judgements: readonly (readonly Judgement[])[];
  /** Per candidate, of the same records. */
  readonly recordChanges: readonly (readonly Change[])[];
}

/** What a batch says of one record: per timeline, and the change under each candidate. */
interface Said {
  readonly judged: readonly Omit<Judgement, "record">[];
  readonly changes: readonly Change[];
}

/** Runs the core over the files, cut as wished, and gathers all that it says. */
export async function runSurvey(
  target: CoreTarget,
  files: readonly EngineFile[],
  question: SurveyQuestion,
  cut: Cut = {},
): Promise<SurveyAnswer> {
  const stream = surveyRecords(inputsOf(files, cut.chunkBytes), {
    ...question,
    core: await coreOf(target),
    openers: "all",
    ...(cut.batchRows === undefined ? {} : { batchRows: cut.batchRows }),
  });
  const said = new Map<string, Said>();
  for (;;) {
    const next = await stream.next();
    if (next.done === true) return gather(files, question, said, next.value);
    readBatch(next.value, question.candidates.length, said);
  }
}

function readBatch(batch: RecordBatch, candidates: number, said: Map<string, Said>): void {
  const cell = (name: string, row: number): unknown => {
    const column = batch.getChild(name);
    if (column === null) throw new Error(`no column ${name}`);
    return column.get(row);
  };
  const numbers = Array.from({ length: candidates }, (_, i) => (i === 0 ? "" : String(i + 1)));
  const prefixes = ["", ...numbers.map((number) => `candidate${number}_`)];
  for (let row = 0; row < batch.numRows; row++) {
    const text = (name: string): string => cell(name, row) as string;
    const shared = {
      direction: (text("direction") || null) as Direction | null,
      opener: text("opener") as Opener,
      grade: text("grade") as Grade,
    };
    const judged = prefixes.map((prefix) => ({
      ...shared,
      verdict: text(`${prefix}verdict`) as Verdict,
      reason: text(`${prefix}reason`) as Reason,
      detail: text(`${prefix}detail`),
      rules: text(`${prefix}rules`) === "" ? [] : text(`${prefix}rules`).split("|"),
    }));
    const changes = numbers.map((number) => text(`change${number}`) as Change);
    said.set(placeOf({ file: text("file"), line: cell("line", row) as number }), {
      judged,
      changes,
    });
  }
}

function placeOf({ file, line }: { readonly file: string; readonly line: number }): string {
  return `${file}:${line}`;
}

function gather(
  files: readonly EngineFile[],
  { candidates }: SurveyQuestion,
  said: ReadonlyMap<string, Said>,
  survey: Survey,
): SurveyAnswer {
  const log = readLogText(files).records.filter(({ logStatus }) => logStatus === "OK");
  if (log.length !== said.size)
    throw new Error(`${said.size} records judged, ${log.length} stand in the log`);
  const saidOf = (record: FlowRecord): Said => {
    const found = said.get(placeOf(record));
    if (found === undefined) throw new Error(`${placeOf(record)} was not judged`);
    return found;
  };
  const judgements = [undefined, ...candidates].map((_, timeline) =>
    log.map((record): Judgement => ({ record, ...saidOf(record).judged[timeline]! })),
  );
  const recordChanges = candidates.map((_, i) => log.map((record) => saidOf(record).changes[i]!));
  return { ...survey, openers: mergeOpeners(survey.openers), judgements, recordChanges };
}

/** Rows in canonical order, copied; ones that the core keeps apart though they say the same are added up (semantics 9.5). */
export function mergeOpeners(rows: Iterable<JudgedOpener>): readonly JudgedOpener[] {
  const found = new Map<string, JudgedOpener>();
  for (const each of rows) {
    // The higher port of an unknown opener: the core's rows differ in it, those of the claim do not (9.5).
    const { otherPort: _, ...row } = plainOpener(each);
    const key = identityOf(row);
    const known = found.get(key);
    found.set(key, known === undefined ? row : added(known, row));
  }
  return [...found.values()].sort(compareOpeners);
}

function identityOf({
  interfaceId,
  direction,
  protocol,
  remote,
  port,
  grade,
  action,
  rulings,
  changes,
}: JudgedOpener): string {
  const address = [remote.family, String(remote.value)];
  return JSON.stringify([
    interfaceId,
    direction,
    protocol,
    address,
    port,
    grade,
    action,
    rulings,
    changes,
  ]);
}

function added(a: JudgedOpener, b: JudgedOpener): JudgedOpener {
  return {
    ...a,
    connections: a.connections + b.connections,
    openingsAssumed: a.openingsAssumed + b.openingsAssumed,
    forward: a.forward + b.forward,
    replies: a.replies + b.replies,
    bytes: a.bytes + b.bytes,
    first: Math.min(a.first, b.first),
    last: Math.max(a.last, b.last),
    samples: [...a.samples, ...b.samples].sort(compareSamples).slice(0, OPENER_SAMPLES),
  };
}

function compareSamples(a: Sample, b: Sample): number {
  const byFile = a.file < b.file ? -1 : Number(a.file > b.file);
  return a.start - b.start || byFile || a.line - b.line;
}

/** Changes of records, counted. */
export function countChanges(changes: readonly Change[]): Record<Change, number> {
  const counts = Object.fromEntries(CHANGES.map((change) => [change, 0]));
  for (const change of changes) counts[change] = (counts[change] ?? 0) + 1;
  return counts as Record<Change, number>;
}
