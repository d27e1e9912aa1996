import * as c from "../contract.js";
import type { Core } from "../core/core.js";
import {
  CHANGES,
  type Change,
  type ChangeCounts,
  type JudgedOpener,
  OPENER_SAMPLES,
  type OpenerChange,
  type OpenerRuling,
  type Sample,
  WAYS,
} from "../model/opener.js";
import type { OpenerAnswer, OpenerTable } from "../model/opener-table.js";
import { REASONS, type Reason, type Verdict, verdictOf } from "../model/verdict.js";
import { interfaceName } from "./core-summary.js";
import { OpenerView } from "./opener-view.js";
import { rulesOf } from "./rules-of.js";

/** What the numbers in the core's rows stand for, and which timelines are asked about. */
export interface OpenerNames {
  readonly details: readonly string[];
  readonly ruleIds: readonly (readonly string[])[];
  readonly files: readonly string[];
  readonly candidates: readonly CandidateTimelines[];
}

/**
 * Timelines of one candidate: the one that judges records, and with a cut-over what becomes then of connections opened
 * before it, and the candidate as if it had held all the time (semantics 9.3).
 */
export interface CandidateTimelines {
  readonly judged: number;
  readonly cutOver: { readonly kept: number; readonly throughout: number } | undefined;
}

/** One vector of the core: rulings and changes as every row with it shares them. */
interface Vector {
  readonly rulings: readonly OpenerRuling[];
  /** Per phase (PHASE_*), per candidate. */
  readonly changes: readonly (readonly OpenerChange[])[];
}

/** What several timelines say alike of stored rows. */
export interface StoredVector {
  readonly rulings: readonly OpenerRuling[];
  readonly changes: readonly OpenerChange[];
  readonly connections: number;
  readonly forward: number;
  readonly replies: number;
  readonly bytes: number;
}

/** What a row's answer is numbered by beside its vector: its phase, and whether somebody knows who opened. */
const ANSWERS_OF_VECTOR = 2 * c.VECTOR_COUNT_SLOTS;
const ROW_WORDS = c.OPENING_BYTES / 4;
const SEGMENT_MASK = (1 << c.POOL_SEGMENT_SHIFT) - 1;
const SAMPLE_WORDS = 3;
const UPPER = 4_294_967_296;

/**
 * Rows of openers where they stand in the core, after the last fold: nothing is copied, and the core must not work any
 * more. Rulings and changes are shared between rows.
 */
export class JudgedOpeners implements OpenerTable {
  readonly length: number;
  readonly interfaceCount: number;
  readonly answerCount: number;
  private readonly core: Core;
  private readonly names: OpenerNames;
  private readonly vectors: readonly (Vector | undefined)[];
  private readonly interfaceIds: string[] = [];
  private readonly answers: OpenerAnswer[] = [];
  private readonly words: Uint32Array;
  /** First word of every segment of rows. */
  private readonly segments: Uint32Array;

  constructor(core: Core, names: OpenerNames) {
    this.core = core;
    this.names = names;
    const vectors: (Vector | undefined)[] = [undefined];
    for (let number = 1; number < core.vectorsEnd; number++) vectors.push(this.vector(number));
    this.vectors = vectors;
    this.answerCount = vectors.length * ANSWERS_OF_VECTOR;
    this.length = core.openersEnd - 1;
    this.interfaceCount = core.interfacesSeen;
    this.words = new Uint32Array(core.memory.bytes.buffer);
    const segments = (core.openersEnd + SEGMENT_MASK) >> c.POOL_SEGMENT_SHIFT;
    this.segments = Uint32Array.from(
      { length: segments },
      (_, i) => core.openerRow(i << c.POOL_SEGMENT_SHIFT) / 4,
    );
  }

  /** Connections per change under each candidate: exact, whatever found room among the rows. */
  connectionChanges(): readonly ChangeCounts[] {
    return this.names.candidates.map((_, candidate) => {
      const counts: Record<Change, number> = noChanges();
      this.vectors.forEach((vector, number) => {
        vector?.changes.forEach((changes, phase) => {
          const at = this.core.vector(number) + c.VECTOR_COUNTS + 8 * phase;
          counts[changes[candidate]!.change] += this.core.memory.u64(at);
        });
      });
      return counts;
    });
  }

