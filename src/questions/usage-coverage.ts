import type { InterfaceCoverage, Summary } from "../analysis/summary.js";
import { carriersOf, type Snapshot } from "../reference/snapshot.js";
import type { UsageCoverage } from "./usage.js";

const DAY_SECONDS = 86_400;

/** Coverage by group id; each group is looked up once. Cost: linear in the interfaces of the log and of the groups. */
export function usageCoverage(
  snapshot: Snapshot,
  summary: Summary,
): (groupId: string) => UsageCoverage {
  const { list } = summary.coverage.interfaces;
  const logged = new Map(list.map((each) => [each.id, each]));
  const strangers = list.filter(({ id }) => !snapshot.ruleSet.interfaces.has(id));
  const known = new Map<string, UsageCoverage>();
  return (groupId) => {
    const found = known.get(groupId);
    if (found !== undefined) return found;
    const carriers = carriersOf(snapshot, groupId).map(({ id }) => logged.get(id));
    const attached = snapshot.ruleSet.attach.includes(groupId) ? strangers : [];
    const coverage = coverageOf([...carriers, ...attached]);
    known.set(groupId, coverage);
    return coverage;
  };
}

/** `undefined`: the log does not name the interface. A NODATA window is a log that shows nothing passed. */
function coverageOf(interfaces: readonly (InterfaceCoverage | undefined)[]): UsageCoverage {
  let withLogs = 0;
  let skipdataSeconds = 0;
  let firstStart: number | null = null;
  let lastEnd: number | null = null;
  for (const each of interfaces) {
    if (each === undefined) continue;
    if (each.records + each.nodata > 0) withLogs++;
    skipdataSeconds += each.skipdataSeconds;
    if (each.firstStart !== null)
      firstStart = Math.min(firstStart ?? each.firstStart, each.firstStart);
    if (each.lastEnd !== null) lastEnd = Math.max(lastEnd ?? each.lastEnd, each.lastEnd);
  }
  const seconds = firstStart === null || lastEnd === null ? 0 : lastEnd - firstStart;
  const days = Math.round((seconds * 100) / DAY_SECONDS) / 100;
  return { interfaces: interfaces.length, withLogs, firstStart, lastEnd, days, skipdataSeconds };
}
