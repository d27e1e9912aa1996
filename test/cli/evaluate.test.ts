import { spawn } from "node:child_process";
import { appendFile, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { REASONS } from "../../src/model/verdict.js";
import { CLI_MAIN, inFolder, runCli } from "./run-cli.js";
import { SMALL_LOG, writeSmallAccount } from "./small-account.js";

const EVALUATE = ["evaluate", "logs", "--rules", "account"];

const CSV_HEADER =
  "version,account_id,interface_id,srcaddr,dstaddr,srcport,dstport,protocol,packets,bytes,start,end,action,log_status,direction,verdict,reason,detail,rules,opener,grade,file,line";

describe("evaluate --json", () => {
  it("prints the promised shape", async () => {
    await inFolder(async (folder) => {
      await writeSmallAccount(folder);
      const { code, stdout, stderr } = await runCli([...EVALUATE, "--json"], { cwd: folder });
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
      const summary = JSON.parse(stdout);
      expect(summary).toMatchObject({
        schemaVersion: 1,
        tool: { name: "flowverdict" },
        partial: false,
        records: { read: 4, judged: 3, nodata: 1, skipdata: 0, malformed: 0, late: 0 },
        verdicts: { allow: 2, deny: 1, unknown: 0 },
        matrix: {
          accept: { allow: 2, deny: 0, unknown: 0 },
          reject: { allow: 0, deny: 1, unknown: 0 },
        },
        reasons: { rule: 1, reply: 1, "no-rule": 1, acl: 0 },
        grades: { measured: 0, rejected: 1, inferred: 2 },
        connections: { total: 2, allow: 1, deny: 1, unknown: 0, evicted: 0 },
        fidelity: 1,
      });
      expect(Object.keys(summary.reasons)).toEqual([...REASONS]);
      expect(summary.coverage.interfaces).toMatchObject({ seen: 1, withRules: 1, withoutRules: 0 });
    });
  });

  it("writes the summary to a file with -o, and nothing to stdout", async () => {
    await inFolder(async (folder) => {
      await writeSmallAccount(folder);
      const direct = await runCli([...EVALUATE, "--json"], { cwd: folder });
      const filed = await runCli([...EVALUATE, "--json", "-o", "out.json"], { cwd: folder });
      expect({ code: filed.code, stdout: filed.stdout }).toEqual({ code: 0, stdout: "" });
      expect(await readFile(join(folder, "out.json"), "utf8")).toBe(direct.stdout);
    });
  });

  it.each([2, 3])("does not depend on --jobs %i", async (jobs) => {
    await inFolder(async (folder) => {
      const options = ["-o", "try", "--records", "5000", "--files", "2", "--format", "v5"];
      await runCli(["generate", ...options], { cwd: folder });
      const args = ["evaluate", "try/logs", "--rules", "try/account", "--json"];
      const one = await runCli(args, { cwd: folder });
      const many = await runCli([...args, "--jobs", String(jobs)], { cwd: folder });
      expect([one.code, many.code]).toEqual([0, 0]);
      expect(many.stdout).toBe(one.stdout);
    });
  });

  it("refuses with --jobs what one thread refuses, and ends", async () => {
    await inFolder(async (folder) => {
      await writeSmallAccount(folder);
      await appendFile(join(folder, "logs/small.log"), "no record\n");
      const one = await runCli([...EVALUATE, "--strict"], { cwd: folder });
      const many = await runCli([...EVALUATE, "--strict", "--jobs", "3"], { cwd: folder });
      expect(one.code).toBe(2);
      expect(one.stderr).toContain("(malformed-line)");
      expect(many).toEqual(one);
    });
  });
});

describe("evaluate, text", () => {
  it("prints coverage, matrix, reasons, grades, tuples and throughput", async () => {
    await inFolder(async (folder) => {
      await writeSmallAccount(folder);
      const { code, stdout } = await runCli(EVALUATE, { cwd: folder });
      expect(code).toBe(0);
      const headings = stdout.split("\n").filter((line) => /^[A-Z]/.test(line));
      expect(headings).toEqual([
        "The model explains 100.00 % of 3 decided records.",
        "Coverage",
        "Action × verdict",
        "Verdicts by reason",
        "Records by grade of evidence",
        "Accepted but denied",
        "Rejected but allowed",
        "Throughput",
      ]);
      expect(stdout).toContain("Fidelity 100.00 %: 3 of 3 records");
    });
  });

  it("colours only when forced", async () => {
    await inFolder(async (folder) => {
      await writeSmallAccount(folder);
      const esc = String.fromCharCode(27);
      const plain = await runCli(EVALUATE, { cwd: folder });
      const forced = await runCli(EVALUATE, { cwd: folder, env: { FORCE_COLOR: "1" } });
      const refused = await runCli([...EVALUATE, "--no-color"], {
        cwd: folder,
        env: { FORCE_COLOR: "1" },
      });
      expect(plain.stdout).not.toContain(esc);
      expect(forced.stdout).toContain(esc);
      expect(refused.stdout).not.toContain(esc);
    });
  });
});

describe("evaluate --records", () => {
  it("writes CSV with all log fields, then the verdict, the same bytes twice", async () => {
    await inFolder(async (folder) => {
      await writeSmallAccount(folder);
      const first = await runCli([...EVALUATE, "--records", "a.csv"], { cwd: folder });
      const second = await runCli([...EVALUATE, "--records", "b.csv"], { cwd: folder });
      expect([first.code, second.code]).toEqual([0, 0]);
      const text = await readFile(join(folder, "a.csv"), "utf8");
      expect(await readFile(join(folder, "b.csv"), "utf8")).toBe(text);
      const lines = text.trimEnd().split("\n");
      expect(lines[0]).toBe(CSV_HEADER);
      expect(lines).toHaveLength(4);
      expect(lines).toContain(
        "2,123456789012,eni-web,203.0.113.9,10.0.0.5,50000,22,6,5,500,1734193560,1734193610,REJECT,OK," +
          "ingress,deny,no-rule,,,remote,rejected,small.log,4",
      );
      expect(lines).toContain(
        "2,123456789012,eni-web,10.0.0.5,198.51.100.7,443,40000,6,5,500,1734193500,1734193550,ACCEPT,OK," +
          "egress,allow,reply,,sg-web/ingress/tcp/443/0.0.0.0/0,remote,inferred,small.log,3",
      );
    });
  });

  it("writes NDJSON to stdout and the summary to stderr", async () => {
    await inFolder(async (folder) => {
      await writeSmallAccount(folder);
      const args = [...EVALUATE, "--records", "-", "--records-format", "ndjson"];
      const { code, stdout, stderr } = await runCli(args, { cwd: folder });
      expect(code).toBe(0);
      const records = stdout
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line));
      expect(records).toHaveLength(3);
      expect(Object.keys(records[0]).join()).toBe(CSV_HEADER);
      expect(records.map(({ verdict }) => verdict).sort()).toEqual(["allow", "allow", "deny"]);
      expect(stderr).toContain("Action × verdict");
    });
  });

  it("reads stdin, gzip or not", async () => {
    await inFolder(async (folder) => {
      await writeSmallAccount(folder);
      const args = ["evaluate", "-", "--rules", "account", "--records", "-"];
      const text = await runCli(args, { cwd: folder, input: SMALL_LOG });
      const gzip = await runCli(args, { cwd: folder, input: gzipSync(SMALL_LOG) });
      expect(text.code).toBe(0);
      expect(text.stdout.split("\n")).toHaveLength(5);
      expect(gzip.stdout).toBe(text.stdout);
    });
  });

  it("reads stdin where no logs are named", async () => {
    await inFolder(async (folder) => {
      await writeSmallAccount(folder);
      const rest = ["--rules", "account", "--records", "-"];
      const named = await runCli(["evaluate", "-", ...rest], { cwd: folder, input: SMALL_LOG });
      const piped = await runCli(["evaluate", ...rest], { cwd: folder, input: SMALL_LOG });
      expect(piped.code).toBe(0);
      expect(piped.stdout.split("\n")).toHaveLength(5);
      expect(piped.stdout).toBe(named.stdout);
    });
  });

  it("wants a name that tells the format", async () => {
    await inFolder(async (folder) => {
      await writeSmallAccount(folder);
      const { code, stderr } = await runCli([...EVALUATE, "--records", "out.txt"], { cwd: folder });
      expect(code).toBe(2);
      expect(stderr).toContain("--records-format csv|ndjson");
    });
  });
});

