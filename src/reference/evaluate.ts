import type { FlowRecord, Judgement } from "../model/record.js";
import type { RuleSet } from "../model/rule-set.js";
import { type Cause, causeOf } from "./causes.js";
import type { Connection } from "./connection.js";
import { type ConnectionTable, compareMembers, type Membership, place } from "./connections.js";
import { type Counters, count } from "./counters.js";
import { knowsAddresses } from "./direction.js";
import { type Endpoints, newEndpoints, touch } from "./endpoints.js";
import { type Flow, flowOf, hasPorts, isAccepted } from "./flow.js";
import type { InterfaceView } from "./interface-view.js";
import { type JudgeContext, judge, type Ruling, ruling, settleOpener } from "./judge.js";
import type { FitCache } from "./policy.js";
import { type Look, look, type ReferenceOptions, type Run, startRun } from "./run.js";
import type { Screened } from "./screen.js";
import { lookAheadEnd, slotOf, slotTable } from "./slots.js";
import type { Snapshot } from "./snapshot.js";
import { type Tallies, tally } from "./tally.js";

/** All that is known of one judged record; `why` is made of it. */
export interface Finding {
  readonly judgement: Judgement;
  readonly cause: Cause | null;
  readonly view: InterfaceView | undefined;
  /** Absent where no connection was needed. */
  readonly membership: Membership | undefined;
  /** The direction rests on an inferred address (semantics 2.3). */
  readonly inferred: boolean;
}

/** One run over a whole log. */
export interface Evaluation {
  readonly snapshot: Snapshot;
  /** In input order, for the records of status OK. */
  readonly findings: readonly Finding[];
  readonly counters: Counters;
}

/** What a run gathers. */
interface Progress {
  readonly endpoints: Endpoints;
  readonly connections: ConnectionTable;
  readonly memberships: Map<FlowRecord, Membership>;
  readonly findings: Map<FlowRecord, Finding>;
  readonly tallies: Tallies;
}

/**
 * Judges a whole log under one rule set (sections 1-8): the readable copy of the law, against which the core is
 * tested. Judgements come in input order, for records of status OK. Cost: O(n log n) in the records, times the rules of
 * a policy for each question not asked before; memory is not bounded.
 */
export function evaluateReference(
  records: readonly FlowRecord[],
  ruleSet: RuleSet,
  options: ReferenceOptions,
): readonly Judgement[] {
  return evaluateInDetail(records, ruleSet, options).findings.map(({ judgement }) => judgement);
}

/** Called when a record of a connection was judged, while the evidence is the one it was judged on. */
export type Observer = (finding: Finding, context: JudgeContext) => void;

/** The same run with its counters and with what each judgement rests on. */
export function evaluateInDetail(
  records: readonly FlowRecord[],
  ruleSet: RuleSet,
  options: ReferenceOptions,
  observe: Observer = ignore,
): Evaluation {
  const log = records.filter((record) => record.logStatus === "OK");
  const run = startRun(records, log, ruleSet, options);
  const progress: Progress = {
    endpoints: newEndpoints(),
    connections: new Map(),
    memberships: new Map(),
    findings: new Map(),
    tallies: new Map(),
  };
  const { findings, tallies } = progress;
  for (const record of log)
    if (record.start === null) findings.set(record, judgeTimeless(run, record));
  judgeSlots(run, log, progress, observe);
  const ordered = log.flatMap((record) => findings.get(record) ?? []);
  const counters = count(records, ordered, tallies.values());
  return { snapshot: run.snapshot, findings: ordered, counters };
}

function ignore(): void {}

/** A record without `start` lies in no slot and is no evidence: section 1 alone judges it. */
function judgeTimeless(run: Run, record: FlowRecord): Finding {
  const seen = look(run, record, Number.NEGATIVE_INFINITY);
  const { reason, detail } = seen.screened ?? { reason: "missing-field", detail: "start" };
  return toFinding(run, record, seen, ruling(reason, detail), undefined);
}

