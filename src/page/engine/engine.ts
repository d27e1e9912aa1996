import { coreBytes } from "virtual:core";
import { OPENER_BYTES } from "../../analysis/index.js";
import { loadCore } from "../../core/load.js";
import { FlowError } from "../../errors.js";
import type { TopList } from "../../filter/index.js";
import type { ReportBody } from "../../report/report-body.js";
import type { ReportFormat } from "../../report/report-format.js";
import type {
  CandidateText,
  CandidateTold,
  EditorGroup,
  EngineCalls,
  GivenFile,
  ImpactTold,
  InputsTold,
  Progress,
  Question,
  ReadTold,
  RecordWindow,
  SelectionTold,
  SeriesTold,
  WhyTold,
  Zone,
} from "../protocol.js";
import { Answers } from "./answers.js";
import { exampleInputs } from "./example.js";
import { Inputs } from "./inputs.js";
import { Reading } from "./reading.js";

/** The calls of the protocol, each perhaps later. */
type Served = {
  readonly [Name in keyof EngineCalls]: (
    ...args: Parameters<EngineCalls[Name]>
  ) => ReturnType<EngineCalls[Name]> | Promise<ReturnType<EngineCalls[Name]>>;
};

/** What the worker holds: the inputs, the core, a reading while it goes on, and what the last one left. */
export class Engine implements Served {
  private readonly inputs = new Inputs();
  private readonly core: Promise<WebAssembly.Module> = loadCore(coreBytes());
  private readonly tell: (progress: Progress) => void;
  private reading: Reading | undefined;
  private answers: Answers | undefined;

  constructor(tell: (progress: Progress) => void) {
    this.tell = tell;
  }

  async give(zone: Zone, files: readonly GivenFile[]): Promise<InputsTold> {
    await this.inputs.give(zone, files);
    return this.inputs.told();
  }

  async clear(zone: Zone): Promise<InputsTold> {
    this.inputs.clear(zone);
    return this.inputs.told();
  }

  async giveExample(): Promise<InputsTold> {
    const { rules, logs } = exampleInputs();
    await this.inputs.give("rules", rules);
    await this.inputs.give("logs", logs);
    return this.inputs.told();
  }

  async read(): Promise<ReadTold> {
    const { loaded, logs } = this.inputs;
    const core = await this.core;
    const started = performance.now();
    this.answers = undefined;
    this.reading = new Reading(logs, loaded, this.tell);
    try {
      const read = await this.reading.run(core);
      this.answers = new Answers(core, loaded, read, this.reading.store);
      let bytes = 0;
      for await (const chunk of read.openers.rows()) bytes += chunk.length;
      return {
        summary: read.summary,
        seconds: (performance.now() - started) / 1000,
        openers: bytes / OPENER_BYTES,
        openersDropped: read.openers.facts.openersDropped,
        held: this.reading.store.told(),
      };
    } finally {
      this.reading = undefined;
    }
  }

  pause(): void {
    this.reading?.pause();
  }

  resume(): void {
    this.reading?.resume();
  }

  cancel(): void {
    this.reading?.cancel();
  }

  ask(question: Question): Promise<ReportBody> {
    return this.answered().ask(question);
  }

  report(question: Question, format: ReportFormat): Promise<string> {
    return this.answered().text(question, format);
  }

  candidate(candidate: CandidateText): CandidateTold {
    return this.answered().candidate(candidate);
  }

  candidateGroup(candidate: CandidateText, group: string): EditorGroup {
    return this.answered().candidateGroup(candidate, group);
  }

  editsOf(candidate: CandidateText, json: string): readonly string[] {
    return this.answered().editsOf(candidate, json);
  }

  impact(candidate: CandidateText, unchanged: boolean): Promise<ImpactTold> {
    return this.answered().impact(candidate, unchanged);
  }

  select(filter: string): SelectionTold {
    return this.answered().store.select(filter);
  }

  series(filter: string): SeriesTold {
    return this.answered().store.series(filter);
  }

  top(filter: string): readonly TopList[] {
    return this.answered().store.top(filter);
  }

  window(filter: string, from: number, count: number, columns: readonly string[]): RecordWindow {
    return this.answered().store.window(filter, from, count, columns);
  }

  why(filter: string, row: number, candidate: CandidateText | null): WhyTold {
    return this.answered().why(filter, row, candidate);
  }

  private answered(): Answers {
    if (this.answers === undefined)
      throw new FlowError("nothing-read", "no log has been read", {
        hint: "give rules and logs, and read them",
      });
    return this.answers;
  }
}
