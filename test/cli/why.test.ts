import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { inFolder, type Outcome, runCli } from "./run-cli.js";
import { writeSmallAccount } from "./small-account.js";

interface Permission {
  readonly IpProtocol: string;
  readonly FromPort: number;
  readonly ToPort: number;
  readonly IpRanges?: readonly { readonly CidrIp: string }[];
  readonly UserIdGroupPairs?: readonly { readonly GroupId: string; readonly UserId: string }[];
}

function group(id: string, ingress: readonly Permission[], egress: readonly Permission[]): object {
  return {
    GroupId: id,
    GroupName: id.slice(3),
    VpcId: "vpc-1",
    OwnerId: "123456789012",
    IpPermissions: ingress,
    IpPermissionsEgress: egress,
  };
}

function networkInterface(id: string, address: string, groupId: string): object {
  return {
    NetworkInterfaceId: id,
    VpcId: "vpc-1",
    SubnetId: "subnet-1",
    InterfaceType: "interface",
    PrivateIpAddresses: [{ PrivateIpAddress: address, Primary: true }],
    Groups: [{ GroupId: groupId }],
  };
}

function tcp(port: number, peer: string): Permission {
  const base = { IpProtocol: "tcp", FromPort: port, ToPort: port };
  if (!peer.startsWith("sg-")) return { ...base, IpRanges: [{ CidrIp: peer }] };
  return { ...base, UserIdGroupPairs: [{ GroupId: peer, UserId: "123456789012" }] };
}

const INTERFACES = {
  NetworkInterfaces: [
    networkInterface("eni-app", "10.0.1.10", "sg-app"),
    networkInterface("eni-db", "10.0.2.20", "sg-db"),
  ],
};
const APP = group("sg-app", [], [tcp(5432, "sg-db")]);
const OPEN = { SecurityGroups: [APP, group("sg-db", [tcp(5432, "sg-app")], [])] };
const SHUT = { SecurityGroups: [APP, group("sg-db", [tcp(5433, "10.9.0.0/16")], [])] };
const FIELDS =
  "interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status tcp-flags";
const FORTH = "10.0.1.10 10.0.2.20 41000 5432 6 5 500";
const BACK = "10.0.2.20 10.0.1.10 5432 41000 6 5 500";
/** What both ends saw of one connection, in two files; an hour later it still talks. */
const LOGS: Readonly<Record<string, readonly string[]>> = {
  "day/app.log": [`eni-app ${FORTH} 1734193500 1734193550 ACCEPT OK 2`],
  "day/db.log": [
    `eni-db ${BACK} 1734193500 1734193550 ACCEPT OK 18`,
    `eni-db ${FORTH} 1734193500 1734193550 ACCEPT OK 2`,
    `eni-db ${FORTH} 1734197100 1734197150 ACCEPT OK 0`,
    "eni-db 10.0.1.10 10.0.2.20 41001 5432 6 5 500 1734197100 1734197150 REJECT OK 2",
  ],
};

async function inAccount<T>(work: (folder: string) => Promise<T>): Promise<T> {
  return inFolder(async (folder) => {
    for (const name of ["open", "shut", "logs/day", "other/day"])
      await mkdir(join(folder, name), { recursive: true });
    await writeFile(join(folder, "open/groups.json"), JSON.stringify(OPEN));
    await writeFile(join(folder, "open/interfaces.json"), JSON.stringify(INTERFACES));
    await writeFile(join(folder, "shut/groups.json"), JSON.stringify(SHUT));
    for (const [name, lines] of Object.entries(LOGS))
      await writeFile(join(folder, "logs", name), `${[FIELDS, ...lines].join("\n")}\n`);
    return work(folder);
  });
}

function why(folder: string, ...args: string[]): Promise<Outcome> {
  return runCli(["why", ...args], { cwd: folder });
}

/** Without the breaks and columns of the table. */
function flat(text: string): string {
  return text.replace(/\s+/g, " ");
}

async function whyJson(folder: string, ...args: string[]) {
  const { code, stdout, stderr } = await why(folder, ...args, "--json");
  expect([code, stderr]).toEqual([0, ""]);
  return JSON.parse(stdout);
}

