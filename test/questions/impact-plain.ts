import {
  type Cidr,
  cidrContains,
  familyBits,
  formatAddress,
  formatCidr,
} from "../../src/model/address.js";
import type { JudgedOpener, Sample } from "../../src/model/opener.js";
import type { NetworkInterface, RuleSet } from "../../src/model/rule-set.js";
import type { ImpactTuple } from "../../src/questions/index.js";
import type { Share, Spread, TupleEnd } from "../../src/questions/tuple.js";

/** What the plain definition tells of a tuple; ends by kind and label. */
export interface PlainTuple
  extends Omit<
    ImpactTuple,
    "source" | "destination" | "survivesUntil" | "nearestMiss" | "baseline" | "candidate"
  > {
  readonly source: PlainEnd;
  readonly destination: PlainEnd;
  readonly baseline: readonly object[];
  readonly candidate: readonly object[];
}

type PlainEnd = Pick<TupleEnd, "kind" | "label">;

/** Rows of one tuple. */
interface Rows {
  readonly source: PlainEnd;
  readonly destination: PlainEnd;
  readonly rows: JudgedOpener[];
}

/** The order of the list. */
const RANKS: readonly string[] = [
  "newly-denied",
  "survives",
  "newly-allowed",
  "undetermined",
  "unchanged",
];

/** What a list of tuples says, by the plain definition: every row named in words, every tuple gathered whole. */
export function plainTuples(
  openers: readonly JudgedOpener[],
  sets: readonly [RuleSet, RuleSet],
  index: number,
): readonly PlainTuple[] {
  const tuples = new Map<string, Rows>();
  for (const row of openers) {
    const { change, cutOver } = row.changes[index]!;
    const [source, destination] = endsOf(row, sets);
    const ends = [source, destination, row.direction === null];
    const text = JSON.stringify([...ends, row.protocol, row.port, change, cutOver]);
    const known = tuples.get(text);
    if (known === undefined) tuples.set(text, { source, destination, rows: [row] });
    else known.rows.push(row);
  }
  return [...tuples.values()].map((tuple) => told(tuple, sets, index)).sort(compareTold);
}

function told(
  { source, destination, rows }: Rows,
  sets: readonly RuleSet[],
  index: number,
): PlainTuple {
  const { protocol, port, changes } = rows[0]!;
  const sum = (of: (row: JudgedOpener) => number): number =>
    rows.reduce((n, row) => n + of(row), 0);
  const side = (at: number): object[] =>
    spread(rows, ({ rulings }) => {
      const { verdict, reason, detail } = rulings[at]!;
      return [`${verdict} ${reason} ${detail}`];
    }).top.map(({ name, connections }) => {
      const [verdict, reason, ...detail] = name.split(" ");
      return { verdict, reason, detail: detail.join(" "), connections };
    });
  return {
    source,
    destination,
    protocol,
    port,
    ...changes[index]!,
    directions: [...new Set(rows.flatMap(({ direction }) => direction ?? []))].sort(),
    connections: sum((row) => row.connections),
    records: sum((row) => row.forward + row.replies),
    forward: sum((row) => row.forward),
    replies: sum((row) => row.replies),
    bytes: sum((row) => row.bytes),
    first: Math.min(...rows.map(({ first }) => first)),
    last: Math.max(...rows.map(({ last }) => last)),
    grades: gradesOf(rows),
    openingsAssumed: sum((row) => row.openingsAssumed),
    seenAtBothEnds: seenAtBothEnds(rows, sets),
    peers: spread(rows, ({ remote }) => [formatAddress(remote)]),
    interfaces: spread(rows, ({ interfaceId }) => [interfaceId]),
    samples: rows
      .flatMap(({ samples }) => samples)
      .sort(compareSamples)
      .slice(0, 3),
    baseline: side(0),
    candidate: side(1 + index),
    baselineRules: spread(rows, ({ rulings }) => rulings[0]!.rules),
    candidateRules: spread(rows, ({ rulings }) => rulings[1 + index]!.rules),
  };
}

function spread(
  rows: readonly JudgedOpener[],
  namesOf: (row: JudgedOpener) => readonly string[],
): Spread {
  const counts = new Map<string, number>();
  for (const row of rows)
    for (const name of namesOf(row)) counts.set(name, (counts.get(name) ?? 0) + row.connections);
  const shares = [...counts].map(([name, connections]): Share => ({ name, connections }));
  shares.sort((a, b) => b.connections - a.connections || (a.name < b.name ? -1 : 1));
  return { distinct: shares.length, top: shares.slice(0, 5) };
}

function compareSamples(a: Sample, b: Sample): number {
  return a.start - b.start || Number(a.file > b.file) - Number(a.file < b.file) || a.line - b.line;
}

function gradesOf(rows: readonly JudgedOpener[]): PlainTuple["grades"] {
  const top = spread(rows, ({ grade }) => [grade]).top;
  return Object.fromEntries(top.map(({ name, connections }) => [name, connections]));
}

