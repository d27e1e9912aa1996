import * as c from "../contract.js";
import type { Core } from "../core/core.js";
import { formatAddress } from "../model/address.js";
import { addressOfWords } from "../model/address-words.js";
import { printable } from "../model/printable.js";
import { type Direction, GRADES, REASONS } from "../model/verdict.js";
import {
  CAUSES,
  type Cause,
  type InterfaceCoverage,
  MALFORMED_REASONS,
  type MalformedSample,
  type MismatchTuple,
  type RuleHits,
  type Summary,
  type VerdictCounts,
} from "./summary.js";

/** Disagreement tuples listed per kind. */
export const TUPLE_LIMIT: number = 20;
const ABSENT = 0xffffffff;

/** What the run knows beside the core's counters. */
export interface RunFacts {
  readonly partial: boolean;
  readonly files: readonly string[];
  /** Rule ids by number, per image of the baseline; undefined for images of candidates alone. */
  readonly ruleIds: readonly (readonly string[] | undefined)[];
  readonly coverage: Pick<
    Summary["coverage"],
    | "files"
    | "filesOutsideTime"
    | "bytesRead"
    | "missingFields"
    | "brokenFiles"
    | "notes"
    | "overTime"
    | "snapshotTakenAt"
  >;
}

function byName<Name extends string>(
  core: Core,
  base: number,
  names: readonly Name[],
): Record<Name, number> {
  return Object.fromEntries(
    names.map((name, i) => [name, core.counter(base + i)] as const),
  ) as Record<Name, number>;
}

function present<Name extends string>(
  core: Core,
  base: number,
  names: readonly (Name | "")[],
): Partial<Record<Name, number>> {
  const found: Partial<Record<Name, number>> = {};
  names.forEach((name, i) => {
    const count = name === "" ? 0 : core.counter(base + i);
    if (name !== "" && count > 0) found[name] = count;
  });
  return found;
}

function verdictCounts(core: Core, base: number): VerdictCounts {
  return {
    allow: core.counter(base),
    deny: core.counter(base + 1),
    unknown: core.counter(base + 2),
  };
}

/** Fidelity (semantics 8); null where no record was judged allow or deny. */
export function fidelityOf(matrix: Summary["matrix"]): number | null {
  const agreeing = matrix.accept.allow + matrix.reject.deny;
  const disagreeing = matrix.accept.deny + matrix.reject.allow;
  return agreeing + disagreeing === 0 ? null : agreeing / (agreeing + disagreeing);
}

// Two words of 64 bits, the higher one first.
function addressAt({ memory }: Core, ptr: number): string {
  const [a, b, low, d] = [4, 0, 12, 8].map((at) => memory.u32(ptr + at));
  return formatAddress(addressOfWords(a!, b!, low!, d!));
}

function interfaceCoverage(core: Core): InterfaceCoverage[] {
  const { memory } = core;
  const list: InterfaceCoverage[] = [];
  for (let i = 0; i < core.interfacesSeen; i++) {
    const state = core.interfaceState(i);
    const records = memory.u64(state + c.STATE_RECORDS);
    const nodata = memory.u32(state + c.STATE_NODATA);
    const skipdata = memory.u32(state + c.STATE_SKIPDATA);
    if (records + nodata + skipdata === 0) continue;
    const flags = memory.u32(state + c.STATE_FLAGS);
    const first = memory.u32(state + c.STATE_OK_FIRST);
    const id = memory.copy(memory.u32(state + c.STATE_ID), memory.u32(state + c.STATE_ID_BYTES));
    list.push({
      id: new TextDecoder().decode(id),
      inRuleSet: (flags & c.INTERFACE_KNOWN) !== 0,
      records,
      allow: memory.u64(state + c.STATE_ALLOW),
      deny: memory.u64(state + c.STATE_ALLOW + 8),
      unknown: memory.u64(state + c.STATE_ALLOW + 16),
      nodata,
      skipdata,
      skipdataSeconds: memory.u64(state + c.STATE_SKIP_SECONDS),
      firstStart: first === ABSENT ? null : first,
      lastEnd: first === ABSENT ? null : memory.u32(state + c.STATE_LAST_END),
      inferredAddress: inferredAddress(core, state, flags),
    });
  }
  return list.sort((a, b) => compareText(a.id, b.id));
}

function inferredAddress(core: Core, state: number, flags: number): string | null {
  if ((flags & c.INTERFACE_INFERRED) === 0) return null;
  const found: string[] = [];
  for (const family of [0, 1]) {
    if (core.memory.bytes[state + c.STATE_CANDIDATE_COUNTS + family] !== 1) continue;
    found.push(addressAt(core, state + c.STATE_CANDIDATES + 32 * family));
  }
  return found.length === 0 ? null : found.join(",");
}