describe("why FILE:LINE", () => {
  it("tells who made the entry, until when it lives, and what the other end saw", async () => {
    await inAccount(async (folder) => {
      const rules = ["--rules", "open", "--context", "logs"];
      const { code, stdout } = await why(folder, "logs/day/db.log:4", ...rules);
      expect(code).toBe(0);
      const text = flat(stdout);
      expect(text).toContain("it sent a SYN: logs/day/db.log:3 (2024-12-14 16:25:00 UTC)");
      expect(text).toContain("Entry made by logs/day/db.log:3 (2024-12-14 16:25:00 UTC)");
      expect(text).toContain("lives until 2024-12-19 17:25:50 UTC");
      expect(stdout).toContain("Other end, eni-app: egress to 10.0.2.20, tcp/5432");
      expect(stdout).toMatch(/Records\s+day\/app\.log:2 \(egress, .*ACCEPT, here allow\)/);
    });
  });

  it("finds names as reports print them in the folders of --context", async () => {
    await inAccount(async (folder) => {
      const rules = ["--rules", "open"];
      const found = await whyJson(folder, "day/db.log:2", "--context", "logs", ...rules);
      expect(found).toMatchObject({
        record: { file: "day/db.log", line: 2 },
        reason: "reply",
        connection: { localRecords: 1, remoteRecords: 2 },
        context: { records: 4 },
      });
      const lost = await why(folder, "day/db.log:2", ...rules);
      expect(lost.code).toBe(2);
      expect(lost.stderr).toContain("give it with --context");
      const elsewhere = await why(folder, "db.log:2", "--context", "logs", ...rules);
      expect(elsewhere.stderr).toContain("no log of --context is called so");
      await writeFile(join(folder, "other/day/db.log"), `${FIELDS}\n`);
      const twice = ["day/db.log:2", "--context", "logs", "other", ...rules];
      const ambiguous = await why(folder, ...twice);
      expect(ambiguous.code).toBe(2);
      expect(ambiguous.stderr).toContain(
        "2 logs of --context are called so: logs/day/db.log, other/day/db.log",
      );
    });
  });

  it("takes a file once, however --context spells it", async () => {
    await inAccount(async (folder) => {
      const args = ["logs/day/db.log:2", "--context", "./logs/../logs", "--rules", "open"];
      const { connection, context } = await whyJson(folder, ...args);
      expect(context.records).toBe(4);
      expect(connection).toMatchObject({ localRecords: 1, remoteRecords: 2 });
    });
  });

  it("judges by the rules of the record's time, and says which", async () => {
    await inAccount(async (folder) => {
      const rules = ["--rules", "open", "shut@2024-12-14T17:00:00Z"];
      const kept = await whyJson(folder, "logs/day/db.log:4", ...rules);
      expect([kept.verdict, kept.period]).toEqual([
        "allow",
        { groupsFrom: 0, aclsFrom: 1_734_195_600, count: 2 },
      ]);
      const { stdout } = await why(folder, "logs/day/db.log:5", ...rules);
      expect(stdout).toContain("✗ deny, no-rule");
      expect(stdout).toMatch(/Rules\s+those from 2024-12-14 17:00:00 UTC on/);
      expect(flat(stdout)).toContain("port 5432 is not 5433; 10.0.1.10 is outside 10.9.0.0/16");
    });
  });

  it("says what candidates and edits would make of it", async () => {
    await inAccount(async (folder) => {
      const edit = "revoke sg-db ingress tcp 5432 sg-app";
      const args = ["logs/day/db.log:3", "--rules", "open", "--candidate", "shut", "--edit", edit];
      const { verdict, candidates } = await whyJson(folder, ...args);
      expect(verdict).toBe("allow");
      expect(candidates).toMatchObject([
        { name: "shut", change: "newly-denied", verdict: "deny" },
        { name: "edits", change: "newly-denied", readings: [{ rules: [], nearest: [] }] },
      ]);
      expect(candidates[0].readings[0].nearest).toEqual([
        {
          id: "sg-db/ingress/tcp/5433/10.9.0.0/16",
          failing: 2,
          criteria: ["port 5432 is not 5433", "10.0.1.10 is outside 10.9.0.0/16"],
        },
      ]);
      const { stdout } = await why(folder, ...args);
      expect(stdout).toMatch(/Under shut\n\s+Verdict\s+✗ deny/);
    });
  });
});

