// ClassBench sets as network ACLs of a subnet, and the headers of their trace as a log: three lists judge it in one
// pass, to the record and to the connection, against a linear search for the first match.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type Survey, surveyRecords } from "../../src/analysis/index.js";
import type { Address } from "../../src/model/address.js";
import { formatAddress } from "../../src/model/address.js";
import type { AclEntry } from "../../src/model/rule-set.js";
import { always, type Timeline } from "../../src/model/timeline.js";
import type { Direction } from "../../src/model/verdict.js";
import { FOLDER, hasSets, matching, type Projected, readRules } from "../match/classbench.js";
import { random } from "../match/random.js";
import { acl, group, networkInterface, ruleSet } from "../match/rule-sets.js";
import { type CoreTarget, coreOf, inputsOf } from "../support/wasm-engine.js";

const LOCAL = "192.0.2.10";
const TCP = 6;
const FIELDS =
  "interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status tcp-flags";
/** A third denies, two fifths, and all but a tenth: the lists differ in what they change. */
const LISTS = [
  { name: "baseline", seed: 3, denied: 0.33 },
  { name: "candidate", seed: 4, denied: 0.4 },
  { name: "strict", seed: 5, denied: 0.9 },
] as const;

/** A header as the opening of a connection at the interface. */
interface Opening {
  readonly direction: Direction;
  readonly remote: Address;
  readonly protocol: number;
  readonly clientPort: number;
  readonly port: number;
}

function readTrace(name: string, every: number): Opening[] {
  const lines = readFileSync(join(FOLDER, name), "utf8").trimEnd().split("\n");
  return lines.flatMap((line, i): Opening | [] => {
    const [source = 0, , from = 0, port = 0, protocol = 0] = line.split(/\s+/).map(Number);
    if (i % every !== 0 || protocol > 255) return [];
    const direction = (i / every) % 3 === 2 ? "egress" : "ingress";
    const remote = { family: 4, value: BigInt(source) } as const;
    return { direction, remote, protocol, clientPort: from, port };
  });
}

/** The rules as entries of both directions, in the order of the file. */
function entriesOf(rules: readonly Projected[], list: (typeof LISTS)[number]): AclEntry[] {
  const r = random(list.seed);
  const base = acl("acl-1", [{ cidr: "0.0.0.0/0" }]).entries[0]!;
  return (["ingress", "egress"] as const).flatMap((direction) =>
    rules.map(
      ({ peer, ...rule }, index): AclEntry => ({
        ...base,
        ...rule,
        direction,
        cidr: peer,
        number: index + 1,
        action: r.chance(list.denied) ? "deny" : "allow",
      }),
    ),
  );
}

function timelineOf(name: string, entries: readonly AclEntry[]): Timeline {
  const open = (direction: Direction) => ({ direction, protocol: -1, peer: "0.0.0.0/0" });
  const subnetId = "subnet-1";
  return always(
    name,
    ruleSet({
      groups: [group("sg-1", [open("ingress"), open("egress")])],
      interfaces: [networkInterface("eni-1", ["sg-1"], [LOCAL], { subnetId })],
      acls: [{ ...acl("acl-1", []), entries, subnetIds: [subnetId] }],
    }),
  );
}

/** One line per opening, an hour apart: no two are one connection. */
function lineOf({ direction, remote, protocol, clientPort, port }: Opening, i: number): string {
  const far = formatAddress(remote);
  const ends = direction === "ingress" ? `${far} ${LOCAL}` : `${LOCAL} ${far}`;
  const start = 1_700_000_000 + i * 3600;
  const [action, flags] = protocol === TCP ? ["ACCEPT", 2] : ["REJECT", 0];
  return `eni-1 ${ends} ${clientPort} ${port} ${protocol} 1 40 ${start} ${start} ${action} OK ${flags}`;
}

