import { compileRuleSets } from "../compile/compile-rule-sets.js";
import type { CoreTimeline } from "../core/core.js";
import type { RuleSet } from "../model/rule-set.js";
import { DEFAULT_TIMERS, type Timers } from "../model/timers.js";
import { alikeInterfaces } from "./alike-interfaces.js";
import type { RecordFilter } from "./options.js";
import type { RunTimeline } from "./run.js";
import { timelineImages } from "./timeline-images.js";

/** One compiled rule set, and what answers call its rules. */
export interface RunImage {
  readonly image: Uint8Array;
  /** By rule number. */
  readonly ruleIds: readonly string[];
}

/**
 * The rules of a run as the core takes them and answers name them. Plain data: compiled once, it may be sent to other
 * threads, which do the same run (`evaluateCompiled`).
 */
export interface RunRules {
  readonly images: readonly RunImage[];
  /** By `detail` - 1, for all images. */
  readonly names: readonly string[];
  /** By interface index, for all images. */
  readonly interfaceIds: readonly string[];
  readonly timelines: readonly CoreTimeline[];
  readonly passing: Passing;
  /** By timeline: interfaces, by index, of which it says what the baseline says. */
  readonly alike: readonly (readonly number[])[];
}

/** Interfaces whose records pass the filter. */
export interface Passing {
  /** No filter: everything passes. */
  readonly all: boolean;
  readonly ids: readonly string[];
  /** Interfaces that no rule set holds pass too. */
  readonly others: boolean;
}

/** What the rules of a run are made of. */
export interface RunRulesInput {
  /** The first is the baseline. */
  readonly timelines: readonly RunTimeline[];
  readonly timers?: Timers;
  readonly filter?: RecordFilter;
}

// Known interfaces that pass the filters; the ids of --interface pass even where no document names them.
function passingIds(ruleSet: RuleSet, filter: RecordFilter): Set<string> {
  const ids = new Set<string>();
  for (const face of ruleSet.interfaces.values()) {
    const named = filter.interfaces === undefined || filter.interfaces.includes(face.id);
    const grouped =
      filter.groups === undefined || face.groupIds.some((id) => filter.groups?.includes(id));
    const placed =
      filter.vpcs === undefined || (face.vpcId !== undefined && filter.vpcs.includes(face.vpcId));
    if (named && grouped && placed) ids.add(face.id);
  }
  if (filter.groups !== undefined || filter.vpcs !== undefined) return ids;
  for (const id of filter.interfaces ?? []) ids.add(id);
  return ids;
}

// Interfaces that the rule set does not hold carry the attached groups, and nobody knows their VPC.
function attachedPass(ruleSet: RuleSet, filter: RecordFilter): boolean {
  if (filter.interfaces !== undefined || filter.vpcs !== undefined) return false;
  return ruleSet.attach.some((id) => filter.groups?.includes(id));
}

function passingOf(baseline: RunTimeline, filter: RecordFilter): Passing {
  const all =
    filter.interfaces === undefined && filter.groups === undefined && filter.vpcs === undefined;
  if (all) return { all, ids: [], others: true };
  const ruleSets = baseline.periods.map(({ ruleSet }) => ruleSet);
  return {
    all,
    ids: [...new Set(ruleSets.flatMap((ruleSet) => [...passingIds(ruleSet, filter)]))],
    others: ruleSets.some((ruleSet) => attachedPass(ruleSet, filter)),
  };
}

// Of timelines of one period: the core asks no further where a candidate changes nothing.
function alikeOf(
  [baseline, ...others]: readonly RunTimeline[],
  interfaceIds: readonly string[],
): (readonly number[])[] {
  const numbers = new Map(interfaceIds.map((id, index) => [id, index]));
  const alike = others.map(({ periods }) => {
    if (baseline?.periods.length !== 1 || periods.length !== 1) return [];
    const ids = alikeInterfaces(baseline.periods[0]!.ruleSet, periods[0]!.ruleSet);
    return ids.map((id) => numbers.get(id)!);
  });
  return [[], ...alike];
}

/**
 * Compiles the rules of a run. Throws FlowErrors for rule sets that cannot be compiled, and for timelines that are not in
 * order of time.
 */
export function compileRun({ timelines, timers, filter }: RunRulesInput): RunRules {
  const images = timelineImages(timelines);
  const rules = compileRuleSets(images.ruleSets, timers ?? DEFAULT_TIMERS);
  const { names, interfaceIds } = rules[0]!;
  return {
    images: rules.map(({ image, rules }) => ({ image, ruleIds: rules.map(({ id }) => id) })),
    names,
    interfaceIds,
    timelines: images.timelines.map((periods, i) => ({ kind: timelines[i]!.kind, periods })),
    passing: passingOf(timelines[0]!, filter ?? {}),
    alike: alikeOf(timelines, interfaceIds),
  };
}
