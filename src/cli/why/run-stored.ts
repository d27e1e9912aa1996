// The work of `why` over summaries: openers instead of records.

import { FlowError } from "../../errors.js";
import { sameAddress } from "../../model/address.js";
import type { FlowRecord } from "../../model/record.js";
import type { Timeline } from "../../model/timeline.js";
import {
  effectiveDestination,
  effectiveSource,
  type HypotheticalFlow,
  hasPorts,
} from "../../reference/index.js";
import { type ExplainedFlow, flowReport } from "../../report/explanation-flow.js";
import type { Report } from "../../report/report.js";
import type { Ground } from "../../report/report-ground.js";
import type { SeenOpener } from "../../report/seen-openers.js";
import type { WhyFlags } from "../commands/why.js";
import { concludeRun } from "../survey/conclude.js";
import type { LoadedTimeline } from "../survey/load-timeline.js";
import { runSurvey } from "../survey/run-survey.js";
import type { Terminal } from "../terminal.js";
import { openersLike, openersOf, openersSampled } from "./find-openers.js";
import { recordOf, splitFileLine } from "./find-record.js";
import { explained, flowsOf } from "./run-flow.js";

export interface StoredQuestion {
  /** A line, or FILE:LINE; `undefined` with --flow. */
  readonly text: string | undefined;
  readonly fields: readonly string[] | undefined;
  readonly baseline: LoadedTimeline;
  readonly candidates: readonly Timeline[];
  /** Summaries and logs to look in. */
  readonly context: readonly string[];
}

/**
 * Explains the openings that summaries hold of a flow, of a record, or of a place that a report names as a sample.
 * Gives the exit code too.
 */
export async function explainStored(
  { text, fields, baseline, candidates, context }: StoredQuestion,
  flags: WhyFlags,
  terminal: Terminal,
): Promise<{ readonly report: Report; readonly code: number }> {
  // The filter of a survey has the same name.
  const { at, flow: flows = [], from: _, ...survey } = flags;
  const wanted = { baseline, candidates, openers: "all" } as const;
  const run = await runSurvey(context, survey, wanted, terminal);
  const { summary, openers, openersDropped } = run.survey;
  const ground: Ground = { summary, openersDropped };
  const timelines = [baseline.timeline, ...candidates];
  const asked =
    text === undefined
      ? flowsOf(flows, at, baseline.timeline).map((flow) =>
          explained(flow, timelines, openersLike(flow, openers)),
        )
      : await aboutRecord(text);
  const code = concludeRun(summary, run.found, terminal);
  return { report: flowReport(asked, ground), code };

  async function aboutRecord(question: string): Promise<readonly ExplainedFlow[]> {
    const record = await recordOf(question, fields);
    const place = splitFileLine(question);
    let seen: readonly SeenOpener[] = [];
    if (record !== undefined) seen = openersOf(record, openers);
    else if (place !== undefined) seen = openersSampled(place.file, place.line, openers);
    if (seen.length === 0) throw notSeen(question, record);
    return seen.flatMap((each) =>
      openingsOf(each, record).map((flow) => explained(flow, timelines, [each])),
    );
  }
}

function notSeen(question: string, record: FlowRecord | undefined): FlowError {
  return record === undefined
    ? new FlowError("record-missing", "it is no sample of the summaries, and no such file", {
        at: question,
        hint: "a summary names up to three records of every row; give the log itself, or the line in quotes",
      })
    : new FlowError("opener-missing", "the summaries hold no connection of this record", {
        hint: "they may be of another time, or the interface has no groups in the rules; ask about the rules alone with --flow",
      });
}

/** The openings that a row stands for: of an unknown opener both readings (semantics 4.6). */
function openingsOf(
  { opener, role }: SeenOpener,
  record: FlowRecord | undefined,
): readonly HypotheticalFlow[] {
  const { interfaceId, protocol, remote, direction } = opener;
  const common = { interfaceId, protocol, remote, icmp: null };
  const time = record?.start ?? opener.first;
  if (record === undefined) {
    if (direction === null)
      throw new FlowError(
        "opener-undecided",
        "nobody knows who opened it, and a summary does not hold the ports of both ends",
        { hint: "give the record itself, in quotes" },
      );
    const port = opener.port ?? 0;
    return [{ ...common, direction, local: null, port, clientPort: null, time }];
  }
  const source = effectiveSource(record);
  const destination = effectiveDestination(record);
  const ported = hasPorts(protocol);
  const isSender = source !== null && sameAddress(source, remote);
  const local = isSender ? destination : source;
  const [near, far] = isSender
    ? [record.dstPort, record.srcPort]
    : [record.srcPort, record.dstPort];
  const directions =
    direction === null || role === "undecided" ? (["ingress", "egress"] as const) : [direction];
  return directions.map((way): HypotheticalFlow => {
    const [port, clientPort] = way === "ingress" ? [near, far] : [far, near];
    const ports = ported ? { port: port ?? 0, clientPort } : { port: 0, clientPort: null };
    return { ...common, direction: way, local, ...ports, time };
  });
}