/** Verdict and detail of the packets of one direction by linear search. */
function firstMatch(
  rules: readonly Projected[],
  entries: readonly AclEntry[],
  { remote, protocol }: Opening,
  direction: Direction,
  port: number,
): string {
  const [first] = matching(rules, { remote, protocol, port });
  const offset = direction === "ingress" ? 0 : rules.length;
  const entry = first === undefined ? undefined : entries[offset + first];
  if (entry?.action === "allow") return "allow";
  return `deny acl-1 ${direction} ${entry === undefined ? "*" : entry.number}`;
}

interface Judged {
  /** Per list, in the order of the lines. */
  readonly records: readonly (readonly string[])[];
  readonly survey: Survey;
}

async function judge(
  target: CoreTarget,
  text: string,
  timelines: readonly Timeline[],
): Promise<Judged> {
  const [baseline, ...candidates] = timelines;
  const core = await coreOf(target);
  const inputs = inputsOf([{ name: "trace", text }]);
  const options = { core, baseline: baseline!, candidates, openers: "all" } as const;
  const stream = surveyRecords(inputs, options);
  const records: string[][] = timelines.map(() => []);
  for (;;) {
    const next = await stream.next();
    if (next.done === true) return { records, survey: next.value };
    const batch = next.value;
    const cell = (name: string, i: number): string => String(batch.getChild(name)!.get(i));
    for (let i = 0; i < batch.numRows; i++)
      timelines.forEach((_, t) => {
        const prefix = t === 0 ? "" : `candidate${t === 1 ? "" : t}_`;
        const verdict = cell(`${prefix}verdict`, i);
        const detail = cell(`${prefix}detail`, i);
        records[t]![Number(cell("line", i)) - 2] = detail === "" ? verdict : `${verdict} ${detail}`;
      });
  }
}

function countEach(words: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
}

describe.skipIf(!hasSets()).each(["debug", "release"] as const)(
  "ClassBench trace (%s)",
  (target) => {
    it("three lists judge a log in one pass as a linear search does", async () => {
      const rules = readRules("acl1_1k.with-trace.rules");
      const openings = readTrace("acl1_1k_trace", 4);
      const text = `${[FIELDS, ...openings.map(lineOf)].join("\n")}\n`;
      const lists = LISTS.map((list) => entriesOf(rules, list));
      const timelines = LISTS.map(({ name }, t) => timelineOf(name, lists[t]!));
      const { records, survey } = await judge(target, text, timelines);
      const said = lists.map((entries) =>
        openings.map((each) => firstMatch(rules, entries, each, each.direction, each.port)),
      );
      expect(records).toEqual(said);
      expect(new Set(said.flat()).size).toBeGreaterThan(300);

      // A connection of TCP needs its answers too (semantics 10.4).
      const connections = lists.map((entries, t) =>
        openings.map((each, i) => {
          const opening = said[t]![i]!;
          if (opening !== "allow" || each.protocol !== TCP) return opening;
          const back = each.direction === "ingress" ? "egress" : "ingress";
          return firstMatch(rules, entries, each, back, each.clientPort);
        }),
      );
      lists.forEach((_, t) => {
        const rows: Record<string, number> = {};
        for (const { rulings, connections: count } of survey.openers) {
          const { verdict, detail } = rulings[t]!;
          const key = detail === "" ? verdict : `${verdict} ${detail}`;
          rows[key] = (rows[key] ?? 0) + count;
        }
        expect(rows).toEqual(countEach(connections[t]!));
      });
      survey.candidates.forEach((candidate, t) => {
        const change = (before: string, after: string): string => {
          const [was, is] = [before.split(" ")[0], after.split(" ")[0]];
          if (was === is) return "unchanged";
          return is === "deny" ? "newly-denied" : "newly-allowed";
        };
        const expected = (of: readonly (readonly string[])[]) => ({
          "newly-denied": 0,
          "newly-allowed": 0,
          unchanged: 0,
          undetermined: 0,
          ...countEach(of[0]!.map((before, i) => change(before, of[t + 1]![i]!))),
        });
        expect(candidate.records).toEqual(expected(said));
        expect(candidate.connections).toEqual(expected(connections));
      });
    });
  },
);
