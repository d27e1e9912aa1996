import { spawn } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ROOT } from "../support/packed.js";
import { CLI_MAIN, inFolder, type Outcome, runCli } from "./run-cli.js";
import { SMALL_LOG, writeSmallAccount } from "./small-account.js";

const DIFF = ["diff", "logs", "--rules", "account"];
const CLOSE = "revoke sg-web ingress tcp 443 0.0.0.0/0";
const OPEN = "authorize sg-web ingress tcp 22 203.0.113.0/24";
const NONE = { newlyDenied: 0, newlyAllowed: 0, unchanged: 2, undetermined: 0 };

interface Answered {
  readonly tuples: readonly { readonly change: string; readonly cutOver: string | null }[];
  readonly tupleCounts: Readonly<Record<string, number>>;
}

/** `work` in a folder with the small account; `run` runs `diff` of its log there. */
function inAccount(
  work: (run: (...args: string[]) => Promise<Outcome>, folder: string) => Promise<void>,
): Promise<void> {
  return inFolder(async (folder) => {
    await writeSmallAccount(folder);
    await work((...args) => runCli([...DIFF, ...args], { cwd: folder }), folder);
  });
}

/** A group's document with one rule per CIDR and port. */
function groupDocument(id: string, rules: readonly (readonly [string, number])[]): string {
  const permissions = rules.map(([cidr, port]) => ({
    IpProtocol: "tcp",
    FromPort: port,
    ToPort: port,
    IpRanges: [{ CidrIp: cidr }],
  }));
  return JSON.stringify({ SecurityGroups: [{ GroupId: id, IpPermissions: permissions }] });
}

