import type { Address } from "../model/address.js";
import { formatAddress } from "../model/address.js";
import type { Change } from "../model/opener.js";
import type { RuleSet } from "../model/rule-set.js";
import type { Timeline } from "../model/timeline.js";
import type { Direction, Reason, Verdict } from "../model/verdict.js";
import { bookAt, bookLine } from "./book-line.js";
import { changeOf } from "./change.js";
import { type EndExplanation, explainEnd, type Opening } from "./explain-end.js";
import { type IcmpKind, opposite } from "./flow.js";
import { bookOf } from "./rule-book.js";
import { ownersOf, type Snapshot } from "./snapshot.js";

/** A connection that nobody saw: would it be let through? */
export interface HypotheticalFlow {
  readonly interfaceId: string;
  /** Of the opening at that interface. */
  readonly direction: Direction;
  readonly protocol: number;
  readonly remote: Address;
  /** `null`: the interface's own, where known. */
  readonly local: Address | null;
  /** Served port; 0 where ports do not matter. */
  readonly port: number;
  /** `null`: any. */
  readonly clientPort: number | null;
  readonly icmp: IcmpKind | null;
  /** Unix seconds: which rules of a history hold, and who is a member (semantics 3.5c, 6.5). */
  readonly time: number;
}

/** What both ends of a hypothetical flow say, in the order of the packet: first the end that it leaves. */
export interface FlowExplanation {
  /** Of the timeline that judged it. */
  readonly name: string;
  /** From which second its rules hold; 0 = from the beginning of time. */
  readonly rulesFrom: number;
  /** Denied where one end denies; else unknown where one end is; reason and detail are that end's. */
  readonly verdict: Verdict;
  readonly reason: Reason;
  readonly detail: string;
  /** The end that decided. */
  readonly decidedAt: string;
  /** The interface that was named comes with its `side` told; the other one where its address is in the rule set. */
  readonly ends: readonly (EndExplanation & { readonly side: "named" | "other" })[];
  readonly change: Change | null;
}

/** Explains a flow under several timelines; changes are against the first. Cost: linear in the rules of both ends. */
export function explainFlow(
  flow: HypotheticalFlow,
  timelines: readonly Timeline[],
): readonly FlowExplanation[] {
  const explained = timelines.map((timeline) => explainIn(flow, timeline));
  const [baseline] = explained;
  return explained.map((each, i) =>
    i === 0 || baseline === undefined ? each : { ...each, change: changeOf(baseline, each) },
  );
}

function explainIn(flow: HypotheticalFlow, timeline: Timeline): FlowExplanation {
  const ruleSets = [...new Set(timeline.periods.map(({ ruleSet }) => ruleSet))];
  const books = new Map(ruleSets.map((ruleSet) => [ruleSet, bookOf(ruleSet, [])] as const));
  const line = bookLine(timeline, books);
  const book = bookAt(line, flow.time);
  const index = line.periods.findIndex((period) => period.book === book);
  const ends = endsOf(flow, book.snapshot);
  const decides =
    ends.find(({ verdict }) => verdict === "deny") ??
    ends.find(({ verdict }) => verdict === "unknown") ??
    ends.find(({ side }) => side === "named");
  if (decides === undefined) throw new Error("a flow has at least one end");
  return {
    name: timeline.name,
    rulesFrom: index <= 0 ? 0 : (line.periods[index]?.from ?? 0),
    verdict: decides.verdict,
    reason: decides.reason,
    detail: decides.detail,
    decidedAt: decides.interfaceId,
    ends,
    change: null,
  };
}

function endsOf(flow: HypotheticalFlow, snapshot: Snapshot): FlowExplanation["ends"] {
  const { interfaceId, direction, protocol, remote, port, clientPort, time } = flow;
  const local = flow.local ?? addressOf(snapshot.ruleSet, interfaceId, remote.family);
  const icmp = flow.icmp ?? undefined;
  const opening: Opening = {
    ...{ direction, protocol, local, remote, port, clientPort, time, icmp },
    clientAccepted: () => false,
  };
  const named = { side: "named" as const, ...explainEnd(snapshot, interfaceId, opening) };
  const others = local === null ? [] : ownersOf(snapshot, remote);
  const there = [...new Set(others.map(({ id }) => id))]
    .filter((id) => id !== interfaceId)
    .sort()
    .map((id) => {
      const turned: Opening = {
        ...opening,
        direction: opposite(direction),
        local: remote,
        remote: local ?? remote,
      };
      return { side: "other" as const, ...explainEnd(snapshot, id, turned) };
    });
  return direction === "egress" ? [named, ...there] : [...there, named];
}

/** The first address of an interface of a family: what it sends from, unless told otherwise. */
function addressOf(ruleSet: RuleSet, interfaceId: string, family: 4 | 6): Address | null {
  const owner = ruleSet.interfaces.get(interfaceId);
  return owner?.addresses.find((address) => address.family === family) ?? null;
}

/** The interfaces that an address belongs to, by id. */
export function interfacesAt(ruleSet: RuleSet, address: Address): readonly string[] {
  const wanted = formatAddress(address);
  const owners = [...ruleSet.interfaces.values()].filter(({ addresses }) =>
    addresses.some((each) => formatAddress(each) === wanted),
  );
  return owners.map(({ id }) => id).sort();
}