describe("evaluate, outputs that would harm", () => {
  it.each([
    [["--records", "logs/small.log", "--records-format", "csv"], "the input small.log"],
    [["-o", "account/groups.json"], "the input account/groups.json"],
    [["--records", "link.csv"], "the input small.log"],
    [["--records", "out.csv", "-o", "./out.csv"], "the records"],
  ])("refuses %j", async (options, what) => {
    await inFolder(async (folder) => {
      await writeSmallAccount(folder);
      await symlink(join("logs", "small.log"), join(folder, "link.csv"));
      const before = await readFile(join(folder, "account", "groups.json"), "utf8");
      const { code, stderr } = await runCli([...EVALUATE, ...options], { cwd: folder });
      expect(code).toBe(2);
      expect(stderr).toContain(`would overwrite ${what} (output-is-input)`);
      expect(await readFile(join(folder, "logs", "small.log"), "utf8")).toBe(SMALL_LOG);
      expect(await readFile(join(folder, "account", "groups.json"), "utf8")).toBe(before);
    });
  });

  it("takes the place of an earlier result", async () => {
    await inFolder(async (folder) => {
      await writeSmallAccount(folder);
      const args = [...EVALUATE, "--records", "out.csv", "-o", "/dev/null"];
      expect((await runCli(args, { cwd: folder })).code).toBe(0);
      expect((await runCli(args, { cwd: folder })).code).toBe(0);
    });
  });
});

