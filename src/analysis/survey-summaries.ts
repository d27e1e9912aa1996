import * as c from "../contract.js";
import type { Core } from "../core/core.js";
import type { ReusableCore } from "../core/reusable-core.js";
import { FlowError } from "../errors.js";
import type { Change, OpenerRuling } from "../model/opener.js";
import type { Timeline } from "../model/timeline.js";
import { REASONS, type Reason, type Verdict } from "../model/verdict.js";
import { interfaceName } from "./core-summary.js";
import { JudgedOpeners, noChanges, type StoredVector } from "./judged-openers.js";
import type { OpenerSummary } from "./opener-summary.js";
import { storageNotes } from "./storage-notes.js";
import { gradesOfOpeners, judgeSummaries, type StoredCore } from "./stored-core.js";
import type { Summary } from "./summary.js";
import type { Survey } from "./survey.js";

export interface StoredSurveyOptions {
  /** One that is used again: what is surveyed is void when the next is. */
  readonly core: WebAssembly.Module | ReusableCore;
  readonly baseline: Timeline;
  readonly candidates: readonly Timeline[];
  readonly openers: "all" | "changed";
}

/**
 * What survey() says of logs, from their summaries. The same connections, verdicts and rows, but for what a summary does
 * not hold: fidelity and what disagrees with the log (actions of single records), dated rule sets and cut-overs (when
 * each connection was opened), which connections of a row came after an interface was attached (3.5c), clients that load
 * balancers admitted (3.5d), late and expired packets, and the client ports an ACL may tell apart. Connections that the
 * attach times and the ports leave undetermined are counted in notes (STORAGE_NOTES). Throws `summary-undated` for a timeline of several periods.
 */
export async function surveySummaries(
  summaries: readonly OpenerSummary[],
  options: StoredSurveyOptions,
): Promise<Survey> {
  const timelines = [options.baseline, ...options.candidates];
  for (const { name, periods } of timelines)
    if (periods.length > 1)
      throw new FlowError("summary-undated", "a summary does not tell when connections opened", {
        at: name,
        hint: "give the logs themselves for dated rule sets and --at",
      });
  const fold = options.openers === "all" ? c.FOLD_ALL : c.FOLD_CHANGED;
  const stored = await judgeSummaries(options.core, summaries, timelines, fold);
  const { core, rules, files, openersDropped } = stored;
  const judged = new JudgedOpeners(core, {
    details: rules.names,
    ruleIds: rules.images.map(({ ruleIds }) => ruleIds),
    files,
    candidates: options.candidates.map((_, i) => ({ judged: 1 + i, cutOver: undefined })),
  });
  const tally = newTally(stored.summary, options.candidates.length);
  for (const vector of judged.storedVectors()) addVector(tally, vector);
  const ruleSets = timelines.map(({ periods }) => periods[0]!.ruleSet);
  const summary = summaryOf(stored, tally, options.baseline);
  const { coverage } = summary;
  const notes = [...storageNotes(judged, ruleSets), ...coverage.notes];
  return {
    summary: { ...summary, coverage: { ...coverage, notes } },
    candidates: options.candidates.map(({ name }, i) => ({ name, ...tally.changes[i]! })),
    openers: judged,
    openersDropped,
  };
}

interface Counts {
  readonly connections: Record<Change, number>;
  readonly records: Record<Change, number>;
  readonly bytes: Record<Change, number>;
}

type Verdicts = Record<Verdict, number>;

/** Records, and connections by what changes, as the rows say they are judged. */
interface Tally {
  readonly reasons: Record<Reason, number>;
  readonly verdicts: Verdicts;
  readonly rules: Map<string, { records: number; bytes: number; connections: number }>;
  /** Per candidate. */
  readonly changes: readonly Counts[];
}

