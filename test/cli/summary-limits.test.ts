import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { inFolder, runCli } from "./run-cli.js";

const START = 1_700_000_000;
const FIELDS =
  "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status";
const LOCAL = "10.0.1.10";

function record(from: string, to: string, ports: string, seconds: number): string {
  const start = START + seconds;
  return `2 1 eni-1 ${from} ${to} ${ports} 17 3 180 ${start} ${start + 10} ACCEPT OK`;
}

function logOf(records: readonly string[]): string {
  // Connections at a border of the log are kept one by one: what matters lies far from both ends.
  const far = (seconds: number): string => record("10.0.7.7", LOCAL, "40000 9", seconds);
  return `${[FIELDS, far(0), ...records, far(40_000)].join("\n")}\n`;
}

function group(GroupId: string, peer: object): object {
  const IpPermissions = [{ IpProtocol: "udp", FromPort: 514, ToPort: 514, ...peer }];
  return {
    GroupId,
    GroupName: GroupId,
    VpcId: "vpc-1",
    OwnerId: "1",
    IpPermissions,
    IpPermissionsEgress: [],
  };
}

function face(NetworkInterfaceId: string, address: string, groupId: string, attached?: number) {
  return {
    NetworkInterfaceId,
    VpcId: "vpc-1",
    SubnetId: "subnet-1",
    InterfaceType: "interface",
    PrivateIpAddress: address,
    PrivateIpAddresses: [{ PrivateIpAddress: address, Primary: true }],
    Groups: [{ GroupId: groupId, GroupName: groupId }],
    ...(attached === undefined
      ? {}
      : { Attachment: { AttachTime: new Date(1000 * attached).toISOString() } }),
  };
}

/** A member that was attached after the first three of its six connections. */
const ATTACHED = {
  log: logOf(
    [7000, 7300, 7600, 9000, 9500, 10_000].map((t, i) =>
      record("10.0.2.20", LOCAL, `${45_000 + i} 514`, t),
    ),
  ),
  rules: {
    SecurityGroups: [group("sg-1", { UserIdGroupPairs: [{ GroupId: "sg-2" }] }), group("sg-2", {})],
    NetworkInterfaces: [
      face("eni-1", LOCAL, "sg-1"),
      face("eni-2", "10.0.2.20", "sg-2", START + 8000),
    ],
  },
  candidate: ["--edit", "revoke sg-1 ingress udp 514 sg-2"],
};

function acl(ports?: object): object {
  const entry = { CidrBlock: "0.0.0.0/0", RuleAction: "allow", RuleNumber: 100 };
  return {
    NetworkAclId: "acl-1",
    VpcId: "vpc-1",
    IsDefault: false,
    Associations: [{ NetworkAclId: "acl-1", SubnetId: "subnet-1" }],
    Entries: [
      { ...entry, Egress: false, Protocol: "-1" },
      { ...entry, Egress: true, ...(ports ?? { Protocol: "-1" }) },
    ],
  };
}

const OPEN = {
  SecurityGroups: [group("sg-1", { IpRanges: [{ CidrIp: "0.0.0.0/0" }] })],
  NetworkInterfaces: [face("eni-1", LOCAL, "sg-1")],
  Subnets: [{ SubnetId: "subnet-1", VpcId: "vpc-1", CidrBlock: "10.0.1.0/24" }],
  NetworkAcls: [acl()],
};
/** Clients with ports on both sides of what the candidate's network ACL lets out. */
const PORTS = {
  log: logOf(
    [2000, 40_000, 2001, 40_001].flatMap((port, i) => [
      record("203.0.113.5", LOCAL, `${port} 514`, 10_000 + 1000 * i),
      record(LOCAL, "203.0.113.5", `514 ${port}`, 10_000 + 1000 * i),
    ]),
  ),
  rules: OPEN,
  narrow: {
    ...OPEN,
    NetworkAcls: [acl({ Protocol: "17", PortRange: { From: 32_768, To: 61_000 } })],
  },
};

interface Case {
  readonly log: string;
  readonly rules: object;
  readonly candidate?: readonly string[];
  readonly narrow?: object;
}

async function gates({ log, rules, candidate, narrow }: Case) {
  return inFolder(async (folder) => {
    const at = (name: string): string => join(folder, name);
    await writeFile(at("a.log"), log);
    await writeFile(at("rules.json"), JSON.stringify(rules));
    if (narrow !== undefined) await writeFile(at("narrow.json"), JSON.stringify(narrow));
    const under = ["--rules", at("rules.json")];
    await runCli(["summarize", at("a.log"), ...under, "-o", at("a.fvs")]);
    const asked = [...under, ...(candidate ?? ["--candidate", at("narrow.json")]), "--json"];
    const byLog = await runCli(["gate", at("a.log"), ...asked]);
    const bySummary = await runCli(["gate", at("a.fvs"), ...asked]);
    const usage = await runCli([
      "usage",
      at("a.fvs"),
      "--rules",
      at(narrow === undefined ? "rules.json" : "narrow.json"),
      "--json",
    ]);
    return { byLog, bySummary, usage: JSON.parse(usage.stdout) };
  });
}

interface Noted {
  readonly coverage: { readonly notes: readonly { code: string; message: string }[] };
}

function storageNotes({ coverage }: Noted): Noted["coverage"]["notes"] {
  return coverage.notes.filter((each) => each.code.startsWith("summary-"));
}

describe("what a summary leaves undetermined is said", () => {
  it.each([
    ["summary-attach-times", ATTACHED, 6],
    ["summary-client-ports", PORTS, 4],
  ] as const)("%s", async (code, given, connections) => {
    const { byLog, bySummary, usage } = await gates(given);
    expect(byLog.code).toBe(1);
    expect(storageNotes(JSON.parse(byLog.stdout))).toEqual([]);
    const answer = JSON.parse(bySummary.stdout);
    expect(answer.connections).toMatchObject({
      newlyDenied: 0,
      undetermined: connections,
    });
    const text = new RegExp(`undetermined because .*: ${connections}$`);
    for (const each of [answer, usage] as Noted[])
      expect(storageNotes(each)).toMatchObject([{ code, message: expect.stringMatching(text) }]);
    expect(bySummary.stderr).toContain("the log may fail where its summary passes");
    expect(answer.findings).toContainEqual(
      expect.objectContaining({
        kind: "undetermined",
        level: "warning",
        message: expect.stringMatching(text),
      }),
    );
    // What may have been admitted is no missing evidence.
    expect(usage.rules[0]).toMatchObject({ class: "undecidable", undecided: connections });
  });
});
