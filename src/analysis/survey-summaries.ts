import * as c from "../contract.js";
import { FlowError } from "../errors.js";
import {
  CHANGES,
  type Change,
  type ChangeCounts,
  type JudgedOpener,
  type OpenerRuling,
} from "../model/opener.js";
import type { Timeline } from "../model/timeline.js";
import { REASONS, type Reason } from "../model/verdict.js";
import { JudgedOpeners, noChanges } from "./judged-openers.js";
import type { OpenerSummary } from "./opener-summary.js";
import { judgeSummaries } from "./stored-core.js";
import type { Summary } from "./summary.js";
import type { Survey } from "./survey.js";

export interface StoredSurveyOptions {
  readonly core: WebAssembly.Module;
  readonly baseline: Timeline;
  readonly candidates: readonly Timeline[];
  readonly openers: "all" | "changed";
}

/**
 * What survey() says of logs, from their summaries. The same connections, verdicts and rows, but for what a summary does
 * not hold: fidelity and what disagrees with the log (actions of single records), dated rule sets and cut-overs (when
 * each connection was opened), clients that load balancers admitted (semantics 3.5d), late and expired packets, and the
 * client ports an ACL may tell apart. Throws `summary-undated` for a timeline of several periods.
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
  // All rows are kept: the records of unchanged ones are counted too.
  const stored = await judgeSummaries(options.core, summaries, timelines, c.FOLD_ALL);
  const { core, rules, files, openersDropped } = stored;
  const names = {
    details: rules[0]!.names,
    ruleIds: rules.map((each) => each.rules.map(({ id }) => id)),
    files,
    candidates: options.candidates.map((_, i) => ({ judged: 1 + i, cutOver: undefined })),
  };
  const judged = new JudgedOpeners(core, names);
  const connections = judged.connectionChanges(isFiltered);
  const records = options.candidates.map(() => noChanges());
  const bytes = options.candidates.map(() => noChanges());
  const rows: JudgedOpener[] = [];
  const tally = newTally(stored.summary);
  for (const row of judged.rows()) {
    row.changes.forEach(({ change }, i) => {
      records[i]![change] += row.forward + row.replies;
      bytes[i]![change] += row.bytes;
    });
    addRow(tally, row);
    // What no rule set filters is no connection in a survey of the log.
    if (!row.rulings.some(isFiltered)) continue;
    if (fold === c.FOLD_ALL || isChanged(row)) rows.push(row);
  }
  const alone = tally.alone;
  return {
    summary: summaryOf(stored.summary, judged.verdicts(), tally, options.baseline),
    candidates: options.candidates.map(({ name }, i) => ({
      name,
      connections: connections[i]!,
      records: withUnchanged(records[i]!, alone),
      bytes: bytes[i]!,
    })),
    openers: rows,
    openersDropped,
  };
}

// By a group: of interfaces without groups, or that no document names, only the summary knows connections.
function isFiltered({ reason, detail }: OpenerRuling): boolean {
  return reason !== "no-groups" && (reason !== "interface-not-in-snapshot" || detail !== "");
}

function isChanged(row: JudgedOpener): boolean {
  return row.changes.some(({ change }) => change !== "unchanged");
}

// Records that need no connection are the same under every rule set.
function withUnchanged(counts: Record<Change, number>, alone: number): ChangeCounts {
  return Object.fromEntries(
    CHANGES.map((change) => [change, counts[change] + (change === "unchanged" ? alone : 0)]),
  ) as ChangeCounts;
}

/** Records as the rows say they are judged. */
interface Tally {
  readonly reasons: Record<Reason, number>;
  readonly verdicts: { allow: number; deny: number; unknown: number };
  readonly faces: Map<string, { allow: number; deny: number; unknown: number }>;
  readonly rules: Map<string, { records: number; bytes: number; connections: number }>;
  /** Records that need no connection. */
  readonly alone: number;
}

function newTally(stored: Summary | null): Tally {
  const reasons = Object.fromEntries(
    REASONS.map((reason) => [reason, stored?.reasons[reason] ?? 0]),
  ) as Record<Reason, number>;
  const alone = REASONS.reduce((sum, reason) => sum + reasons[reason], 0);
  const verdicts = {
    allow: reasons["not-filtered"],
    deny: 0,
    unknown: reasons["missing-field"] + reasons["no-direction"],
  };
  return { reasons, verdicts, faces: new Map(), rules: new Map(), alone };
}

function addRow(tally: Tally, row: JudgedOpener): void {
  const ruling: OpenerRuling = row.rulings[0]!;
  const { verdict, reason } = ruling;
  tally.reasons[reason] += row.forward;
  tally.reasons[replyReason(ruling)] += row.replies;
  tally.verdicts[verdict] += row.forward + row.replies;
  const face = tally.faces.get(row.interfaceId) ?? { allow: 0, deny: 0, unknown: 0 };
  face[verdict] += row.forward + row.replies;
  tally.faces.set(row.interfaceId, face);
  for (const id of ruling.rules) {
    const hits = tally.rules.get(id) ?? { records: 0, bytes: 0, connections: 0 };
    hits.records += row.forward;
    hits.bytes += row.bytes;
    hits.connections += row.connections;
    tally.rules.set(id, hits);
  }
}

// Semantics 5.2, 5.3; without groups replies are as free as what they answer.
function replyReason({ verdict, reason }: OpenerRuling): Reason {
  if (reason === "no-groups" || verdict === "unknown") return reason;
  return verdict === "allow" ? "reply" : "reply-to-denied";
}

function summaryOf(
  stored: Summary | null,
  verdicts: Iterable<readonly [OpenerRuling, number]>,
  tally: Tally,
  baseline: Timeline,
): Summary {
  if (stored === null) throw new RangeError("no summary to judge");
  const connections = { allow: 0, deny: 0, unknown: 0 };
  for (const [ruling, count] of verdicts)
    if (isFiltered(ruling)) connections[ruling.verdict] += count;
  const { ruleSet } = baseline.periods[0]!;
  const known = (id: string): boolean => ruleSet.interfaces.has(id) || ruleSet.attach.length > 0;
  const list = stored.coverage.interfaces.list.map((face) => ({
    ...face,
    ...(tally.faces.get(face.id) ?? {}),
    inRuleSet: known(face.id),
  }));
  return {
    ...stored,
    ofOpeners: true,
    verdicts: tally.verdicts,
    reasons: tally.reasons,
    connections: {
      ...stored.connections,
      ...connections,
      total: connections.allow + connections.deny + connections.unknown,
    },
    rules: [...ruleSet.groups.values()].flatMap(({ rules }) =>
      rules.map(({ id }) => ({
        id,
        ...(tally.rules.get(id) ?? { records: 0, bytes: 0, connections: 0 }),
      })),
    ),
    coverage: {
      ...stored.coverage,
      interfaces: {
        ...stored.coverage.interfaces,
        withRules: list.filter((face) => face.inRuleSet).length,
        withoutRules: list.filter((face) => !face.inRuleSet).length,
        list,
      },
    },
  };
}