describe("evaluate, inputs in trouble", () => {
  it("answers for the rest and ends with 2 when a path is missing", async () => {
    await inFolder(async (folder) => {
      await writeSmallAccount(folder);
      const args = ["evaluate", "logs", "nowhere.log", "--rules", "account", "--json"];
      const { code, stdout, stderr } = await runCli(args, { cwd: folder });
      expect(code).toBe(2);
      expect(JSON.parse(stdout).records.judged).toBe(3);
      expect(stderr).toContain("nowhere.log: there is no such file or folder");
    });
  });

  it("answers for the rest and ends with 2 when a log is cut or refused", async () => {
    await inFolder(async (folder) => {
      await writeSmallAccount(folder);
      const packed = gzipSync(SMALL_LOG);
      await writeFile(join(folder, "logs", "cut.log.gz"), packed.subarray(0, packed.length - 12));
      await writeFile(join(folder, "logs", "prose.log"), "once upon a time\n");
      const { code, stdout, stderr } = await runCli([...EVALUATE, "--json"], { cwd: folder });
      expect(code).toBe(2);
      const names = JSON.parse(stdout).coverage.brokenFiles.map(
        ({ name }: { name: string }) => name,
      );
      expect(names.sort()).toEqual(["cut.log.gz", "prose.log"]);
      expect(stderr).toContain("prose.log");
    });
  });

  it("counts bad lines, and stops at the first with --strict", async () => {
    await inFolder(async (folder) => {
      await writeSmallAccount(folder);
      await writeFile(join(folder, "logs", "small.log"), `${SMALL_LOG}not a record\n`);
      const counted = await runCli([...EVALUATE, "--json"], { cwd: folder });
      expect(counted.code).toBe(0);
      expect(JSON.parse(counted.stdout).records.malformed).toBe(1);
      const strict = await runCli([...EVALUATE, "--json", "--strict"], { cwd: folder });
      expect({ code: strict.code, stdout: strict.stdout }).toEqual({ code: 2, stdout: "" });
      expect(strict.stderr).toContain("small.log:6");
    });
  });
});

