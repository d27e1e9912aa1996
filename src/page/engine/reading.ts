import {
  type JudgedAndSummarized,
  judgeAndSummarize,
  type LogInput,
} from "../../analysis/index.js";
import type { FilterContext } from "../../filter/index.js";
import { type ByteRanges, blobLog, unpackWeb } from "../../logs/index.js";
import type { RuleSet } from "../../model/rule-set.js";
import { TOOL } from "../../report/tool.js";
import type { LoadedRules } from "../../rules/index.js";
import type { Progress } from "../protocol.js";
import { Gate } from "./gate.js";
import { chunksOf, type LogFile } from "./inputs.js";
import { RecordStore } from "./record-store.js";

/** Progress crosses threads at most this often. */
const REPORT_MS = 100;

/** One pass over the logs: can be paused, resumed and ended early. */
export class Reading {
  private readonly gate = new Gate();
  private readonly controller = new AbortController();
  private readonly files: readonly LogFile[];
  /** Where the records go. */
  readonly store: RecordStore;
  private readonly loaded: LoadedRules;
  private readonly tell: (progress: Progress) => void;
  private bytesDone = 0;
  private memory = 0;
  private nextReport = 0;

  constructor(files: readonly LogFile[], loaded: LoadedRules, tell: (progress: Progress) => void) {
    this.files = files;
    this.loaded = loaded;
    this.store = new RecordStore({ groupsOf: groupsOf(loaded.ruleSet) });
    this.tell = tell;
  }

  pause(): void {
    this.gate.pause();
  }

  resume(): void {
    this.gate.resume();
  }

  cancel(): void {
    this.controller.abort();
    this.gate.resume();
  }

  async run(core: WebAssembly.Module): Promise<JudgedAndSummarized> {
    const { ruleSet, takenAt, notBefore } = this.loaded;
    const inputs = this.files.map((file): LogInput => this.input(file));
    const steps = judgeAndSummarize(inputs, {
      core,
      ruleSet,
      tool: `${TOOL.name} ${TOOL.version}`,
      signal: this.controller.signal,
      snapshotTakenAt: takenAt ?? notBefore ?? null,
      onProgress: ({ file, records }) => this.report(file, records),
      onMemory: (bytes) => {
        this.memory = bytes;
      },
    });
    for (;;) {
      const step = await steps.next();
      if (step.done === true) return step.value;
      this.store.add(step.value);
      await this.gate.pass();
    }
  }

  private input({ name, size, content, doubtful }: LogFile): LogInput {
    return {
      name,
      size,
      doubtful,
      open: () => unpackWeb(this.counted(content), name),
      ranges: () => this.rangesOf(name, content),
    };
  }

  private async rangesOf(name: string, content: Blob): Promise<ByteRanges> {
    const source = await blobLog(name, content).ranges();
    const read = async (from: number, to: number): Promise<Uint8Array> => {
      await this.gate.pass();
      this.bytesDone += to - from;
      return source.read(from, to);
    };
    return { ...source, read };
  }

  private async *counted(content: Blob): AsyncGenerator<Uint8Array> {
    for await (const chunk of chunksOf(content)) {
      await this.gate.pass();
      this.bytesDone += chunk.length;
      yield chunk;
    }
  }

  private report(file: string, records: number): void {
    const now = performance.now();
    if (now < this.nextReport) return;
    this.nextReport = now + REPORT_MS;
    const bytesTotal = this.files.reduce((sum, { size }) => sum + size, 0);
    this.tell({
      file,
      // The head of every file is looked at once before.
      bytesDone: Math.min(this.bytesDone, bytesTotal),
      bytesTotal,
      records,
      memory: this.memory + this.store.heldBytes,
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
