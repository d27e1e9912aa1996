import { type Address, sameAddress } from "../model/address.js";
import type { FlowRecord } from "../model/record.js";
import type { RuleSet } from "../model/rule-set.js";
import type { Timeline } from "../model/timeline.js";
import type { LookAhead, Timers } from "../model/timers.js";
import type { Direction } from "../model/verdict.js";
import { type BookLine, bookLine } from "./book-line.js";
import {
  directionOf,
  inferAddresses,
  knowsAddresses,
  ownsAddress,
  type SharedAddresses,
  sharedKey,
} from "./direction.js";
import { factsOf, type InterfaceFacts } from "./interface-facts.js";
import { type InterfaceTimes, interfaceTimes } from "./interface-times.js";
import { bookOf, type RuleBook } from "./rule-book.js";
import { type Screened, screen } from "./screen.js";

export interface ReferenceOptions {
  readonly timers: Timers;
  readonly lookAhead: LookAhead;
}

/** What stays the same during a run. */
export interface Run {
  readonly lines: readonly BookLine[];
  readonly options: ReferenceOptions;
  readonly facts: ReadonlyMap<string, InterfaceFacts | undefined>;
  readonly times: InterfaceTimes;
  readonly shared: SharedAddresses;
}

/** Indexes the rule sets and collects what must be known of all records before the first is judged. */
export function startRun(
  records: readonly FlowRecord[],
  log: readonly FlowRecord[],
  timelines: readonly Timeline[],
  options: ReferenceOptions,
): Run {
  const ids = new Set(log.flatMap(({ interfaceId }) => interfaceId ?? []));
  const ruleSets = timelines.flatMap(({ periods }) => periods.map(({ ruleSet }) => ruleSet));
  const books = new Map<RuleSet, RuleBook>();
  for (const ruleSet of new Set(ruleSets)) books.set(ruleSet, bookOf(ruleSet, ids));
  const facts = new Map<string, InterfaceFacts | undefined>();
  for (const id of ids) facts.set(id, factsOf(ruleSets, id, options.timers));
  const byStart = log
    .filter((record) => record.start !== null)
    .sort((a, b) => (a.start ?? 0) - (b.start ?? 0));
  const shared = inferAddresses(byStart, (interfaceId) => {
    const known = facts.get(interfaceId);
    return known !== undefined && !knowsAddresses(known.owner);
  });
  const lines = timelines.map((timeline) => bookLine(timeline, books));
  return { lines, options, facts, times: interfaceTimes(records), shared };
}

/** What sections 1 and 2 say of a record, whatever rule set judges it. */
export interface Look {
  readonly direction: Direction | null;
  readonly inferred: boolean;
  readonly screened: Screened | undefined;
}

/**
 * Looks at a record with evidence up to slot `reach`. As evidence (`ever`) an inferred address counts even before it
 * is the only one left: the interface's records are not judged by it before then.
 */
export function look(run: Run, record: FlowRecord, reach: number, ever = false): Look {
  const facts = record.interfaceId === null ? undefined : run.facts.get(record.interfaceId);
  const own = (address: Address): boolean =>
    ownsAddress(facts?.owner, address) || isShared(run, record, address, reach, ever);
  const direction = directionOf(record, own);
  const known = directionOf(record, (address) => ownsAddress(facts?.owner, address));
  return {
    direction,
    inferred: direction !== null && known === null,
    screened: screen(record, facts, direction, known, own),
  };
}

function isShared(
  run: Run,
  { interfaceId, srcAddr, dstAddr }: FlowRecord,
  address: Address,
  reach: number,
  ever: boolean,
): boolean {
  if (interfaceId === null || srcAddr === null || dstAddr === null) return false;
  const shared = run.shared.get(sharedKey(interfaceId, address.family));
  if (shared === undefined || !sameAddress(shared.address, address)) return false;
  if (shared.until !== undefined && reach >= shared.until) return false;
  return ever || shared.from <= reach;
}
