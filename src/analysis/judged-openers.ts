import * as c from "../contract.js";
import type { Core } from "../core/core.js";
import {
  CHANGES,
  type Change,
  type ChangeCounts,
  type JudgedOpener,
  OPENER_SAMPLES,
  type OpenerChange,
  type OpenerRow,
  type OpenerRuling,
  type Sample,
} from "../model/opener.js";
import {
  type Direction,
  GRADES,
  REASONS,
  type Reason,
  type Verdict,
  verdictOf,
} from "../model/verdict.js";
import { addressOfWords } from "./address-of-words.js";
import { interfaceName } from "./core-summary.js";
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

const DIRECTIONS: readonly (Direction | null)[] = [null, "ingress", "egress"];
const ACTIONS: readonly OpenerRow["action"][] = ["none", "accepted", "rejected"];

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

/** Each is an object of half a kilobyte here, and the heap of JavaScript ends earlier than the core's memory. */
const MAX_ROWS = 4 << 20;

/** Reads rows of openers out of the core, after the last fold. Rulings and changes are shared between rows. */
export class JudgedOpeners {
  private readonly core: Core;
  private readonly names: OpenerNames;
  private readonly vectors: readonly (Vector | undefined)[];
  private readonly faces = new Map<number, string>();

  constructor(core: Core, names: OpenerNames) {
    this.core = core;
    this.names = names;
    const vectors: (Vector | undefined)[] = [undefined];
    for (let number = 1; number < core.vectorsEnd; number++) vectors.push(this.vector(number));
    this.vectors = vectors;
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

  /** The first `most` rows, in the order of their making. */
  *rows(most: number = MAX_ROWS): Generator<JudgedOpener> {
    const end = Math.min(this.core.openersEnd, 1 + most);
    for (let row = 1; row < end; row++) yield this.row(row);
  }

  /** Connections of the rows that rows() leaves out. */
  connectionsBeyond(most: number = MAX_ROWS): number {
    let connections = 0;
    for (let row = 1 + most; row < this.core.openersEnd; row++)
      connections += this.core.memory.u64(this.core.openerRow(row) + c.OPENING_CONNECTIONS);
    return connections;
  }

  private row(number: number): JudgedOpener {
    const at = this.core.openerRow(number);
    // One view for the whole row: asking for it costs more than a field.
    const { data } = this.core.memory;
    const u64 = (ptr: number): number =>
      data.getUint32(ptr + 4, true) * 4294967296 + data.getUint32(ptr, true);
    const flags = data.getUint32(at + c.OPENING_FLAGS, true);
    const direction = DIRECTIONS[flags & c.OF_DIRECTION_MASK]!;
    const protocol = data.getUint8(at + c.OPENING_PROTOCOL);
    const hasPorts = protocol === c.PROTOCOL_TCP || protocol === c.PROTOCOL_UDP;
    const vector = this.vectors[data.getUint32(at + c.OPENING_VECTOR, true)]!;
    const changes = vector.changes[(flags >> c.OF_PHASE_SHIFT) & 3]!;
    const high = data.getBigUint64(at + c.OPENING_HIGH, true);
    const low = data.getBigUint64(at + c.OPENING_LOW, true);
    return {
      interfaceId: this.faceName(data.getUint32(at + c.OPENING_INTERFACE, true)),
      direction,
      protocol,
      remote: addressOfWords(high, low),
      port: hasPorts ? data.getUint16(at + c.OPENING_PORT, true) : null,
      grade: GRADES[(flags >> c.OF_GRADE_SHIFT) & 7]!,
      action: ACTIONS[(flags >> c.OF_ACTION_SHIFT) & 3]!,
      connections: u64(at + c.OPENING_CONNECTIONS),
      openingsAssumed: u64(at + c.OPENING_ASSUMED),
      forward: u64(at + c.OPENING_FORWARD),
      replies: u64(at + c.OPENING_REPLIES),
      bytes: u64(at + c.OPENING_OCTETS),
      first: data.getUint32(at + c.OPENING_FIRST, true),
      last: data.getUint32(at + c.OPENING_LAST, true),
      samples: this.samples(data, at + c.OPENING_SAMPLES),
      rulings: vector.rulings,
      changes: direction === null ? changes.map(told) : changes,
      scanner: direction === "ingress" && !this.core.remoteAnswered(high, low),
    };
  }

  private faceName(number: number): string {
    let name = this.faces.get(number);
    if (name === undefined) {
      name = interfaceName(this.core, number);
      this.faces.set(number, name);
    }
    return name;
  }

  private samples(data: DataView, at: number): readonly Sample[] {
    const samples: Sample[] = [];
    for (let i = 0; i < OPENER_SAMPLES; i++) {
      const line = data.getUint32(at + 12 * i + 8, true);
      if (line === 0) break;
      const file = this.names.files[data.getUint32(at + 12 * i + 4, true)]!;
      samples.push({ file, line, start: data.getUint32(at + 12 * i, true) });
    }
    return samples;
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