describe("evaluate, rule data and filters on the command line", () => {
  it("takes interfaces that no document holds", async () => {
    await inFolder(async (folder) => {
      await writeSmallAccount(folder);
      const rules = ["--rules", "account/groups.json"];
      const none = await runCli(["evaluate", "logs", ...rules, "--json"], { cwd: folder });
      expect(JSON.parse(none.stdout).verdicts.unknown).toBe(3);
      for (const extra of [
        ["--interface", "eni-web=sg-web@10.0.0.5"],
        ["--attach", "sg-web"],
      ]) {
        const { stdout } = await runCli(["evaluate", "logs", ...rules, ...extra, "--json"], {
          cwd: folder,
        });
        expect(JSON.parse(stdout).verdicts).toEqual({ allow: 2, deny: 1, unknown: 0 });
      }
    });
  });

  it.each([
    [["--interface", "eni-other"], 0],
    [["--interface", "eni-web"], 3],
    [["--group", "sg-web"], 3],
    [["--vpc", "vpc-2"], 0],
    [["--from", "2024-12-14T16:25:30Z"], 1],
    [["--to", "1734193560"], 2],
  ])("%s judges %i records", async (extra, judged) => {
    await inFolder(async (folder) => {
      await writeSmallAccount(folder);
      const { code, stdout } = await runCli([...EVALUATE, "--json", ...extra], { cwd: folder });
      expect(code).toBe(0);
      expect(JSON.parse(stdout).records.judged).toBe(judged);
    });
  });
});

describe("evaluate, filters that let nothing through", () => {
  it.each([
    [["--group", "sg-none"], 0, "warning: --group sg-none: no interface of the rules carries"],
    [["--vpc", "vpc-2"], 0, "warning: --vpc vpc-2: no interface of the rules is in this VPC"],
    [["--from", "1734193560", "--to", "1734193560"], 2, "--from 1734193560 is not before --to"],
  ])("%j are told", async (options, code, message) => {
    await inFolder(async (folder) => {
      await writeSmallAccount(folder);
      const outcome = await runCli([...EVALUATE, ...options], { cwd: folder });
      expect(outcome.code).toBe(code);
      expect(outcome.stderr).toContain(message);
    });
  });
});

describe("evaluate, ended from outside", () => {
  it("says what it knows on Ctrl-C and exits 130", async () => {
    await inFolder(async (folder) => {
      await writeSmallAccount(folder);
      const child = spawn(
        process.execPath,
        [CLI_MAIN, "evaluate", "-", "--rules", "account", "--json"],
        { cwd: folder },
      );
      let stdout = "";
      let stderr = "";
      child.stdout.on("data", (chunk) => {
        stdout += chunk;
      });
      child.stderr.on("data", (chunk) => {
        stderr += chunk;
      });
      child.stdin.on("error", () => {});
      // The input stays open: the run can only end by the signal. More than a pipe holds: what was taken is being read.
      child.stdin.write(SMALL_LOG + "\n".repeat(4 << 20), () => child.kill("SIGINT"));
      const code = await new Promise((resolve) => child.on("close", resolve));
      expect(code).toBe(130);
      expect(stderr).toContain("stopping");
      const summary = JSON.parse(stdout);
      expect(summary.partial).toBe(true);
      expect(summary.records.read).toBe(4);
    });
  });

  it("ends quietly when the reader leaves", async () => {
    await inFolder(async (folder) => {
      await writeSmallAccount(folder);
      const child = spawn(process.execPath, [CLI_MAIN, ...EVALUATE, "--records", "-"], {
        cwd: folder,
      });
      child.stdout.destroy();
      let stderr = "";
      child.stderr.on("data", (chunk) => {
        stderr += chunk;
      });
      const code = await new Promise((resolve) => child.on("close", resolve));
      expect(code).toBe(0);
      expect(stderr).not.toContain("EPIPE");
      expect(stderr).not.toMatch(/\n\s+at /);
    });
  });
});