function compareTold(a: PlainTuple, b: PlainTuple): number {
  return (
    rankOf(a) - rankOf(b) ||
    b.connections - a.connections ||
    b.records - a.records ||
    (textOf(a) < textOf(b) ? -1 : 1)
  );
}

function rankOf({ change, cutOver }: PlainTuple): number {
  return RANKS.indexOf(cutOver === "survives" ? cutOver : change);
}

function textOf(tuple: PlainTuple): string {
  const { source, destination, protocol, port, cutOver, directions } = tuple;
  const known = directions.length === 0 ? "unknown" : "known";
  return `${source.label} ${destination.label} ${protocol} ${port} ${source.kind} ${destination.kind} ${cutOver} ${known}`;
}

function endsOf(row: JudgedOpener, sets: readonly RuleSet[]): readonly [PlainEnd, PlainEnd] {
  const local = localEnd(row.interfaceId, sets);
  const remote = remoteEnd(row, sets);
  if (row.direction === null)
    return local.label <= remote.label ? [local, remote] : [remote, local];
  return row.direction === "egress" ? [local, remote] : [remote, local];
}

function localEnd(id: string, sets: readonly RuleSet[]): PlainEnd {
  const known = sets.find(({ interfaces }) => interfaces.has(id))?.interfaces.get(id);
  const attached = sets.find(({ attach }) => attach.length > 0)?.attach ?? [];
  return groupsEnd(known?.groupIds ?? attached, id);
}

function groupsEnd(groupIds: readonly string[], id: string): PlainEnd {
  if (groupIds.length === 0) return { kind: "interface", label: id };
  return { kind: "groups", label: [...new Set(groupIds)].sort().join(", ") };
}

/** Owners of the remote address: the baseline's, else the candidate's; of several those in the VPC of the interface. */
function ownersOf(
  { interfaceId, remote }: JudgedOpener,
  sets: readonly RuleSet[],
): NetworkInterface[] {
  const vpcId = sets
    .map(({ interfaces }) => interfaces.get(interfaceId)?.vpcId)
    .find((id) => id !== undefined);
  for (const { interfaces } of sets) {
    const owners = [...interfaces.values()].filter(
      ({ addresses, prefixes }) =>
        addresses.some(({ family, value }) => family === remote.family && value === remote.value) ||
        prefixes.some((cidr) => cidrContains(cidr, remote)),
    );
    const near = owners.filter((owner) => owner.vpcId === vpcId);
    if (owners.length > 0) return owners.length > 1 && near.length > 0 ? near : owners;
  }
  return [];
}

function remoteEnd(row: JudgedOpener, sets: readonly RuleSet[]): PlainEnd {
  const owners = ownersOf(row, sets);
  if (owners.length > 0) {
    const ids = owners.map(({ id }) => id).sort();
    return groupsEnd(
      owners.flatMap(({ groupIds }) => groupIds),
      ids[0]!,
    );
  }
  const peers = sets.flatMap((set) =>
    [...set.groups.values()].flatMap(({ rules }) => rules.map(({ peer }) => ({ peer, set }))),
  );
  const blocks = peers.flatMap(({ peer, set }): (PlainEnd & { cidr: Cidr })[] => {
    if (peer.kind === "cidr")
      return [{ kind: "cidr", label: formatCidr(peer.cidr), cidr: peer.cidr }];
    if (peer.kind !== "prefix-list") return [];
    const cidrs = set.prefixLists.get(peer.id)?.cidrs ?? [];
    return cidrs.map((cidr) => ({
      kind: "prefix-list",
      label: `${peer.id} ${formatCidr(cidr)}`,
      cidr,
    }));
  });
  const { remote } = row;
  const [best] = blocks.filter(({ cidr }) => cidrContains(cidr, remote)).sort(compareBlocks);
  if (best !== undefined) return { kind: best.kind, label: best.label };
  return { kind: "address", label: `${formatAddress(remote)}/${familyBits(remote.family)}` };
}

/** The most specific first, prefix lists before plain blocks. */
function compareBlocks(a: PlainEnd & { cidr: Cidr }, b: PlainEnd & { cidr: Cidr }): number {
  const listed = Number(b.kind === "prefix-list") - Number(a.kind === "prefix-list");
  return b.cidr.length - a.cidr.length || listed || (a.label < b.label ? -1 : 1);
}

/** Some pair of interfaces saw it from both ends. */
function seenAtBothEnds(rows: readonly JudgedOpener[], sets: readonly RuleSet[]): boolean {
  const pairs = new Set<string>();
  for (const row of rows)
    for (const { id } of row.direction === null ? [] : ownersOf(row, sets)) {
      if (id === row.interfaceId) continue;
      const [from, to] = row.direction === "egress" ? [row.interfaceId, id] : [id, row.interfaceId];
      pairs.add(`${row.direction} ${from} ${to}`);
    }
  return [...pairs].some(
    (pair) => pair.startsWith("egress") && pairs.has(pair.replace("egress", "ingress")),
  );
}
