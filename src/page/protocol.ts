// What the page and its worker say to each other. The worker owns files, rules, the core and every record; the page
// asks, and gets aggregates, answers and windows of rows. Everything here can be cloned.

import type { Summary } from "../analysis/summary.js";
import type { ErrorParts } from "../errors.js";
import type { TopList } from "../filter/index.js";
import type { Change, Sample } from "../model/opener.js";
import { VERDICTS } from "../model/verdict.js";
import type { Impact, QuotaMark, SuggestionPart, TupleEnd, Usage } from "../questions/index.js";
import type { RecordsFormat } from "../report/records-format.js";
import type { ReportBody } from "../report/report-body.js";
import type { ReportFormat } from "../report/report-format.js";
import type { SuggestionForm } from "../report/suggestion-form.js";

/** What a file is given for. */
export type Zone = "rules" | "logs";

/** A file as the page was given it: its name as messages show it, relative to the folder that was given. */
export interface GivenFile {
  readonly name: string;
  readonly content: Blob;
  /** Named by the user itself, not found in a folder. */
  readonly explicit: boolean;
}

/** What is known of the inputs before anything is judged. */
export interface InputsTold {
  readonly rules: RulesTold;
  readonly logs: LogsTold;
  /** What `doctor` says of them; empty where nothing was given. */
  readonly doctor: ReportBody;
}

export interface RulesTold {
  readonly documents: number;
  readonly groups: number;
  readonly rules: number;
  readonly interfaces: number;
  /** Rule sets that hold one after the other, each from a Unix second on, the first always; one = they never change. */
  readonly periods: readonly { readonly from: number; readonly rules: number }[];
  /** Why the documents cannot be used. Nothing is judged until that is mended: guessing a policy is worse. */
  readonly problem: ErrorParts | null;
  readonly warnings: readonly string[];
}

export interface LogsTold {
  readonly files: number;
  /** As the files are, compressed or not. */
  readonly bytes: number;
  /** Files of a folder that by their names are no logs. */
  readonly leftOut: number;
}

/** How far a reading is. */
export interface Progress {
  readonly file: string;
  /** Of the files, compressed or not, out of `bytesTotal`. */
  readonly bytesDone: number;
  readonly bytesTotal: number;
  readonly records: number;
  /** Linear memory of the core, and what is kept beside it. */
  readonly memory: number;
}

/** What stands when a reading has ended. */
export interface ReadTold {
  readonly summary: Summary;
  readonly seconds: number;
  /** Rows of openers that every question is answered from, and connections that found no room among them. */
  readonly openers: number;
  readonly openersDropped: number;
  readonly held: HeldTold;
}

/** Records that are kept for screens that show single ones: the first in order of time. */
export interface HeldTold {
  readonly rows: number;
  /** Judged and counted, but not kept: there was no room. */
  readonly beyond: number;
  /** Start of the last one kept, Unix seconds. */
  readonly lastStart: number | null;
  /** Names of their columns, in order. */
  readonly columns: readonly string[];
}

/** What AWS did, in the order of the cells of a series; the last is: no action logged. */
export const ACTIONS = ["ACCEPT", "REJECT", ""] as const;

/** Cells of a bucket: verdict by verdict, in each action by action. */
export const SERIES_CELLS: number = VERDICTS.length * ACTIONS.length;

/** Records and bytes over time. Buckets that hold nothing are left out. */
export interface SeriesTold {
  /** Seconds. */
  readonly width: number;
  /** Of each bucket, Unix seconds, in order. */
  readonly starts: Float64Array;
  /** Per bucket SERIES_CELLS numbers of records, then as many of bytes. */
  readonly counts: Float64Array;
}

/** When interfaces have judged records. */
export interface CalendarTold {
  /** Seconds. */
  readonly width: number;
  /** Of each bucket, Unix seconds, in order; buckets that hold nothing are left out. */
  readonly starts: readonly number[];
  /** Most records first; `records` by bucket. */
  readonly faces: readonly { readonly id: string; readonly records: readonly number[] }[];
  /** Interfaces that are not told. */
  readonly more: number;
}

/** Over which interfaces and times the log speaks. */
export interface CoverageTold {
  readonly calendar: CalendarTold;
  /** Interfaces of the rules that are not in the log, by id; the first of them. */
  readonly absent: readonly string[];
  readonly absentMore: number;
}

/** Changes that are counted over time. */
export const CHANGE_CELLS: readonly Change[] = ["newly-denied", "newly-allowed", "undetermined"];

/** Records held over time, by what a candidate does to their connections. */
export interface ChangeSeriesTold {
  readonly width: number;
  readonly starts: readonly number[];
  /** By CHANGE_CELLS, then by bucket. */
  readonly counts: readonly (readonly number[])[];
  /** Of the tuples that the impact lists, by their keys. */
  readonly tuples: ReadonlyMap<string, TupleSeries>;
}

/** Records held of one tuple, in few steps that follow each other. */
export interface TupleSeries {
  /** Of the first step, Unix seconds. */
  readonly start: number;
  readonly width: number;
  readonly counts: Uint32Array;
}

