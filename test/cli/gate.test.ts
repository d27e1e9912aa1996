import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parseAssertions } from "../../src/questions/index.js";
import { ROOT } from "../support/packed.js";
import { schemaFaults } from "../support/schemas.js";
import { inFolder, type Outcome, runCli } from "./run-cli.js";
import { SMALL_LOG, writeSmallAccount } from "./small-account.js";

const CLOSE = ["--edit", "revoke sg-web ingress tcp 443 0.0.0.0/0"];
const SSH = ["--edit", "authorize sg-web ingress tcp 22 203.0.113.0/24"];

/** Runs `gate` on the small account in its folder, after `prepare`. */
async function gate(
  args: readonly string[],
  prepare: (folder: string) => Promise<void> = async () => {},
  env: Readonly<Record<string, string>> = {},
): Promise<Outcome> {
  return inFolder(async (cwd) => {
    await writeSmallAccount(cwd);
    await prepare(cwd);
    return runCli(["gate", "logs", "--rules", "account", ...args], { cwd, env });
  });
}

describe("gate", () => {
  it("passes what changes nothing that was seen", async () => {
    const { code, stdout } = await gate(SSH);
    expect(code).toBe(0);
    expect(stdout).toContain("PASS: edits");
  });

  it("fails on what would break, and names the rule and its line", async () => {
    const { code, stdout } = await gate(CLOSE);
    expect(code).toBe(1);
    expect(stdout).toContain("FAIL: edits");
    expect(stdout).toContain("rule sg-web/ingress/tcp/443/0.0.0.0/0");
    expect(stdout).toMatch(/account\/groups\.json:\d+/);
    expect(stdout).toMatch(/records .*small\.log:2/);
  });

  it("takes the number that is still fine, and other conditions", async () => {
    expect((await gate([...CLOSE, "--fail-on", "would-break=1"])).code).toBe(0);
    expect((await gate([...SSH, "--fail-on", "would-break", "--fail-on", "newly-pass"])).code).toBe(
      1,
    );
    expect((await gate([...SSH, "--fail-on", "newly-pass=1,would-break"])).code).toBe(0);
    expect((await gate([...SSH, "--fail-on", "fidelity-below=0.5"])).code).toBe(0);
  });

  it("finds lint errors of the candidate only where they are asked for", async () => {
    const open = ["--edit", "authorize sg-web ingress tcp 22 0.0.0.0/0", "--json"];
    const lintErrors = ({ stdout }: Outcome): unknown[] =>
      (JSON.parse(stdout).findings as { kind: string }[]).filter(
        ({ kind }) => kind === "lint-error",
      );
    const plain = await gate(open);
    expect(plain.code).toBe(0);
    expect(lintErrors(plain)).toEqual([]);
    const asked = await gate([...open, "--fail-on", "lint-error"]);
    expect(asked.code).toBe(1);
    expect(lintErrors(asked)).toMatchObject([{ level: "error", at: { file: "--edit" } }]);
    expect((await gate([...open, "--fail-on", "lint-error=1"])).code).toBe(0);
  });

  it("holds assertions against the candidate whatever else fails, and knows accepted changes", async () => {
    const write = (text: string) => (folder: string) => writeFile(join(folder, "net.yml"), text);
    const noSsh = write("version: 1\nassertions:\n  - deny: {to: sg-web, port: tcp/22}\n");
    const assert = ["--assert", "net.yml"];
    const failed = await gate([...SSH, ...assert, "--fail-on", "would-break"], noSsh);
    expect(failed.code).toBe(1);
    expect(failed.stdout).toContain("net.yml:3");
    const fine = write("version: 1\nassertions:\n  - deny: {to: sg-web, port: tcp/25}\n");
    expect((await gate([...SSH, ...assert], fine)).code).toBe(0);
    const accepted = write(
      "version: 1\naccepted:\n  - {change: newly-denied, to: sg-web, port: tcp/443, owner: web, expires: 2999-12-31}\n",
    );
    expect((await gate([...CLOSE, ...assert], accepted)).code).toBe(0);
    const expired = write(
      "version: 1\naccepted:\n  - {change: newly-denied, to: sg-web, port: tcp/443, owner: web, expires: 2001-12-31}\n",
    );
    expect((await gate([...CLOSE, ...assert], expired)).code).toBe(1);
  });

  it("reads the assertions that docs/FORMATS.md shows", async () => {
    const text = await readFile(join(ROOT, "docs/FORMATS.md"), "utf8");
    const [, sample = ""] = /```yaml\n(version: 1\nassertions:[^`]*)```/.exec(text) ?? [];
    const { assertions, accepted } = parseAssertions(sample, "FORMATS.md");
    expect(assertions.map(({ kind }) => kind)).toEqual(["deny", "allow", "no-world-open-unused"]);
    expect(accepted).toHaveLength(1);
  });

  it("prints JSON as its schema says", async () => {
    const { stdout } = await gate([...CLOSE, "--json"]);
    expect(schemaFaults("gate", JSON.parse(stdout))).toEqual([]);
  });

  it("prints JUnit, SARIF and Markdown, to a file where asked", async () => {
    expect((await gate([...CLOSE, "--format", "junit"])).stdout).toContain('failures="1"');
    expect((await gate([...CLOSE, "--format", "markdown"])).stdout).toContain("FAIL: edits");
    let written = "";
    await inFolder(async (cwd) => {
      await writeSmallAccount(cwd);
      const rules = join(cwd, "account");
      const args = [
        "gate",
        "logs",
        "--rules",
        rules,
        ...CLOSE,
        "--format",
        "sarif",
        "-o",
        "gate.sarif",
      ];
      const { code, stdout } = await runCli(args, { cwd });
      expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
      written = await readFile(join(cwd, "gate.sarif"), "utf8");
    });
    const [result] = JSON.parse(written).runs[0].results;
    expect(result).toMatchObject({ ruleId: "would-break", level: "error" });
    // An absolute path inside the folder of the run is a path of the repository.
    expect(result.locations[0].physicalLocation.artifactLocation).toEqual({
      uri: "account/groups.json",
      uriBaseId: "%SRCROOT%",
    });
  });

  it("annotates for GitHub and appends the step summary", async () => {
    await inFolder(async (cwd) => {
      await writeSmallAccount(cwd);
      const summary = join(cwd, "summary.md");
      await writeFile(summary, "before\n");
      const args = ["gate", "logs", "--rules", "account", ...CLOSE, "--format", "github"];
      const { code, stdout } = await runCli(args, { cwd, env: { GITHUB_STEP_SUMMARY: summary } });
      expect(code).toBe(1);
      expect(stdout).toMatch(/^::error file=account\/groups\.json,line=\d+,/);
      const text = await readFile(summary, "utf8");
      expect(text.startsWith("before\n## flowverdict")).toBe(true);
      expect(text).toContain("FAIL: edits");
    });
  });

  it("points into files alone: an edit of the command line is none", async () => {
    const failOn = ["--fail-on", "newly-pass"];
    const github = await gate([...SSH, ...failOn, "--format", "github"]);
    expect(github.code).toBe(1);
    expect(github.stdout).toMatch(/^::error title=newly-pass::/);
    const sarif = await gate([...SSH, ...failOn, "--format", "sarif"]);
    expect(sarif.stdout).not.toContain('"--edit"');
    expect((await gate([...SSH, ...failOn])).stdout).toContain("--edit:1");
  });

  it("writes no step summary in another format", async () => {
    await inFolder(async (cwd) => {
      await writeSmallAccount(cwd);
      const summary = join(cwd, "summary.md");
      await writeFile(summary, "");
      await runCli(["gate", "logs", "--rules", "account", ...CLOSE], {
        cwd,
        env: { GITHUB_STEP_SUMMARY: summary },
      });
      expect(await readFile(summary, "utf8")).toBe("");
    });
  });

  it("does not pass on logs without a record to judge", async () => {
    const nothing = async (folder: string): Promise<void> =>
      writeFile(join(folder, "logs", "small.log"), `${SMALL_LOG.split("\n")[0]}\n`);
    const { code, stderr } = await gate(SSH, nothing);
    expect(code).toBe(2);
    expect(stderr).toContain("no connection was judged");
  });

  it("does not pass on logs of another account, of which nothing is known", async () => {
    const foreign = async (folder: string): Promise<void> =>
      writeFile(join(folder, "logs", "small.log"), SMALL_LOG.replaceAll("eni-web", "eni-other"));
    const { code, stderr } = await gate(SSH, foreign);
    expect(code).toBe(2);
    expect(stderr).toContain("no connection was judged");
  });

  it.each([
    [[], "(no-candidate)"],
    [[...SSH, "--candidate", "account"], "(gate-candidates)"],
    [[...SSH, "--fail-on", "breaks"], "(fail-on-invalid)"],
    [[...SSH, "--fail-on", "would-break=x"], "(fail-on-invalid)"],
    [[...SSH, "--assert", "none.yml"], "none.yml"],
    [[...SSH, "--format", "xml"], "junit, sarif, github"],
  ])("refuses %j", async (args, message) => {
    const { code, stdout, stderr } = await gate(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(message);
  });
});

const { FLOW_CORPUS: CORPUS } = process.env;
const pair = join(CORPUS ?? "", "eks-2024-12-14");

function version(name: string): string {
  return join(pair, `describe-security-groups.${name}.json`);
}

describe.skipIf(CORPUS === undefined)("gate on a real pair", () => {
  const args = [
    "gate",
    join(pair, "vpcflowlogs.txt"),
    "--rules",
    join(pair, "describe-network-interfaces.json"),
    version("v2.0.10"),
    "--fail-on",
    "newly-pass",
  ];

  it("fails v2.0.12 on what would newly pass, and names the rules that let it in", async () => {
    const { code, stdout } = await runCli([...args, "--candidate", version("v2.0.12"), "--json"]);
    expect(code).toBe(1);
    const gate = JSON.parse(stdout);
    expect(schemaFaults("gate", gate)).toEqual([]);
    expect(gate.records).toMatchObject({ newlyAllowed: 160, newlyDenied: 0, undetermined: 0 });
    expect(gate.findings).toHaveLength(3);
    for (const { kind, level, at, ruleId } of gate.findings) {
      expect({ kind, level }).toEqual({ kind: "newly-pass", level: "error" });
      expect(at.file).toBe(version("v2.0.12"));
      expect(ruleId).not.toBeNull();
    }
  });

  it("lets v2.0.11 pass", async () => {
    const { code, stdout } = await runCli([...args, "--candidate", version("v2.0.11")]);
    expect(code).toBe(0);
    expect(stdout).toContain("Nothing was found.");
  });
});
