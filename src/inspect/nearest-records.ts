import type { FlowRecord } from "../model/record.js";

/** Records kept as evidence: the reference judges these in about a second. */
export const MAX_EVIDENCE: number = 50_000;

/**
 * Keeps the records of one interface that lie nearest in time to the one asked about, and those of other interfaces
 * that `isWitness` tells. Memory: twice the limit. The answer does not depend on the order of adding but where times
 * are equal.
 */
export class NearestRecords {
  private readonly wanted: FlowRecord;
  private readonly limit: number;
  private readonly isWitness: (record: FlowRecord) => boolean;
  private kept: FlowRecord[];
  /** Records that were left out. */
  cut: number;

  constructor(
    wanted: FlowRecord,
    limit: number = MAX_EVIDENCE,
    isWitness: (record: FlowRecord) => boolean = () => false,
  ) {
    this.wanted = wanted;
    this.limit = limit;
    this.isWitness = isWitness;
    this.kept = [];
    this.cut = 0;
  }

  /** Other records of other interfaces, and the wanted one itself, are passed over. */
  add(record: FlowRecord): void {
    if (record.interfaceId !== this.wanted.interfaceId && !this.isWitness(record)) return;
    if (record.file === this.wanted.file && record.line === this.wanted.line) return;
    this.kept.push(record);
    if (this.kept.length >= this.limit * 2) this.shrink();
  }

  /** What was kept, with the wanted record, in the order of time. */
  take(): readonly FlowRecord[] {
    if (this.kept.length > this.limit) this.shrink();
    return [...this.kept, this.wanted].sort((a, b) => (a.start ?? 0) - (b.start ?? 0));
  }

  private shrink(): void {
    const middle = this.wanted.start ?? 0;
    const distance = (record: FlowRecord): number => Math.abs((record.start ?? 0) - middle);
    this.kept.sort((a, b) => distance(a) - distance(b));
    this.cut += this.kept.length - this.limit;
    this.kept.length = this.limit;
  }
}