/** Order of UTF-16 code units: the same on every machine, whatever its locale. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function tupleAt(core: Core, row: number, facts: RunFacts): MismatchTuple {
  const { memory } = core;
  const face = memory.u32(row + c.TUPLE_INTERFACE);
  const port = memory.u32(row + c.TUPLE_PORT);
  const opens = memory.bytes[row + c.TUPLE_DIRECTION]!;
  const causes: Partial<Record<Cause, number>> = {};
  CAUSES.forEach((cause, i) => {
    const count = cause === "" ? 0 : memory.u32(row + c.TUPLE_CAUSES + 4 * i);
    if (cause !== "" && count > 0) causes[cause] = count;
  });
  const samples = [];
  for (let i = 0; i < c.TUPLE_SAMPLE_COUNT; i++) {
    const at = row + c.TUPLE_SAMPLES + 12 * i;
    const line = memory.u32(at + 8);
    if (line > 0) samples.push({ file: facts.files[memory.u32(at + 4)]!, line });
  }
  const directions: readonly (Direction | null)[] = [null, "ingress", "egress"];
  return {
    interfaceId: interfaceName(core, face),
    direction: directions[opens] ?? null,
    remote: addressAt(core, row + c.TUPLE_HIGH),
    protocol: memory.bytes[row + c.TUPLE_PROTOCOL]!,
    port: port === ABSENT ? null : port,
    records: memory.u64(row + c.TUPLE_RECORDS),
    bytes: memory.u64(row + c.TUPLE_OCTETS),
    causes,
    firstStart: memory.u32(row + c.TUPLE_FIRST),
    lastEnd: memory.u32(row + c.TUPLE_LAST),
    samples,
  };
}

/** Id of an interface by its number. */
export function interfaceName(core: Core, face: number): string {
  if (face >= core.interfacesSeen) return "-";
  const state = core.interfaceState(face);
  const { memory } = core;
  const id = memory.copy(memory.u32(state + c.STATE_ID), memory.u32(state + c.STATE_ID_BYTES));
  return new TextDecoder().decode(id);
}

/** Most records first; ties by interface, remote address, protocol, port and direction. */
export function compareTuples(a: MismatchTuple, b: MismatchTuple): number {
  return (
    b.records - a.records ||
    compareText(a.interfaceId, b.interfaceId) ||
    compareText(a.remote, b.remote) ||
    a.protocol - b.protocol ||
    (a.port ?? -1) - (b.port ?? -1) ||
    compareText(a.direction ?? "", b.direction ?? "")
  );
}

function mismatches(core: Core, facts: RunFacts): Summary["mismatches"] {
  const kinds: [MismatchTuple[], MismatchTuple[]] = [[], []];
  const { ptr, cap } = core.tuples;
  for (let i = 0; i < cap; i++) {
    const row = ptr + i * c.TUPLE_BYTES;
    const kind = core.memory.bytes[row + c.TUPLE_KIND]!;
    if (kind > 0) kinds[kind - 1]!.push(tupleAt(core, row, facts));
  }
  for (const list of kinds) list.sort(compareTuples);
  const more =
    Math.max(0, kinds[0].length - TUPLE_LIMIT) + Math.max(0, kinds[1].length - TUPLE_LIMIT);
  return {
    acceptedButDenied: kinds[0].slice(0, TUPLE_LIMIT),
    rejectedButAllowed: kinds[1].slice(0, TUPLE_LIMIT),
    more: more + core.counter(c.COUNT_TUPLES_DROPPED),
  };
}

// Every rule of an interned set was hit as often as the set: expanded once, at the end. Rules of several periods are one
// where their ids are.
function ruleHits(core: Core, ruleIds: RunFacts["ruleIds"]): RuleHits[] {
  const hits = new Map<string, { -readonly [Key in keyof RuleHits]: RuleHits[Key] }>();
  ruleIds.forEach((ids, image) => {
    if (ids === undefined) return;
    for (const id of ids)
      if (!hits.has(id)) hits.set(id, { id, records: 0, bytes: 0, connections: 0 });
    const sets = core.ruleSetCount(image);
    for (let set = 1; set < sets; set++) {
      const at = core.hits(image) + set * c.HIT_BYTES;
      const records = core.memory.u64(at);
      const bytes = core.memory.u64(at + 8);
      const connections = core.memory.u64(at + 16);
      if (records + connections === 0) continue;
      for (const rule of core.ruleSet(image, set)) {
        const hit = hits.get(ids[rule]!)!;
        hit.records += records;
        hit.bytes += bytes;
        hit.connections += connections;
      }
    }
  });
  return [...hits.values()];
}

