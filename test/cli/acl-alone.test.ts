// A network ACL at an interface without groups: what it changes is told by connections, of logs and of their summaries.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { inFolder, type Outcome, runCli } from "./run-cli.js";

const START = 1_700_000_000;
const CONNECTIONS = 5;
const FIELDS =
  "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status tcp-flags";

/** Connections of a NAT gateway to tcp/443, ten seconds apart, each with its reply. */
function natLog(): string {
  const lines = Array.from({ length: CONNECTIONS }, (_, i) => {
    const [remote, port, start] = [`203.0.113.${i}`, 40_000 + i, START + 10 * i];
    const rest = (flags: number) => `6 3 180 ${start} ${start + 10} ACCEPT OK ${flags}`;
    return [
      `2 111122223333 eni-nat 10.0.1.12 ${remote} ${port} 443 ${rest(2)}`,
      `2 111122223333 eni-nat ${remote} 10.0.1.12 443 ${port} ${rest(18)}`,
    ];
  });
  return `${[FIELDS, ...lines.flat()].join("\n")}\n`;
}

function entry(number: number, egress: boolean, action: string, port?: number): object {
  const all = { RuleNumber: number, Egress: egress, RuleAction: action, CidrBlock: "0.0.0.0/0" };
  return port === undefined
    ? { ...all, Protocol: "-1" }
    : { ...all, Protocol: "6", PortRange: { From: port, To: port } };
}

function account(...entries: readonly object[]): string {
  return JSON.stringify({
    SecurityGroups: [],
    NetworkInterfaces: [
      {
        NetworkInterfaceId: "eni-nat",
        InterfaceType: "natGateway",
        VpcId: "vpc-1",
        SubnetId: "subnet-1",
        PrivateIpAddress: "10.0.1.12",
        PrivateIpAddresses: [{ PrivateIpAddress: "10.0.1.12", Primary: true }],
        Groups: [],
      },
    ],
    NetworkAcls: [
      {
        NetworkAclId: "acl-1",
        VpcId: "vpc-1",
        IsDefault: false,
        Associations: [{ NetworkAclId: "acl-1", SubnetId: "subnet-1" }],
        Entries: [...entries, entry(100, false, "allow"), entry(100, true, "allow")],
      },
    ],
    Subnets: [{ SubnetId: "subnet-1", VpcId: "vpc-1", CidrBlock: "10.0.1.0/24" }],
  });
}

const RULES = ["--rules", "before.json"];
const CANDIDATE = [...RULES, "--candidate", "after.json"];

async function runAll<Name extends string>(
  commands: Readonly<Record<Name, readonly string[]>>,
): Promise<Readonly<Record<Name, Outcome>>> {
  return inFolder(async (cwd) => {
    await writeFile(join(cwd, "nat.log"), natLog());
    await writeFile(join(cwd, "before.json"), account());
    await writeFile(join(cwd, "after.json"), account(entry(90, true, "deny", 443)));
    const outcomes: [string, Outcome][] = [];
    for (const [name, args] of Object.entries<readonly string[]>(commands))
      outcomes.push([name, await runCli(args, { cwd })]);
    return Object.fromEntries(outcomes) as Record<Name, Outcome>;
  });
}

describe("a network ACL that stops a NAT gateway", () => {
  let said: Awaited<ReturnType<typeof ask>>;
  const ask = () =>
    runAll({
      summarize: ["summarize", "nat.log", ...RULES, "-o", "nat.fvs"],
      gate: ["gate", "nat.log", ...CANDIDATE],
      gateStored: ["gate", "nat.fvs", ...CANDIDATE],
      diff: ["diff", "nat.log", ...CANDIDATE, "--json"],
      diffStored: ["diff", "nat.fvs", ...CANDIDATE, "--json"],
      diffAt: ["diff", "nat.log", ...CANDIDATE, "--json", "--at", String(START + 15)],
      evaluate: ["evaluate", "nat.log", "--rules", "after.json", "--json"],
    });
  const candidateOf = ({ stdout }: Outcome) => JSON.parse(stdout).candidates[0];

  beforeAll(async () => {
    said = await ask();
  });

  it("fails the gate, over the log and over its summary", () => {
    expect(said.summarize.code).toBe(0);
    for (const { code, stdout } of [said.gate, said.gateStored]) {
      expect(code).toBe(1);
      expect(stdout).toContain("would-break: 5 connections");
      expect(stdout).toContain("nat.log:2");
    }
  });

  it("breaks five connections, in tuples with samples", () => {
    for (const outcome of [said.diff, said.diffStored]) {
      const { connections, tuples } = candidateOf(outcome);
      expect(connections).toEqual({
        newlyDenied: CONNECTIONS,
        newlyAllowed: 0,
        unchanged: 0,
        undetermined: 0,
      });
      // No rule names a block: each peer is a tuple by itself.
      expect(tuples).toHaveLength(CONNECTIONS);
      for (const tuple of tuples) {
        expect(tuple).toMatchObject({ change: "newly-denied", connections: 1, port: 443 });
        expect(tuple.samples.length).toBeGreaterThan(0);
      }
    }
    expect(candidateOf(said.diff).records).toMatchObject({ newlyDenied: 5, unchanged: 5 });
  });

  it("cuts what lives at a cut-over and refuses what opens later: a list keeps no entry", () => {
    expect(candidateOf(said.diffAt).cutOvers).toEqual({ survives: 0, cut: 2, refused: 3 });
  });

  it("is judged record by record under one rule set", () => {
    const { verdicts, reasons, connections } = JSON.parse(said.evaluate.stdout);
    expect(verdicts).toMatchObject({ allow: 5, deny: 5, unknown: 0 });
    expect(reasons).toMatchObject({ acl: 5, "no-groups": 5 });
    expect(connections.total).toBe(0);
  });
});
