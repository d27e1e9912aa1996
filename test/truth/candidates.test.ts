// Sections 9 and 10 against what would really have happened: the simulator's own firewall under other rules, and the
// packets that its network ACL stopped.
import type { RecordBatch } from "apache-arrow";
import { beforeAll, describe, expect, test } from "vitest";
import { surveyRecords } from "../../src/analysis/index.js";
import { makeAccount } from "../../src/generate/account.js";
import { accountRuleSet } from "../../src/generate/account-rule-set.js";
import type { AccountSpec, PermissionSpec } from "../../src/generate/account-spec.js";
import { addressWords } from "../../src/generate/address-words.js";
import { admits, compilePolicy, type Policy } from "../../src/generate/firewall.js";
import { CAUSES, generateLog, V2_FIELDS } from "../../src/generate/index.js";
import {
  type Address,
  type Cidr,
  cidrContains,
  parseAddress,
  parseCidr,
} from "../../src/model/address.js";
import type { RuleSet } from "../../src/model/rule-set.js";
import { always } from "../../src/model/timeline.js";
import { buildAcls } from "../support/acl-builder.js";
import { coreOf } from "../support/wasm-engine.js";

const FIRST = Number(process.env.FLOW_FIRST_SEED ?? 1);
const SEEDS = Number(process.env.FLOW_SEEDS ?? 2);
const RECORDS = Number(process.env.FLOW_RECORDS ?? 60_000);
/** Answers to packets that AWS had forgotten, or what a balancer let through: the log does not show which. */
const HIDDEN = new Set(["late", "late-near", "reopened", "through-balancer", "acl"]);
const OPENERS = ["unknown", "local", "remote"];

/** Every third permission goes, and half of the groups are opened to everybody on three ports. */
function changed(spec: AccountSpec): AccountSpec {
  const open = (port: number): PermissionSpec => ({
    ...{ direction: "ingress", protocol: "tcp", from: port, to: port },
    ...{ v4: ["0.0.0.0/0"], v6: ["::/0"], lists: [], groups: [] },
  });
  const groups = spec.groups.map((group, i) => {
    const kept = group.permissions.filter((_, number) => (number + i) % 3 !== 0);
    const more = i % 2 === 0 ? [open(22), open(443), open(3389)] : [];
    return { ...group, permissions: [...kept, ...more] };
  });
  return { ...spec, groups };
}

/** The account's rules with the network ACL that its packets pass. */
function listed(spec: AccountSpec): RuleSet {
  const denies = spec.acl.map(
    ({ direction, cidr }, i) => `${direction} ${10 + i} deny all all ${cidr}`,
  );
  const open = ["ingress", "egress"].flatMap((direction) => [
    `${direction} 900 allow all all 0.0.0.0/0`,
    `${direction} 901 allow all all ::/0`,
  ]);
  const subnets = spec.subnets.map(({ id }) => id);
  return {
    ...accountRuleSet(spec),
    acls: buildAcls({ "acl-1": { subnets, entries: [...denies, ...open] } }),
  };
}

interface Told {
  readonly line: string;
  readonly interfaceId: string;
  readonly direction: string;
  readonly opener: string;
  readonly grade: string;
  readonly verdict: string;
  readonly reason: string;
  readonly candidateVerdict: string;
  readonly candidateReason: string;
  readonly change: string;
  readonly cause: string;
  readonly trueOpener: string;
  readonly field: (name: string) => string;
}

/** Judges a generated log under the account's rules and a candidate, and pairs what is said with the truth. */
async function survey(seed: number, candidate: (spec: AccountSpec) => RuleSet): Promise<Told[]> {
  const options = { seed, records: RECORDS, format: "v5" as const };
  const spec = makeAccount(options);
  const chunks = [...generateLog(options)];
  const lines = chunks
    .map(({ text }) => new TextDecoder().decode(text))
    .join("")
    .split("\n");
  const causes = chunks.flatMap(({ truth }) => [...truth.cause]);
  const openers = chunks.flatMap(({ truth }) => [...truth.opener]);
  const names = lines[0]!.split(" ");
  expect(names.length).toBeGreaterThan(V2_FIELDS.length);
  const input = {
    name: "log",
    async *open(): AsyncGenerator<Uint8Array> {
      for (const { text } of chunks) yield text;
    },
  };
  const stream = surveyRecords([input], {
    core: await coreOf("release"),
    baseline: always("baseline", accountRuleSet(spec)),
    candidates: [always("candidate", candidate(spec))],
    openers: "all",
  });
  const told: Told[] = [];
  const read = (batch: RecordBatch): void => {
    const cell = (name: string, i: number): string => String(batch.getChild(name)!.get(i));
    for (let i = 0; i < batch.numRows; i++) {
      const index = Number(cell("line", i)) - 2;
      const line = lines[index + 1]!;
      const values = line.split(" ");
      const field = (name: string): string => values[names.indexOf(name)] ?? "-";
      told.push({
        line,
        field,
        interfaceId: field("interface-id"),
        direction: cell("direction", i),
        opener: cell("opener", i),
        grade: cell("grade", i),
        verdict: cell("verdict", i),
        reason: cell("reason", i),
        candidateVerdict: cell("candidate_verdict", i),
        candidateReason: cell("candidate_reason", i),
        change: cell("change", i),
        cause: CAUSES[causes[index]!]!,
        trueOpener: OPENERS[openers[index]!]!,
      });
    }
  };
  for await (const batch of stream) read(batch);
  return told;
}