function newTally(stored: Summary | null, candidates: number): Tally {
  const reasons = Object.fromEntries(
    REASONS.map((reason) => [reason, stored?.reasons[reason] ?? 0]),
  ) as Record<Reason, number>;
  // Records that need no connection are the same under every rule set.
  const alone = REASONS.reduce((sum, reason) => sum + reasons[reason], 0);
  const changes = Array.from({ length: candidates }, () => ({
    connections: noChanges(),
    records: { ...noChanges(), unchanged: alone },
    bytes: noChanges(),
  }));
  const verdicts = {
    allow: reasons["not-filtered"],
    deny: 0,
    unknown: reasons["missing-field"] + reasons["no-direction"],
  };
  return {
    reasons,
    verdicts,
    rules: new Map(),
    changes,
  };
}

function addVector(tally: Tally, vector: StoredVector): void {
  const { rulings, changes, connections, forward, replies, bytes } = vector;
  const ruling = rulings[0]!;
  const { verdict, reason } = ruling;
  tally.reasons[reason] += forward;
  tally.reasons[replyReason(ruling)] += replies;
  tally.verdicts[verdict] += forward + replies;
  changes.forEach(({ change }, i) => {
    const counts = tally.changes[i]!;
    counts.connections[change] += connections;
    counts.records[change] += forward + replies;
    counts.bytes[change] += bytes;
  });
  for (const id of ruling.rules) {
    const hits = tally.rules.get(id) ?? { records: 0, bytes: 0, connections: 0 };
    hits.records += forward;
    hits.bytes += bytes;
    hits.connections += connections;
    tally.rules.set(id, hits);
  }
}

/** Records per verdict of each interface. */
function faceVerdicts(core: Core): ReadonlyMap<string, Verdicts> {
  return new Map(
    Array.from({ length: core.interfacesSeen }, (_, i) => {
      const at = core.interfaceState(i) + c.STATE_ALLOW;
      const { memory } = core;
      return [
        interfaceName(core, i),
        { allow: memory.u64(at), deny: memory.u64(at + 8), unknown: memory.u64(at + 16) },
      ];
    }),
  );
}

// Semantics 5.2, 5.3; without groups replies are as free as what they answer.
function replyReason({ verdict, reason }: OpenerRuling): Reason {
  if (reason === "no-groups" || verdict === "unknown") return reason;
  return verdict === "allow" ? "reply" : "reply-to-denied";
}

function summaryOf({ core, summary }: StoredCore, tally: Tally, baseline: Timeline): Summary {
  if (summary === null) throw new RangeError("no summary to judge");
  const stored = summary;
  const faces = faceVerdicts(core);
  // Those that groups judge (semantics 9.4).
  const [allow = 0, deny = 0, unknown = 0] = [0, 1, 2].map((i) => core.counter(c.COUNT_STORED + i));
  const { ruleSet } = baseline.periods[0]!;
  const known = (id: string): boolean => ruleSet.interfaces.has(id) || ruleSet.attach.length > 0;
  const list = stored.coverage.interfaces.list.map((face) => ({
    ...face,
    ...faces.get(face.id),
    inRuleSet: known(face.id),
  }));
  return {
    ...stored,
    ofOpeners: true,
    verdicts: tally.verdicts,
    reasons: tally.reasons,
    grades: gradesOfOpeners(core, stored),
    connections: {
      ...stored.connections,
      allow,
      deny,
      unknown,
      total: allow + deny + unknown,
    },
    rules: [...ruleSet.groups.values()].flatMap(({ rules }) =>
      rules.map(({ id }) => ({
        id,
        ...(tally.rules.get(id) ?? { records: 0, bytes: 0, connections: 0 }),
      })),
    ),
    coverage: {
      ...stored.coverage,
      openingsAssumed: core.counter(c.COUNT_OPENINGS_ASSUMED),
      interfaces: {
        ...stored.coverage.interfaces,
        withRules: list.filter((face) => face.inRuleSet).length,
        withoutRules: list.filter((face) => !face.inRuleSet).length,
        list,
      },
    },
  };
}
