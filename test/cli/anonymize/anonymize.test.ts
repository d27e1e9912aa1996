import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { beforeAll, describe, expect, it } from "vitest";
import { inFolder, type Outcome, runCli } from "../run-cli.js";
import { writeSmallAccount } from "../small-account.js";

const KEY = `${"0123456789abcdef".repeat(4)}\n`;
const OTHER_KEY = `${"fedcba9876543210".repeat(4)}\n`;

function anonymize(
  folder: string,
  logs: string,
  rules: readonly string[],
  ...more: string[]
): Promise<Outcome> {
  return runCli(
    ["anonymize", logs, "--anonymize", "case.key", "-o", "case", "--rules", ...rules, ...more],
    { cwd: folder },
  );
}

/** Every record's verdict and reason, in the order of the lines of its log. */
async function verdicts(folder: string, logs: string, rules: string): Promise<string[]> {
  const { stdout } = await runCli(
    ["evaluate", logs, "--rules", rules, "--records", "-", "--records-format", "ndjson", "--quiet"],
    { cwd: folder },
  );
  const rows = stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  rows.sort((a, b) => {
    if (a.file !== b.file) return String(a.file) < String(b.file) ? -1 : 1;
    return Number(a.line) - Number(b.line);
  });
  return rows.map(({ verdict, reason, direction }) => `${direction} ${verdict} ${reason}`);
}

/** All bytes below a folder, as one text. */
async function everything(folder: string): Promise<string> {
  const names = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = names.filter((entry) => entry.isFile());
  const texts = await Promise.all(
    files.map((entry) => readFile(join(entry.parentPath, entry.name), "utf8")),
  );
  return texts.join("\n");
}

/** Ids and account numbers of a text. */
function secrets(text: string): Set<string> {
  return new Set(
    text.match(/\b(?:eni|sg|sgr|pl|vpc|subnet|acl|i|pcx|nat)-[0-9a-z]{3,}\b|\b\d{12}\b/g) ?? [],
  );
}

const ADDRESS = /^(\d{1,3}(\.\d{1,3}){3}|[0-9a-f]*:[0-9a-f:]+)$/;

/** Addresses that stand where they stood: a mapping turns them all, but for services that everybody has. */
function keptAddresses(original: string, written: string): string[] {
  const before = original.trimEnd().split("\n");
  const after = written.trimEnd().split("\n");
  expect(after).toHaveLength(before.length);
  return before.flatMap((line, i) => {
    const words = after[i]!.split(" ");
    return line
      .split(" ")
      .filter((word, at) => ADDRESS.test(word) && word === words[at] && !/^169\.254\./.test(word));
  });
}