/** The simulator's firewall of an account: whether it admits the opening of a record's connection. */
class Firewall {
  private readonly policies = new Map<string, Policy>();
  private readonly owners = new Map<string, readonly number[]>();
  private readonly delegated: { readonly block: Cidr; readonly groups: readonly number[] }[] = [];
  private readonly balancers: readonly number[];

  constructor(spec: AccountSpec) {
    for (const { id, groups, v4, v6, prefixes } of spec.interfaces) {
      this.policies.set(id, compilePolicy(spec, groups));
      for (const text of [...v4, ...v6]) this.owners.set(text, groups);
      for (const text of prefixes) this.delegated.push({ block: parseCidr(text), groups });
    }
    this.balancers = spec.interfaces
      .filter(({ kind }) => kind === "balancer")
      .flatMap(({ groups }) => groups);
  }

  /** `undefined` where it depends on whether a balancer was between. */
  admits({ interfaceId, direction, trueOpener, field }: Told): boolean | undefined {
    const opens = trueOpener === "local" ? "egress" : "ingress";
    const remote = field(direction === "ingress" ? "pkt-srcaddr" : "pkt-dstaddr");
    const address = parseAddress(remote)!;
    const question = {
      protocol: Number(field("protocol")),
      port: Number(field(direction === opens ? "dstport" : "srcport")),
      icmpType: 0,
      family: address.family,
      words: Int32Array.from(addressWords(address)),
      offset: 0,
      remoteGroups: this.owners.get(remote) ?? this.delegatedTo(address),
    };
    const table = this.policies.get(interfaceId)![opens];
    const plain = admits(table, { ...question, balancerGroups: [] });
    const through = admits(table, { ...question, balancerGroups: this.balancers });
    return plain === through ? plain : undefined;
  }

  private delegatedTo(address: Address): readonly number[] {
    return this.delegated.find(({ block }) => cidrContains(block, address))?.groups ?? [];
  }
}

function expectedChange(before: boolean, after: boolean): string {
  if (before === after) return "unchanged";
  return before ? "newly-denied" : "newly-allowed";
}

describe.each(Array.from({ length: SEEDS }, (_, i) => FIRST + i))("seed %i", (seed) => {
  describe("another rule set", () => {
    let measured: readonly Told[] = [];
    beforeAll(async () => {
      const told = await survey(seed, (spec) => accountRuleSet(changed(spec)));
      measured = told.filter(({ grade, cause }) => grade === "measured" && !HIDDEN.has(cause));
    });

    test("changes of measured connections are what its firewall would have done", () => {
      const spec = makeAccount({ seed });
      const [before, after] = [new Firewall(spec), new Firewall(changed(spec))];
      const counts: Record<string, number> = {};
      const wrong: string[] = [];
      for (const record of measured) {
        const [was, would] = [before.admits(record), after.admits(record)];
        const open = was === undefined || would === undefined;
        const late = [record.reason, record.candidateReason].some((reason) =>
          ["after-close", "expired"].includes(reason),
        );
        if (open || late || record.change === "undetermined") continue;
        const wanted = expectedChange(was, would);
        counts[wanted] = (counts[wanted] ?? 0) + 1;
        if (record.change !== wanted)
          wrong.push(`${record.line} => ${record.change}, truth ${wanted}`);
      }
      expect(wrong).toEqual([]);
      const asked = Object.values(counts).reduce((sum, count) => sum + count, 0);
      expect(asked).toBeGreaterThan(measured.length * 0.9);
      expect(counts["newly-denied"]).toBeGreaterThan(100);
      expect(counts["newly-allowed"]).toBeGreaterThan(10);
    });
  });

  test("what the network ACL stopped is denied, what it let pass stays as it was", async () => {
    const told = await survey(seed, listed);
    const stopped = told.filter(({ cause }) => cause === "acl");
    expect(stopped.length).toBeGreaterThan(10);
    const missed = stopped.filter(
      ({ candidateVerdict, field }) => field("action") === "REJECT" && candidateVerdict !== "deny",
    );
    expect(missed.map(({ line, candidateReason }) => `${line} => ${candidateReason}`)).toEqual([]);
    const named = stopped.filter(({ candidateReason }) => candidateReason === "acl");
    expect(named.length).toBeGreaterThan(stopped.length * 0.5);
    const blamed = told.filter(
      ({ cause, candidateReason, field }) =>
        cause !== "acl" && candidateReason === "acl" && field("action") === "ACCEPT",
    );
    expect(blamed.map(({ line, cause }) => `${line} => ${cause}`)).toEqual([]);
  });
});