/** A kind of connection as the rules judge it. */
export interface PeerTuple {
  readonly source: TupleEnd;
  readonly destination: TupleEnd;
  readonly protocol: number;
  readonly port: number | null;
  readonly connections: number;
  readonly bytes: number;
  /** Of the connections. */
  readonly allow: number;
  readonly deny: number;
  readonly unknown: number;
  readonly samples: readonly Sample[];
}

export interface PeersTold {
  /** The greatest first. */
  readonly tuples: readonly PeerTuple[];
  readonly more: number;
}

/** Rules that can go together. */
export interface RemovalTold {
  readonly rules: readonly string[];
  readonly sentence: string;
}

/** Narrower rules for one group. */
export interface SuggestionTold {
  readonly body: ReportBody;
  /** The edit lines that make them of the rules as they are. */
  readonly edits: readonly string[];
  readonly parts: readonly SuggestionPart[];
  readonly quotas: readonly QuotaMark[];
}

/** What a filter selects of the records held. */
export interface SelectionTold {
  readonly total: number;
  readonly held: number;
  readonly milliseconds: number;
}

/** Selected rows from a number on; cells in the order of the columns asked for, null = no value. */
export interface RecordWindow {
  readonly from: number;
  readonly rows: readonly (readonly (string | null)[])[];
}

/** Why a record got its verdict, as `why` tells it. */
export interface WhyTold {
  readonly body: ReportBody;
  /** The record as a line of its log, in AWS's order of fields, and what stands in it. */
  readonly raw: { readonly fields: string; readonly line: string };
  /** The record's columns that have a value. */
  readonly cells: readonly (readonly [name: string, value: string])[];
}

/** A candidate as the user wrote it. */
export interface CandidateText {
  readonly name: string;
  /** Rule documents or Terraform plans laid over the rules as they are; mostly none. */
  readonly documents: readonly CandidateDocument[];
  /** Edit lines (docs/FORMATS.md), applied after the documents; empty = none. */
  readonly edits: string;
}

/** A candidate in a session: with the changes that are meant, by key of the tuple, and the note on each. */
export interface SavedCandidate extends CandidateText {
  readonly expected: readonly (readonly [key: string, note: string])[];
}

/** What takes the place of the inputs when they are anonymized. */
export interface AnonymizedTold {
  readonly inputs: InputsTold;
  /** Without their names, notes and files. */
  readonly candidates: readonly CandidateText[];
  /** Of the mapping, 64 hexadecimal digits, as `--anonymize` takes it. */
  readonly key: string;
  /** Lines that are no records, and logs that were used up to a break. */
  readonly malformed: number;
  readonly broken: readonly string[];
}

/** What a session brings back. */
export interface SessionTold {
  readonly inputs: InputsTold;
  readonly read: ReadTold;
  readonly candidates: readonly SavedCandidate[];
}

export interface CandidateDocument {
  readonly name: string;
  readonly text: string;
  readonly explicit: true;
}

/** A group of a candidate, beside the rules as they are. */
export interface GroupTold {
  readonly id: string;
  readonly name: string | null;
  /** Of the quota of rules, the fuller family of each direction. */
  readonly ingress: number;
  readonly egress: number;
  readonly quota: number;
  /** Interfaces that carry it. */
  readonly interfaces: number;
  readonly change: "same" | "changed" | "added" | "removed";
}

export interface EditorFinding {
  readonly code: string;
  readonly level: string;
  readonly subject: string;
  readonly message: string;
  readonly advice: string;
}

export interface CandidateTold {
  readonly groups: readonly GroupTold[];
  readonly outcomes: readonly {
    readonly line: string;
    readonly did: string;
    readonly notes: readonly string[];
  }[];
  /** What must be known of it: warnings, what a plan leaves open, what the impact cannot show. */
  readonly notes: readonly string[];
  /** What lint finds that it does not find in the rules as they are. */
  readonly lint: readonly EditorFinding[];
}

/** A rule of the baseline, of the candidate, or of both. */
export interface EditorRule {
  readonly state: "kept" | "added" | "removed";
  readonly direction: string;
  readonly protocol: string;
  readonly ports: string;
  readonly peer: string;
  readonly description: string;
  /** Connections that it admitted in the log; null for rules that were not there. */
  readonly hits: number | null;
  /** The edit lines that take it away and put it there. */
  readonly revoke: string;
  readonly authorize: string;
}

export interface EditorGroup {
  readonly id: string;
  readonly name: string | null;
  readonly rules: readonly EditorRule[];
  /** The group of the candidate as AWS answers it; empty where it has none. */
  readonly json: string;
}

/** The questions whose answers are shown as the command line words them. */
export type Question = "evaluate" | "check" | "usage" | "lint";