  /** Of stored rows: what every vector says, and what came to it, whatever found room among the rows. */
  *storedVectors(): Generator<StoredVector> {
    const { memory } = this.core;
    for (let number = 1; number < this.core.vectorsEnd; number++) {
      const { rulings, changes } = this.vectors[number]!;
      const at = this.core.vector(number) + c.VECTOR_COUNTS;
      yield {
        rulings,
        changes: changes[c.PHASE_NONE]!,
        connections: memory.u64(at),
        forward: memory.u64(at + 8),
        replies: memory.u64(at + 16),
        bytes: memory.u64(at + 24),
      };
    }
  }

  *[Symbol.iterator](): Generator<JudgedOpener> {
    for (let row = 0; row < this.length; row++) yield this.at(row);
  }

  at(row: number): JudgedOpener {
    return new OpenerView(this, row);
  }

  interfaceId(number: number): string {
    this.interfaceIds[number] ??= interfaceName(this.core, number);
    return this.interfaceIds[number];
  }

  interfaceNumber(row: number): number {
    return this.words[this.word(row) + c.OPENING_INTERFACE / 4]!;
  }

  way(row: number): number {
    return this.flags(row) & c.OF_DIRECTION_MASK;
  }

  protocol(row: number): number {
    return this.words[this.word(row) + c.OPENING_PROTOCOL / 4]!;
  }

  port(row: number): number {
    const protocol = this.protocol(row);
    if (protocol !== c.PROTOCOL_TCP && protocol !== c.PROTOCOL_UDP) return -1;
    return this.words[this.word(row) + c.OPENING_PORT / 4]! & 0xffff;
  }

  otherPort(row: number): number {
    if (this.port(row) < 0 || WAYS[this.way(row)] !== null) return -1;
    return this.words[this.word(row) + c.OPENING_PORT / 4]! >>> 16;
  }

  remoteWord(row: number, word: number): number {
    // Two words of 64 bits, the lower half of each first.
    return this.words[this.word(row) + c.OPENING_HIGH / 4 + (word ^ 1)]!;
  }

  grade(row: number): number {
    return (this.flags(row) >> c.OF_GRADE_SHIFT) & 7;
  }

  action(row: number): number {
    return (this.flags(row) >> c.OF_ACTION_SHIFT) & 3;
  }

  connections(row: number): number {
    return this.wide(row, c.OPENING_CONNECTIONS);
  }

  openingsAssumed(row: number): number {
    return this.wide(row, c.OPENING_ASSUMED);
  }

  forward(row: number): number {
    return this.wide(row, c.OPENING_FORWARD);
  }

  replies(row: number): number {
    return this.wide(row, c.OPENING_REPLIES);
  }

  bytes(row: number): number {
    return this.wide(row, c.OPENING_OCTETS);
  }

  first(row: number): number {
    return this.words[this.word(row) + c.OPENING_FIRST / 4]!;
  }

  last(row: number): number {
    return this.words[this.word(row) + c.OPENING_LAST / 4]!;
  }

  sampledFrom(row: number): number {
    const at = this.word(row) + c.OPENING_SAMPLES / 4;
    return this.words[at + 2] === 0 ? Number.POSITIVE_INFINITY : this.words[at]!;
  }

  samples(row: number): readonly Sample[] {
    const samples: Sample[] = [];
    const from = this.word(row) + c.OPENING_SAMPLES / 4;
    for (let i = 0; i < OPENER_SAMPLES; i++) {
      const at = from + SAMPLE_WORDS * i;
      const line = this.words[at + 2]!;
      if (line === 0) break;
      samples.push({ file: this.names.files[this.words[at + 1]!]!, line, start: this.words[at]! });
    }
    return samples;
  }

  isScanner(row: number): boolean {
    if (WAYS[this.way(row)] !== "ingress") return false;
    const { data } = this.core.memory;
    const at = 4 * this.word(row);
    const high = data.getBigUint64(at + c.OPENING_HIGH, true);
    return !this.core.remoteAnswered(high, data.getBigUint64(at + c.OPENING_LOW, true));
  }

  answer(row: number): number {
    const flags = this.flags(row);
    const phase = (flags >> c.OF_PHASE_SHIFT) & (c.VECTOR_COUNT_SLOTS - 1);
    const isUnknown = (flags & c.OF_DIRECTION_MASK) === 0 ? 1 : 0;
    const vector = this.words[this.word(row) + c.OPENING_VECTOR / 4]!;
    return vector * ANSWERS_OF_VECTOR + 2 * phase + isUnknown;
  }