describe("diff", () => {
  it("counts what would break and newly pass, in connections, records and bytes", async () => {
    await inAccount(async (run) => {
      const { code, stdout } = await run("--edit", CLOSE, "--edit", OPEN, "--json");
      expect(code).toBe(0);
      const answer = JSON.parse(stdout);
      expect(answer).toMatchObject({
        schemaVersion: 1,
        baseline: "account",
        at: null,
        fidelity: 1,
      });
      expect(answer.candidates).toHaveLength(1);
      const [{ name, connections, records, bytes, tuples }] = answer.candidates;
      expect(name).toBe("edits");
      expect(connections).toEqual({ ...NONE, newlyDenied: 1, newlyAllowed: 1, unchanged: 0 });
      expect(records).toEqual({ ...NONE, newlyDenied: 2, newlyAllowed: 1, unchanged: 0 });
      expect(bytes).toEqual({ ...NONE, newlyDenied: 1_000, newlyAllowed: 500, unchanged: 0 });
      expect(tuples).toMatchObject([
        {
          change: "newly-denied",
          port: 443,
          forward: 1,
          replies: 1,
          baselineRules: { top: [{ name: "sg-web/ingress/tcp/443/0.0.0.0/0" }] },
          samples: [
            { file: "small.log", line: 2 },
            { file: "small.log", line: 3 },
          ],
        },
        { change: "newly-allowed", port: 22, samples: [{ file: "small.log", line: 4 }] },
      ]);
    });
  });

  it("says what each edit did, and no more with -q", async () => {
    await inAccount(async (run) => {
      const { stderr } = await run("--edit", CLOSE, "--edit", OPEN);
      expect(stderr).toBe(
        "edits: sg-web loses ingress tcp 443 0.0.0.0/0 (sg-web/ingress/tcp/443/0.0.0.0/0 at account/groups.json:14:13)\n" +
          "edits: sg-web admits ingress tcp 22 203.0.113.0/24\n",
      );
      expect((await run("--edit", CLOSE, "-q")).stderr).toBe("");
    });
  });

  it("lets a candidate inherit what it does not contain, and says so", async () => {
    await inAccount(async (run, folder) => {
      await mkdir(join(folder, "next"));
      await writeFile(
        join(folder, "next", "web.json"),
        groupDocument("sg-web", [["10.0.0.0/8", 443]]),
      );
      await writeFile(join(folder, "next", "new.json"), groupDocument("sg-new", []));
      const { code, stdout, stderr } = await run("--candidate", "next/", "--json", "-v");
      expect(code).toBe(0);
      expect(stderr.split("\n").filter((line) => !line.startsWith("warning:"))).toEqual([
        "next: 1 group replaced; 1 group added; 1 interface inherited",
        "  group sg-new added (next/new.json:1)",
        "  group sg-web replaced (next/web.json:1)",
        "",
      ]);
      const [{ name, connections }] = JSON.parse(stdout).candidates;
      expect(name).toBe("next");
      expect(connections).toEqual({ ...NONE, newlyDenied: 1, unchanged: 1 });
    });
  });

  it("warns of a candidate that changes nothing", async () => {
    await inAccount(async (run) => {
      const { code, stdout, stderr } = await run("--candidate", "account");
      expect(code).toBe(0);
      expect(stdout).toContain("Nothing that was seen would break; nothing would newly pass.");
      expect(stderr).toContain("account: 1 group, 1 interface as before\n");
      expect(stderr).toContain("warning: account: it changes nothing\n");
    });
  });

  it("reads edit lines and the JSON input of the AWS CLI by their content", async () => {
    await inAccount(async (run, folder) => {
      const input = {
        GroupId: "sg-web",
        IpPermissions: [
          { IpProtocol: "tcp", FromPort: 443, ToPort: 443, IpRanges: [{ CidrIp: "0.0.0.0/0" }] },
        ],
      };
      await writeFile(join(folder, "close.txt"), `# no more HTTPS\n${CLOSE}\n`);
      await writeFile(
        join(folder, "close.json"),
        JSON.stringify({ "revoke-security-group-ingress": input }),
      );
      await writeFile(join(folder, "revoke-security-group-ingress.json"), JSON.stringify(input));
      const names = ["close.txt", "close.json", "revoke-security-group-ingress.json"];
      const { stdout } = await run(...names.flatMap((name) => ["--candidate", name]), "--json");
      const found = JSON.parse(stdout).candidates as { name: string; connections: unknown }[];
      expect(found.map(({ name }) => name)).toEqual(names);
      for (const { connections } of found)
        expect(connections).toEqual({ ...NONE, newlyDenied: 1, unchanged: 1 });
    });
  });

  it("writes every record with both verdicts, and the answer to stderr", async () => {
    await inAccount(async (run) => {
      const args = ["--edit", CLOSE, "--records", "-", "--records-format", "ndjson"];
      const { code, stdout, stderr } = await run(...args);
      expect(code).toBe(0);
      const records = stdout
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line));
      const told = records.map((each) => [
        each.line,
        each.verdict,
        each.candidate_verdict,
        each.change,
      ]);
      expect(told).toEqual([
        [3, "allow", "deny", "newly-denied"],
        [2, "allow", "deny", "newly-denied"],
        [4, "deny", "deny", "unchanged"],
      ]);
      expect(stderr).toContain("1 connection would break; nothing would newly pass.");
    });
  });

  it("finds the same changes where it does not count what stays, whoever else is judged", async () => {
    const args = [
      ...["diff", "examples/logs", "--rules", "examples/account", "--at", "2026-03-02T00:12Z"],
      ...["--candidate", "examples/account", "--edit", "revoke web ingress tcp 443 0.0.0.0/0"],
      ...["--edit", "authorize web ingress tcp 22 0.0.0.0/0", "--json"],
    ];
    const run = async (...more: string[]): Promise<Answered[]> =>
      JSON.parse((await runCli([...args, ...more], { cwd: ROOT })).stdout).candidates;
    const all = await run("--limit", "1000");
    const changed = await run("--only-changed");
    all.forEach(({ tuples, tupleCounts, ...rest }, i) => {
      const kept = tuples.filter(
        ({ change, cutOver }) => change !== "unchanged" || cutOver !== null,
      );
      expect(changed[i]).toEqual({
        ...rest,
        tuples: kept,
        tupleCounts: { ...tupleCounts, unchanged: null },
      });
    });
    expect(new Set(changed[1]?.tuples.map(({ cutOver }) => cutOver))).toEqual(
      new Set(["refused", "survives", null]),
    );
  });

  it("writes the answer to a file with -o", async () => {
    await inAccount(async (run, folder) => {
      const { code, stdout } = await run("--edit", CLOSE, "-f", "markdown", "-o", "impact.md");
      expect({ code, stdout }).toEqual({ code: 0, stdout: "" });
      const text = await readFile(join(folder, "impact.md"), "utf8");
      expect(text).toMatch(/^## flowverdict .*: account → edits\n/);
    });
  });

  it("lists only what is asked for", async () => {
    await inAccount(async (run) => {
      const tuples = async (...args: string[]): Promise<string[]> => {
        const { stdout } = await run("--edit", CLOSE, "--json", ...args);
        const [{ tuples, moreTuples }] = JSON.parse(stdout).candidates;
        return [...tuples.map((each: { change: string }) => each.change), `+${moreTuples}`];
      };
      expect(await tuples()).toEqual(["newly-denied", "unchanged", "+0"]);
      expect(await tuples("--only-changed")).toEqual(["newly-denied", "+0"]);
      expect(await tuples("--hide-scanners")).toEqual(["newly-denied", "+0"]);
      expect(await tuples("--limit", "1")).toEqual(["newly-denied", "+1"]);
    });
  });

  it.each([
    [[], "there is nothing to compare the rules with"],
    [["--candidate", "none/"], "none/: there is no such file or folder"],
    [
      ["--candidate", "account", "--candidate", "account"],
      "account: this candidate is given twice",
    ],
    [["--edit", "revoke sg-web ingress tcp 444 0.0.0.0/0"], "--edit:1:1: sg-web has no rule"],
    [["--edit", CLOSE, "--edit", "allow sg-web"], '--edit 2:1:1: "allow" is no verb of an edit'],
    [
      ["--edit", OPEN, "-o", "account/groups.json"],
      "--output would overwrite the input account/groups.json",
    ],
    [["--candidate", "-", "--rules", "-"], "stdin cannot be two rule documents at once"],
    [["--edit", OPEN, "--at", "noon"], "Unix seconds"],
    [["--edit", OPEN, "--records", "out.txt"], "the name does not tell the format of the records"],
  ])("%j is refused", async (args, message) => {
    await inAccount(async (run) => {
      const { code, stdout, stderr } = await run(...args);
      expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
      expect(stderr).toContain(message);
      expect(stderr).not.toMatch(/\n\s+at /);
    });
  });

  it("takes seven candidates and refuses the eighth; no output replaces one", async () => {
    await inAccount(async (run, folder) => {
      const candidates: string[] = [];
      for (let i = 1; i <= 7; i++) {
        const name = `next-${i}.json`;
        await writeFile(
          join(folder, name),
          groupDocument("sg-web", i > 4 ? [] : [["0.0.0.0/0", 443]]),
        );
        candidates.push("--candidate", name);
      }
      const { code, stdout } = await run(...candidates, "--at", "1734193400", "--json");
      expect(code).toBe(0);
      const found = JSON.parse(stdout).candidates as { connections: { newlyDenied: number } }[];
      expect(found.map(({ connections }) => connections.newlyDenied)).toEqual([
        0, 0, 0, 0, 1, 1, 1,
      ]);
      const eight = await run(...candidates, "--edit", OPEN);
      expect(eight.code).toBe(2);
      expect(eight.stderr).toContain("8 candidates are more than one pass over the log can judge");
      const over = await run(...candidates, "--records", "next-3.json", "--records-format", "csv");
      expect(over.stderr).toContain("--records would overwrite the input next-3.json");
    });
  });

  it("answers for the rest where a log is missing, and ends with 2", async () => {
    await inAccount(async (_run, folder) => {
      const args = ["diff", "logs", "gone.log", "--rules", "account", "--edit", CLOSE];
      const { code, stdout, stderr } = await runCli(args, { cwd: folder });
      expect(code).toBe(2);
      expect(stdout).toContain("1 connection would break");
      expect(stderr).toContain("gone.log: there is no such file or folder");
    });
  });
});

