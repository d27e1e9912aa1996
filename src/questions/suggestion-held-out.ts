import { formatAddress } from "../model/address.js";
import type { JudgedOpener, Sample } from "../model/opener.js";
import { OPENER_SAMPLES } from "../model/opener.js";
import type { Rule, RuleSet } from "../model/rule-set.js";
import type { HeldOut, HeldOutTuple, Suggestion } from "./suggestion.js";
import { admits } from "./suggestion-admits.js";
import { type PeerBook, peerBook } from "./tighten-peers.js";
import { carries } from "./tighten-training.js";

type Draft = { -readonly [K in keyof HeldOutTuple]: HeldOutTuple[K] };

function mergedSamples(a: readonly Sample[], b: readonly Sample[]): readonly Sample[] {
  const order = (x: Sample, y: Sample): number =>
    x.start - y.start || (x.file < y.file ? -1 : Number(x.file > y.file)) || x.line - y.line;
  return [...a, ...b].sort(order).slice(0, OPENER_SAMPLES);
}

function add(list: Map<string, Draft>, row: JudgedOpener, rules: readonly string[]): void {
  if (row.direction === null) return;
  const remote = formatAddress(row.remote);
  const key = `${row.direction} ${row.protocol} ${row.port} ${remote}`;
  const known = list.get(key);
  if (known === undefined) {
    const { direction, protocol, port, connections, first, last, samples } = row;
    const interfaces = [row.interfaceId];
    const tuple = { direction, protocol, port, remote, interfaces, connections, first, last };
    list.set(key, { ...tuple, rules, samples });
    return;
  }
  known.connections += row.connections;
  known.first = Math.min(known.first, row.first);
  known.last = Math.max(known.last, row.last);
  known.interfaces = [...new Set([...known.interfaces, row.interfaceId])].sort();
  known.rules = [...new Set([...known.rules, ...rules])];
  known.samples = mergedSamples(known.samples, row.samples);
}

/** What would have been broken: the group's present rules admitted it, now nothing on the interface does. */
function isBroken(
  row: JudgedOpener,
  own: readonly Rule[],
  suggested: readonly Rule[],
  book: PeerBook,
): boolean {
  // Rules of other groups on the interface stay as they are.
  if ((row.rulings[0]?.rules.length ?? 0) > own.length) return false;
  return !suggested.some((rule) => admits(book, rule, row, own));
}

/**
 * Tries a suggestion on rows that it was not learnt from, whatever their grade; REJECTed openers and scanners do not
 * count. Most connections first. `present`: the rule set that judged the rows as their first timeline.
 */
export function heldOut(
  suggestion: Suggestion,
  present: RuleSet,
  openers: readonly JudgedOpener[],
): HeldOut {
  const book = peerBook(present);
  const { groupId } = suggestion;
  const byId = new Map((present.groups.get(groupId)?.rules ?? []).map((rule) => [rule.id, rule]));
  const suggested = suggestion.rules.map(({ rule }) => rule);
  const list = new Map<string, Draft>();
  let connections = 0;
  let broken = 0;
  for (const row of openers) {
    if (row.action === "rejected" || row.scanner || row.direction === null) continue;
    if (row.rulings[0]?.verdict !== "allow" || !carries(book, row.interfaceId, groupId)) continue;
    const own = row.rulings[0].rules.flatMap((id) => byId.get(id) ?? []);
    if (own.length === 0) continue;
    connections += row.connections;
    if (!isBroken(row, own, suggested, book)) continue;
    broken += row.connections;
    add(
      list,
      row,
      own.map(({ id }) => id),
    );
  }
  const sorted = [...list.entries()].sort(
    ([a, x], [b, y]) => y.connections - x.connections || (a < b ? -1 : 1),
  );
  return { connections, broken, list: sorted.map(([, tuple]) => tuple) };
}