  answerOf(number: number): OpenerAnswer {
    let answer = this.answers[number];
    if (answer === undefined) {
      const { rulings, changes } = this.vectors[Math.floor(number / ANSWERS_OF_VECTOR)]!;
      const ofPhase = changes[(number % ANSWERS_OF_VECTOR) >> 1]!;
      answer = { rulings, changes: number % 2 === 1 ? ofPhase.map(told) : ofPhase };
      this.answers[number] = answer;
    }
    return answer;
  }

  private word(row: number): number {
    const number = row + 1;
    const segment = this.segments[number >> c.POOL_SEGMENT_SHIFT]!;
    return segment + (number & SEGMENT_MASK) * ROW_WORDS;
  }

  private flags(row: number): number {
    return this.words[this.word(row) + c.OPENING_FLAGS / 4]!;
  }

  private wide(row: number, offset: number): number {
    const at = this.word(row) + offset / 4;
    return this.words[at + 1]! * UPPER + this.words[at]!;
  }

  private vector(number: number): Vector {
    const { candidates } = this.names;
    const at = this.core.vector(number) + c.VECTOR_RULINGS;
    const ruling = (timeline: number): OpenerRuling => this.ruling(at + timeline * c.RULING_BYTES);
    const baseline = ruling(0);
    const told = candidates.map(({ judged, cutOver }) => ruling(cutOver?.throughout ?? judged));
    const changes: (readonly OpenerChange[])[] = [];
    for (let phase = 0; phase < c.VECTOR_COUNT_SLOTS; phase++)
      changes.push(
        candidates.map((candidate) => this.change(at, candidate, phase, baseline.verdict)),
      );
    return { rulings: [baseline, ...told], changes };
  }

  private ruling(at: number): OpenerRuling {
    const { memory } = this.core;
    const reason = REASONS[memory.u32(at + c.RULING_CODE) >>> c.RULING_REASON_SHIFT]!;
    const detail = memory.u32(at + c.RULING_DETAIL);
    const verdict = verdictOf(reason);
    const rules = (offset: number): readonly string[] =>
      rulesOf(this.core, memory.u32(at + offset), this.names.ruleIds);
    // Where nobody knows who opened, and both readings allow, the second word names the rules of the other one.
    const other = verdict === "allow" ? rules(c.RULING_OTHER) : [];
    return {
      verdict,
      reason,
      detail: this.detailOf(reason, detail),
      rules: other.length === 0 ? rules(c.RULING_RULES) : [...rules(c.RULING_RULES), ...other],
    };
  }

  private change(
    at: number,
    { judged, cutOver }: CandidateTimelines,
    phase: number,
    baseline: Verdict,
  ): OpenerChange {
    const change = this.compare(at, at + judged * c.RULING_BYTES);
    if (cutOver === undefined || baseline !== "allow" || phase === c.PHASE_OVER)
      return { change, cutOver: null };
    if (phase === c.PHASE_AFTER)
      return { change, cutOver: change === "newly-denied" ? "refused" : null };
    const denies = (timeline: number): boolean =>
      (this.core.memory.u32(at + timeline * c.RULING_BYTES + c.RULING_CODE) & 3) === c.VERDICT_DENY;
    if (denies(cutOver.kept)) return { change: "newly-denied", cutOver: "cut" };
    return { change, cutOver: denies(cutOver.throughout) ? "survives" : null };
  }

  private detailOf(reason: Reason, detail: number): string {
    // Only stored rows lack something: the client ports between the least and the greatest.
    if (reason === "missing-field") return "srcport";
    return detail === 0 ? "" : this.names.details[detail - 1]!;
  }

  private compare(base: number, other: number): Change {
    const { memory } = this.core;
    const word = (at: number, offset: number): number => memory.u32(at + offset);
    const a = word(base, c.RULING_CODE) & 3;
    const b = word(other, c.RULING_CODE) & 3;
    if (a === c.VERDICT_UNKNOWN || b === c.VERDICT_UNKNOWN) {
      const same = [c.RULING_CODE, c.RULING_DETAIL, c.RULING_OTHER].every(
        (offset) => word(base, offset) === word(other, offset),
      );
      return same ? "unchanged" : "undetermined";
    }
    if (a === b) return "unchanged";
    return b === c.VERDICT_ALLOW ? "newly-allowed" : "newly-denied";
  }
}

// Where nobody knows who opened, nothing is known to survive.
function told({ change, cutOver }: OpenerChange): OpenerChange {
  return { change, cutOver: cutOver === "survives" ? null : cutOver };
}

/** No connection of any change. */
export function noChanges(): Record<Change, number> {
  return Object.fromEntries(CHANGES.map((change) => [change, 0])) as Record<Change, number>;
}
