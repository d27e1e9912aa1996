// Connectivity of two accounts by our engines, line by line against what another analyser pins for them. Every class of
// packets is a connection in a made-up log: its opening and its answer, at the interface of each end that has one; and
// a hypothetical flow.
import { describe, expect, it } from "vitest";
import { parseAddress } from "../../src/model/address.js";
import type { RuleSet } from "../../src/model/rule-set.js";
import { always } from "../../src/model/timeline.js";
import {
  explainFlow,
  type FlowExplanation,
  type HypotheticalFlow,
} from "../../src/reference/index.js";
import { type CoreTarget, coreOf, runCore } from "../support/wasm-engine.js";
import {
  type End,
  hasAccounts,
  portClasses,
  publicBlocks,
  readAccount,
  readPinned,
  subnetsAlone,
} from "./np-guard.js";
import { type Passing, wordsFor } from "./np-guard-words.js";

const ELSEWHERE: End = { name: "Public Internet (all ranges)", address: "198.51.100.77" };
const FIELDS =
  "interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status tcp-flags";
const TCP = 6;

/** A class of openings between two ends. */
interface Trial extends Omit<Passing, "answered"> {
  readonly from: End;
  readonly to: End;
}

function trialsOf(ruleSet: RuleSet, from: End, to: End): Trial[] {
  const classes = portClasses(ruleSet);
  const ported = [TCP, 17].flatMap((protocol) =>
    classes.flatMap((source) =>
      classes.map((destination) => ({ from, to, protocol, source, destination })),
    ),
  );
  return [...ported, { from, to, protocol: 1, source: null, destination: null }];
}

/** Records of one trial: the opening at both ends, for TCP the answer at both ends too. */
function recordsOf({ from, to, protocol, source, destination }: Trial, index: number): string[] {
  const [sport, dport] = [source?.[0] ?? 0, destination?.[0] ?? 0];
  // An hour apart: two trials of the same endpoints, one the other way, are two connections.
  const start = 1_734_193_500 + index * 3600;
  // A lone rejected direction was opened by its source; TCP says so by its flags, and so its ports may say otherwise.
  const [action, flags] = protocol === TCP ? ["ACCEPT", 2] : ["REJECT", 0];
  const opening = `${from.address} ${to.address} ${sport} ${dport} ${protocol} 1 40 ${start} ${start + 1} ${action} OK ${flags}`;
  const answer = `${to.address} ${from.address} ${dport} ${sport} ${protocol} 1 40 ${start} ${start + 1} ACCEPT OK 18`;
  const interfaces = [from.interfaceId, to.interfaceId].flatMap((id) => id ?? []);
  return [
    ...interfaces.map((id) => `${id} ${opening}`),
    ...(protocol === TCP ? interfaces.map((id) => `${id} ${answer}`) : []),
  ];
}

/** What becomes of each trial; `undefined`: its opening does not pass. */
type Judge = (
  ruleSet: RuleSet,
  trials: readonly Trial[],
) => Promise<readonly (Passing | undefined)[]>;

/** The core judges the records of a made-up log. */
function byCore(target: CoreTarget): Judge {
  return async (ruleSet, trials) => {
    const lines = trials.map((trial, index) => recordsOf(trial, index));
    const text = `${[FIELDS, ...lines.flat()].join("\n")}\n`;
    const options = { core: await coreOf(target), ruleSet };
    const { judged, summary } = await runCore([{ name: "trials", text }], options);
    expect(summary.records.malformed).toBe(0);
    const byLine = new Map(judged.map((row) => [row.line, row]));
    let next = 2;
    return trials.map((trial, i) => {
      const rows = lines[i]!.map(() => byLine.get(next++)!);
      expect(rows.map(({ verdict }) => verdict)).not.toContain("unknown");
      const ends = trial.protocol === TCP ? rows.length / 2 : rows.length;
      if (!rows.slice(0, ends).every(({ verdict }) => verdict === "allow")) return undefined;
      const answered = rows.slice(ends).every(({ verdict }) => verdict === "allow");
      return { ...trial, answered };
    });
  };
}

