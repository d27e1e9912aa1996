import { readFileSync } from "node:fs";
import type { RecordBatch, Vector } from "apache-arrow";
import { type EvaluateOptions, evaluateRecords, type LogInput } from "../../src/analysis/index.js";
import type { Summary } from "../../src/analysis/summary.js";
import { loadCore } from "../../src/core/load.js";
import type { Judgement } from "../../src/model/record.js";
import type { RuleSet } from "../../src/model/rule-set.js";
import type { Direction, Grade, Opener, Reason, Verdict } from "../../src/model/verdict.js";
import type { ReferenceOptions } from "../../src/reference/index.js";
import type { Engine, EngineAnswer, EngineFile } from "./engines.js";
import { readLogText } from "./log-text.js";

export type CoreTarget = "debug" | "release";
const modules = new Map<CoreTarget, Promise<WebAssembly.Module>>();

/** The core as `npm run build` left it. */
export function coreOf(target: CoreTarget): Promise<WebAssembly.Module> {
  let module = modules.get(target);
  if (module === undefined) {
    const name = target === "debug" ? "core.debug.wasm" : "core.wasm";
    module = loadCore(readFileSync(new URL(`../../build/${name}`, import.meta.url)));
    modules.set(target, module);
  }
  return module;
}

/** How the work is cut; no answer may depend on it. */
export interface Cut {
  readonly batchRows?: number;
  readonly chunkBytes?: number;
}

export function inputsOf(files: readonly EngineFile[], chunkBytes = 1 << 20): LogInput[] {
  return files.map(({ name, text }) => ({
    name,
    async *open(): AsyncGenerator<Uint8Array> {
      const bytes = new TextEncoder().encode(text);
      for (let at = 0; at < bytes.length; at += chunkBytes)
        yield bytes.subarray(at, at + chunkBytes);
    },
  }));
}

export interface CoreAnswer {
  readonly judged: readonly JudgedRow[];
  readonly summary: Summary;
}

/** What the core says of one record. */
export interface JudgedRow extends Omit<Judgement, "record"> {
  readonly file: string;
  readonly line: number;
}

export async function runCore(
  files: readonly EngineFile[],
  options: EvaluateOptions,
  cut: Cut = {},
): Promise<CoreAnswer> {
  return runInputs(inputsOf(files, cut.chunkBytes), options, cut);
}

export async function runInputs(
  inputs: readonly LogInput[],
  options: EvaluateOptions,
  cut: Cut = {},
): Promise<CoreAnswer> {
  const judged: JudgedRow[] = [];
  const rows = cut.batchRows === undefined ? {} : { batchRows: cut.batchRows };
  const stream = evaluateRecords(inputs, { ...options, ...rows });
  for (;;) {
    const next = await stream.next();
    if (next.done === true) return { judged, summary: next.value };
    readBatch(next.value, judged);
  }
}

function readBatch(batch: RecordBatch, judged: JudgedRow[]): void {
  const column = (name: string): Vector => {
    const found = batch.getChild(name);
    if (found === null) throw new Error(`no column ${name}`);
    return found;
  };
  const names = [
    "direction",
    "verdict",
    "reason",
    "detail",
    "rules",
    "opener",
    "grade",
    "file",
    "line",
  ];
  const [direction, verdict, reason, detail, rules, opener, grade, file, line] = names.map(column);
  for (let i = 0; i < batch.numRows; i++) {
    const joined = rules!.get(i) as string;
    judged.push({
      direction: ((direction!.get(i) as string) || null) as Direction | null,
      verdict: verdict!.get(i) as Verdict,
      reason: reason!.get(i) as Reason,
      detail: detail!.get(i) as string,
      rules: joined === "" ? [] : joined.split("|"),
      opener: opener!.get(i) as Opener,
      grade: grade!.get(i) as Grade,
      file: file!.get(i) as string,
      line: line!.get(i) as number,
    });
  }
}

/** The core as an engine of the shared suites: judgements in the order of files and lines. */
export function wasmEngine(target: CoreTarget, cut: Cut = {}): Engine {
  return {
    name: `wasm-${target}`,
    async evaluate(
      files: readonly EngineFile[],
      ruleSet: RuleSet,
      options: ReferenceOptions,
    ): Promise<EngineAnswer> {
      const core = await coreOf(target);
      const { judged, summary } = await runCore(files, { core, ruleSet, ...options }, cut);
      const found = new Map(judged.map((row) => [`${row.file}:${row.line}`, row]));
      const { records, malformed } = readLogText(files);
      const judgements = records
        .filter((record) => record.logStatus === "OK")
        .map((record): Judgement => {
          const row = found.get(`${record.file}:${record.line}`);
          if (row === undefined) throw new Error(`${record.file}:${record.line} was not judged`);
          const { file: _, line: __, ...said } = row;
          return { record, ...said };
        });
      if (judgements.length !== judged.length)
        throw new Error(`${judged.length} records judged, ${judgements.length} stand in the log`);
      return {
        judgements,
        counters: countersOf(summary),
        malformed: malformedOf(summary, malformed),
      };
    },
  };
}

/** What every engine counts, from a summary. */
export function countersOf(summary: Summary): EngineAnswer["counters"] {
  const gaps = (key: "nodata" | "skipdata"): Record<string, number> =>
    Object.fromEntries(
      summary.coverage.interfaces.list
        .filter((face) => face[key] > 0)
        .map((face) => [face.id, face[key]]),
    );
  const { evicted: _, ...connections } = summary.connections;
  return {
    noData: gaps("nodata"),
    skipData: gaps("skipdata"),
    connections,
    openingsAssumed: summary.coverage.openingsAssumed,
    causes: { ...ZERO_CAUSES, ...summary.causes },
  };
}

const ZERO_CAUSES: EngineAnswer["counters"]["causes"] = {
  "opened-before-log": 0,
  "address-translated": 0,
  "rules-changed-or-incomplete": 0,
  "blocked-public-access": 0,
  "encryption-control": 0,
  "late-packet": 0,
  "acl-strongly-suspected": 0,
  "acl-suspected": 0,
  "rules-changed-or-acl": 0,
};

/** Malformed lines by reason; the ones of `expected` that the core did not meet are 0. */
export function malformedOf(
  summary: Summary,
  expected: Readonly<Record<string, number>>,
): Readonly<Record<string, number>> {
  const found: Record<string, number> = { ...summary.coverage.malformed.byReason };
  for (const reason of Object.keys(expected)) found[reason] ??= 0;
  return found;
}
