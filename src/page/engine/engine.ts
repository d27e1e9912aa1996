import { FlowError } from "../../errors.js";
import type { TopList } from "../../filter/index.js";
import type { Usage } from "../../questions/index.js";
import type { RecordsFormat } from "../../report/records-format.js";
import type { ReportBody } from "../../report/report-body.js";
import type { ReportFormat } from "../../report/report-format.js";
import type { SuggestionForm } from "../../report/suggestion-form.js";
import type {
  AnonymizedTold,
  CandidateDocument,
  CandidateText,
  CandidateTold,
  ChangeSeriesTold,
  CoverageTold,
  EditorGroup,
  EngineCalls,
  GivenFile,
  ImpactTold,
  InputsTold,
  PeersTold,
  Question,
  ReadTold,
  RecordWindow,
  RemovalTold,
  SavedCandidate,
  SelectionTold,
  SeriesTold,
  SessionTold,
  SuggestionTold,
  WhyTold,
  Zone,
} from "../protocol.js";
import type { Answers } from "./answers.js";
import { Inputs } from "./inputs.js";
import type { Left } from "./left.js";
import type { Reading, ReadingSink } from "./reading.js";

/** The calls of the protocol, each perhaps later. */
type Served = {
  readonly [Name in keyof EngineCalls]: (
    ...args: Parameters<EngineCalls[Name]>
  ) => ReturnType<EngineCalls[Name]> | Promise<ReturnType<EngineCalls[Name]>>;
};

/** What the screen shown asks of a reading has been asked by then. */
const IDLE_MS = 250;

/** What the worker holds: the inputs, the core, a reading while it goes on, and what the last one left. */
export class Engine implements Served {
  private readonly inputs = new Inputs();
  private readonly sink: ReadingSink;
  private reading: Reading | undefined;
  /** Ends the workers that the answers ask. */
  private letGo: (() => void) | undefined;
  private answers: Answers | undefined;

  constructor(sink: ReadingSink) {
    this.sink = sink;
  }

  async give(zone: Zone, files: readonly GivenFile[]): Promise<InputsTold> {
    await this.inputs.give(zone, files);
    return this.inputs.told();
  }

  async clear(zone: Zone): Promise<InputsTold> {
    this.inputs.clear(zone);
    return this.inputs.told();
  }

  async setFields(text: string): Promise<InputsTold> {
    this.inputs.setFields(text);
    return this.inputs.told();
  }

  async giveExample(): Promise<InputsTold> {
    const { exampleInputs } = await import("./example.js");
    const { rules, logs } = exampleInputs();
    await this.inputs.give("rules", rules);
    await this.inputs.give("logs", logs);
    return this.inputs.told();
  }

  fetchCommands(): readonly string[] {
    return this.inputs.fetchCommands();
  }

  async read(workers: number | null): Promise<ReadTold> {
    const started = performance.now();
    this.forget();
    // What answers is loaded while the log is read.
    const answering = import("./answers.js");
    const { Reading } = await import("./reading.js");
    const reading = new Reading(this.inputs, workers, this.sink);
    this.reading = reading;
    this.letGo = () => reading.end();
    try {
      const left = await reading.run();
      const { Answers } = await answering;
      this.answer(new Answers(left));
      return readTold(left, (performance.now() - started) / 1000);
    } catch (error) {
      this.forget();
      throw error;
    } finally {
      this.reading = undefined;
    }
  }

  /** What is asked next is asked of these. */
  private answer(answers: Answers): void {
    this.answers = answers;
    setTimeout(() => {
      // What fails here fails where it is asked for.
      if (this.answers === answers) answers.prepare().catch(() => {});
    }, IDLE_MS);
  }