/** The reference explains hypothetical flows: no log at all. */
async function byFlows(
  ruleSet: RuleSet,
  trials: readonly Trial[],
): Promise<readonly (Passing | undefined)[]> {
  return trials.map((trial) => {
    const { from, to, protocol, source, destination } = trial;
    const isOwn = from.interfaceId !== undefined;
    const flow: HypotheticalFlow = {
      interfaceId: from.interfaceId ?? to.interfaceId ?? "",
      direction: isOwn ? "egress" : "ingress",
      protocol,
      remote: parseAddress(isOwn ? to.address : from.address)!,
      local: null,
      port: destination?.[0] ?? 0,
      clientPort: source?.[0] ?? null,
      icmp: protocol === 1 ? { type: 8, code: 0 } : null,
      time: 4_294_967_295,
    };
    const [{ ends, verdict }] = explainFlow(flow, [always("now", ruleSet)]) as [FlowExplanation];
    const opens = ends.every(
      ({ reading, acl }) => reading?.answer.verdict === "allow" && acl?.verdict !== "deny",
    );
    expect(ends).toHaveLength(from.interfaceId && to.interfaceId ? 2 : 1);
    return opens ? { ...trial, answered: verdict === "allow" } : undefined;
  });
}

/** What passes between every two ends, in the analyser's words. */
async function connectivity(
  judge: Judge,
  ruleSet: RuleSet,
  ends: readonly End[],
): Promise<Map<string, readonly string[]>> {
  const pairs = ends.flatMap((from) => ends.map((to) => [from, to] as const)).filter(isAsked);
  const trials = pairs.flatMap(([from, to]) => trialsOf(ruleSet, from, to));
  const passing = new Map<string, Passing[]>(
    pairs.map(([from, to]) => [`${from.name} => ${to.name}`, []]),
  );
  const judged = await judge(ruleSet, trials);
  judged.forEach((each, i) => {
    const { from, to } = trials[i]!;
    if (each !== undefined) passing.get(`${from.name} => ${to.name}`)?.push(each);
  });
  const classes = 2 * portClasses(ruleSet).length ** 2 + 1;
  return new Map([...passing].map(([pair, list]) => [pair, wordsFor(list, classes)]));
}

/** Two ends of one VPC, or one end outside. */
function isAsked([from, to]: readonly [End, End]): boolean {
  if (from === to) return false;
  if (from.vpcId === undefined || to.vpcId === undefined) return from.vpcId !== to.vpcId;
  return from.vpcId === to.vpcId;
}

/** Public addresses by the blocks that the rules name, and one for all others. */
function outside(ruleSet: RuleSet): End[] {
  const named = publicBlocks(ruleSet).map((block) => {
    const [address = ""] = block.split("/");
    return { name: `Public Internet ${block}`, address };
  });
  return [...named, ELSEWHERE];
}

/** A block that answers like all other addresses has no line of its own. */
function mergeOutside(found: ReadonlyMap<string, readonly string[]>): string[] {
  const lines: string[] = [];
  for (const [pair, words] of found) {
    const whole = pair.replace(/Public Internet [\d./]+/, ELSEWHERE.name);
    if (whole !== pair && String(found.get(whole)) === String(words)) continue;
    for (const each of words) lines.push(`${pair} : ${each}`);
  }
  return lines.sort();
}

const JUDGES: readonly (readonly [name: string, judge: Judge])[] = [
  ["the core, debug", byCore("debug")],
  ["the core, release", byCore("release")],
  ["hypothetical flows", byFlows],
];

describe.skipIf(!hasAccounts()).each(JUDGES)("np-guard by %s", (_, judge) => {
  it.each(["aws_acl_1", "aws_sg_1"])("%s: every line of the interfaces agrees", async (name) => {
    const { ruleSet, interfaces } = readAccount(name);
    const ends = [...interfaces, ...outside(ruleSet)];
    const found = mergeOutside(await connectivity(judge, ruleSet, ends));
    const pinned = [...readPinned(`${name}_all_vpcs_.txt`)].sort();
    expect(pinned.length).toBeGreaterThan(10);
    expect(found).toEqual(pinned);
  });

  // Their analysis by subnets asks which way out a subnet has, and no question about openings from outside.
  it.each(["aws_acl_1", "aws_sg_1"])("%s: every line of the subnets agrees", async (name) => {
    const account = readAccount(name);
    const ruleSet = subnetsAlone(account);
    const ends = [...account.subnets, ...outside(ruleSet)];
    const found = mergeOutside(await connectivity(judge, ruleSet, ends));
    const pinned = [...readPinned(`${name}_all_vpcs_subnetsBased_withPGW.txt`)].sort();
    expect(pinned.length).toBeGreaterThan(10);
    const routed = found.filter((line) => !line.startsWith("Public Internet"));
    const unrouted = routed.filter((line) => !pinned.includes(line));
    expect(routed.filter((line) => !unrouted.includes(line))).toEqual(pinned);
    // What is left passes the lists, and has no route to a gateway: routes are no part of a rule set.
    expect(unrouted).toEqual(
      account.privateSubnets.map((subnet) => `${subnet} => ${ELSEWHERE.name} : All Connections`),
    );
  });
});