describe("diff, without a log to speak of", () => {
  it("shows nothing where nothing was judged", async () => {
    await inAccount(async (run) => {
      const { code, stdout } = await run("--edit", CLOSE, "--from", "2030-01-01");
      expect(code).toBe(0);
      expect(stdout).toContain("No connection was judged: nothing is shown about the candidate.");
    });
  });

  it("says what it knows on Ctrl-C and exits 130", async () => {
    await inAccount(async (_run, folder) => {
      const args = ["diff", "-", "--rules", "account", "--edit", CLOSE, "--json"];
      const child = spawn(process.execPath, [CLI_MAIN, ...args], { cwd: folder });
      let stdout = "";
      child.stdout.on("data", (chunk) => {
        stdout += chunk;
      });
      child.stdin.on("error", () => {});
      // The input stays open: the run can only end by the signal. More than a pipe holds: what was taken is being read.
      child.stdin.write(SMALL_LOG + "\n".repeat(4 << 20), () => child.kill("SIGINT"));
      const code = await new Promise((resolve) => child.on("close", resolve));
      expect(code).toBe(130);
      const { partial, candidates } = JSON.parse(stdout);
      expect(partial).toBe(true);
      expect(candidates[0].connections).toMatchObject({ newlyDenied: 1, unchanged: 1 });
    });
  });
});