describe("anonymize", () => {
  describe("on a made-up account", () => {
    let outcome: Outcome;
    let before: string[];
    let after: string[];
    let original: string;
    let written: string;
    const kept: string[] = [];

    beforeAll(async () => {
      await inFolder(async (folder) => {
        await writeFile(join(folder, "case.key"), KEY);
        await runCli(
          [..."generate -o made --records 20000 --format v5 --seed 3 --files 3 --gzip".split(" ")],
          { cwd: folder },
        );
        outcome = await anonymize(folder, "made/logs", ["made/account"]);
        before = await verdicts(folder, "made/logs", "made/account");
        after = await verdicts(folder, "case/logs", "case/rules.json");
        await runCli(
          "generate -o plain --records 20000 --format v5 --seed 3 --files 3".split(" "),
          {
            cwd: folder,
          },
        );
        original = await everything(join(folder, "plain"));
        written = await everything(join(folder, "case"));
        const logs = await readdir(join(folder, "plain", "logs"), { recursive: true });
        const names = logs.filter((name) => name.endsWith(".log")).sort();
        for (const [i, name] of names.entries())
          kept.push(
            ...keptAddresses(
              await readFile(join(folder, "plain", "logs", name), "utf8"),
              await readFile(join(folder, "case", "logs", `00000${i + 1}.log`), "utf8"),
            ),
          );
      });
    }, 120_000);

    it("gives the same verdict for every line, with the mapped rules", () => {
      expect(outcome).toMatchObject({ code: 0, stdout: "" });
      expect(outcome.stderr).toContain("The same verdicts, record by record");
      expect(outcome.stderr).toContain("flowverdict evaluate case/logs --rules case/rules.json");
      expect(before.length).toBeGreaterThan(19_000);
      expect(after).toEqual(before);
    });

    it("holds no address, id or account number of the original", () => {
      const left = secrets(written);
      expect(secrets(original).size).toBeGreaterThan(50);
      expect([...secrets(original)].filter((word) => left.has(word))).toEqual([]);
      expect(kept).toEqual([]);
      expect(written).not.toMatch(/"(Description|GroupName|PrefixListName|Tags|TagSet)"/);
    });
  });

  it.each([1, 4, 5, 7, 8, 11])(
    "keeps every verdict and reason of a log without flags, seed %i",
    async (seed) => {
      await inFolder(async (folder) => {
        await writeFile(join(folder, "case.key"), KEY);
        await runCli(`generate -o made --records 60000 --format v2 --seed ${seed}`.split(" "), {
          cwd: folder,
        });
        const outcome = await anonymize(folder, "made/logs", ["made/account"]);
        expect(outcome).toMatchObject({ code: 0, stdout: "" });
        expect(outcome.stderr).toContain("The same verdicts, record by record");
        expect(outcome.stderr).not.toContain("for another reason");
      });
    },
    60_000,
  );

  it("maps alike with the same key, and otherwise with another", async () => {
    await inFolder(async (folder) => {
      await writeSmallAccount(folder);
      const cases: string[] = [];
      for (const key of [KEY, Buffer.from(KEY.trim(), "hex"), OTHER_KEY]) {
        await writeFile(join(folder, "case.key"), key);
        await runCli(
          [
            "anonymize",
            "logs",
            "--rules",
            "account",
            "--anonymize",
            "case.key",
            "-o",
            `case${cases.length}`,
          ],
          { cwd: folder },
        );
        cases.push(await everything(join(folder, `case${cases.length}`)));
      }
      expect(cases[1]).toBe(cases[0]);
      expect(cases[2]).not.toBe(cases[0]);
    });
  });

  it("keeps times of rules, groups that are attached, and windows without data", async () => {
    await inFolder(async (folder) => {
      await writeFile(join(folder, "case.key"), KEY);
      await writeSmallAccount(folder);
      const outcome = await anonymize(
        folder,
        "logs",
        ["account", "account/groups.json@2024-12-14T16:30:00Z"],
        "--attach",
        "sg-web",
      );
      expect(outcome.code).toBe(0);
      const [command] = outcome.stderr
        .split("\n")
        .filter((line) => line.startsWith("  flowverdict"));
      expect(command).toMatch(/--rules case\/rules\.json --attach sg-[0-9a-f]{17}$/);
      const log = await readFile(join(folder, "case", "logs", "000001.log"), "utf8");
      expect(log.split("\n")[4]).toMatch(
        /^2 \d{12} eni-[0-9a-f]{17} - - - - - - - 1734193620 1734193680 - NODATA$/,
      );
    });
  });

  it("writes a history as rule sets with their times", async () => {
    await inFolder(async (folder) => {
      await writeFile(join(folder, "case.key"), KEY);
      await writeSmallAccount(folder);
      const groups = await readFile(join(folder, "account", "groups.json"), "utf8");
      await writeFile(join(folder, "later.json"), groups.replaceAll("443", "22"));
      const outcome = await anonymize(folder, "logs", [
        "account",
        "later.json@2024-12-14T16:25:50Z",
      ]);
      expect(outcome.code).toBe(0);
      expect(outcome.stderr).toContain(
        "--rules case/rules-1.json case/rules-2.json@2024-12-14T16:25:50Z",
      );
    });
  });

  it("keeps what a history says is gone", async () => {
    await inFolder(async (folder) => {
      await writeFile(join(folder, "case.key"), KEY);
      await writeSmallAccount(folder);
      const groups = await readFile(join(folder, "account", "groups.json"), "utf8");
      const none = JSON.stringify({ ...JSON.parse(groups), NetworkInterfaces: [] });
      await writeFile(join(folder, "later.json"), none);
      const outcome = await anonymize(folder, "logs", [
        "account",
        "later.json@2024-12-14T16:25:50Z",
      ]);
      expect(outcome.stderr).toContain("The same verdicts");
      expect(await readFile(join(folder, "case", "rules-2.json"), "utf8")).toContain(
        '"NetworkInterfaces": []',
      );
    });
  });

  it("leaves out what is no record, and says so; what is broken is used up to the break", async () => {
    await inFolder(async (folder) => {
      await writeFile(join(folder, "case.key"), KEY);
      await writeSmallAccount(folder);
      const log = await readFile(join(folder, "logs", "small.log"), "utf8");
      await writeFile(join(folder, "logs", "small.log"), `${log}secret 198.51.100.7\n`);
      const packed = gzipSync(log.repeat(50));
      await writeFile(join(folder, "logs", "zcut.log.gz"), packed.subarray(0, packed.length - 20));
      const outcome = await anonymize(folder, "logs", ["account"]);
      expect(outcome.code).toBe(2);
      expect(outcome.stderr).toContain("1 line that is no record is left out");
      expect(outcome.stderr).toContain("zcut.log.gz");
      const written = await everything(join(folder, "case"));
      expect(written).toContain("\nmalformed\n");
      expect(written).not.toContain("secret");
    });
  });

  it("reads logs of every form, and leaves out fields that it does not know", async () => {
    await inFolder(async (folder) => {
      await writeFile(join(folder, "case.key"), KEY);
      await writeSmallAccount(folder);
      const log = await readFile(join(folder, "logs", "small.log"), "utf8");
      const rows = log
        .trimEnd()
        .split("\n")
        .map((line, i) => `${line.replaceAll(" ", ",")},${i === 0 ? "owner_name" : "Jo"}`);
      await writeFile(join(folder, "rows.csv"), `${rows.join("\n")}\n`);
      const outcome = await anonymize(folder, "rows.csv", ["account"]);
      expect(outcome.code).toBe(0);
      const written = await readFile(join(folder, "case", "logs", "000001.log"), "utf8");
      expect(written.split("\n")[0]).toBe(log.split("\n")[0]);
      expect(written).not.toContain("Jo");
    });
  });

  it("says what a key is, and how one is made", async () => {
    await inFolder(async (folder) => {
      await writeSmallAccount(folder);
      const missing = await anonymize(folder, "logs", ["account"]);
      expect(missing).toMatchObject({ code: 2 });
      expect(missing.stderr).toContain("openssl rand -hex 32");
      await writeFile(join(folder, "case.key"), "secret");
      const short = await anonymize(folder, "logs", ["account"]);
      expect(short).toMatchObject({ code: 2 });
      expect(short.stderr).toContain("32 bytes, or 64 hexadecimal digits; found 6 bytes");
      expect(await readdir(folder)).not.toContain("case");
    });
  });

  it.skipIf(process.env.FLOW_CORPUS === undefined)(
    "keeps every verdict of a real pair",
    async () => {
      const pair = join(process.env.FLOW_CORPUS!, "eks-2024-12-14");
      const rules = [
        join(pair, "describe-network-interfaces.json"),
        join(pair, "describe-security-groups.v2.0.10.json"),
      ];
      await inFolder(async (folder) => {
        await writeFile(join(folder, "case.key"), KEY);
        const log = join(pair, "vpcflowlogs.txt");
        const outcome = await anonymize(folder, log, rules);
        expect(outcome.code).toBe(0);
        expect(outcome.stderr).toContain("23,455 records");
        const texts = await Promise.all(rules.map((path) => readFile(path, "utf8")));
        const text = await readFile(log, "utf8");
        const left = secrets(await everything(join(folder, "case")));
        const known = secrets([text, ...texts].join("\n"));
        expect([...known].filter((word) => left.has(word))).toEqual([]);
      });
    },
    60_000,
  );
});
