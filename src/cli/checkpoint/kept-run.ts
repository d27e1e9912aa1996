// A run that survives its process: its state, its records so far, and whether both belong to what is asked now.

import type { Checkpoints, RunState, StoredRun } from "../../analysis/index.js";
import { FlowError } from "../../errors.js";
import type { SelectionCounts } from "../../filter/index.js";
import {
  readCheckpoint,
  removeCheckpoint,
  type StoredCheckpoint,
  writeCheckpoint,
} from "../../node/checkpoint-file.js";
import type { Write } from "../../node/index.js";
import { partSize, ResumableFile } from "../../node/resumable-file.js";
import { isText } from "../../report/records-format.js";
import type { RecordOutput } from "../records/record-outputs.js";
import type { Terminal } from "../terminal.js";
import { differenceOf, type RunIdentity } from "./run-identity.js";

/** A checkpoint's body. */
interface Body {
  readonly made: RunIdentity;
  readonly run: RunState;
  /** Bytes that every output had, by its path. */
  readonly outputs: Readonly<Record<string, number>>;
  readonly counts: ReturnType<SelectionCounts["state"]> | null;
}

const DEFAULT_EVERY_MS = 60_000;
/** Of the time that passes, what checkpoints take: one of so many parts at most. */
const SHARE = 20;

/** Throws for outputs that cannot be gone on with. */
export function refuseUnkeepable(outputs: readonly RecordOutput[], counts: boolean): void {
  const refuse = (option: string, what: string, hint: string): never => {
    throw new FlowError("checkpoint-unfit", `with --checkpoint ${option} ${what}`, { hint });
  };
  for (const { option, path, format } of outputs) {
    if (path === "-") refuse(option, "cannot write to stdout", "give it a file");
    if (!isText(format))
      refuse(option, `cannot write ${format}`, "write CSV or NDJSON, which can be gone on with");
  }
  if (counts) refuse("--top", "cannot be counted", "count without --checkpoint, or on the records");
}

export class KeptRun {
  private readonly path: string;
  private readonly identity: RunIdentity;
  /** undefined = as often as DEFAULT_EVERY_MS and SHARE say. */
  private readonly everyMs: number | undefined;
  private readonly files = new Map<string, ResumableFile>();
  private stored: { readonly body: Body; readonly file: StoredCheckpoint } | undefined;
  private counts: SelectionCounts | undefined;
  private next: number;

  private constructor(path: string, identity: RunIdentity, every: number | undefined) {
    this.path = path;
    this.identity = identity;
    this.everyMs = every === undefined ? undefined : every * 1000;
    this.next = performance.now() + (this.everyMs ?? DEFAULT_EVERY_MS);
  }

  /**
   * `every`: seconds. Opens what an earlier start of the same run left at `path`, and says so. Throws `checkpoint-mismatch` where it is of
   * another run.
   */
  static async open(
    path: string,
    identity: RunIdentity,
    outputs: readonly RecordOutput[],
    every: number | undefined,
    terminal: Terminal,
  ): Promise<KeptRun> {
    const kept = new KeptRun(path, identity, every);
    const file = await readCheckpoint(path);
    if (file === undefined) return kept;
    const body = file.body as Body;
    const difference = differenceOf(body?.made, identity);
    if (difference !== undefined)
      throw new FlowError(
        "checkpoint-mismatch",
        `the checkpoint is of another run: ${difference}`,
        {
          at: path,
          hint: "start with what it was made with, or remove it to begin anew",
        },
      );
    for (const output of outputs) {
      const size = await partSize(output.path);
      if (size !== undefined && size >= (body.outputs[output.path] ?? 0)) continue;
      terminal.say(
        `note: ${path}: the records that ${output.option} had written are gone; begun anew`,
      );
      return kept;
    }
    kept.stored = { body, file };
    terminal.say(
      `note: ${path}: goes on in log ${body.run.input + 1} of ${identity.files}, after ${body.run.records + body.run.planRecords} records`,
    );
    return kept;
  }

  /** What the analysis keeps and begins with. */
  get checkpoints(): Checkpoints {
    const { stored } = this;
    const from: StoredRun | undefined =
      stored === undefined
        ? undefined
        : { state: stored.body.run, fill: (memory) => stored.file.fill(memory) };
    return {
      from,
      isDue: () => performance.now() >= this.next,
      save: (state, memory) => this.save(state, memory),
    };
  }

  /** Counts that go on too. */
  keepCounts(counts: SelectionCounts): void {
    this.counts = counts;
    const before = this.stored?.body.counts;
    if (before !== null && before !== undefined) counts.resume(before);
  }

  /** A target of records; `begun` = an earlier start wrote its beginning. */
  async openOutput(path: string): Promise<{ readonly write: Write; readonly begun: boolean }> {
    const length = this.stored?.body.outputs[path] ?? 0;
    const file = await ResumableFile.open(path, length);
    this.files.set(path, file);
    return { write: (data) => file.write(data), begun: length > 0 };
  }

  private async save(run: RunState, memory: Uint8Array): Promise<void> {
    const started = performance.now();
    for (const file of this.files.values()) await file.sync();
    const outputs = Object.fromEntries([...this.files].map(([path, { length }]) => [path, length]));
    const counts = this.counts?.state() ?? null;
    const body: Body = { made: this.identity, run, outputs, counts };
    await writeCheckpoint(this.path, body, memory);
    const now = performance.now();
    this.next = now + (this.everyMs ?? Math.max(DEFAULT_EVERY_MS, SHARE * (now - started)));
  }

  /** The run is over: puts its records under their names. */
  async finish(): Promise<void> {
    for (const file of this.files.values()) await file.finish();
    this.files.clear();
  }

  /** The answer is told: nothing is left to go on with. */
  async remove(): Promise<void> {
    await removeCheckpoint(this.path);
  }

  /** The run is not over: everything stays for the next start. */
  async leave(): Promise<void> {
    for (const file of this.files.values()) await file.close();
    this.files.clear();
  }
}
