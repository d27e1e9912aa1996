import * as c from "../contract.js";
import type { Core } from "../core/core.js";
import type { RuleSet } from "../model/rule-set.js";
import { always } from "../model/timeline.js";
import { REASONS, type Reason } from "../model/verdict.js";
import { borderOrder } from "./border-order.js";
import { interfaceName } from "./core-summary.js";
import { neutralRules } from "./neutral-rules.js";
import { type OpenerSummary, SUMMARY_VERSION } from "./opener-summary.js";
import type { EvaluateOptions, LogInput } from "./options.js";
import { Run } from "./run.js";
import type { Summary } from "./summary.js";

export interface SummarizeOptions extends Omit<EvaluateOptions, "ruleSet" | "shard"> {
  /** Where the addresses and timers of interfaces come from; its rules are not asked. */
  readonly facts?: RuleSet;
  /** Name and version of the program. */
  readonly tool: string;
}

const ROWS_AT_ONCE = 65_536;

/** Reasons that no rule changes: those of records that need no connection. */
const OF_RECORDS: ReadonlySet<Reason> = new Set(["not-filtered", "missing-field", "no-direction"]);

/** Sums up logs as rows of openers. Memory: one row of 128 bytes per kind of opener, twelve million at most. */
export async function summarize(
  inputs: readonly LogInput[],
  options: SummarizeOptions,
): Promise<OpenerSummary> {
  const { facts, tool, ...rest } = options;
  const baseline = { ...always("summary", neutralRules(facts)), kind: c.TIMELINE_JUDGES };
  const run = await Run.start({ ...rest, timelines: [baseline], fold: c.FOLD_SUMMARY }, []);
  for await (const _ of run.read(inputs)) {
    // Nothing is emitted: the generator is only driven.
  }
  run.core.foldRest();
  return openerSummaryOf(run, run.summary(), facts, tool);
}

/** What a run leaves when all connections are folded, as a summary; `summary` is what the run counted. */
export function openerSummaryOf(
  run: Run,
  summary: Summary,
  facts: RuleSet | undefined,
  tool: string,
): OpenerSummary {
  const { core } = run;
  return {
    facts: {
      version: SUMMARY_VERSION,
      tool,
      interfaces: Array.from({ length: core.interfacesSeen }, (_, i) => interfaceName(core, i)),
      files: [...run.files],
      addressesKnown: facts !== undefined && facts.interfaces.size > 0,
      ...timersOf(core),
      openersDropped: core.counter(c.COUNT_OPENERS_DROPPED),
      borderDropped: core.counter(c.COUNT_BORDER_DROPPED),
      summary: withoutRules(summary, facts),
    },
    rows: () => rowsOf(core),
    borders: () => bordersOf(core),
  };
}

/** The timers of a core, as facts tell them. */
export function timersOf(core: Core): Pick<OpenerSummary["facts"], "timers" | "timersOf"> {
  const timers = core.timers(core.interfaceTemplate);
  const usual = timers.join();
  const others: Record<string, readonly number[]> = {};
  for (let i = 0; i < core.interfacesSeen; i++) {
    const own = core.timers(core.interfaceState(i));
    if (own.join() !== usual) others[interfaceName(core, i)] = own;
  }
  return { timers, timersOf: others };
}

/** Rows of openers of a core, in chunks of whole rows. */
export function rowsOf(core: Core): Generator<Uint8Array> {
  const count = core.openersEnd - 1;
  return chunksOf(core, count, c.OPENING_BYTES, (i) => core.openerRow(1 + i));
}

/** The connections that a core keeps by themselves, in order of their first start. */
export function bordersOf(core: Core): Generator<Uint8Array> {
  const count = core.borderEnd - 1;
  // Numbers below 2^53: the order, and below it the row.
  const order = Float64Array.from({ length: count }, (_, i) => {
    const row = core.borderRow(1 + i);
    return borderOrder((at) => core.memory.u32(row + at)) * ORDER_ROWS + i;
  }).sort();
  return chunksOf(core, count, c.BORDER_BYTES, (i) => core.borderRow(1 + (order[i]! % ORDER_ROWS)));
}

/** As many as connections that can stand at borders. */
const ORDER_ROWS = 2 ** 19;

function* chunksOf(
  core: Core,
  rows: number,
  bytes: number,
  rowAt: (i: number) => number,
): Generator<Uint8Array> {
  for (let from = 0; from < rows; from += ROWS_AT_ONCE) {
    const count = Math.min(ROWS_AT_ONCE, rows - from);
    const chunk = new Uint8Array(count * bytes);
    for (let i = 0; i < count; i++) {
      const at = rowAt(from + i);
      chunk.set(core.memory.bytes.subarray(at, at + bytes), i * bytes);
    }
    yield chunk;
  }
}

// What stands in it is true under any rules: what the group that nobody knows made of the records is taken out.
function withoutRules(summary: Summary, facts: RuleSet | undefined): Summary {
  const none = { allow: 0, deny: 0, unknown: 0 };
  const kept = REASONS.map((reason) => [
    reason,
    OF_RECORDS.has(reason) ? summary.reasons[reason] : 0,
  ]);
  const known = (id: string): boolean => facts?.interfaces.has(id) === true;
  const list = summary.coverage.interfaces.list.map((face) => ({
    ...face,
    ...none,
    inRuleSet: known(face.id),
  }));
  return {
    ...summary,
    verdicts: none,
    matrix: { accept: none, reject: none },
    reasons: Object.fromEntries(kept) as Summary["reasons"],
    connections: {
      ...none,
      total: summary.connections.total,
      evicted: summary.connections.evicted,
    },
    fidelity: null,
    causes: {},
    mismatches: { acceptedButDenied: [], rejectedButAllowed: [], more: 0 },
    rules: [],
    coverage: {
      ...summary.coverage,
      overTime: null,
      interfaces: { ...summary.coverage.interfaces, list },
    },
  };
}
