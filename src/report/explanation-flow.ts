// The answer of `why --flow`, and of `why` over summaries: would such a connection be let through?

import { formatAddress } from "../model/address.js";
import type { FlowExplanation, HypotheticalFlow } from "../reference/index.js";
import { endSection } from "./explanation-ends.js";
import { endDocument, rulingCell } from "./explanation-parts.js";
import type { Style } from "./paint.js";
import { protocolPort, timestamp } from "./quantity.js";
import type { Json, Report } from "./report.js";
import type { Block, Cell, Item, ReportBody, Section } from "./report-body.js";
import { paragraph, toned } from "./report-body.js";
import {
  type Ground,
  groundHead,
  groundKeys,
  groundLead,
  groundSections,
} from "./report-ground.js";
import { type SeenOpener, seenDocument, seenSection } from "./seen-openers.js";
import { coverageFindings } from "./summary-json.js";

/** A flow with its explanation under the rules, and under each candidate. */
export interface ExplainedFlow {
  readonly flow: HypotheticalFlow;
  readonly baseline: FlowExplanation;
  readonly candidates: readonly FlowExplanation[];
  /** Connections of the log that are like it; null where no log was asked. */
  readonly seen: readonly SeenOpener[] | null;
}

const STYLES: Readonly<Record<string, Style>> = {
  "newly-denied": "bad",
  "newly-allowed": "warn",
  undetermined: "warn",
  unchanged: "good",
};

function endpoint(address: string, family: 4 | 6, port: string): string {
  if (port === "") return address;
  return family === 6 ? `[${address}]:${port}` : `${address}:${port}`;
}

function flowSentence({ flow, baseline }: ExplainedFlow): string {
  const { protocol, remote, direction, clientPort, port, icmp, interfaceId } = flow;
  const hasPorts = protocol === 6 || protocol === 17;
  const near = baseline.ends.find(({ side }) => side === "named")?.local ?? interfaceId;
  const served = hasPorts ? String(port) : "";
  const client = hasPorts ? String(clientPort ?? "*") : "";
  const [far, own] = direction === "ingress" ? [client, served] : [served, client];
  const there = endpoint(formatAddress(remote), remote.family, far);
  const here = endpoint(near, remote.family, own);
  const type = icmp === null ? "" : ` type ${icmp.type} code ${icmp.code ?? "any"}`;
  const [from, to] = direction === "ingress" ? [there, here] : [here, there];
  return `${protocolPort(protocol, null)}${type} ${from} → ${to}, ${direction} at ${interfaceId}`;
}

function decided({ verdict, reason, decidedAt, ends }: FlowExplanation): Cell[] {
  if (ends.length > 1)
    return [verdict === "allow" ? "Both ends let it through." : `Decided at ${decidedAt}.`];
  if (verdict !== "allow" || reason === "not-filtered") return [];
  return ["The other end is no interface of the rules: what is there may still refuse it."];
}

function candidateItem({
  name,
  change,
  verdict,
  reason,
  detail,
  decidedAt,
}: FlowExplanation): Item {
  const named = detail === "" ? "" : ` (${detail})`;
  const where = verdict === "allow" ? "" : ` at ${decidedAt}`;
  const text = `${name}: ${change}; ${verdict}, ${reason}${named}${where}`;
  return { text: toned(text, STYLES[change ?? ""] ?? "warn") };
}

type End = FlowExplanation["ends"][number];

function isSame(a: End, b: End): boolean {
  return a.verdict === b.verdict && a.reason === b.reason && a.detail === b.detail;
}

/** One line per candidate, then the ends whose answer is another. */
function candidateSections({ baseline, candidates }: ExplainedFlow): Section[] {
  if (candidates.length === 0) return [];
  const list: Block = { kind: "list", items: candidates.map(candidateItem) };
  const differs = (end: End): boolean =>
    !baseline.ends.some((own) => own.interfaceId === end.interfaceId && isSame(own, end));
  return [
    { heading: "Candidates", blocks: [list] },
    ...candidates.flatMap(({ name, ends }) =>
      ends.filter(differs).map((end) => {
        const { heading, blocks } = endSection({ ...end, side: "named" });
        return { heading: `Under ${name}, ${heading}`, blocks };
      }),
    ),
  ];
}

/** What `why` says of a record out of its log, and cannot say here. */
const NO_RECORDS =
  "Told from connections that were summed up by their openings: not which record made an entry, nor what AWS did with one record.";

function flowBody(explained: readonly ExplainedFlow[], ground: Ground | null): ReportBody {
  const several = explained.length > 1;
  const lead = explained.map((each): Block => {
    const { baseline } = each;
    const since: Cell[] =
      baseline.rulesFrom === 0 ? [] : [`by the rules from ${timestamp(baseline.rulesFrom)} on`];
    return {
      kind: "lines",
      lines: [flowSentence(each), ...since, rulingCell(baseline), ...decided(baseline)],
    };
  });
  return {
    title: titleOf(explained),
    lead: ground === null ? lead : groundLead(ground, [...lead, paragraph(NO_RECORDS)]),
    sections: [
      ...explained.flatMap((each) => [
        ...(each.seen === null ? [] : [seenSection(each.seen, seenHeading(each, several))]),
        ...each.baseline.ends.map(endSection),
        ...candidateSections(each),
      ]),
      ...(ground === null ? [] : groundSections(ground)),
    ],
  };
}

function titleOf(explained: readonly ExplainedFlow[]): string {
  const asked = explained.some(({ seen }) => seen?.some(({ role }) => role !== null) === true);
  const word = asked ? "Opening" : "Hypothetical flow";
  return explained.length > 1 ? `${word}s` : word;
}

function seenHeading({ flow }: ExplainedFlow, several: boolean): string {
  return several ? `Seen in the log, ${flow.direction} at ${flow.interfaceId}` : "Seen in the log";
}

function flowDocument({ flow, baseline, candidates, seen }: ExplainedFlow): Json {
  const { remote, local, ...rest } = flow;
  const answer = ({ ends, name, ...each }: FlowExplanation): Json => ({
    ...each,
    ends: ends.map(({ side, ...end }) => ({ side, ...endDocument(end) })),
  });
  const { change: _, ...own } = answer(baseline);
  return {
    flow: {
      ...rest,
      remote: formatAddress(remote),
      local: local === null ? null : formatAddress(local),
    },
    ...own,
    candidates: candidates.map((each) => ({ name: each.name, ...answer(each) })),
    seen: seen?.map(seenDocument) ?? null,
  };
}

/** One answer per interface that was named; `ground` is the log that was asked what it saw of them. */
export function flowReport(
  explained: readonly ExplainedFlow[],
  ground: Ground | null = null,
): Report {
  return {
    name: "why",
    document: () => ({
      flows: explained.map(flowDocument),
      ...(ground === null ? {} : groundKeys(ground)),
    }),
    head: () => ({
      flows: explained.length,
      ...(ground === null ? {} : groundHead(ground)),
    }),
    findings: () => [
      ["flow", explained.map(flowDocument)],
      ...(ground === null ? [] : coverageFindings(ground.summary.coverage)),
    ],
    body: () => flowBody(explained, ground),
  };
}