function malformedSamples(core: Core, facts: RunFacts): MalformedSample[] {
  const { ptr, count } = core.malformedSamples;
  const samples: MalformedSample[] = [];
  for (let i = 0; i < count; i++) {
    const at = ptr + i * c.SAMPLE_BYTES;
    const { memory } = core;
    const reason = MALFORMED_REASONS[memory.u32(at + c.SAMPLE_REASON)]!;
    if (reason === "") continue;
    const text = memory.copy(at + c.SAMPLE_TEXT, memory.u32(at + c.SAMPLE_TEXT_BYTES));
    samples.push({
      file: facts.files[memory.u32(at + c.SAMPLE_FILE)]!,
      line: memory.u32(at + c.SAMPLE_LINE),
      reason,
      text: printable(new TextDecoder().decode(text)),
    });
  }
  return samples;
}

// Records without an interface id are in no interface's span.
function timeSpan(
  core: Core,
  list: readonly InterfaceCoverage[],
): { readonly firstStart: number | null; readonly lastEnd: number | null } {
  const starts = list.flatMap((face) => face.firstStart ?? []);
  const ends = list.flatMap((face) => face.lastEnd ?? []);
  const nameless = core.memory.u32(core.namelessState + c.STATE_OK_FIRST);
  if (nameless !== ABSENT) {
    starts.push(nameless);
    ends.push(core.memory.u32(core.namelessState + c.STATE_LAST_END));
  }
  if (starts.length === 0) return { firstStart: null, lastEnd: null };
  return {
    firstStart: starts.reduce((a, b) => Math.min(a, b)),
    lastEnd: ends.reduce((a, b) => Math.max(a, b)),
  };
}

/** Records judged so far, by verdict. */
export function verdictsSoFar(core: Core): VerdictCounts {
  const sum = (from: number, to: number): number => {
    let total = 0;
    for (let reason = from; reason <= to; reason++) total += core.counter(c.COUNT_REASONS + reason);
    return total;
  };
  return {
    allow: sum(c.REASON_RULE, c.REASON_NOT_FILTERED),
    deny: sum(c.REASON_NO_RULE, c.REASON_ACL),
    unknown: sum(c.REASON_INTERFACE_NOT_IN_SNAPSHOT, c.REASON_ONE_SIDED),
  };
}

/** Everything the core counted, as the summary that every report is made of. Cost: linear in interfaces and tuples. */
export function summaryOfCore(core: Core, facts: RunFacts): Summary {
  const matrix = {
    accept: verdictCounts(core, c.COUNT_MATRIX),
    reject: verdictCounts(core, c.COUNT_MATRIX + 3),
  };
  const connections = verdictCounts(core, c.COUNT_CONNECTIONS);
  const list = interfaceCoverage(core);
  const { firstStart, lastEnd } = timeSpan(core, list);
  return {
    partial: facts.partial,
    records: {
      read: core.counter(c.COUNT_READ),
      judged: core.counter(c.COUNT_JUDGED),
      nodata: core.counter(c.COUNT_NODATA),
      skipdata: core.counter(c.COUNT_SKIPDATA),
      malformed: core.counter(c.COUNT_MALFORMED),
      late: core.counter(c.COUNT_LATE),
    },
    verdicts: verdictsSoFar(core),
    matrix,
    reasons: byName(core, c.COUNT_REASONS, REASONS),
    grades: byName(core, c.COUNT_GRADES, GRADES),
    connections: {
      total: connections.allow + connections.deny + connections.unknown,
      ...connections,
      evicted: core.counter(c.COUNT_EVICTED),
    },
    fidelity: fidelityOf(matrix),
    causes: present<Cause>(core, c.COUNT_CAUSES, CAUSES),
    mismatches: mismatches(core, facts),
    rules: ruleHits(core, facts.ruleIds),
    coverage: {
      ...facts.coverage,
      firstStart,
      lastEnd,
      interfaces: {
        seen: list.length,
        withRules: list.filter((face) => face.inRuleSet).length,
        withoutRules: list.filter((face) => !face.inRuleSet).length,
        inferredAddresses: list.filter((face) => face.inferredAddress !== null).length,
        list,
      },
      malformed: {
        byReason: present(core, c.COUNT_MALFORMED_REASONS, MALFORMED_REASONS),
        samples: malformedSamples(core, facts),
      },
      openingsAssumed: core.counter(c.COUNT_OPENINGS_ASSUMED),
      endpointsEvicted: core.counter(c.COUNT_ENDPOINTS_EVICTED),
      filtered: core.counter(c.COUNT_FILTERED),
    },
  };
}
