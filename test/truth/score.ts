// Runs the core over generated logs and holds what it says against what really happened.
import { evaluateRecords, type LogInput } from "../../src/analysis/index.js";
import type { Summary } from "../../src/analysis/summary.js";
import {
  CAUSES,
  type GenerateOptions,
  generateAccount,
  generateLog,
  TRAFFIC_KINDS,
  TRUTH_ALLOW,
  TRUTH_NONE,
} from "../../src/generate/index.js";
import { GRADES, type Grade } from "../../src/model/verdict.js";
import { coreOf } from "../support/wasm-engine.js";

/** What the core says of one line, beside the truth. */
export interface ScoredRecord {
  /** 0-based line of the log without its header. */
  readonly index: number;
  readonly grade: Grade;
  readonly opener: string;
  readonly verdict: string;
  readonly reason: string;
  readonly trueOpener: string;
  readonly trueVerdict: string;
  readonly cause: string;
  readonly kind: string;
  readonly connection: number;
}

export interface Scored {
  readonly records: readonly ScoredRecord[];
  readonly summary: Summary;
  /** The text of a line, for messages. */
  readonly lineAt: (index: number) => string;
}

const OPENERS = ["unknown", "local", "remote"];

/** A log in some form; `headerLines`: the line of its first row, less one. */
export interface Written {
  readonly input: LogInput;
  readonly headerLines: number;
}

/**
 * Generates a log of these options, judges it under the same account's rules, and pairs both answers. `write`: the form in
 * which it is read.
 */
export async function scoreOf(
  options: GenerateOptions,
  write?: (text: string) => Written,
): Promise<Scored> {
  const chunks = [...generateLog(options)];
  const truth = { opener: [] as number[], verdict: [] as number[], cause: [] as number[] };
  const kind: number[] = [];
  const connection: number[] = [];
  for (const { truth: part } of chunks) {
    for (let i = 0; i < part.count; i++) {
      truth.opener.push(part.opener[i]!);
      truth.verdict.push(part.verdict[i]!);
      truth.cause.push(part.cause[i]!);
      kind.push(part.kind[i]!);
      connection.push(part.connection[i]!);
    }
  }
  const { ruleSet } = generateAccount(options);
  const plain: LogInput = {
    name: "log",
    async *open(): AsyncGenerator<Uint8Array> {
      for (const { text } of chunks) yield text;
    },
  };
  const whole = (): string => chunks.map(({ text }) => new TextDecoder().decode(text)).join("");
  const { input, headerLines } = write?.(whole()) ?? { input: plain, headerLines: 1 };
  const records: ScoredRecord[] = [];
  const stream = evaluateRecords([input], { core: await coreOf("release"), ruleSet });
  let next = await stream.next();
  for (; next.done !== true; next = await stream.next()) {
    const batch = next.value;
    const [line, grade, opener, verdict, reason] = [
      "line",
      "grade",
      "opener",
      "verdict",
      "reason",
    ].map((name) => batch.getChild(name)!);
    for (let i = 0; i < batch.numRows; i++) {
      const index = (line!.get(i) as number) - 1 - headerLines;
      records.push({
        index,
        grade: grade!.get(i) as Grade,
        opener: opener!.get(i) as string,
        verdict: verdict!.get(i) as string,
        reason: reason!.get(i) as string,
        trueOpener: OPENERS[truth.opener[index]!]!,
        trueVerdict: verdictName(truth.verdict[index]!),
        cause: CAUSES[truth.cause[index]!]!,
        kind: TRAFFIC_KINDS[kind[index]!]!,
        connection: connection[index]!,
      });
    }
  }
  let lines: readonly string[] | undefined;
  const lineAt = (index: number): string => {
    lines ??= whole().split("\n");
    return lines[index + 1] ?? "";
  };
  return { records, summary: next.value, lineAt };
}

function verdictName(code: number): string {
  if (code === TRUTH_NONE) return "none";
  return code === TRUTH_ALLOW ? "allow" : "deny";
}

/** Records of one grade and how many of them are wrong. */
export interface GradeScore {
  records: number;
  /** The core names the end that did not open. */
  wrongOpener: number;
  /** The core says allow where the groups denied, or deny where they allowed. */
  wrongVerdict: number;
  unknownVerdict: number;
}

export function wrongOpener({ opener, trueOpener }: ScoredRecord): boolean {
  return opener !== "unknown" && trueOpener !== "unknown" && opener !== trueOpener;
}

export function wrongVerdict({ verdict, trueVerdict }: ScoredRecord): boolean {
  return verdict !== "unknown" && trueVerdict !== "none" && verdict !== trueVerdict;
}

export function byGrade(records: readonly ScoredRecord[]): Record<Grade, GradeScore> {
  const table = Object.fromEntries(
    GRADES.map((grade) => [
      grade,
      { records: 0, wrongOpener: 0, wrongVerdict: 0, unknownVerdict: 0 },
    ]),
  ) as Record<Grade, GradeScore>;
  for (const record of records) {
    const row = table[record.grade];
    row.records += 1;
    if (wrongOpener(record)) row.wrongOpener += 1;
    if (wrongVerdict(record)) row.wrongVerdict += 1;
    if (record.verdict === "unknown") row.unknownVerdict += 1;
  }
  return table;
}

/** The table that is printed: per grade records, wrong openers and verdicts, with and without what AWS had forgotten. */
export function tableOf(
  all: Readonly<Record<Grade, GradeScore>>,
  told: Readonly<Record<Grade, GradeScore>>,
): string {
  const head = ["grade", "records", "opener wrong", "verdict wrong", "unknown", "forgotten by AWS"];
  const rows = GRADES.map((grade) => {
    const { records, wrongOpener: opener, wrongVerdict: verdict, unknownVerdict } = told[grade];
    const forgotten = all[grade].records - records;
    const wrong = all[grade].wrongVerdict - verdict;
    return [
      grade,
      records,
      `${opener} (${share(opener, records)})`,
      `${verdict} (${share(verdict, records)})`,
      unknownVerdict,
      `${forgotten}, verdict wrong ${wrong}`,
    ].map(String);
  });
  const widths = head.map((_, i) => Math.max(...[head, ...rows].map((row) => row[i]!.length)));
  return [head, ...rows]
    .map((row) => row.map((cell, i) => cell.padEnd(widths[i]!)).join("  "))
    .join("\n");
}

function share(part: number, whole: number): string {
  return whole === 0 ? "-" : `${((100 * part) / whole).toFixed(3)} %`;
}
