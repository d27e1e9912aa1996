import type { Rule } from "../model/rule-set.js";
import type { PortRange, UsedPorts } from "./usage.js";

/** Most ranges listed. */
const USED_RANGES = 16;

const TCP = 6;
const UDP = 17;

/** The used part of a rule's ports; null where the rule does not test ports (semantics 3.3). */
export function usedPorts(rule: Rule, ports: ReadonlySet<number>): UsedPorts | null {
  if (rule.protocol !== -1 && rule.protocol !== TCP && rule.protocol !== UDP) return null;
  const ranges = portRanges(ports);
  return {
    seen: ports.size,
    of: rule.protocol === -1 ? 65_536 : rule.toPort - rule.fromPort + 1,
    ranges: ranges.slice(0, USED_RANGES),
    more: Math.max(0, ranges.length - USED_RANGES),
  };
}

function portRanges(ports: ReadonlySet<number>): readonly PortRange[] {
  const ranges: { from: number; to: number }[] = [];
  for (const port of [...ports].sort((a, b) => a - b)) {
    const last = ranges.at(-1);
    if (last !== undefined && last.to + 1 === port) last.to = port;
    else ranges.push({ from: port, to: port });
  }
  return ranges;
}