  /** What the last reading left is asked no more. */
  private forget(): void {
    this.answers = undefined;
    this.letGo?.();
    this.letGo = undefined;
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

  findings(
    question: Question | "diff",
    candidates: readonly CandidateText[],
    format: RecordsFormat,
  ): Promise<Blob> {
    return this.answered().findings(question, candidates, format);
  }

  candidate(candidate: CandidateText): CandidateTold {
    return this.answered().candidate(candidate);
  }

  candidateGroup(candidate: CandidateText, group: string): EditorGroup {
    return this.answered().candidateGroup(candidate, group);
  }

  candidateFile(candidate: CandidateText, form: SuggestionForm): string {
    return this.answered().candidateFile(candidate, form);
  }

  diffReport(candidates: readonly CandidateText[], format: ReportFormat): Promise<string> {
    return this.answered().diffText(candidates, format);
  }

  editsOf(candidate: CandidateText, json: string): readonly string[] {
    return this.answered().editsOf(candidate, json);
  }

  impact(candidate: CandidateText, unchanged: boolean): Promise<ImpactTold> {
    return this.answered().impact(candidate, unchanged);
  }

  changes(candidate: CandidateText): Promise<ChangeSeriesTold> {
    return this.answered().changes(candidate);
  }

  coverage(): CoverageTold {
    return this.answered().coverage();
  }

  peers(): Promise<PeersTold> {
    return this.answered().peers();
  }

  usage(): Promise<Usage> {
    return this.answered().usage();
  }

  removal(): Promise<RemovalTold> {
    return this.answered().removal();
  }

  revokes(rules: readonly string[]): readonly string[] {
    return this.answered().revokes(rules);
  }

  suggestion(group: string, budget: number, holdsBack: boolean): Promise<SuggestionTold> {
    return this.answered().suggestion(group, budget, holdsBack);
  }

  select(filter: string): SelectionTold {
    return this.answered().store.select(filter);
  }

  series(filter: string): SeriesTold {
    return this.answered().series(filter);
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

  records(filter: string, format: RecordsFormat): Blob {
    return this.answered().records(filter, format);
  }

  saveSession(candidates: readonly SavedCandidate[]): Promise<Blob> {
    return this.answered().session(candidates);
  }

  async anonymize(candidates: readonly CandidateText[]): Promise<AnonymizedTold> {
    const { anonymousCase } = await import("./anonymize.js");
    const rules = candidates.map((candidate) => this.answered().ruleSet(candidate));
    const { rules: documents, logs, ...told } = await anonymousCase(this.inputs, rules);
    this.forget();
    this.inputs.clear("rules");
    this.inputs.clear("logs");
    this.inputs.setFields("");
    await this.inputs.give("rules", documents);
    await this.inputs.give("logs", logs);
    return { ...told, inputs: await this.inputs.told() };
  }

  caseRules(): readonly CandidateDocument[] {
    return this.inputs.ruleDocuments.map(({ name, text }) => ({ name, text, explicit: true }));
  }

  async caseLogs(): Promise<Blob> {
    const whole = new Blob(this.inputs.logs.map(({ content }) => content));
    return new Response(whole.stream().pipeThrough(new CompressionStream("gzip"))).blob();
  }

  async loadSession({ name, content }: GivenFile): Promise<SessionTold> {
    const { readSession, storedLeft } = await import("./session.js");
    const session = await readSession(name, content);
    this.inputs.replaceDocuments(session.documents);
    const left = await storedLeft(this.inputs, session);
    const { Answers } = await import("./answers.js");
    this.forget();
    this.answer(new Answers(left));
    const { candidates } = session;
    return { inputs: await this.inputs.told(), read: readTold(left, 0), candidates };
  }

  private answered(): Answers {
    if (this.answers === undefined)
      throw new FlowError("nothing-read", "no log has been read", {
        hint: "give rules and logs, and read them",
      });
    return this.answers;
  }
}

function readTold({ summary, rows, store }: Left, seconds: number): ReadTold {
  const { openersDropped } = rows.facts;
  return { summary, seconds, openers: rows.count, openersDropped, held: store.told() };
}
