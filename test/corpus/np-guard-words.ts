// Classes of packets that pass → the analyser's words for them.

/** One class of openings, and what becomes of it. */
export interface Passing {
  readonly protocol: number;
  readonly source: readonly [number, number] | null;
  readonly destination: readonly [number, number] | null;
  /** The responder's packets reach the opener. */
  readonly answered: boolean;
}

type Range = readonly [number, number];

function rangesText(ranges: readonly Range[]): string {
  const merged: [number, number][] = [];
  for (const [from, to] of [...ranges].sort((a, b) => a[0] - b[0])) {
    const last = merged.at(-1);
    if (last !== undefined && from <= last[1] + 1) last[1] = Math.max(last[1], to);
    else merged.push([from, to]);
  }
  const all = merged.length === 1 && merged[0]![0] === 1 && merged[0]![1] === 65_535;
  if (all) return "";
  return merged.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join(",");
}

/** The ports of one protocol as `src-ports: … dst-ports: …`; throws where they are not a product of two sets. */
function portsText(passing: readonly Passing[]): string {
  const sources = new Map<string, Range>();
  const destinations = new Map<string, Range>();
  for (const { source, destination } of passing) {
    if (source !== null) sources.set(String(source), source);
    if (destination !== null) destinations.set(String(destination), destination);
  }
  if (sources.size * destinations.size !== passing.length)
    throw new Error("the ports are no product of two sets");
  const from = rangesText([...sources.values()]);
  const to = rangesText([...destinations.values()]);
  return `${from === "" ? "" : ` src-ports: ${from}`}${to === "" ? "" : ` dst-ports: ${to}`}`;
}

const NAMES: ReadonlyMap<number, string> = new Map([
  [1, "ICMP"],
  [6, "TCP"],
  [17, "UDP"],
]);

/**
 * The analyser's lines for one pair: everything is `All Connections`; else a line per protocol, and for TCP one more,
 * marked, for the openings whose answers do not come back. `classes` are those of TCP, UDP and ICMP together.
 */
export function wordsFor(passing: readonly Passing[], classes: number): readonly string[] {
  const unanswered = passing.filter(({ protocol, answered }) => protocol === 6 && !answered);
  if (passing.length === classes && unanswered.length === 0) return ["All Connections"];
  const rest = passing.filter((each) => !unanswered.includes(each));
  const parts = [...NAMES].flatMap(([number, name]) => {
    const own = rest.filter(({ protocol }) => protocol === number);
    return own.length === 0 ? [] : [`${name}${number === 1 ? "" : portsText(own)}`];
  });
  const marked = unanswered.length === 0 ? [] : [`protocol: TCP${portsText(unanswered)} *`];
  return [...marked, ...(parts.length === 0 ? [] : [`protocol: ${parts.join("; ")}`])];
}
