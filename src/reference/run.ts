import { type Address, sameAddress } from "../model/address.js";
import type { FlowRecord } from "../model/record.js";
import type { RuleSet } from "../model/rule-set.js";
import type { LookAhead, Timers } from "../model/timers.js";
import type { Direction } from "../model/verdict.js";
import {
  directionOf,
  inferAddresses,
  knowsAddresses,
  ownsAddress,
  type SharedAddresses,
  sharedKey,
} from "./direction.js";
import { type InterfaceTimes, interfaceTimes } from "./interface-times.js";
import { type InterfaceView, viewInterface } from "./interface-view.js";
import { type Screened, screen } from "./screen.js";
import { type Snapshot, snapshotOf } from "./snapshot.js";

export interface ReferenceOptions {
  readonly timers: Timers;
  readonly lookAhead: LookAhead;
}

/** What stays the same during a run. */
export interface Run {
  readonly snapshot: Snapshot;
  readonly options: ReferenceOptions;
  readonly views: ReadonlyMap<string, InterfaceView | undefined>;
  readonly times: InterfaceTimes;
  readonly shared: SharedAddresses;
}

/** Indexes the rule set and collects what must be known of all records before the first is judged. */
export function startRun(
  records: readonly FlowRecord[],
  log: readonly FlowRecord[],
  ruleSet: RuleSet,
  options: ReferenceOptions,
): Run {
  const snapshot = snapshotOf(ruleSet);
  const views = new Map<string, InterfaceView | undefined>();
  for (const { interfaceId } of log)
    if (interfaceId !== null && !views.has(interfaceId))
      views.set(interfaceId, viewInterface(snapshot, interfaceId, options.timers));
  const byStart = log
    .filter((record) => record.start !== null)
    .sort((a, b) => (a.start ?? 0) - (b.start ?? 0));
  const shared = inferAddresses(byStart, (interfaceId) => {
    const view = views.get(interfaceId);
    return view !== undefined && !knowsAddresses(view.owner);
  });
  const times = interfaceTimes(records);
  return { snapshot, options, views, times, shared };
}

/** What sections 1 and 2 say of a record. */
export interface Look {
  readonly view: InterfaceView | undefined;
  readonly direction: Direction | null;
  readonly inferred: boolean;
  readonly screened: Screened | undefined;
}

/**
 * Looks at a record with evidence up to slot `reach`. As evidence (`ever`) an inferred address counts even before it
 * is the only one left: the interface's records are not judged by it before then.
 */
export function look(run: Run, record: FlowRecord, reach: number, ever = false): Look {
  const view = record.interfaceId === null ? undefined : run.views.get(record.interfaceId);
  const own = (address: Address): boolean =>
    ownsAddress(view?.owner, address) || isShared(run, record, address, reach, ever);
  const direction = directionOf(record, own);
  const known = directionOf(record, (address) => ownsAddress(view?.owner, address));
  return {
    view,
    direction,
    inferred: direction !== null && known === null,
    screened: screen(record, view, direction, own),
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
