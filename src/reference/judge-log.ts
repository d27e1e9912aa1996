import type { FlowRecord, Judgement } from "../model/record.js";
import type { Timeline } from "../model/timeline.js";
import type { AclQuestion } from "./acl.js";
import { packetOf, withAcl } from "./acl-stage.js";
import { basisAt } from "./basis.js";
import { bookAt } from "./book-line.js";
import { type Cause, causeOf } from "./causes.js";
import type { Connection } from "./connection.js";
import { type ConnectionTable, compareMembers, type Membership, place } from "./connections.js";
import { knowsAddresses } from "./direction.js";
import { type Endpoints, newEndpoints, touch } from "./endpoints.js";
import { type Flow, flowOf, hasPorts, isAccepted } from "./flow.js";
import { hasGroups, type InterfaceView } from "./interface-view.js";
import {
  type Basis,
  type Evidence,
  judgeByGroups,
  judgeConnection,
  settleOpener,
} from "./judge.js";
import { type Ruling, ruling } from "./ruling.js";
import { type Look, look, type ReferenceOptions, type Run, startRun } from "./run.js";
import { type Screened, screenInterface } from "./screen.js";
import { lookAheadEnd, slotOf, slotTable } from "./slots.js";
import { type ConnectionTally, newTally, type Tallies, takeTally } from "./tally.js";

/** All that is known of one record as one timeline judged it; `why` is made of it. */
export interface Finding {
  readonly judgement: Judgement;
  readonly cause: Cause | null;
  readonly view: InterfaceView | undefined;
  /** Absent where no connection was needed. */
  readonly membership: Membership | undefined;
  /** The direction rests on an inferred address (semantics 2.3). */
  readonly inferred: boolean;
  /** What the network ACL was asked, where there is one; absent where it filters nothing (semantics 10.3). */
  readonly packet: AclQuestion | undefined;
}

/** How a log is judged. */
export interface LogOptions extends ReferenceOptions {
  /** The time of the cut-over that the candidates' timelines hold, Unix seconds (semantics 9.3). */
  readonly cutOverAt?: number;
}

/** A whole log under several timelines. */
export interface JudgedLog {
  readonly run: Run;
  /** Per record of status OK, in input order: one finding per timeline. */
  readonly findings: readonly (readonly Finding[])[];
  readonly tallies: ReadonlyMap<Connection, ConnectionTally>;
}

/**
 * Called when a timeline (by its number) judged a record of a connection, while the evidence is the one it was judged
 * on; `basis` are the rule sets that judged it.
 */
export type Observer = (
  finding: Finding,
  basis: Basis,
  evidence: Evidence,
  timeline: number,
) => void;

/** What a run gathers. */
interface Progress {
  readonly endpoints: Endpoints;
  readonly connections: ConnectionTable;
  readonly memberships: Map<FlowRecord, Membership>;
  readonly findings: Map<FlowRecord, readonly Finding[]>;
  readonly tallies: Tallies;
}

/** A run, what it gathers, and who watches. */
interface Work {
  readonly run: Run;
  readonly progress: Progress;
  readonly cutOverAt: number | undefined;
  readonly observe: Observer;
}

/**
 * Judges a whole log under several timelines, all on the same connections (sections 1-8, 9.4). Cost: O(n log n) in the
 * records, times the rules of a policy for each question not asked before, times the timelines; memory is not bounded.
 */
export function judgeLog(
  records: readonly FlowRecord[],
  timelines: readonly Timeline[],
  options: LogOptions,
  observe: Observer = ignore,
): JudgedLog {
  const log = records.filter((record) => record.logStatus === "OK");
  const run = startRun(records, log, timelines, options);
  const progress: Progress = {
    endpoints: newEndpoints(),
    connections: new Map(),
    memberships: new Map(),
    findings: new Map(),
    tallies: new Map(),
  };
  for (const record of log)
    if (record.start === null) progress.findings.set(record, judgeTimeless(run, record));
  judgeSlots({ run, progress, cutOverAt: options.cutOverAt, observe }, log);
  const findings = log.map((record) => progress.findings.get(record) ?? []);
  return { run, findings, tallies: progress.tallies };
}

function ignore(): void {}

/** A record without `start` lies in no slot and is no evidence: section 1 alone judges it. */
function judgeTimeless(run: Run, record: FlowRecord): Finding[] {
  return judgeAlone(run, record, look(run, record, Number.NEGATIVE_INFINITY));
}

/** Feeds the evidence slot by slot and judges each slot at the end of its look-ahead (semantics 7.1). */
function judgeSlots(work: Work, log: readonly FlowRecord[]): void {
  const { run, progress } = work;
  const timed = log.filter((record) => record.start !== null);
  const table = slotTable(timed.map((record) => record.start ?? 0));
  const slots = new Map<number, FlowRecord[]>(table.slots.map((slot) => [slot, []]));
  for (const record of timed) slots.get(slotOf(record.start ?? 0))?.push(record);
  let fed = 0;
  for (const slot of table.slots) {
    const reach = lookAheadEnd(table, slot, run.options.lookAhead);
    for (; fed < table.slots.length && (table.slots[fed] ?? 0) <= reach; fed++) {
      const next = table.slots[fed] ?? 0;
      feedSlot(run, slots.get(next) ?? [], next, progress);
    }
    const evidence = { times: run.times, endpoints: progress.endpoints, slot };
    judgeSlot(work, slots.get(slot) ?? [], reach, evidence);
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
    const timers = run.facts.get(flow.interfaceId)?.timers ?? run.options.timers;
    progress.memberships.set(record, place(progress.connections, flow, record, timers));
    if (isAccepted(record) && hasPorts(flow.protocol)) touch(progress.endpoints, flow, slot);
  }
}

