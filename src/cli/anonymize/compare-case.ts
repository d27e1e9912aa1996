// Whether the case is judged as the original is, record by record.
import { type EvaluateOptions, evaluateRecords, type LogInput } from "../../analysis/index.js";
import { REASONS, verdictOf } from "../../model/verdict.js";
import type { WrittenLog } from "./write-case.js";

/** Reasons by record, per log; a reason has one verdict. */
type Reasons = ReadonlyMap<string, Uint8Array>;

export interface Difference {
  readonly log: WrittenLog;
  /** Line of the original. */
  readonly line: number;
  readonly before: string;
  readonly after: string;
}

export interface Comparison {
  readonly records: number;
  /** Records with another verdict. */
  readonly differing: number;
  /** Records with the same verdict for another reason. */
  readonly otherReason: number;
  /** The first few with another verdict. */
  readonly samples: readonly Difference[];
}

const SAMPLES = 5;

/** Judges both. Memory: two bytes a record. */
export async function compareCase(
  logs: readonly WrittenLog[],
  original: { readonly inputs: readonly LogInput[]; readonly options: EvaluateOptions },
  mapped: { readonly inputs: readonly LogInput[]; readonly options: EvaluateOptions },
): Promise<Comparison> {
  const before = await reasonsOf(
    original.inputs,
    original.options,
    new Map(logs.map(({ name, from }) => [name, from])),
  );
  const after = await reasonsOf(
    mapped.inputs,
    mapped.options,
    new Map(logs.map(({ to }, i) => [mapped.inputs[i]!.name, to])),
  );
  let records = 0;
  let differing = 0;
  let otherReason = 0;
  const samples: Difference[] = [];
  for (const [i, log] of logs.entries()) {
    const own = before.get(log.name)!;
    const other = after.get(mapped.inputs[i]!.name)!;
    records += own.length;
    for (let at = 0; at < own.length; at++) {
      if (own[at] === other[at]) continue;
      if (verdictNamed(own[at]!) === verdictNamed(other[at]!)) {
        otherReason++;
        continue;
      }
      differing++;
      if (samples.length < SAMPLES)
        samples.push({
          log,
          line: log.from[at]!,
          before: nameOf(own[at]!),
          after: nameOf(other[at]!),
        });
    }
  }
  return { records, differing, otherReason, samples };
}

/** Zero: the record is not judged. */
function verdictNamed(reason: number): string {
  return reason === 0 ? "not judged" : verdictOf(REASONS[reason - 1]!);
}

function nameOf(reason: number): string {
  return reason === 0 ? "not judged" : `${verdictNamed(reason)} (${REASONS[reason - 1]!})`;
}

async function reasonsOf(
  inputs: readonly LogInput[],
  options: EvaluateOptions,
  linesByName: ReadonlyMap<string, readonly number[]>,
): Promise<Reasons> {
  const reasons = new Map(
    Array.from(linesByName, ([name, lines]) => [name, new Uint8Array(lines.length)]),
  );
  for await (const batch of evaluateRecords(inputs, options)) {
    const file = batch.getChild("file")!;
    const line = batch.getChild("line")!;
    const reason = batch.getChild("reason")!;
    for (let row = 0; row < batch.numRows; row++) {
      const name = file.get(row) as string;
      const at = placeOf(linesByName.get(name)!, line.get(row) as number);
      reasons.get(name)![at] = REASONS.indexOf(reason.get(row)) + 1;
    }
  }
  return reasons;
}

/** Index of a number in an ascending list that holds it. */
function placeOf(lines: readonly number[], line: number): number {
  let low = 0;
  let high = lines.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (lines[middle]! < line) low = middle + 1;
    else high = middle;
  }
  return low;
}
