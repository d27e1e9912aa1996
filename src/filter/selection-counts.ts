import type { RecordBatch } from "apache-arrow";
import { VERDICTS, type Verdict } from "../model/verdict.js";
import { columnOf, dictionaryTexts } from "./columns.js";

/** What a filter let through. */
export interface SelectionTotals {
  readonly records: number;
  readonly bytes: number;
  readonly verdicts: Readonly<Record<Verdict, number>>;
}

export interface SelectionState {
  readonly records: number;
  readonly bytes: number;
  readonly verdicts: readonly (readonly [verdict: string, records: number])[];
}

/** Adds up batches of selected records. Bytes are exact up to 2^53. */
export class SelectionCounts {
  private records = 0;
  private bytes = 0;
  private readonly verdicts = new Map<string, number>();

  add(batch: RecordBatch): void {
    this.records += batch.numRows;
    const bytes = columnOf(batch, "bytes");
    if (bytes?.kind === "number")
      for (let row = 0; row < batch.numRows; row++)
        if (bytes.present(row)) this.bytes += bytes.at(row);
    const verdicts = columnOf(batch, "verdict");
    if (verdicts?.kind !== "dictionary") return;
    const counts = new Float64Array(verdicts.dictionary.length);
    for (let row = 0; row < batch.numRows; row++) counts[verdicts.codes[row]!]!++;
    dictionaryTexts(verdicts.dictionary).forEach((verdict, code) => {
      this.verdicts.set(verdict, (this.verdicts.get(verdict) ?? 0) + counts[code]!);
    });
  }

  /** Can be written as JSON. */
  state(): SelectionState {
    return { records: this.records, bytes: this.bytes, verdicts: [...this.verdicts] };
  }

  resume({ records, bytes, verdicts }: SelectionState): void {
    this.records = records;
    this.bytes = bytes;
    for (const [verdict, count] of verdicts) this.verdicts.set(verdict, count);
  }

  totals(): SelectionTotals {
    const counts = VERDICTS.map((verdict) => [verdict, this.verdicts.get(verdict) ?? 0] as const);
    return {
      records: this.records,
      bytes: this.bytes,
      verdicts: Object.fromEntries(counts) as Record<Verdict, number>,
    };
  }
}
