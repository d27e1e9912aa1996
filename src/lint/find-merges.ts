// Rules of one policy that one rule can replace: neighbouring ports of one peer, neighbouring blocks of one service.
import { type Cidr, familyBits } from "../model/address.js";
import type { Rule } from "../model/rule-set.js";
import { joinDescriptions } from "./join-descriptions.js";
import { contentId, peerWord, portsWord } from "./rule-words.js";
import { holds, serviceInterval, TCP, UDP, wholeProtocol } from "./service-axis.js";

/** Several rules and the one that admits exactly what they admit together. */
export interface Merge {
  readonly into: Rule;
  /** Two or more, in the order of the policy. */
  readonly from: readonly Rule[];
}

/** A rule, given or made, with the given rules it stands for. */
interface Piece {
  readonly rule: Rule;
  readonly from: readonly Rule[];
}

type Step = (pieces: readonly Piece[]) => Piece[];

/**
 * Merges as long as anything merges; blocks first or ports first, whichever leaves fewer rules. `rules` are of one group
 * and direction and hold no shadowed rule; `mayMerge` spares rules. Never makes a block of all addresses out of parts,
 * nor all ports of the world out of some: such a rule would untrack connections (semantics 6.1).
 * O(rules × log rules) for each round.
 */
export function findMerges(rules: readonly Rule[], mayMerge: (rule: Rule) => boolean): Merge[] {
  const order = new Map(rules.map((rule, index) => [rule, index]));
  const start = rules.filter(mayMerge).map((rule) => ({ rule, from: [rule] }));
  const blocksFirst = repeat(start, [mergeBlocks, mergePorts]);
  const portsFirst = repeat(start, [mergePorts, mergeBlocks]);
  const pieces = portsFirst.length < blocksFirst.length ? portsFirst : blocksFirst;
  return pieces
    .filter(({ from }) => from.length > 1)
    .map(({ rule, from }) =>
      finish(
        rule,
        [...from].sort((a, b) => order.get(a)! - order.get(b)!),
      ),
    )
    .sort((a, b) => order.get(a.from[0]!)! - order.get(b.from[0]!)!);
}

function finish(rule: Rule, from: readonly Rule[]): Merge {
  const description = joinDescriptions(from);
  const { description: _, ...rest } = rule;
  const merged = {
    ...rest,
    at: from[0]!.at,
    ...(description === undefined ? {} : { description }),
  };
  return { into: { ...merged, id: contentId(merged) }, from };
}

function repeat(start: readonly Piece[], steps: readonly Step[]): readonly Piece[] {
  let pieces = start;
  for (;;) {
    const next = steps.reduce((current, step) => step(current), pieces);
    if (next.length === pieces.length) return next;
    pieces = next;
  }
}

function groupBy(pieces: readonly Piece[], keyOf: (rule: Rule) => string): Piece[][] {
  const groups = new Map<string, Piece[]>();
  for (const piece of pieces) {
    const key = keyOf(piece.rule);
    const known = groups.get(key);
    if (known === undefined) groups.set(key, [piece]);
    else known.push(piece);
  }
  return [...groups.values()];
}

function mergePorts(pieces: readonly Piece[]): Piece[] {
  const samePeer = groupBy(
    pieces,
    ({ protocol, peer }) => `${protocol} ${peer.kind} ${peerWord(peer)}`,
  );
  return samePeer.flatMap((group) => {
    const { protocol } = group[0]!.rule;
    return protocol === TCP || protocol === UDP ? joinPorts(group) : group;
  });
}

function joinPorts(group: readonly Piece[]): Piece[] {
  const joined: Piece[] = [];
  for (const piece of [...group].sort((a, b) => a.rule.fromPort - b.rule.fromPort)) {
    const last = joined.at(-1);
    const touches = last !== undefined && piece.rule.fromPort <= last.rule.toPort + 1;
    const toPort = Math.max(last?.rule.toPort ?? 0, piece.rule.toPort);
    if (!touches || opensWorld({ ...last.rule, toPort })) joined.push(piece);
    else
      joined[joined.length - 1] = {
        rule: { ...last.rule, toPort },
        from: [...last.from, ...piece.from],
      };
  }
  return joined;
}

function opensWorld(rule: Rule): boolean {
  const isWorld = rule.peer.kind === "cidr" && rule.peer.cidr.length === 0;
  return isWorld && holds(serviceInterval(rule), wholeProtocol(rule.protocol));
}

function mergeBlocks(pieces: readonly Piece[]): Piece[] {
  const blocks = pieces.filter(({ rule }) => rule.peer.kind === "cidr");
  const rest = pieces.filter(({ rule }) => rule.peer.kind !== "cidr");
  const sameService = groupBy(blocks, (rule) => `${rule.protocol} ${portsWord(rule)}`);
  return [...rest, ...sameService.flatMap(joinBlocks)];
}

function blockOf({ rule: { peer } }: Piece): Cidr {
  if (peer.kind !== "cidr") throw new TypeError("not a block");
  return peer.cidr;
}

/** The block one bit wider. */
function parentOf({ address, length }: Cidr): Cidr {
  const hostBits = BigInt(familyBits(address.family) - length + 1);
  return {
    address: { family: address.family, value: (address.value >> hostBits) << hostBits },
    length: length - 1,
  };
}

function areHalves(a: Cidr, b: Cidr): boolean {
  if (a.address.family !== b.address.family || a.length !== b.length || a.length < 2) return false;
  return (
    parentOf(a).address.value === parentOf(b).address.value && a.address.value !== b.address.value
  );
}

function compareBlocks(a: Piece, b: Piece): number {
  const x = blockOf(a);
  const y = blockOf(b);
  if (x.address.family !== y.address.family) return x.address.family - y.address.family;
  if (x.address.value !== y.address.value) return x.address.value < y.address.value ? -1 : 1;
  return x.length - y.length;
}

/** Halves to wholes, from the lowest address up: what the last two make may be a half again. */
function joinBlocks(group: readonly Piece[]): Piece[] {
  const joined: Piece[] = [];
  for (const piece of [...group].sort(compareBlocks)) {
    let next = piece;
    for (let last = joined.at(-1); last !== undefined; last = joined.at(-1)) {
      if (!areHalves(blockOf(last), blockOf(next))) break;
      joined.pop();
      next = {
        rule: { ...last.rule, peer: { kind: "cidr", cidr: parentOf(blockOf(next)) } },
        from: [...last.from, ...next.from],
      };
    }
    joined.push(next);
  }
  return joined;
}
