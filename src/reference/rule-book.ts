import type { RuleSet } from "../model/rule-set.js";
import { type InterfaceView, viewInterface } from "./interface-view.js";
import type { FitCache } from "./policy.js";
import { type Snapshot, snapshotOf } from "./snapshot.js";

/** A rule set, made ready to be asked about the interfaces of a log. */
export interface RuleBook {
  readonly snapshot: Snapshot;
  readonly views: ReadonlyMap<string, InterfaceView | undefined>;
  readonly fits: FitCache;
}

export function bookOf(ruleSet: RuleSet, interfaceIds: Iterable<string>): RuleBook {
  const snapshot = snapshotOf(ruleSet);
  const views = new Map<string, InterfaceView | undefined>();
  for (const id of interfaceIds) views.set(id, viewInterface(snapshot, id));
  return { snapshot, views, fits: new Map() };
}
