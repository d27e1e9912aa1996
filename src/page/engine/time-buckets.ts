// Counts by time in few buckets: whatever times a log holds, there are never more than a screen has room for.

/** Widths of a bucket in seconds, finest first: whole minutes, hours, days, weeks. */
const WIDTHS = [60, 300, 900, 3600, 21_600, 86_400, 604_800, 31_536_000] as const;

/** Buckets by the second in which they begin. Where there are too many, they are joined at the next width. */
export class TimeBuckets<Bucket> {
  private readonly most: number;
  private readonly make: () => Bucket;
  private readonly join: (into: Bucket, other: Bucket) => void;
  private seconds: number = WIDTHS[0];
  private buckets = new Map<number, Bucket>();
  // Records come in order of time: mostly it is the bucket of the one before.
  private last: Bucket | undefined;
  private begins = 0;

  constructor(most: number, make: () => Bucket, join: (into: Bucket, other: Bucket) => void) {
    this.most = most;
    this.make = make;
    this.join = join;
  }

  /** Seconds from one bucket to the next. */
  get width(): number {
    return this.seconds;
  }

  at(second: number): Bucket {
    if (this.last !== undefined && second >= this.begins && second < this.begins + this.seconds)
      return this.last;
    if (!this.buckets.has(this.beginOf(second)))
      while (this.buckets.size >= this.most && this.widen());
    this.begins = this.beginOf(second);
    this.last = this.buckets.get(this.begins) ?? this.make();
    this.buckets.set(this.begins, this.last);
    return this.last;
  }

  /** Takes in buckets of a width that is one of these too. */
  addAll(width: number, buckets: Iterable<readonly [start: number, bucket: Bucket]>): void {
    while (this.seconds < width && this.widen());
    for (const [start, bucket] of buckets) this.join(this.at(start), bucket);
  }

  /** In order of time; those that hold nothing are left out. */
  sorted(): readonly (readonly [start: number, bucket: Bucket])[] {
    return [...this.buckets].sort(([a], [b]) => a - b);
  }

  private beginOf(second: number): number {
    return second - (second % this.seconds);
  }

  /** False where no width is left. */
  private widen(): boolean {
    const width = WIDTHS.find((wider) => wider > this.seconds);
    if (width === undefined) return false;
    this.seconds = width;
    const before = this.buckets;
    this.buckets = new Map();
    this.last = undefined;
    for (const [second, bucket] of before) {
      const at = this.beginOf(second);
      const into = this.buckets.get(at);
      if (into === undefined) this.buckets.set(at, bucket);
      else this.join(into, bucket);
    }
    return true;
  }
}
