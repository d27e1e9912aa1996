import { access, readdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { CAUSES, MALFORMED_REASONS } from "../src/analysis/summary.js";
import { FlowError } from "../src/errors.js";
import { FIELDS } from "../src/logs/index.js";
import { GRADES, REASONS, VERDICTS, verdictOf } from "../src/model/verdict.js";
import { loadRuleSet } from "../src/rules/index.js";
import { runCli } from "./cli/run-cli.js";
import { ROOT } from "./support/packed.js";

const DOCUMENTS = [
  "README.md",
  "CONTRIBUTING.md",
  "CHANGELOG.md",
  "docs/ARCHITECTURE.md",
  "docs/FORMATS.md",
  "docs/SEMANTICS.md",
];

function read(path: string): Promise<string> {
  return readFile(join(ROOT, path), "utf8");
}

/** The text below a heading, up to the next one of any level. */
function section(text: string, heading: string): string {
  const begin = text.search(new RegExp(`^#+ ${heading}$`, "m"));
  expect(begin, heading).toBeGreaterThanOrEqual(0);
  const body = text.slice(text.indexOf("\n", begin) + 1);
  const end = body.search(/^#/m);
  return end < 0 ? body : body.slice(0, end);
}

/** The code words of a piece of Markdown. */
function words(text: string): string[] {
  return [...text.matchAll(/`([^`]+)`/g)].map(([, word]) => word!);
}

/** The rows of the first table of a piece of Markdown, as cells, without its head. */
function rows(text: string): string[][] {
  const lines = text.split("\n").filter((line) => line.startsWith("|"));
  return lines.slice(2).map((line) =>
    line
      .slice(1, -1)
      .split("|")
      .map((cell) => cell.trim()),
  );
}

/** The words of a command line; single quotes hold blanks together. */
function argumentsOf(command: string): string[] {
  return [...command.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare!);
}

describe("README.md", () => {
  it("shows what the program really prints", async () => {
    const blocks = [
      ...(await read("README.md")).matchAll(/^```console\n\$ (.*)\n([\s\S]*?)^```/gm),
    ];
    expect(blocks.length).toBeGreaterThanOrEqual(3);
    for (const [, command, shown] of blocks) {
      const [name, ...args] = argumentsOf(command!);
      expect(name).toBe("flowverdict");
      const { stdout, code } = await runCli(args, { cwd: ROOT });
      expect(code, command).toBe(0);
      const printed = stdout.split("\n");
      let from = 0;
      for (const line of shown!.trimEnd().split("\n")) {
        if (line === "...") continue;
        const at = printed.indexOf(line, from);
        expect(at < 0 ? `not printed after line ${from}: ${line}` : "").toBe("");
        from = at + 1;
      }
    }
  });

  it("gives the two commands that CI and package.json have", async () => {
    const text = await read("README.md");
    const { scripts } = JSON.parse(await read("package.json")) as {
      scripts: Record<string, string>;
    };
    expect(text).toContain("\nnpm ci && npm run demo\n");
    expect(text).toContain("\nnpm ci && npm test\n");
    expect(Object.keys(scripts)).toEqual(expect.arrayContaining(["demo", "test", "bench"]));
    expect(await read(".ci/run")).toContain("npm ci && npm test");
  });
});

describe("docs/FORMATS.md", () => {
  it("has the fields of every version", async () => {
    const table = rows(section(await read("docs/FORMATS.md"), "Fields by version"));
    const versions = [...new Set(FIELDS.map(({ version }) => version))];
    expect(table).toEqual(
      versions.map((version) => [
        String(version),
        FIELDS.filter((field) => field.version === version)
          .map(({ name }) => `\`${name}\``)
          .join(" "),
      ]),
    );
  });

  it("has the reasons why a line is malformed", async () => {
    const table = rows(section(await read("docs/FORMATS.md"), "Lines"));
    expect(table.map(([reason]) => reason)).toEqual(
      MALFORMED_REASONS.filter((reason) => reason !== "").map((reason) => `\`${reason}\``),
    );
  });

  it("has the answers of AWS that make a rule set", async () => {
    const table = rows(section(await read("docs/FORMATS.md"), "Rule documents"));
    let hint = "";
    try {
      loadRuleSet([{ name: "x.json", text: "{}", explicit: true }]);
    } catch (error) {
      if (error instanceof FlowError) hint = error.hint ?? "";
    }
    const accepted = hint.match(/\b(describe|get)-[a-z-]+/g) ?? [];
    expect(accepted.length).toBe(11);
    expect(table.map(([command]) => words(command!)[0]).sort()).toEqual([...accepted].sort());
  });

  it("has the columns of the verdict, in order", async () => {
    const input = "2 1 eni-a 10.0.0.1 10.0.0.2 1024 443 6 1 60 1700000000 1700000060 ACCEPT OK\n";
    const rules = join(ROOT, "examples/account");
    const args = ["evaluate", "-", "--rules", rules, "--records", "-"];
    const { stdout } = await runCli(args, { input });
    const columns = stdout.split("\n")[0]!.split(",");
    const table = rows(section(await read("docs/FORMATS.md"), "Records out"));
    const named = table.map(([column]) => words(column!)[0]!);
    expect(columns.slice(-named.length)).toEqual(named);
  });

  it("has every code, once", async () => {
    const text = section(await read("docs/FORMATS.md"), "Codes");
    expect(rows(text).map(([verdict, list]) => [words(verdict!)[0], words(list!)])).toEqual(
      VERDICTS.map((verdict) => [
        verdict,
        REASONS.filter((reason) => verdictOf(reason) === verdict),
      ]),
    );
    const paragraph = (begin: string): string[] =>
      words(text.split("\n").find((line) => line.startsWith(begin)) ?? "");
    const strongestFirst = [...GRADES].reverse();
    expect(paragraph("Grades")).toEqual(strongestFirst);
    expect(paragraph("Suspected causes")).toEqual(CAUSES.filter((cause) => cause !== ""));
  });
});

describe("docs/ARCHITECTURE.md", () => {
  it("gives every folder its role", async () => {
    const table = rows(section(await read("docs/ARCHITECTURE.md"), "Folders"));
    const named = new Set(table.flatMap(([folder]) => words(folder!)));
    for (const root of ["assembly", "src"])
      for (const entry of await readdir(join(ROOT, root), { withFileTypes: true }))
        if (entry.isDirectory()) expect(named).toContain(`${root}/${entry.name}`);
  });
});

describe.each(DOCUMENTS)("%s", (path) => {
  it("links to nothing that is not there", async () => {
    const links = [...(await read(path)).matchAll(/\]\(([^)#]+)[^)]*\)/g)].map(([, to]) => to!);
    const missing: string[] = [];
    for (const link of links) {
      if (/^https?:/.test(link)) continue;
      const target = join(ROOT, dirname(path), link);
      await access(target).catch(() => missing.push(link));
    }
    expect(missing).toEqual([]);
  });
});
