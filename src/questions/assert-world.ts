// Rules open to the world that nobody uses.
import type { JudgedOpener } from "../model/opener.js";
import type { Rule } from "../model/rule-set.js";
import { ALL_ADDRESSES, FAMILIES, holdsSet, NO_ADDRESSES } from "./address-ranges.js";
import { resolveTraffic } from "./assert-resolve.js";
import type { Assertion, AssertionFinding } from "./assertion.js";
import { type PeerBook, peerAddresses } from "./tighten-peers.js";

const DAY = 86_400;

/** Time that the log covers, Unix seconds. */
export interface LogWindow {
  readonly first: number;
  readonly last: number;
}

type UnusedAssertion = Assertion & { readonly kind: "no-world-open-unused" };

/** Whether the rule admits every address of a family. */
function isWorldOpen(book: PeerBook, rule: Rule): boolean {
  if (rule.stale || rule.direction !== "ingress" || rule.peer.kind === "group") return false;
  const admitted = peerAddresses(book, rule.peer);
  return FAMILIES.some((family) =>
    holdsSet(admitted, { ...NO_ADDRESSES, [family]: ALL_ADDRESSES[family] }),
  );
}

function isAsked(assertion: UnusedAssertion, groups: ReadonlySet<string>, rule: Rule): boolean {
  if (assertion.groups.length > 0 && !groups.has(rule.groupId)) return false;
  return assertion.ports.some(({ protocol, fromPort, toPort }) => {
    if (protocol === -1 || rule.protocol === -1) return true;
    return protocol === rule.protocol && rule.fromPort <= toPort && fromPort <= rule.toPort;
  });
}

/** Why no hit proves nothing; `undefined` where it does. */
function excuse(
  book: PeerBook,
  rule: Rule,
  seen: ReadonlySet<string>,
  window: LogWindow | null,
  days: number,
): string | undefined {
  const carriers = book.carriers.get(rule.groupId) ?? [];
  if (carriers.length === 0) return undefined;
  if (!carriers.some(({ id }) => seen.has(id)))
    return "no interface of its group has openers in the log";
  const covered = window === null ? 0 : (window.last - window.first) / DAY;
  if (covered >= days) return undefined;
  return `the log covers ${Math.floor(covered)} of the ${days} days`;
}

/**
 * Ingress rules for 0.0.0.0/0 or ::/0 without a hit in the last days of the log. An opener that AWS REJECTed is no hit.
 * Undecided where the log is too short, or shows nothing of the group; a rule on no interface has no hit, whatever the log.
 */
export function unusedWorldOpen(
  assertion: UnusedAssertion,
  openers: Iterable<JudgedOpener>,
  book: PeerBook,
  timeline: number,
  window: LogWindow | null,
): { readonly connections: number; readonly findings: readonly AssertionFinding[] } {
  const any = [{ kind: "any" }] as const;
  const traffic = { from: any, exceptFrom: [], to: assertion.groups, exceptTo: [], ports: [] };
  const groups = resolveTraffic(book, traffic).to.in.groups;
  const since = (window?.last ?? 0) - assertion.days * DAY;
  const hits = new Map<string, number>();
  const seen = new Set<string>();
  let connections = 0;
  for (const row of openers) {
    seen.add(row.interfaceId);
    if (row.action === "rejected" || row.last < since) continue;
    for (const id of row.rulings[timeline]?.rules ?? [])
      hits.set(id, (hits.get(id) ?? 0) + row.connections);
  }
  const findings: AssertionFinding[] = [];
  for (const rule of [...book.ruleSet.groups.values()].flatMap((group) => group.rules)) {
    if (!isWorldOpen(book, rule) || !isAsked(assertion, groups, rule)) continue;
    const used = hits.get(rule.id) ?? 0;
    connections += used;
    if (used > 0) continue;
    const why = excuse(book, rule, seen, window, assertion.days);
    const hit = `rule ${rule.id} is open to the world and has no hit in ${assertion.days} days`;
    findings.push({
      verdict: why === undefined ? "fail" : "undecided",
      message: why === undefined ? hit : `${hit}, but ${why}`,
      at: rule.at,
      ruleId: rule.id,
      connections: 0,
      samples: [],
    });
  }
  return { connections, findings };
}
