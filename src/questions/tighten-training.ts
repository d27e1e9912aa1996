// Which rows a suggestion learns from, folded into demands: what the suggested rules must admit.
import type { Address } from "../model/address.js";
import type { JudgedOpener } from "../model/opener.js";
import type { Group, Rule } from "../model/rule-set.js";
import { type Direction, GRADES, type Grade } from "../model/verdict.js";
import { peerIndexOf } from "./peer-index.js";
import { hasPorts } from "./permissiveness.js";
import {
  groupsOfAddress,
  listsOfAddress,
  type NamedPeer,
  namedPeer,
  type PeerBook,
} from "./tighten-peers.js";
import { ALL_PORTS, type Traffic } from "./tighten-space.js";
import { type UsageDoubts, usageDoubts } from "./usage-doubts.js";

/** Why a row taught nothing. */
export type LeftOut = "rejected" | "scanner" | "grade" | "denied" | "undecided" | "other-groups";
export const LEFT_OUT: readonly LeftOut[] = [
  "rejected",
  "scanner",
  "grade",
  "denied",
  "undecided",
  "other-groups",
];

/** Openings alike in all that a rule tests. */
export interface Demand {
  readonly direction: Direction;
  readonly protocol: number;
  /** 0 where the protocol has no ports. */
  readonly port: number;
  readonly remote: Address;
  /** Named peers that admit it, by key. */
  readonly names: ReadonlyMap<string, NamedPeer>;
  /** Present rules of the group that admit it, in their order. */
  readonly rules: readonly Rule[];
  readonly connections: number;
}

export interface Training {
  readonly demands: readonly Demand[];
  /** Connections that were learnt from, per grade of evidence. */
  readonly grades: Readonly<Partial<Record<Grade, number>>>;
  /** Connections at interfaces of the group that were not, by the first reason that holds. */
  readonly leftOut: Readonly<Record<LeftOut, number>>;
  /** Present rules that may have admitted rows of weaker evidence, unknown opener or verdict: they stay as they are. */
  readonly undecidable: ReadonlySet<string>;
  /** Interfaces of the group with rows, ids. */
  readonly interfaces: ReadonlySet<string>;
  /** First start and last end of the rows at interfaces of the group, Unix seconds; null without rows. */
  readonly first: number | null;
  readonly last: number | null;
}

/** Whether the interface carries the group under the rule set. */
export function carries(book: PeerBook, interfaceId: string, groupId: string): boolean {
  const known = book.ruleSet.interfaces.get(interfaceId);
  return (known?.groupIds ?? book.ruleSet.attach).includes(groupId);
}

export function gradeRank(grade: Grade): number {
  return GRADES.indexOf(grade);
}

/** Protocol and port of an opening as rules test them. */
export function trafficOf(row: {
  readonly protocol: number;
  readonly port: number | null;
}): Traffic {
  if (!hasPorts(row.protocol)) return { protocol: row.protocol, ...ALL_PORTS };
  const port = row.port ?? 0;
  return { protocol: row.protocol, fromPort: port, toPort: port };
}

/** The first reason why a row teaches nothing. `rules`: what of the group admits it. */
function leftOut(row: JudgedOpener, rules: readonly Rule[], minGrade: Grade): LeftOut | undefined {
  if (row.action === "rejected") return "rejected";
  if (row.scanner) return "scanner";
  if (row.direction === null || gradeRank(row.grade) < gradeRank(minGrade)) return "grade";
  const ruling = row.rulings[0];
  if (ruling === undefined || ruling.verdict === "unknown") return "undecided";
  if (ruling.verdict === "deny") return "denied";
  return rules.length === 0 ? "other-groups" : undefined;
}

/** Ids of the rules that may have admitted a row of too little evidence: without them the log might have broken. */
function mayHaveAdmitted(row: JudgedOpener, doubts: UsageDoubts): readonly string[] {
  const ruling = row.rulings[0];
  return ruling?.verdict === "allow" ? ruling.rules : doubts.rulesOf(row);
}

interface Draft {
  readonly row: JudgedOpener;
  names: ReadonlyMap<string, NamedPeer>;
  rules: readonly Rule[];
  connections: number;
}

function namesOf(
  book: PeerBook,
  group: Group,
  row: JudgedOpener,
  rules: readonly Rule[],
): Map<string, NamedPeer> {
  const peers: NamedPeer[] = [
    ...groupsOfAddress(book, group, row.remote, row.first),
    ...listsOfAddress(book, row.remote),
  ];
  // Present references admit more than members where a balancer keeps its clients' addresses (semantics 3.5d).
  for (const { peer } of rules) if (peer.kind !== "cidr") peers.push(namedPeer(book, peer));
  return new Map(peers.map((peer) => [peer.key, peer]));
}

function add(drafts: Map<string, Draft>, row: JudgedOpener, fresh: () => Omit<Draft, "row">): void {
  const port = hasPorts(row.protocol) ? (row.port ?? 0) : 0;
  const { family, value } = row.remote;
  const key = `${row.direction} ${row.protocol} ${port} ${family} ${value}`;
  const known = drafts.get(key);
  const more = fresh();
  if (known === undefined) {
    drafts.set(key, { row, ...more });
    return;
  }
  known.names = new Map([...known.names].filter(([name]) => more.names.has(name)));
  known.rules = [...new Set([...known.rules, ...more.rules])];
  known.connections += more.connections;
}

/**
 * Folds the rows at interfaces of the group. A row teaches when it is of the grade or a better one, not REJECTed, not
 * a scanner's, and a rule of the group admits it. Cost: linear in rows, times prefix lists per distinct address, and
 * for rows of weaker evidence the rules that may admit them.
 */
export function trainingOf(
  openers: Iterable<JudgedOpener>,
  book: PeerBook,
  group: Group,
  minGrade: Grade,
): Training {
  const byId = new Map(group.rules.map((rule) => [rule.id, rule]));
  const grades: Partial<Record<Grade, number>> = {};
  const out: Record<LeftOut, number> = {
    rejected: 0,
    scanner: 0,
    grade: 0,
    denied: 0,
    undecided: 0,
    "other-groups": 0,
  };
  const doubts = usageDoubts(peerIndexOf(book.ruleSet));
  const undecidable = new Set<string>();
  const interfaces = new Set<string>();
  const drafts = new Map<string, Draft>();
  let first: number | null = null;
  let last: number | null = null;
  for (const row of openers) {
    if (!carries(book, row.interfaceId, group.id)) continue;
    interfaces.add(row.interfaceId);
    first = Math.min(first ?? row.first, row.first);
    last = Math.max(last ?? row.last, row.last);
    const rules = (row.rulings[0]?.rules ?? []).flatMap((id) => byId.get(id) ?? []);
    const why = leftOut(row, rules, minGrade);
    if (why !== undefined) out[why] += row.connections;
    if (why === "grade" || why === "undecided")
      for (const id of mayHaveAdmitted(row, doubts)) if (byId.has(id)) undecidable.add(id);
    if (why !== undefined) continue;
    grades[row.grade] = (grades[row.grade] ?? 0) + row.connections;
    add(drafts, row, () => ({
      names: namesOf(book, group, row, rules),
      rules,
      connections: row.connections,
    }));
  }
  const demands = [...drafts.values()].map(
    ({ row, ...rest }): Demand => ({
      direction: row.direction ?? "ingress",
      protocol: row.protocol,
      port: hasPorts(row.protocol) ? (row.port ?? 0) : 0,
      remote: row.remote,
      ...rest,
    }),
  );
  return { demands, grades, leftOut: out, undecidable, interfaces, first, last };
}