describe("diff --at", () => {
  const at = async (time: number, ...args: string[]): Promise<unknown> => {
    let found: unknown;
    await inAccount(async (run) => {
      const { stdout } = await run("--edit", CLOSE, "--at", String(time), "--json", ...args);
      const answer = JSON.parse(stdout);
      expect(answer.at).toBe(time);
      const [{ cutOvers, tuples }] = answer.candidates;
      const listed = (tuples as { cutOver: string | null; survivesUntil: number | null }[]).filter(
        ({ cutOver }) => cutOver !== null,
      );
      found = [cutOvers, ...listed.map((each) => [each.cutOver, each.survivesUntil])];
    });
    return found;
  };

  it("refuses what opens afterwards", async () => {
    expect(await at(1_734_193_500)).toEqual([
      { survives: 0, cut: 0, refused: 1 },
      ["refused", null],
    ]);
  });

  it("lets tracked connections survive until they expire", async () => {
    // The log ends at :550; an idle TCP entry lasts 350 s where the timer says so.
    expect(await at(1_734_193_520, "--timeout", "tcp-established=350s")).toEqual([
      { survives: 1, cut: 0, refused: 0 },
      ["survives", 1_734_193_900],
    ]);
  });

  it("tells a time outside the log", async () => {
    await inAccount(async (run) => {
      const early = await run("--edit", CLOSE, "--at", "2024-12-01");
      expect(early.stderr).toContain("the candidates hold all the time\n");
      const late = await run("--edit", CLOSE, "--at", "2025-12-01");
      expect(late.stderr).toContain(
        "warning: the log ends at 2024-12-14 16:26:50 UTC, before --at 2025-12-01 00:00:00 UTC: nothing is seen",
      );
    });
  });

  it("has nothing to say of connections that are over", async () => {
    expect(await at(1_734_194_000, "--timeout", "tcp-established=350s")).toEqual([
      { survives: 0, cut: 0, refused: 0 },
    ]);
  });

  it("cuts untracked connections at once", async () => {
    await inAccount(async (run, folder) => {
      const path = join(folder, "account", "groups.json");
      const document = JSON.parse(await readFile(path, "utf8"));
      document.SecurityGroups[0].IpPermissionsEgress = [
        { IpProtocol: "-1", IpRanges: [{ CidrIp: "0.0.0.0/0" }] },
      ];
      await writeFile(path, JSON.stringify(document));
      const { stdout } = await run("--edit", CLOSE, "--at", "1734193520");
      expect(stdout.replaceAll("\n", " ")).toContain(
        "At 2024-12-14 16:25:20 UTC: 0 survive because they are tracked, 1 end at once because they are untracked",
      );
      expect(stdout).toContain("Cut at once because they are untracked");
    });
  });
});

