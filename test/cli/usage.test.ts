import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { inFolder, runCli } from "./run-cli.js";
import { writeSmallAccount } from "./small-account.js";

describe("flowverdict", () => {
  it.each(["--version", "-V"])("%s prints the version alone", async (flag) => {
    const { code, stdout, stderr } = await runCli([flag]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it.each([
    [["--help"], "Usage: flowverdict"],
    [["evaluate", "--help"], "Usage: flowverdict evaluate"],
    [["diff", "--help"], "Usage: flowverdict diff"],
    [["check", "-h"], "Usage: flowverdict check"],
    [["help", "why"], "Usage: flowverdict why"],
    [["doctor", "-h"], "Usage: flowverdict doctor"],
    [["generate", "--help"], "Usage: flowverdict generate"],
  ])("%s prints help on stdout", async (args, beginning) => {
    const { code, stdout } = await runCli(args);
    expect(code).toBe(0);
    expect(stdout.startsWith(beginning)).toBe(true);
  });

  it("without arguments and terminal is a usage error with short help", async () => {
    const { code, stdout, stderr } = await runCli([]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain("evaluate LOGS --rules PATH");
  });

  it.each([
    [["evalute"], "Did you mean evaluate?"],
    [["evaluate", "x", "--rules", "y", "--recrds", "z"], "Did you mean --records?"],
    [["evaluate", "x"], "required option '--rules"],
    [["evaluate", "--rules", "a", "b"], "put LOGS first, or after --"],
    [["evaluate", "x", "--rules", "y", "--jobs", "0"], "whole number from 1 to 256"],
    [
      ["evaluate", "x", "--rules", "y", "--format", "xml"],
      "Allowed choices are table, json, ndjson, markdown",
    ],
    [["evaluate", "x", "--rules", "y", "--from", "noon"], "Unix seconds"],
    [["evaluate", "x", "--rules", "y", "--timeout", "tcp=5s"], "tcp-established=350s"],
    [["generate", "-o", "x"], "required option '--records"],
    [["diff", "x", "--rules", "y", "--limit", "0"], "whole number from 1 to 1000000"],
    [["diff", "x", "--rules", "y", "--candidat", "z"], "Did you mean --candidate?"],
    [["check", "x"], "required option '--rules"],
    [["evaluate", "-", "--rules", "-"], "stdin cannot be a log and a rule document at once"],
    [["why", "--rules", "y"], "missing required argument 'record'"],
  ])("%s is a usage error", async (args, message) => {
    const { code, stdout, stderr } = await runCli(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(message);
    expect(stderr).not.toMatch(/\n\s+at /);
  });

  it("names a missing rule path and shows no stack", async () => {
    const { code, stderr } = await runCli(["why", "2 x", "--rules", "/no/such/rules.json"]);
    expect(code).toBe(2);
    expect(stderr).toContain("/no/such/rules.json: there is no such file or folder");
    expect(stderr).not.toMatch(/\n\s+at /);
  });
});

describe("doctor", () => {
  it("without inputs prints the commands that fetch everything", async () => {
    const { code, stdout } = await runCli(["doctor"]);
    expect(code).toBe(0);
    expect(stdout).toContain("aws ec2 describe-security-groups --output json");
    expect(stdout).toContain("aws ec2 describe-flow-logs --output json");
    expect(stdout).toContain("aws s3 sync s3://");
  });

  it("tells formats, gaps and unknown interfaces", async () => {
    await inFolder(async (folder) => {
      await writeSmallAccount(folder);
      const { code, stdout } = await runCli(["doctor", "logs", "--rules", "account", "--json"], {
        cwd: folder,
      });
      expect(code).toBe(0);
      const report = JSON.parse(stdout);
      expect(report.schemaVersion).toBe(1);
      expect(report.logs.looks).toHaveLength(1);
      expect(report.logs.looks[0]).toMatchObject({
        name: "small.log",
        status: "recognised",
        how: "header",
        records: 4,
        nodata: 1,
        firstStart: 1_734_193_500,
        lastEnd: 1_734_193_680,
        whole: true,
      });
      expect(report.logs.undescribed).toEqual([]);
      expect(report.lacking.map(({ field }: { field: string }) => field)).toContain("tcp-flags");
      expect(report.rules).toMatchObject({ groups: 1, rules: 1, interfaces: 1 });
    });
  });

  it("ends with 2 when a log is not one, and still reports the rest", async () => {
    await inFolder(async (folder) => {
      await writeSmallAccount(folder);
      const args = ["doctor", "logs/small.log", "account/groups.json", "nowhere.log"];
      const { code, stdout } = await runCli(args, { cwd: folder });
      expect(code).toBe(2);
      expect(stdout).toContain("✓  logs/small.log");
      expect(stdout).toContain("✗  account/groups.json");
      expect(stdout).toContain("nowhere.log: there is no such file or folder");
    });
  });
});

/** A web server that admits what its balancer passes on, clients with their own addresses. */
const BALANCED = {
  SecurityGroups: [
    {
      GroupId: "sg-web",
      VpcId: "vpc-1",
      IpPermissions: [
        {
          IpProtocol: "tcp",
          FromPort: 8443,
          ToPort: 8443,
          UserIdGroupPairs: [{ GroupId: "sg-lb" }],
        },
      ],
      IpPermissionsEgress: [],
    },
    { GroupId: "sg-lb", VpcId: "vpc-1", IpPermissions: [], IpPermissionsEgress: [] },
  ],
  NetworkInterfaces: [
    {
      NetworkInterfaceId: "eni-web",
      PrivateIpAddress: "10.0.0.20",
      Groups: [{ GroupId: "sg-web" }],
    },
    {
      NetworkInterfaceId: "eni-lb",
      InterfaceType: "network_load_balancer",
      PrivateIpAddress: "10.0.0.10",
      Groups: [{ GroupId: "sg-lb" }],
    },
  ],
};

describe("doctor, with faulty rules", () => {
  it("tells every document at fault and what the others hold", async () => {
    await inFolder(async (folder) => {
      await writeSmallAccount(folder);
      const write = (name: string, text: string): Promise<void> =>
        writeFile(join(folder, "account", name), text);
      await write("a-cut.json", '{"Subnets": [');
      await write("b-bits.json", '{"Vpcs": [{"VpcId": "vpc-1", "CidrBlock": "10.0.0.1/8"}]}');
      await write("c-routes.json", '{"RouteTables": []}');
      const { code, stdout } = await runCli(["doctor", "--rules", "account"], { cwd: folder });
      expect(code).toBe(2);
      expect(stdout).toContain("account/a-cut.json:1:14:");
      expect(stdout).toContain('"10.0.0.1/8" has bits set');
      expect(stdout).toContain("? account/c-routes.json: not used here");
      expect(stdout).toContain("✓ account/groups.json: describe-security-groups (1)");
      expect(stdout).toContain("Loaded    1 group, 1 rule, 1 interface");
      expect(stdout).not.toContain("describe-security-groups --output");
    });
  });
});

describe("why", () => {
  const PROBE =
    "2 123456789012 eni-web 203.0.113.9 10.0.0.5 50000 22 6 5 500 1734193560 1734193610 REJECT OK";

  it("explains a pasted line rule by rule", async () => {
    await inFolder(async (folder) => {
      await writeSmallAccount(folder);
      const { code, stdout } = await runCli(["why", PROBE, "--rules", "account"], { cwd: folder });
      expect(code).toBe(0);
      expect(stdout).toContain("✗ deny, no-rule");
      expect(stdout).toContain("✗ misses port");
      expect(stdout).toContain("port 22 is not 443");
      expect(stdout).toContain("eni-web, described by the rules");
    });
  });

  it("finds the opener of a reply in the file of the record", async () => {
    await inFolder(async (folder) => {
      await writeSmallAccount(folder);
      const args = ["why", "logs/small.log:3", "--rules", "account", "--json"];
      const { code, stdout } = await runCli(args, { cwd: folder });
      expect(code).toBe(0);
      expect(JSON.parse(stdout)).toMatchObject({
        schemaVersion: 1,
        verdict: "allow",
        reason: "reply",
        opener: "remote",
        grade: "inferred",
        connection: { role: "reply", localRecords: 1, remoteRecords: 1 },
        context: { records: 4, cut: 0 },
      });
    });
  });

  it("looks for evidence in --context", async () => {
    await inFolder(async (folder) => {
      await writeSmallAccount(folder);
      const reply =
        "2 123456789012 eni-web 10.0.0.5 203.0.113.9 22 50000 6 5 500 1734193560 1734193610 REJECT OK";
      const args = ["why", reply, "--context", "logs", "--rules", "account", "--json"];
      const { code, stdout } = await runCli(args, { cwd: folder });
      expect(code).toBe(0);
      expect(JSON.parse(stdout).connection).toMatchObject({ localRecords: 1, remoteRecords: 1 });
    });
  });

  it("asks the balancer's interface whether it saw the client (3.5d), as evaluate does", async () => {
    await inFolder(async (folder) => {
      await writeFile(join(folder, "rules.json"), JSON.stringify(BALANCED));
      const line = (eni: string, to: string): string =>
        `2 123456789012 ${eni} 198.51.100.7 ${to} 6 5 500 1734193500 1734193550 ACCEPT OK`;
      const seen = line("eni-lb", "10.0.0.10 41000 443");
      const kept = line("eni-web", "10.0.0.20 41000 8443");
      await writeFile(join(folder, "a.log"), `${seen}\n${kept}\n`);
      await writeFile(join(folder, "b.log"), `${line("eni-lb", "10.0.0.10 41001 443")}\n${kept}\n`);
      const why = async (target: string): Promise<string[]> => {
        const args = ["why", target, "--rules", "rules.json", "--json"];
        const { verdict, reason, context } = JSON.parse(
          (await runCli(args, { cwd: folder })).stdout,
        );
        return [verdict, reason, context.records];
      };
      expect(await why("a.log:2")).toEqual(["allow", "rule", 1]);
      expect(await why("b.log:2")).toEqual(["unknown", "peer-unresolved", 1]);
    });
  });

  it.each([
    ["logs/small.log:1", "the line is blank or a header"],
    ["logs/small.log:99", "the last record stands at line 5"],
    ["logs/small.log:5", "log-status is NODATA"],
    ["logs/none.log:1", "there is no such file"],
    ["2 123", "is no flow-log record: field-count"],
  ])("%s is refused with a reason", async (target, message) => {
    await inFolder(async (folder) => {
      await writeSmallAccount(folder);
      const { code, stderr } = await runCli(["why", target, "--rules", "account"], { cwd: folder });
      expect(code).toBe(2);
      expect(stderr).toContain(message);
    });
  });
});

describe("generate", () => {
  it("writes the same bytes twice, and refuses a filled folder", async () => {
    await inFolder(async (folder) => {
      const options = ["--records", "3000", "--seed", "7", "--files", "3", "--gzip", "--truth"];
      const first = await runCli(["generate", "-o", "a", ...options], { cwd: folder });
      const second = await runCli(["generate", "-o", "b", ...options], { cwd: folder });
      expect([first.code, second.code]).toEqual([0, 0]);
      expect(await folderBytes(folder, "a")).toEqual(await folderBytes(folder, "b"));
      const again = await runCli(["generate", "-o", "a", ...options], { cwd: folder });
      expect(again.code).toBe(2);
      expect(again.stderr).toContain("the folder is not empty");
    });
  });

  it("writes logs and rules that doctor recognises", async () => {
    await inFolder(async (folder) => {
      const args = ["generate", "-o", "try", "--records", "2000", "--format", "v5"];
      expect((await runCli(args, { cwd: folder })).code).toBe(0);
      const { code, stdout } = await runCli(
        ["doctor", "try/logs", "--rules", "try/account", "--json"],
        { cwd: folder },
      );
      expect(code).toBe(0);
      const report = JSON.parse(stdout);
      expect(report.logs.looks[0].records).toBe(2000);
      expect(report.logs.looks[0].malformed).toEqual({});
      expect(report.logs.undescribed).toEqual([]);
    });
  });
});

async function folderBytes(root: string, name: string): Promise<Record<string, string>> {
  const { readdir, readFile } = await import("node:fs/promises");
  const { join } = await import("node:path");
  const entries = await readdir(join(root, name), { recursive: true, withFileTypes: true });
  const files: Record<string, string> = {};
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    files[path.slice(join(root, name).length)] = (await readFile(path)).toString("base64");
  }
  return files;
}