describe("why --flow", () => {
  it("asks both ends without any log", async () => {
    await inAccount(async (folder) => {
      const flow = "eni-db ingress tcp 10.0.1.10:* -> :5432";
      const { code, stdout, stderr } = await why(folder, "--flow", flow, "--rules", "open");
      expect([code, stderr]).toEqual([0, ""]);
      expect(stdout).toContain("tcp 10.0.1.10:* → 10.0.2.20:5432, ingress at eni-db");
      expect(stdout).toContain("✓ allow, rule");
      expect(stdout).toContain("Both ends let it through.");
      const words = "10.0.1.10 egress tcp -> eni-db:5433";
      const refused = await whyJson(folder, "--flow", words, "--rules", "open");
      expect(refused.flows).toMatchObject([
        {
          verdict: "deny",
          decidedAt: "eni-app",
          flow: { direction: "egress", remote: "10.0.2.20", port: 5433, clientPort: null },
          ends: [
            {
              side: "named",
              reading: { nearest: [{ failing: 1, criteria: ["port 5433 is not 5432"] }] },
            },
            { side: "other", verdict: "deny" },
          ],
        },
      ]);
    });
  });

  it("asks for several interfaces and flows, at a time, under candidates", async () => {
    await inAccount(async (folder) => {
      const flows = [
        "--flow",
        "eni-db,10.0.1.10 ingress tcp 10.9.1.1:40000 -> :5433",
        "--flow",
        "eni-app egress icmp/8 -> [fd00::1]",
      ];
      const rules = ["--rules", "open", "shut@2024-12-14"];
      const { flows: latest } = await whyJson(folder, ...flows, ...rules, "--snapshot-complete");
      expect(latest.map((each: { verdict: string }) => each.verdict)).toEqual([
        "allow",
        "deny",
        "deny",
      ]);
      const at = ["--at", "2024-12-13", "--candidate", "shut"];
      const first = flows.slice(0, 2);
      const { flows: before } = await whyJson(folder, ...first, ...rules, ...at);
      expect(before[0]).toMatchObject({
        verdict: "deny",
        rulesFrom: 0,
        candidates: [{ name: "shut", verdict: "allow", change: "newly-allowed" }],
      });
      const lines = await why(folder, ...first, ...rules, "--format", "ndjson");
      const types = lines.stdout
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line).type);
      expect(types).toEqual(["report", "flow", "flow"]);
      const markdown = await why(folder, ...first, ...rules, "--format", "markdown");
      expect(markdown.stdout).toMatch(/^## Hypothetical flows/);
    });
  });

  it("points at the word that is at fault", async () => {
    await inAccount(async (folder) => {
      const flow = "eni-db ingress tpc 10.1.2.3:* -> :5432";
      const { code, stdout, stderr } = await why(folder, "--flow", flow, "--rules", "open");
      expect([code, stdout]).toEqual([2, ""]);
      expect(stderr).toContain('flowverdict: --flow, word 3: "tpc" is no protocol');
      expect(stderr).toContain(
        "hint: write 'INTERFACE ingress|egress PROTOCOL SOURCE -> DESTINATION'",
      );
    });
  });

  it("takes interfaces that --attach gives groups", async () => {
    await inFolder(async (folder) => {
      await writeSmallAccount(folder);
      const flow = "eni-new ingress tcp 198.51.100.7 -> 10.0.0.77:443";
      const args = ["--flow", flow, "--rules", "account", "--attach", "sg-web"];
      const { flows } = await whyJson(folder, ...args);
      expect(flows[0]).toMatchObject({
        verdict: "allow",
        ends: [{ interface: { known: "attached" } }],
      });
    });
  });

  it.each([
    [["logs/small.log:2", "--flow", "eni-web ingress tcp 10.1.2.3 -> :443"], "are two questions"],
    [["logs/small.log:2", "--at", "2024-12-14"], "--at is the time of --flow"],
  ])("%j is refused", async (args, message) => {
    await inFolder(async (folder) => {
      await writeSmallAccount(folder);
      const { code, stderr } = await why(folder, ...args, "--rules", "account");
      expect(code).toBe(2);
      expect(stderr).toContain(message);
    });
  });
});
