import { spawn } from "node:child_process";
import { access, cp, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { delimiter, dirname, join } from "node:path";
import { RecordBatchReader } from "apache-arrow";
import { describe, expect, it } from "vitest";
import { CAUSES, MALFORMED_REASONS } from "../src/analysis/summary.js";
import { FlowError } from "../src/errors.js";
import { FILTER_FIELDS } from "../src/filter/index.js";
import { LINT_CODES } from "../src/lint/index.js";
import { FIELDS } from "../src/logs/index.js";
import { GRADES, REASONS, VERDICTS, verdictOf } from "../src/model/verdict.js";
import { RECORDS_FORMATS, recordsFormatOf } from "../src/report/records-format.js";
import { loadRuleSet } from "../src/rules/index.js";
import { CLI_MAIN, inFolder, runCli } from "./cli/run-cli.js";
import { ROOT } from "./support/packed.js";

const DOCUMENTS = [
  "README.md",
  "CONTRIBUTING.md",
  "CHANGELOG.md",
  "examples/README.md",
  "docs/ARCHITECTURE.md",
  "docs/FORMATS.md",
  "docs/GUIDE.md",
  "docs/SEMANTICS.md",
];

interface SecurityGroups {
  readonly SecurityGroups: readonly {
    readonly IpPermissions: readonly {
      UserIdGroupPairs: readonly { readonly Description?: string }[];
    }[];
  }[];
}

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

interface ShownCommand {
  readonly command: string;
  /** What the document says it prints; `...` stands for any number of lines. */
  readonly shown: readonly string[];
}

/** The console blocks of a document: `$ command`, then what it prints. */
function shownCommands(text: string): ShownCommand[] {
  const blocks = [...text.matchAll(/^```console\n\$ (.*)\n([\s\S]*?)^```/gm)];
  return blocks.map(([, command, shown]) => ({
    command: command!,
    shown: shown!.trimEnd().split("\n"),
  }));
}

/** A folder with a copy of the examples and a `flowverdict` to call, as a reader has it who follows a document. */
async function withExamples(work: (folder: string) => Promise<void>): Promise<void> {
  await inFolder(async (folder) => {
    await cp(join(ROOT, "examples"), join(folder, "examples"), { recursive: true });
    await mkdir(join(folder, "bin"));
    const program = `#!/bin/sh\nexec "${process.execPath}" "${CLI_MAIN}" "$@"\n`;
    await writeFile(join(folder, "bin", "flowverdict"), program, { mode: 0o755 });
    await work(folder);
  });
}

/** What a shell prints for a command, both streams together as a terminal shows them. */
function printedBy(command: string, folder: string): Promise<string[]> {
  const { NO_COLOR: _no, FORCE_COLOR: _force, COLUMNS: _columns, ...environment } = process.env;
  const PATH = join(folder, "bin") + delimiter + (environment.PATH ?? "");
  return new Promise((resolve, reject) => {
    const child = spawn("sh", ["-c", `{ ${command}\n} 2>&1`], {
      cwd: folder,
      env: { ...environment, PATH },
      stdio: ["ignore", "pipe", "inherit"],
    });
    const chunks: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
    child.on("error", reject);
    child.on("close", () => {
      resolve(Buffer.concat(chunks).toString("utf8").trimEnd().split("\n"));
    });
  });
}

/** The first line shown that is not printed where it should stand; empty where all is true. */
function firstUntruth(shown: readonly string[], printed: readonly string[]): string {
  let next = 0;
  let isGap = false;
  for (const line of shown) {
    if (line === "...") {
      isGap = true;
      continue;
    }
    const at = isGap ? printed.indexOf(line, next) : next;
    if (at < 0 || printed[at] !== line) return `not printed at line ${next + 1}: ${line}`;
    next = at + 1;
    isGap = false;
  }
  return isGap || next >= printed.length ? "" : `more is printed: ${printed[next]}`;
}

describe.each([
  ["README.md", 1],
  ["docs/GUIDE.md", 15],
])("%s", (path, least) => {
  it("shows what the program really prints", async () => {
    const commands = shownCommands(await read(path));
    expect(commands.length).toBeGreaterThanOrEqual(least);
    await withExamples(async (folder) => {
      for (const { command, shown } of commands)
        expect(firstUntruth(shown, await printedBy(command, folder)), command).toBe("");
    });
  }, 600_000);
});

describe("docs/GUIDE.md", () => {
  it("has a chapter for each command that answers questions", async () => {
    const commands = shownCommands(await read("docs/GUIDE.md")).map(({ command }) => command);
    const questions = ["diff", "why", "usage", "tighten", "check", "lint", "gate", "summarize"];
    for (const name of questions)
      expect(commands.some((command) => command.startsWith(`flowverdict ${name} `))).toBe(true);
  });

  it("has chapters where the README leads to", async () => {
    const chapters = [...(await read("docs/GUIDE.md")).matchAll(/^## (.*)$/gm)].map(([, title]) =>
      title!
        .toLowerCase()
        .replace(/[^a-z -]/g, "")
        .replaceAll(" ", "-"),
    );
    const links = [...(await read("README.md")).matchAll(/docs\/GUIDE\.md#([a-z-]+)\)/g)];
    expect(links.length).toBeGreaterThanOrEqual(8);
    for (const [, chapter] of links) expect(chapters).toContain(chapter);
  });

  it("rests on examples that are the account's, with one rule more", async () => {
    const [account, before] = await Promise.all(
      ["account/describe-security-groups", "groups-with-batch"].map(
        async (name) => JSON.parse(await read(`examples/${name}.json`)) as SecurityGroups,
      ),
    );
    const added = before!.SecurityGroups.flatMap(({ IpPermissions }) =>
      IpPermissions.flatMap(({ UserIdGroupPairs }) =>
        UserIdGroupPairs.filter(({ Description }) => Description === "nightly reports"),
      ),
    );
    expect(added.length).toBe(1);
    for (const { IpPermissions } of before!.SecurityGroups)
      for (const permission of IpPermissions)
        permission.UserIdGroupPairs = permission.UserIdGroupPairs.filter(
          (pair) => !added.includes(pair),
        );
    expect(before).toEqual(account);
  });
});

describe("README.md", () => {
  it("has every command, and so has the help without arguments", async () => {
    const { stdout: help } = await runCli(["--help"]);
    const [, list = ""] = help.split("Commands:\n");
    const commands = [...list.matchAll(/^ {2}([a-z]+) /gm)].map(([, name]) => name!);
    expect(commands.length).toBeGreaterThan(10);
    const table = rows(await read("README.md")).map(([command]) => words(command!)[0]);
    const { stderr: short } = await runCli([]);
    for (const command of commands.filter((name) => name !== "help")) {
      expect(table).toContain(command);
      expect(short).toMatch(new RegExp(`^ {2}${command} `, "m"));
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

/** Arrow's name of a type as the tables of FORMATS write it. */
function arrowName(type: string): string {
  return type === "FixedSizeBinary[16]" ? "fixed-size binary 16" : type.toLowerCase();
}

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

  it("has the forms of records, with the endings that ask for them", async () => {
    const table = rows(section(await read("docs/FORMATS.md"), "Records out"));
    expect(table.map(([format]) => words(format!)[0])).toEqual(RECORDS_FORMATS);
    for (const [format, endings] of table)
      for (const ending of words(endings!))
        expect(recordsFormatOf(`records${ending}`)).toBe(words(format!)[0]);
  });

  it("has the fields of filters, with their other names and kinds", async () => {
    const table = rows(section(await read("docs/FORMATS.md"), "Records that pass"));
    const fields = table.slice(table.findIndex(([field]) => field === "field") + 2);
    const told = fields.flatMap(([names, aliases, kind]) =>
      words(names!).map((name) => ({ name, aliases: words(aliases!), kind })),
    );
    const known = FILTER_FIELDS.map(({ name, aliases, kind }) => ({ name, aliases, kind }));
    const byName = (a: { name: string }, b: { name: string }): number => (a.name < b.name ? -1 : 1);
    expect(told.sort(byName)).toEqual([...known].sort(byName));
  });

  it("has the columns of the verdict, in order", async () => {
    const input = "2 1 eni-a 10.0.0.1 10.0.0.2 1024 443 6 1 60 1700000000 1700000060 ACCEPT OK\n";
    const rules = join(ROOT, "examples/account");
    const args = ["evaluate", "-", "--rules", rules, "--records", "-"];
    const { stdout } = await runCli(args, { input });
    const columns = stdout.split("\n")[0]!.split(",");
    const table = rows(section(await read("docs/FORMATS.md"), "Columns of records"));
    const named = table.map(([column]) => words(column!)[0]!);
    expect(columns.slice(-named.length)).toEqual(named);
  });

  it.each([
    ["evaluate", "Summary"],
    ["diff", "Impact"],
    ["usage", "Rule ledger"],
    ["tighten", "Narrower rules"],
    ["check", "Check"],
    ["gate", "Gate"],
    ["lint", "Lint"],
    ["doctor", "Doctor"],
    ["summarize", "Summarize"],
  ])("has every key of the JSON of %s", async (command, heading) => {
    const text = await read("docs/FORMATS.md");
    const known = [...words(section(text, "Answers")), ...words(section(text, heading))];
    const schema = JSON.parse(await read(`docs/schemas/${command}.schema.json`)) as {
      readonly properties: object;
    };
    const keys = Object.keys(schema.properties);
    expect(keys.filter((key) => !known.includes(key))).toEqual([]);
  });

  it("has every code of lint", async () => {
    const text = section(await read("docs/FORMATS.md"), "Lint");
    const codes = words(text.split("\n").find((line) => line.startsWith("Codes")) ?? "");
    expect(codes).toEqual([...LINT_CODES]);
  });

  it("has the columns of a summary file, in order, with their types", async () => {
    const text = section(await read("docs/FORMATS.md"), "Summary files");
    const named = rows(text).flatMap(([columns, type]) =>
      words(columns!).map((name) => [name, type]),
    );
    await withExamples(async (folder) => {
      const args = ["summarize", "examples/logs-v2", "-o", "v2.fvs"];
      await runCli(args, { cwd: folder });
      const reader = RecordBatchReader.from(await readFile(join(folder, "v2.fvs")));
      const schemas = [reader.open({ autoDestroy: false }).schema];
      for (const _ of reader); // To the end of the first stream.
      schemas.push(reader.reset(null).open({ autoDestroy: true }).schema);
      const typed = schemas.flatMap(({ fields }) =>
        fields.map(({ name, type }) => [name, arrowName(String(type))]),
      );
      expect(typed).toEqual(named);
      const facts = JSON.parse(schemas[0]!.metadata.get("flowverdict.summary")!) as object;
      expect(words(text)).toEqual(expect.arrayContaining(Object.keys(facts)));
    });
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