/** Every call: its arguments and what it resolves to. What was refused rejects with a FlowError. */
export interface EngineCalls {
  /** Adds files; a file of the same name is replaced. */
  give(zone: Zone, files: readonly GivenFile[]): InputsTold;
  /** Takes back what was given. */
  clear(zone: Zone): InputsTold;
  /** The fields of logs without a header, as `--fields` takes them; empty = as the lines themselves show. */
  setFields(text: string): InputsTold;
  /** Gives the made-up account and its log. */
  giveExample(): InputsTold;
  /** The read-only commands that fetch the rule documents which are not there yet. */
  fetchCommands(): readonly string[];
  /**
   * Judges all records and keeps the rows of openers. Told on the way: `progress`. `workers`: how many share the
   * interfaces; null = as many as the files and the machine ask for.
   */
  read(workers: number | null): ReadTold;
  pause(): void;
  resume(): void;
  /** Ends the reading with what is known, marked partial. */
  cancel(): void;
  /** The answer to a question about the rules as they are. */
  ask(question: Question): ReportBody;
  /** The same as the command line prints it. */
  report(question: Question, format: ReportFormat): string;
  /** How many of the records held a filter passes; an empty one passes all. */
  select(filter: string): SelectionTold;
  /** Over time: of all records without a filter, of those held with one. */
  series(filter: string): SeriesTold;
  /** The commonest values of some fields among the records held that a filter passes. */
  top(filter: string): readonly TopList[];
  /** Rows of a selection. */
  window(filter: string, from: number, count: number, columns: readonly string[]): RecordWindow;
  /** Why the row of a selection got its verdict, and what it would get under a candidate. */
  why(filter: string, row: number, candidate: CandidateText | null): WhyTold;
  /** What a candidate is: its groups, what its edits did, what lint finds anew. */
  candidate(candidate: CandidateText): CandidateTold;
  /** The rules of one group of it. */
  candidateGroup(candidate: CandidateText, group: string): EditorGroup;
  /** The edit lines that turn a candidate into what a JSON document says. */
  editsOf(candidate: CandidateText, json: string): readonly string[];
  /** The candidate as a file. */
  candidateFile(candidate: CandidateText, form: SuggestionForm): string;
  /** Its findings as a table; of `diff` those of the candidates. */
  findings(
    question: Question | "diff",
    candidates: readonly CandidateText[],
    format: RecordsFormat,
  ): Blob;
  /** What `diff` prints of candidates and the summary of this log. */
  diffReport(candidates: readonly CandidateText[], format: ReportFormat): string;
  /** Records held by what a candidate does to them, over time. */
  changes(candidate: CandidateText): ChangeSeriesTold;
  /** Which interfaces the log speaks of, and when. */
  coverage(): CoverageTold;
  /** Who talks to whom. */
  peers(): PeersTold;
  /** What each rule was good for. */
  usage(): Usage;
  /** Rules that can go together. */
  removal(): RemovalTold;
  /** The edit lines that take rules away, by their ids. */
  revokes(rules: readonly string[]): readonly string[];
  /**
   * Narrower rules for a group; `budget`: most rules per direction and address family; `holdsBack`: the last third of the
   * log does not teach, the rules are tried on it.
   */
  suggestion(group: string, budget: number, holdsBack: boolean): SuggestionTold;
  /** The records held that a filter passes, as `evaluate --records` writes them. */
  records(filter: string, format: RecordsFormat): Blob;
  /** Rules, candidates and what the log said, as a file. */
  saveSession(candidates: readonly SavedCandidate[]): Blob;
  /** Takes the place of all inputs and answers. */
  loadSession(file: GivenFile): SessionTold;
  /**
   * Puts logs, rules and candidates with mapped addresses, ids and accounts in the place of those that were read, by a
   * key made here; what was judged of them is gone.
   */
  anonymize(candidates: readonly CandidateText[]): AnonymizedTold;
  /** The rules of an anonymized case as AWS JSON, a document per time. */
  caseRules(): readonly CandidateDocument[];
  /** All its logs one after the other, gzipped. */
  caseLogs(): Blob;
  /** What a candidate would have done; `unchanged`: connections that stay as they are are listed too. */
  impact(candidate: CandidateText, unchanged: boolean): ImpactTold;
}

export interface ImpactTold {
  readonly impact: Impact;
  /** By tuple of the list: the edit line that lets it pass again; null where there is none. */
  readonly fixes: readonly (string | null)[];
  readonly sentence: string;
  readonly milliseconds: number;
}

export type CallName = keyof EngineCalls;

export interface EngineRequest {
  readonly id: number;
  readonly name: CallName;
  readonly args: readonly unknown[];
}

/** The name by which a worker knows that it is one of several of a reading, and its first message. */
export const SHARD_NAME: string = "flowverdict-shard";
export interface ShardStart {
  readonly port: MessagePort;
}

export type EngineMessage =
  | { readonly kind: "answer"; readonly id: number; readonly value: unknown }
  | { readonly kind: "refused"; readonly id: number; readonly error: ErrorParts }
  | { readonly kind: "progress"; readonly progress: Progress }
  /** Another worker is to be started, and given the port. */
  | { readonly kind: "shard"; readonly port: MessagePort }
  /** Requests that the worker has seen leave: there must be none. */
  | { readonly kind: "requests"; readonly count: number };