/** Of an interface whose addresses 2.3 was to tell and did not. */
function isUntold(run: Run, record: FlowRecord, screened: Screened | undefined): boolean {
  if (screened?.reason !== "no-direction" || record.interfaceId === null) return false;
  return !knowsAddresses(run.facts.get(record.interfaceId)?.owner);
}

/** Fan-out is of both ends alike: it needs no direction (semantics 4.3). */
function touchEnds(progress: Progress, record: FlowRecord, slot: number): void {
  const flow = flowOf(record, "ingress", true);
  if (flow !== undefined && isAccepted(record) && hasPorts(flow.protocol))
    touch(progress.endpoints, flow, slot);
}

function judgeSlot(
  work: Work,
  records: readonly FlowRecord[],
  reach: number,
  evidence: Evidence,
): void {
  const { run, progress } = work;
  const asked = new Set<Connection>();
  // Time order is what settles openers in; records of one second settle nothing anew.
  const ordered = [...records].sort((a, b) => (a.start ?? 0) - (b.start ?? 0));
  for (const record of ordered) {
    const seen = look(run, record, reach);
    const membership = progress.memberships.get(record);
    if (seen.screened !== undefined || membership === undefined) {
      progress.findings.set(record, judgeAlone(run, record, seen));
      continue;
    }
    const { connection } = membership;
    const fresh = !asked.has(connection);
    if (fresh) settleOpener(connection, evidence);
    asked.add(connection);
    progress.findings.set(record, judgeMember(work, record, seen, membership, fresh, evidence));
  }
}

/** A record that sections 1 and 2 decide, for every timeline; a network ACL may still stop it (semantics 10.3). */
function judgeAlone(run: Run, record: FlowRecord, seen: Look): Finding[] {
  return run.lines.map((line) => {
    const book = bookAt(line, record.start ?? Number.NEGATIVE_INFINITY);
    const view = record.interfaceId === null ? undefined : book.views.get(record.interfaceId);
    // No membership and nothing screened: only the inferred address tells them apart (semantics 1.4, 2.3).
    const {
      reason,
      detail,
      beforeRules = false,
    } = seen.screened ?? { reason: "not-filtered", detail: "" };
    const stated = beforeRules ? undefined : screenInterface(view);
    const said = stated === undefined ? ruling(reason, detail) : ruling(stated);
    const packet = said.reason === "no-groups" ? packetAlone(record, seen) : undefined;
    const found =
      packet === undefined ? said : withAcl(said, book, record.interfaceId ?? "", packet);
    return toFinding(run, record, seen, {
      found,
      membership: undefined,
      view,
      packet,
      listed: view,
    });
  });
}

/** Of what needs no connection only the records of an interface without groups pass a network ACL. */
function packetAlone(
  record: FlowRecord,
  { screened, direction, inferred }: Look,
): AclQuestion | undefined {
  if (screened === undefined || screened.reason === "not-filtered") return undefined;
  const flow = flowOf(record, direction, inferred);
  return flow === undefined ? undefined : packetOf(flow);
}

/** Judges a record of a connection under every timeline, and takes the connection's tally. */
function judgeMember(
  work: Work,
  record: FlowRecord,
  seen: Look,
  membership: Membership,
  fresh: boolean,
  evidence: Evidence,
): Finding[] {
  const { run, progress, cutOverAt, observe } = work;
  const { connection, afterClose } = membership;
  const before = progress.tallies.get(connection);
  const findings: Finding[] = [];
  const lines = run.lines.map((line, index) => {
    const basis = basisAt(connection, record.start ?? 0, line, evidence);
    const groups = judgeByGroups(membership, record, basis.groups, evidence);
    const packet = packetOf(membership.flow);
    const found = withAcl(groups, basis.acls, connection.interfaceId, packet);
    const view = basis.groups.views.get(connection.interfaceId);
    const listed = basis.acls.views.get(connection.interfaceId);
    const finding = toFinding(run, record, seen, { found, membership, view, packet, listed });
    findings.push(finding);
    observe(finding, basis, evidence, index);
    const taken = { expired: groups.reason === "expired", basis, afterClose };
    const tally = takeTally(before?.lines[index], connection, taken, fresh, evidence);
    if (!fresh || cutOverAt === undefined || connection.firstStart >= cutOverAt) return tally;
    const atCutOver = basisAt(connection, cutOverAt, line, evidence);
    return { ...tally, atCutOver: judgeConnection(connection, atCutOver, evidence) };
  });
  progress.tallies.set(connection, newTally(connection, lines));
  return findings;
}

function toFinding(
  run: Run,
  record: FlowRecord,
  { direction, inferred }: Look,
  of: Pick<Finding, "view" | "membership" | "packet"> & {
    readonly found: Ruling;
    /** The interface as the rule set has it whose network ACL was asked (semantics 10.6). */
    readonly listed: InterfaceView | undefined;
  },
): Finding {
  const { found, listed, ...rest } = of;
  const { opener, grade } = of.membership?.connection.finding ?? UNJUDGED;
  const judgement = { record, direction, ...found, opener, grade };
  // Who opened is no clue where no group asked (semantics 9.4).
  const asked = hasGroups(of.view) ? of.membership : undefined;
  const cause = causeOf(record, judgement, asked, run.times, listed?.acl !== undefined);
  return { judgement, cause, inferred, ...rest };
}

/** Of a record that needs no connection nobody asks who opened. */
const UNJUDGED: Pick<Judgement, "opener" | "grade"> = { opener: "unknown", grade: "none" };
