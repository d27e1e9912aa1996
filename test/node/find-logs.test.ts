import { chmodSync, chownSync, linkSync, symlinkSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { findLogs, findRuleFiles, type InputNote, type LogFile } from "../../src/node/index.js";
import { folderOf } from "./folder.js";

const aws = (time: string, hash = "h"): string =>
  `123456789012_vpcflowlogs_us-east-1_fl-1_${time}_${hash}.log.gz`;
const FOLDER = "AWSLogs/123456789012/vpcflowlogs/us-east-1/2024/12";

function names(files: readonly LogFile[], root = ""): string[] {
  return files.map((file) => (root === "" ? file.name : file.name.slice(root.length + 1)));
}

const NOBODY = 65_534;

/** The superuser may list everything: it steps down for the while, with the folder handed over. */
async function asAnybody(root: string, work: () => Promise<void>): Promise<void> {
  if (process.getuid?.() !== 0) return work();
  chownSync(root, NOBODY, NOBODY);
  process.seteuid?.(NOBODY);
  try {
    await work();
  } finally {
    process.seteuid?.(0);
  }
}

describe("findLogs", () => {
  test("a folder in S3's layout, in the order of the times in the names", async () => {
    const root = folderOf({
      [`${FOLDER}/15/${aws("20241215T0000Z")}`]: "",
      [`${FOLDER}/14/${aws("20241214T2355Z", "b")}`]: "x",
      [`${FOLDER}/14/${aws("20241214T2355Z", "a")}`]: "",
      [`${FOLDER}/14/${aws("20241214T0905Z")}`]: "",
      "zzz/part_20241214T1000Z.log": "",
      "a-no-time.log": "",
      "year=2024/month=12/day=13/x.log": "",
    });
    const files = await findLogs([root]);
    expect(names(files)).toEqual([
      "year=2024/month=12/day=13/x.log",
      `${FOLDER}/14/${aws("20241214T0905Z")}`,
      "zzz/part_20241214T1000Z.log",
      `${FOLDER}/14/${aws("20241214T2355Z", "a")}`,
      `${FOLDER}/14/${aws("20241214T2355Z", "b")}`,
      `${FOLDER}/15/${aws("20241215T0000Z")}`,
      "a-no-time.log",
    ]);
    expect(files.map((file) => file.size)).toEqual([0, 0, 0, 0, 1, 0, 0]);
    expect(names(await findLogs([`${root}/`]))).toEqual(names(files));
  });

  test("hidden names and known other files of a folder are left out, the latter with a note", async () => {
    const root = folderOf({
      ".hidden": "",
      ".git/x.log": "",
      "README.md": "",
      "rules.json": "",
      "flows.parquet": "",
      "export/aws-logs-write-test": "Permission Check Successful",
      "a.log": "",
      "b.csv": "",
      c: "",
      "d.arrow": "",
    });
    const notes: InputNote[] = [];
    const files = await findLogs([root], { onNote: (note) => notes.push(note) });
    expect(names(files)).toEqual(["a.log", "b.csv", "c", "d.arrow", "flows.parquet", "rules.json"]);
    expect(files.filter(({ doubtful }) => doubtful === true).map(({ name }) => name)).toEqual([
      "rules.json",
    ]);
    expect(notes.map((note) => note.path.slice(root.length + 1))).toEqual([
      "README.md",
      "export/aws-logs-write-test",
    ]);
    expect(names(await findLogs([`${root}/README.md`, `${root}/.hidden`]), root)).toEqual([
      ".hidden",
      "README.md",
    ]);
  });

  test("a folder of other files only is no silent nothing", async () => {
    const root = folderOf({ "README.md": "", "rules.yaml": "" });
    for (const pattern of [root, `${root}/*`])
      await expect(findLogs([pattern])).rejects.toMatchObject({
        code: "no-such-input",
        at: pattern,
        message: expect.stringContaining("(2 left out)"),
      });
    expect(names(await findLogs([`${root}/*.yaml`]), root)).toEqual(["rules.yaml"]);
  });

  test("a folder that cannot be listed is told", async () => {
    const root = folderOf({ "a.log": "", "shut/b.log": "", "shut/c.json": "", "d.json": "" });
    chmodSync(`${root}/shut`, 0);
    const notes: InputNote[] = [];
    const refusal = { code: "input-unreadable", at: `${root}/shut` };
    await asAnybody(root, async () => {
      const found = await findLogs([root], { onNote: (note) => notes.push(note) });
      expect(names(found)).toEqual(["a.log", "d.json"]);
      await expect(findLogs([`${root}/shut`])).rejects.toMatchObject(refusal);
      await expect(findRuleFiles([root])).rejects.toMatchObject(refusal);
    });
    expect(notes.map((note) => note.code)).toEqual(["unreadable-folder"]);
    chmodSync(`${root}/shut`, 0o700);
  });

  test("links are followed, loops end, a folder reached twice is read once", async () => {
    const root = folderOf({ "a/x.log": "", "z.log": "" });
    symlinkSync(root, `${root}/a/loop`);
    symlinkSync(`${root}/a`, `${root}/b`);
    symlinkSync(`${root}/z.log`, `${root}/y.log`);
    symlinkSync(`${root}/nothing`, `${root}/dangling.log`);
    expect(names(await findLogs([root]))).toEqual(["a/x.log", "y.log"]);
  });

  test("the order of the arguments does not matter; a file of several names is read once", async () => {
    const root = folderOf({ "a.log": "", "b.log": "", "c.txt": "" });
    const [a, b] = [`${root}/a.log`, `${root}/b.log`];
    expect(await findLogs([b, a])).toEqual(await findLogs([a, b]));
    linkSync(b, `${root}/hard.log`);
    const notes: InputNote[] = [];
    const again = [a, b, root, `${root}/./a.log`, `${root}/*.log`];
    const found = await findLogs(again, { onNote: (note) => notes.push(note) });
    expect(found).toEqual(await findLogs(again.reverse()));
    expect(found.map(({ path }) => path)).toEqual([`${root}/./a.log`, b, `${root}/c.txt`]);
    expect(new Set(notes.map(({ code }) => code))).toEqual(new Set(["named-twice"]));
    expect(notes.map(({ path }) => path)).toContain(`${root}/hard.log`);
  });

  test("a file that is named beside its folder is no doubtful one", async () => {
    const root = folderOf({ "a.log": "", "x.json": "" });
    const [, json] = await findLogs([root]);
    expect(json).toMatchObject({ name: "x.json", doubtful: true });
    const [, named] = await findLogs([root, `${root}/x.json`]);
    expect(named).not.toHaveProperty("doubtful");
  });

  test("stdin, once", async () => {
    expect(await findLogs(["-"])).toEqual([{ path: "-", name: "-", size: 0 }]);
    await expect(findLogs(["-", "-"])).rejects.toMatchObject({ code: "no-such-input" });
  });

  test.each(["nothing.log", "no*.log", "empty", "empty/**"])(
    "%s leads to nothing",
    async (path) => {
      const root = folderOf({ "a.log": "", "empty/.keep": "" });
      await expect(findLogs([`${root}/${path}`])).rejects.toMatchObject({
        code: "no-such-input",
        at: `${root}/${path}`,
      });
    },
  );

  test("files outside the time asked for are left out by AWS's own names, with an hour to spare, and by partitions, with a day", async () => {
    const at = Date.parse("2024-12-14T12:00:00Z") / 1000;
    const root = folderOf({
      [aws("20241214T1055Z")]: "",
      [aws("20241214T1100Z")]: "",
      [aws("20241214T1255Z")]: "",
      [aws("20241214T1300Z")]: "",
      "part_20200101T0000Z.log": "",
      "2020/01/01/x.log": "",
      "year=2024/month=12/day=12/x.log": "",
      "year=2024/month=12/day=13/x.log": "",
      "year=2024/month=12/day=15/x.log": "",
      "year=2024/month=12/day=16/x.log": "",
    });
    const notes: InputNote[] = [];
    const files = await findLogs([root], { from: at, to: at, onNote: (note) => notes.push(note) });
    expect(names(files)).toEqual([
      "2020/01/01/x.log",
      "part_20200101T0000Z.log",
      "year=2024/month=12/day=13/x.log",
      aws("20241214T1100Z"),
      aws("20241214T1255Z"),
      "year=2024/month=12/day=15/x.log",
    ]);
    expect(notes.map((note) => note.code)).toEqual(Array(4).fill("outside-time"));
  });

  test("partitions say which files are opened; a path without them may hold anything", async () => {
    const root = folderOf({
      "aws-region=eu-west-1/month=07/a.log": "",
      "aws-region=eu-west-1/month=8/b.log": "",
      "AWS-Region=us-east-1/month=07/c.log": "",
      "aws-region=a%3Db/d.log": "",
      "e.log": "",
    });
    const found = async (wanted: Record<string, readonly string[]>): Promise<string[]> =>
      names(await findLogs([root], { partitions: new Map(Object.entries(wanted)), onNote }));
    const notes: InputNote[] = [];
    const onNote = (note: InputNote): number => notes.push(note);
    const [EU7, EU8] = [
      "aws-region=eu-west-1/month=07/a.log",
      "aws-region=eu-west-1/month=8/b.log",
    ];
    expect(await found({ "aws-region": ["eu-west-1"] })).toEqual([EU7, EU8, "e.log"]);
    expect(notes.map(({ code, path }) => `${code} ${path.slice(root.length + 1)}`)).toEqual([
      "outside-partition AWS-Region=us-east-1/month=07/c.log",
      "outside-partition aws-region=a%3Db/d.log",
    ]);
    expect(await found({ "aws-region": ["eu-west-1"], month: ["7", "9"] })).toEqual([EU7, "e.log"]);
    expect(await found({ "aws-region": ["a=b"] })).toEqual(["aws-region=a%3Db/d.log", "e.log"]);
    await expect(found({ region: ["eu-west-1"] })).rejects.toMatchObject({
      code: "partition-unknown",
      hint: "they have aws-region, month",
    });
  });
});

describe("globs", () => {
  const FILES = {
    "a.log": "",
    "b.log": "",
    "b.log.gz": "",
    "ü.log": "",
    "[x].log": "",
    ".h.log": "",
    "rules.json": "",
    "d/c.log": "",
    "d/e/f.log": "",
    "d/.h/f.log": "",
    "2024/12/14/g.log": "",
    "2024/12/15/g.log": "",
  };
  test.each([
    ["*.log", ["[x].log", "a.log", "b.log", "ü.log"]],
    ["?.log", ["a.log", "b.log", "ü.log"]],
    ["[ab].log", ["a.log", "b.log"]],
    ["[!a].log", ["b.log", "ü.log"]],
    ["[b-z].log", ["b.log"]],
    ["[x].log", ["[x].log"]],
    ["{a,b}.log", ["a.log", "b.log"]],
    ["b.log{,.gz}", ["b.log", "b.log.gz"]],
    ["{a,{b,d/c}}.log", ["a.log", "b.log", "d/c.log"]],
    [".*.log", [".h.log"]],
    ["d/**", ["d/c.log", "d/e/f.log"]],
    ["**/f.log", ["d/e/f.log"]],
    ["d/**/*.log", ["d/c.log", "d/e/f.log"]],
    ["**/*.gz", ["b.log.gz"]],
    ["2024/1[12]/{14,15}/*", ["2024/12/14/g.log", "2024/12/15/g.log"]],
    ["2024/*/14", ["2024/12/14/g.log"]],
    ["d/../*.gz", ["d/../b.log.gz"]],
    ["r*.json", ["rules.json"]],
    ["{d,d/e}/**", ["d/c.log", "d/e/f.log"]],
  ])("%s", async (pattern, expected) => {
    const root = folderOf(FILES);
    const files = await findLogs([`${root}/${pattern}`]);
    expect(files.map((file) => file.path.slice(root.length + 1)).sort()).toEqual(expected.sort());
  });

  test.each(["[z-a].log", "[", "*.lo[", "{a", "x{}y", "(a|b)+.log", "\\*", "[]", "[!]"])(
    "%s matches nothing and harms nothing",
    async (pattern) => {
      const root = folderOf(FILES);
      await expect(findLogs([`${root}/${pattern}`])).rejects.toMatchObject({
        code: "no-such-input",
      });
    },
  );

  test("braces that multiply without end are refused", async () => {
    await expect(findLogs(["{a,b}".repeat(30)])).rejects.toThrow("more than 1000 patterns");
  });

  test("many stars cost no more than the name is long", async () => {
    const root = folderOf({ ["a".repeat(200)]: "" });
    const started = performance.now();
    await expect(findLogs([`${root}/${"*a".repeat(60)}b`])).rejects.toMatchObject({
      code: "no-such-input",
    });
    expect(performance.now() - started).toBeLessThan(2000);
  });
});

describe("findRuleFiles", () => {
  test("files as given, folders by name with all below", async () => {
    const root = folderOf({
      "b.json": "",
      "a/c.json": "",
      "x.txt": "",
      ".h.json": "",
      "a.JSON": "",
    });
    const files = await findRuleFiles([`${root}/x.txt`, root, "-"]);
    expect(files.map((file) => [file.path.replace(`${root}/`, ""), file.explicit])).toEqual([
      ["x.txt", true],
      ["a.JSON", false],
      ["a/c.json", false],
      ["b.json", false],
      ["-", true],
    ]);
  });

  test("nothing there", async () => {
    const root = folderOf({ "a.txt": "" });
    await expect(findRuleFiles([root])).rejects.toMatchObject({ code: "no-such-input" });
    await expect(findRuleFiles([`${root}/b`])).rejects.toMatchObject({ code: "no-such-input" });
  });
});