describe("rules over time", () => {
  const LATER = 1_734_193_550;

  it("judge every record by those of its time, in evaluate, diff and check", async () => {
    await inAccount(async (run, folder) => {
      // From the later time on, SSH is let in and HTTPS is not.
      await writeFile(
        join(folder, "later.json"),
        groupDocument("sg-web", [["203.0.113.0/24", 22]]),
      );
      const rules = ["logs", "--rules", "account", "--rules", `later.json@${LATER}`, "--json"];
      const answer = async (command: string, ...args: string[]) =>
        JSON.parse((await runCli([command, ...rules, ...args], { cwd: folder })).stdout);
      const { verdicts } = await answer("evaluate");
      expect(verdicts).toEqual({ allow: 3, deny: 0, unknown: 0 });
      expect(await answer("evaluate", "--jobs", "2")).toEqual(await answer("evaluate"));
      expect(await answer("check")).toMatchObject({ rejectedButAllowed: 1, acceptedButDenied: 0 });
      const { candidates, baseline } = await answer(
        "diff",
        "--edit",
        "revoke sg-web ingress tcp 22 203.0.113.0/24",
      );
      expect(baseline).toBe(`account, later.json@${LATER}`);
      expect(candidates[0].connections).toEqual({ ...NONE, newlyDenied: 1, unchanged: 1 });
      const { stderr } = await run(
        "--rules",
        `later.json@${LATER}`,
        "--edit",
        "revoke sg-web ingress tcp 22 203.0.113.0/24",
      );
      expect(stderr).toContain(
        "note: edits: 1 edit left out of earlier rules, which have no use for it",
      );
    });
  });

  it("resolve groups by the members of the time, for candidates too", async () => {
    await inAccount(async (_run, folder) => {
      const clientAt = (address: string): string =>
        JSON.stringify({
          NetworkInterfaces: [
            {
              NetworkInterfaceId: "eni-web",
              PrivateIpAddress: "10.0.0.5",
              Groups: [{ GroupId: "sg-web" }],
            },
            {
              NetworkInterfaceId: "eni-client",
              PrivateIpAddress: address,
              Groups: [{ GroupId: "sg-client" }],
            },
          ],
        });
      await writeFile(join(folder, "client.json"), groupDocument("sg-client", []));
      await writeFile(join(folder, "before.json"), clientAt("10.0.0.9"));
      await writeFile(join(folder, "after.json"), clientAt("10.0.0.10"));
      const line = (from: string, start: number): string =>
        `2 123456789012 eni-web ${from} 10.0.0.5 40000 5432 6 5 500 ${start} ${start + 5} REJECT OK\n`;
      const log = ["10.0.0.9", "10.0.0.10"].flatMap((from) => [
        line(from, LATER - 100),
        line(from, LATER + 800_000),
      ]);
      await writeFile(join(folder, "client.log"), log.join(""));
      const rules = ["account/groups.json", "client.json", "before.json", `after.json@${LATER}`];
      const edit = "authorize sg-web ingress tcp 5432 sg-client";
      const complete = ["--edit", edit, "--snapshot-complete", "--json"];
      const args = ["diff", "client.log", "--rules", ...rules, ...complete];
      const { candidates } = JSON.parse((await runCli(args, { cwd: folder })).stdout);
      const [{ connections, tuples }] = candidates;
      expect(connections).toEqual({ ...NONE, newlyAllowed: 2 });
      const [first] = tuples;
      expect(first.samples.map((each: { line: number }) => each.line)).toEqual([1]);
    });
  });

  it("say where rules for the beginning are missing, and take the first ones", async () => {
    await inAccount(async (_run, folder) => {
      const rules = ["--rules", `account@${LATER}`, "account@2024-12-15", "account@2024-12-16"];
      const args = ["evaluate", "logs", ...rules, "--json"];
      const { stdout, stderr } = await runCli(args, { cwd: folder });
      expect(stderr).toBe(
        "note: no rules are given for the time before 2024-12-14 16:25:50 UTC: those from then on are taken\n",
      );
      const plain = await runCli(["evaluate", "logs", "--rules", "account", "--json"], {
        cwd: folder,
      });
      expect(stdout).toBe(plain.stdout);
    });
  });

  it("may be many, as long as few of them change something", async () => {
    await inAccount(async (run, folder) => {
      await writeFile(join(folder, "later.json"), groupDocument("sg-web", []));
      const daily = Array.from(
        { length: 99 },
        (_, day) => `account@${1_700_000_000 + day * 86_400}`,
      );
      const more = [
        "--rules",
        ...daily,
        "later.json@2024-12-15",
        "--candidate",
        "account",
        "--json",
      ];
      const { code, stdout } = await run(...more);
      expect(code).toBe(0);
      expect(JSON.parse(stdout).candidates[0].connections).toEqual(NONE);
    });
  });

  it("warn of interfaces that are gone", async () => {
    await inAccount(async (_run, folder) => {
      await writeFile(
        join(folder, "empty.json"),
        JSON.stringify({ NetworkInterfaces: [{ NetworkInterfaceId: "eni-new", Groups: [] }] }),
      );
      const args = ["check", "logs", "--rules", "account", `empty.json@${LATER}`];
      const { code, stderr } = await runCli(args, { cwd: folder });
      expect(code).toBe(0);
      expect(stderr).toContain(
        "warning: empty.json: from 2024-12-14 16:25:50 UTC on 1 interface of the rules before is gone (eni-web): " +
          "their records are unknown, interface-not-in-snapshot\n",
      );
    });
  });

  it("keep --interface where later rules describe no interfaces", async () => {
    await inAccount(async (_run, folder) => {
      await writeFile(join(folder, "later.json"), groupDocument("sg-web", []));
      await writeFile(join(folder, "other.log"), SMALL_LOG.replaceAll("eni-web", "eni-other"));
      const rules = ["--rules", "account", `later.json@${LATER}`];
      const args = ["evaluate", "other.log", ...rules, "--interface", "eni-other=sg-web", "--json"];
      const { stdout } = await runCli(args, { cwd: folder });
      expect(JSON.parse(stdout).verdicts).toEqual({ allow: 2, deny: 1, unknown: 0 });
    });
  });

  it("take a name that only looks dated as it is", async () => {
    await inAccount(async (_run, folder) => {
      await writeFile(join(folder, "web@2024-12-14"), groupDocument("sg-web", []));
      const args = ["evaluate", "logs", "--rules", "account/interfaces.json", "web@2024-12-14"];
      const { code, stdout } = await runCli([...args, "--json"], { cwd: folder });
      expect(code).toBe(0);
      expect(JSON.parse(stdout).verdicts).toEqual({ allow: 0, deny: 3, unknown: 0 });
    });
  });
});
