// What the openers of a log say of an assertion.
import { formatAddress } from "../model/address.js";
import type { JudgedOpener, OpenerRuling } from "../model/opener.js";
import type { Place, RuleSet } from "../model/rule-set.js";
import { type Match, matchRow, type ResolvedTraffic } from "./assert-resolve.js";
import { otherEndDenies } from "./assert-rules.js";
import type { AssertionFinding } from "./assertion.js";
import { ownersOf, type PeerBook } from "./tighten-peers.js";
import { trafficOf } from "./tighten-training.js";

const PROTOCOL_NAMES: ReadonlyMap<number, string> = new Map([
  [1, "icmp"],
  [6, "tcp"],
  [17, "udp"],
  [58, "icmpv6"],
]);

/** `tcp/443`, `icmp`, `47`. */
export function trafficWords({ protocol, port }: Pick<JudgedOpener, "protocol" | "port">): string {
  const name = PROTOCOL_NAMES.get(protocol) ?? String(protocol);
  return port === null ? name : `${name}/${port}`;
}

/** The opening in words, seen from its interface: `10.0.0.7 -> eni-db tcp/5432`; of unknown opener with both ports. */
export function openingWords(row: JudgedOpener): string {
  const remote = formatAddress(row.remote);
  const [source, destination] =
    row.direction === "egress" ? [row.interfaceId, remote] : [remote, row.interfaceId];
  const arrow = row.direction === null ? "<->" : "->";
  const told = `${source} ${arrow} ${destination} ${trafficWords(row)}`;
  return row.otherPort == null ? told : `${told} or ${row.otherPort}`;
}

function placeOfRule(ruleSet: RuleSet, id: string): Place | null {
  for (const group of ruleSet.groups.values())
    for (const rule of group.rules) if (rule.id === id) return rule.at;
  return null;
}

/** The other end is known, and its own groups would not let the opening pass. */
function isStoppedThere(book: PeerBook, row: JudgedOpener): boolean {
  if (row.direction === null) return false;
  const near = book.ruleSet.interfaces.get(row.interfaceId);
  if (near === undefined) return false;
  const there = row.direction === "ingress" ? "egress" : "ingress";
  const port = { ...trafficOf(row), text: trafficWords(row) };
  return otherEndDenies(book, ownersOf(book, row.remote), there, near, port);
}

function verdictOnDeny(
  book: PeerBook,
  row: JudgedOpener,
  ruling: OpenerRuling,
  match: Match,
): AssertionFinding["verdict"] | undefined {
  if (ruling.verdict === "deny" || isStoppedThere(book, row)) return undefined;
  return ruling.verdict === "allow" && match === "yes" ? "fail" : "undecided";
}

function verdictOnAllow(
  ruling: OpenerRuling,
  match: Match,
): AssertionFinding["verdict"] | undefined {
  if (ruling.verdict === "allow") return undefined;
  return ruling.verdict === "deny" && match === "yes" ? "fail" : "undecided";
}

const SAID: Readonly<Record<OpenerRuling["verdict"], string>> = {
  allow: "is allowed",
  deny: "is denied",
  unknown: "is not decided",
};

function words(row: JudgedOpener, ruling: OpenerRuling, match: Match): string {
  const because = ruling.detail === "" ? ruling.reason : `${ruling.reason} ${ruling.detail}`;
  const told = `${openingWords(row)} ${SAID[ruling.verdict]} (${because})`;
  return match === "maybe" ? `${told}; whether it is meant is not known` : told;
}

export interface TrafficAnswer {
  /** Connections that are, or may be, meant. */
  readonly connections: number;
  readonly findings: readonly AssertionFinding[];
}

/** Asks every opener that the assertion means; `timeline` is the index of the rulings that must hold it. */
export function trafficAgainst(
  kind: "deny" | "allow",
  traffic: ResolvedTraffic,
  openers: Iterable<JudgedOpener>,
  book: PeerBook,
  timeline: number,
): TrafficAnswer {
  const findings: AssertionFinding[] = [];
  let connections = 0;
  for (const row of openers) {
    const ruling = row.rulings[timeline];
    const match = matchRow(book, traffic, row);
    if (ruling === undefined || match === "no") continue;
    connections += row.connections;
    const verdict =
      kind === "deny" ? verdictOnDeny(book, row, ruling, match) : verdictOnAllow(ruling, match);
    if (verdict === undefined) continue;
    const ruleId = ruling.rules[0] ?? null;
    findings.push({
      verdict,
      message: words(row, ruling, match),
      at: ruleId === null ? null : placeOfRule(book.ruleSet, ruleId),
      ruleId,
      connections: row.connections,
      samples: row.samples,
    });
  }
  return { connections, findings };
}
