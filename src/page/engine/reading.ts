import { type OpenerSummary, StoredRows } from "../../analysis/index.js";
import type { Summary } from "../../analysis/summary.js";
import type { FilterContext } from "../../filter/index.js";
import type { OpenerRows } from "../../model/opener-table.js";
import type { RuleSet } from "../../model/rule-set.js";
import type { LoadedRules, RuleDocument } from "../../rules/index.js";
import type { Progress } from "../protocol.js";
import type { RulesOverTime } from "./dated-rules.js";
import type { Inputs, LogFile } from "./inputs.js";
import type { Left } from "./left.js";
import { ownCore } from "./own-core.js";
import { Pass, type PassOrder, type PassProgress } from "./pass.js";
import { RecordStore } from "./record-store.js";
import type { Shards } from "./shards.js";
import { Tallies } from "./tallies.js";

/** Below this, bytes as the files are, a second worker takes longer to start than it saves. */
const FEW_BYTES = 24 << 20;

/** More would each read and take apart all the lines for ever fewer interfaces. */
const MOST_WORKERS = 4;

/** How many workers read: one per core where there is enough to do. */
export function workersFor(files: readonly LogFile[]): number {
  const bytes = files.reduce((sum, { size }) => sum + size, 0);
  if (bytes < FEW_BYTES) return 1;
  return Math.max(1, Math.min(MOST_WORKERS, navigator.hardwareConcurrency));
}

/** What a pass leaves, by whomever it was made. */
interface PassLeft {
  readonly summary: Summary;
  readonly openers: OpenerSummary;
  /** The rows with what the rules said of them; made anew by every call, half a kilobyte each. */
  judged(): Promise<OpenerRows>;
}

export interface ReadingSink {
  report(progress: Progress): void;
  requested(count: number): void;
  startWorker(): MessagePort;
}

/** One reading of the logs, in this thread or by several workers: can be paused, resumed and ended early. */
export class Reading {
  /** Where the records go. */
  private readonly store: RecordStore;
  private readonly tallies = new Tallies();
  private readonly files: readonly LogFile[];
  private readonly loaded: LoadedRules;
  private readonly periods: RulesOverTime["periods"];
  private readonly documents: readonly RuleDocument[];
  private readonly fields: readonly string[] | undefined;
  private readonly sink: ReadingSink;
  private readonly workers: number;
  private pass: Pass | Shards | undefined;
  private shards: Shards | undefined;
  private paused = false;
  private cancelled = false;

  /** `workers`: how many, or as many as fit. */
  constructor(
    { logs: files, overTime: { loaded, periods }, ruleDocuments, fields }: Inputs,
    workers: number | null,
    sink: ReadingSink,
  ) {
    this.files = files;
    this.loaded = loaded;
    this.periods = periods;
    this.documents = ruleDocuments;
    this.fields = fields;
    this.store = new RecordStore({ groupsOf: groupsOf(loaded.ruleSet) });
    this.workers = workers ?? workersFor(files);
    this.sink = sink;
  }

  pause(): void {
    this.paused = true;
    this.pass?.pause();
  }

  resume(): void {
    this.paused = false;
    this.pass?.resume();
  }

  cancel(): void {
    this.cancelled = true;
    this.pass?.cancel();
  }

  /** What was asked before there was a pass holds for it too. */
  private steer(pass: Pass | Shards): void {
    this.pass = pass;
    if (this.paused) pass.pause();
    if (this.cancelled) pass.cancel();
  }

  /** Ends what stays for judged(). */
  end(): void {
    this.shards?.end();
  }

  /** Reads all; what it leaves. Throws what a worker refuses. */
  async run(): Promise<Left> {
    const { loaded, periods, documents, store, tallies } = this;
    const { takenAt, notBefore } = loaded;
    const snapshotTakenAt = takenAt ?? notBefore ?? null;
    const [{ ruleSet }, ...later] = periods;
    const order = { files: this.files, ruleSet, later, fields: this.fields, snapshotTakenAt };
    const core = await ownCore();
    const { summary, openers, judged } =
      this.workers > 1 ? await this.inWorkers(order) : await this.here(core, order);
    return {
      core,
      loaded,
      periods,
      documents,
      summary,
      rows: await StoredRows.of(openers),
      totals: { records: summary.records.judged, bytes: tallies.traffic },
      judged,
      store,
      series: tallies.series(),
      calendar: tallies.calendar(),
    };
  }

  private async here(core: WebAssembly.Module, order: Omit<PassOrder, "shard">): Promise<PassLeft> {
    const pass = new Pass(
      { ...order, shard: { index: 0, count: 1 } },
      {
        take: (batch) => {
          this.tallies.add(batch);
          this.store.add(batch);
        },
        reach: () => {},
        report: (progress) => this.report(progress),
      },
    );
    this.steer(pass);
    const { summary, openers, judged } = await pass.run(core);
    return { summary, openers, judged: async () => judged() };
  }

  private async inWorkers(order: Omit<PassOrder, "shard">): Promise<PassLeft> {
    const { Shards } = await import("./shards.js");
    const shards = new Shards(this.workers, this.store, this.tallies, {
      report: (progress) => this.report(progress),
      requested: (count) => this.sink.requested(count),
      startWorker: () => this.sink.startWorker(),
    });
    this.shards = shards;
    const running = shards.run(order);
    this.steer(shards);
    const left = await running;
    return { ...left, judged: () => shards.judged() };
  }

  private report(progress: PassProgress): void {
    const bytesTotal = this.files.reduce((sum, { size }) => sum + size, 0);
    this.sink.report({
      ...progress,
      // The head of every file is looked at once before.
      bytesDone: Math.min(progress.bytesDone, bytesTotal),
      bytesTotal,
      memory: progress.memory + this.store.heldBytes,
    });
  }
}

/** Groups that an interface carries. */
export function groupsOf({
  interfaces,
  groups,
  attach,
}: RuleSet): NonNullable<FilterContext["groupsOf"]> {
  return (interfaceId) =>
    (interfaces.get(interfaceId)?.groupIds ?? attach).map((id) => ({
      id,
      name: groups.get(id)?.name ?? "",
    }));
}
