import { parseAddress } from "../../src/model/address.js";
import type { Change, JudgedOpener, OpenerRow, OpenerRuling } from "../../src/model/opener.js";
import type { RuleSet } from "../../src/model/rule-set.js";
import type { Direction, Reason } from "../../src/model/verdict.js";
import { type Answer, ask, policyOf } from "../../src/reference/policy.js";
import { snapshotOf } from "../../src/reference/snapshot.js";

const PROTOCOLS: Readonly<Record<string, number>> = { icmp: 1, tcp: 6, udp: 17, icmpv6: 58 };

/** What a row was made from: with an unknown opener both ports matter, and a row keeps the lower one alone. */
export interface RowSketch {
  readonly row: OpenerRow;
  /** Served port if the remote side opened, and if the local side did. */
  readonly ports: readonly [ingress: number, egress: number];
}

/**
 * A row in short form: `eni-1 ingress tcp/443 10.0.0.7 x3`, the last word its connections. `either tcp/443,50000` is a
 * connection of unknown opener: 443 is served if the remote side opened, 50000 if the local one did.
 */
export function sketchRow(text: string, more: Partial<OpenerRow> = {}): RowSketch {
  const [interfaceId = "", way = "", traffic = "", remoteText = "", times = "x1"] = text.split(" ");
  const [name = "", portText] = traffic.split("/");
  const remote = parseAddress(remoteText);
  if (remote === undefined) throw new Error(`${remoteText} is not an address`);
  const given = portText?.split(",").map(Number) ?? [];
  const [first = 0, second = first] = given;
  const connections = Number(times.slice(1));
  const row: OpenerRow = {
    interfaceId,
    direction: way === "either" ? null : (way as Direction),
    protocol: PROTOCOLS[name] ?? Number(name),
    remote,
    port: given.length === 0 ? null : portOf(way, first, second),
    grade: way === "either" ? "unknown" : "measured",
    action: "accepted",
    connections,
    openingsAssumed: 0,
    forward: 2 * connections,
    replies: connections,
    bytes: 100 * connections,
    first: 1_700_000_000,
    last: 1_700_000_060,
    samples: [{ file: "day.log", line: 7, start: 1_700_000_000 }],
    ...more,
  };
  return { row, ports: [first, second] };
}

function portOf(way: string, ingress: number, egress: number): number {
  if (way === "either") return Math.min(ingress, egress);
  return way === "ingress" ? ingress : egress;
}

/** What a rule set says of a row, by the reference: sections 3 and 4.6. */
export function rulingOf(ruleSet: RuleSet, { row, ports }: RowSketch): OpenerRuling {
  const owner = ruleSet.interfaces.get(row.interfaceId);
  const groupIds = owner?.groupIds ?? ruleSet.attach;
  if (owner === undefined && groupIds.length === 0)
    return { verdict: "unknown", reason: "interface-not-in-snapshot", detail: "", rules: [] };
  if (groupIds.length === 0)
    return { verdict: "allow", reason: "no-groups", detail: "", rules: [] };
  const snapshot = snapshotOf(ruleSet);
  const policy = policyOf(ruleSet, groupIds);
  const read = (direction: Direction): Answer =>
    ask(
      snapshot,
      policy,
      {
        direction,
        protocol: row.protocol,
        port: direction === "ingress" ? ports[0] : ports[1],
        remote: row.remote,
        time: row.first,
        rejected: row.action === "rejected",
        clientAccepted: () => false,
      },
      new Map(),
    );
  if (row.direction !== null) return asRuling(read(row.direction));
  const readings = [asRuling(read("ingress")), asRuling(read("egress"))] as const;
  if (readings[0].verdict === readings[1].verdict)
    return { ...readings[0], rules: readings.flatMap(({ rules }) => rules) };
  return { verdict: "unknown", reason: "direction-undecided", detail: "", rules: [] };
}

function asRuling(answer: Answer): OpenerRuling {
  if (answer.verdict === "allow")
    return { verdict: "allow", reason: "rule", detail: "", rules: answer.rules };
  if (answer.verdict === "deny")
    return { verdict: "deny", reason: "no-rule", detail: "", rules: [] };
  return { verdict: "unknown", reason: answer.reason, detail: answer.detail, rules: [] };
}

/** The row judged by every rule set, the baseline first. */
export function judged(
  ruleSets: readonly RuleSet[],
  text: string,
  more: Partial<JudgedOpener> = {},
): JudgedOpener {
  return judgedSketch(ruleSets, sketchRow(text, more), more);
}

export function judgedSketch(
  ruleSets: readonly RuleSet[],
  sketch: RowSketch,
  more: Partial<JudgedOpener> = {},
): JudgedOpener {
  const rulings = ruleSets.map((ruleSet) => rulingOf(ruleSet, sketch));
  const changes = rulings
    .slice(1)
    .map((ruling) => ({ change: changeOf(rulings[0]!, ruling), cutOver: null }));
  return { ...sketch.row, rulings, changes, scanner: false, ...more };
}

function changeOf(before: OpenerRuling, after: OpenerRuling): Change {
  const unknown: readonly [Reason, string][] = [before, after].flatMap((each) =>
    each.verdict === "unknown" ? [[each.reason, each.detail] as [Reason, string]] : [],
  );
  if (unknown.length === 2 && `${unknown[0]}` === `${unknown[1]}`) return "unchanged";
  if (unknown.length > 0) return "undetermined";
  if (before.verdict === after.verdict) return "unchanged";
  return after.verdict === "deny" ? "newly-denied" : "newly-allowed";
}