/** Feeds the evidence slot by slot and judges each slot at the end of its look-ahead (semantics 7.1). */
function judgeSlots(
  run: Run,
  log: readonly FlowRecord[],
  progress: Progress,
  observe: Observer,
): void {
  const timed = log.filter((record) => record.start !== null);
  const table = slotTable(timed.map((record) => record.start ?? 0));
  const slots = new Map<number, FlowRecord[]>(table.slots.map((slot) => [slot, []]));
  for (const record of timed) slots.get(slotOf(record.start ?? 0))?.push(record);
  const fits: FitCache = new Map();
  let fed = 0;
  for (const slot of table.slots) {
    const reach = lookAheadEnd(table, slot, run.options.lookAhead);
    for (; fed < table.slots.length && (table.slots[fed] ?? 0) <= reach; fed++) {
      const next = table.slots[fed] ?? 0;
      feedSlot(run, slots.get(next) ?? [], next, progress);
    }
    const { snapshot, times } = run;
    const context = { snapshot, times, endpoints: progress.endpoints, fits, slot };
    judgeSlot(run, slots.get(slot) ?? [], reach, context, progress, observe);
  }
}

/** Takes the records of a slot as evidence, in the order of 7.1. */
function feedSlot(
  run: Run,
  records: readonly FlowRecord[],
  slot: number,
  progress: Progress,
): void {
  const members: { flow: Flow; record: FlowRecord }[] = [];
  for (const record of records) {
    const { screened, direction, inferred } = look(run, record, slot, true);
    const flow = screened === undefined ? flowOf(record, direction, inferred) : undefined;
    if (flow !== undefined) members.push({ flow, record });
    else if (isUntold(run, record, screened)) touchEnds(progress, record, slot);
  }
  for (const { flow, record } of members.sort(compareMembers)) {
    const timers = run.views.get(flow.interfaceId)?.timers ?? run.options.timers;
    progress.memberships.set(record, place(progress.connections, flow, record, timers));
    if (isAccepted(record) && hasPorts(flow.protocol)) touch(progress.endpoints, flow, slot);
  }
}

/** Of an interface whose addresses 2.3 was to tell and did not. */
function isUntold(run: Run, record: FlowRecord, screened: Screened | undefined): boolean {
  if (screened?.reason !== "no-direction" || record.interfaceId === null) return false;
  return !knowsAddresses(run.views.get(record.interfaceId)?.owner);
}

/** Fan-out is of both ends alike: it needs no direction (semantics 4.3). */
function touchEnds(progress: Progress, record: FlowRecord, slot: number): void {
  const flow = flowOf(record, "ingress", true);
  if (flow !== undefined && isAccepted(record) && hasPorts(flow.protocol))
    touch(progress.endpoints, flow, slot);
}

function judgeSlot(
  run: Run,
  records: readonly FlowRecord[],
  reach: number,
  context: JudgeContext,
  progress: Progress,
  observe: Observer,
): void {
  const asked = new Set<Connection>();
  // Time order is what settles openers in; records of one second settle nothing anew.
  const ordered = [...records].sort((a, b) => (a.start ?? 0) - (b.start ?? 0));
  for (const record of ordered) {
    const seen = look(run, record, reach);
    const membership = progress.memberships.get(record);
    const { screened, view } = seen;
    if (screened !== undefined || membership === undefined || view === undefined) {
      // No membership and nothing screened: only the inferred address tells them apart (semantics 1.4, 2.3).
      const { reason, detail } = screened ?? { reason: "not-filtered", detail: "" };
      progress.findings.set(
        record,
        toFinding(run, record, seen, ruling(reason, detail), undefined),
      );
      continue;
    }
    const { connection } = membership;
    const fresh = !asked.has(connection);
    if (fresh) settleOpener(connection, context);
    asked.add(connection);
    const found = judge(membership, record, view.policy, context);
    if (fresh) tally(progress.tallies, connection, found, view.policy, context);
    const finding = toFinding(run, record, seen, found, membership);
    progress.findings.set(record, finding);
    observe(finding, context);
  }
}

function toFinding(
  run: Run,
  record: FlowRecord,
  seen: Look,
  found: Ruling,
  membership: Membership | undefined,
): Finding {
  const { opener, grade } = membership?.connection.finding ?? { opener: "unknown", grade: "none" };
  const judgement = { record, direction: seen.direction, ...found, opener, grade };
  const cause = causeOf(record, found.verdict, membership, run.times);
  return { judgement, cause, view: seen.view, membership, inferred: seen.inferred };
}
