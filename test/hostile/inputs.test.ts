// Files that are no logs, or only nearly: each is named with a code, or its lines are counted; nothing else happens.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, describe, expect, test } from "vitest";
import { evaluateRecords, type LogInput } from "../../src/analysis/index.js";
import { logInput } from "../../src/node/log-input.js";
import { randomOf } from "../support/random-case.js";
import { coreOf } from "../support/wasm-engine.js";
import {
  bytesInput,
  latin1,
  line,
  NOTHING_LOST,
  SMALL_RULE_SET,
  summaryOf,
  sumsOf,
  TARGETS,
  V2,
} from "./run.js";

const SEEDS = Number(process.env.FLOW_SEEDS ?? 15);
const FIRST = Number(process.env.FLOW_FIRST_SEED ?? 1);
const GOOD = [V2, line(), line({ sport: 40_001 })].join("\n");

const folder = mkdtempSync(join(tmpdir(), "flowverdict-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function fileOf(name: string, bytes: Uint8Array): LogInput {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return logInput({ path, name, size: bytes.length });
}

function randomBytes(seed: number, length: number): Uint8Array {
  const random = randomOf(seed);
  return Uint8Array.from({ length }, () => Math.floor(random() * 256));
}

describe.each(TARGETS)("%s", (target) => {
  test.each(Array.from({ length: SEEDS }, (_, i) => FIRST + i))(
    "random bytes, seed %i",
    async (seed) => {
      const noise = randomBytes(seed, 40_000);
      const alone = await summaryOf(target, [bytesInput("noise", noise, 4096)]);
      expect(alone.records.judged).toBe(0);
      expect(alone.coverage.brokenFiles.map(({ code }) => code)).toEqual(["log-unrecognised"]);
      // After a header every line is bad, and the log behind it is read as if nothing had been.
      const behind = latin1(`${V2}\n`);
      const mixed = Uint8Array.from([...behind, ...noise, 10, ...latin1(line()), 10]);
      const both = await summaryOf(target, [bytesInput("mixed", mixed, 1000)]);
      expect(both.records.judged).toBe(1);
      expect(both.verdicts.allow).toBe(1);
      expect(both.coverage.brokenFiles).toEqual([]);
      expect(both.records.malformed).toBeGreaterThan(100);
      expect(sumsOf(both)).toEqual(NOTHING_LOST);
      expect(await summaryOf(target, [bytesInput("mixed", mixed, 77)])).toEqual(both);
    },
  );

  test("gzip with bytes changed: garbage is counted, the file is named", async () => {
    const lines = Array.from({ length: 20_000 }, (_, i) => line({ sport: 1024 + i, bytes: i * i }));
    const whole = gzipSync([V2, ...lines, ""].join("\n"));
    const ends: string[] = [];
    for (let seed = 0; seed < 5; seed++) {
      const spoiled = Uint8Array.from(whole);
      spoiled.set(randomBytes(FIRST + seed, 20), 1000 + Math.floor((whole.length * seed) / 6));
      const summary = await summaryOf(target, [fileOf("spoiled.gz", spoiled)]);
      ends.push(...summary.coverage.brokenFiles.map(({ code }) => code));
      expect(sumsOf(summary)).toEqual(NOTHING_LOST);
    }
    expect(ends).toEqual(Array(5).fill("log-broken"));
  });

  test("gzip cut off and grown: what came before counts, the file is named", async () => {
    const lines = Array.from({ length: 20_000 }, (_, i) => line({ sport: 1024 + i, bytes: i * i }));
    const whole = gzipSync([V2, ...lines, ""].join("\n"));
    const bomb = gzipSync(Buffer.concat([Buffer.from(`${V2}\n`), Buffer.alloc(100 << 20, 10)]));
    const inputs = [
      fileOf("whole.gz", whole),
      fileOf("cut.gz", whole.subarray(0, whole.length >> 1)),
      fileOf("empty.gz", gzipSync("")),
      fileOf("head.gz", whole.subarray(0, 10)),
      fileOf("magic.gz", whole.subarray(0, 2)),
      fileOf("bomb.gz", bomb),
      fileOf("twice.gz", gzipSync(whole)),
      fileOf("good.log", latin1(GOOD)),
    ];
    const summary = await summaryOf(target, inputs);
    const broken = summary.coverage.brokenFiles.map(({ name, code }) => `${name} ${code}`);
    expect(broken).toEqual([
      "cut.gz log-broken",
      "head.gz log-broken",
      "magic.gz log-broken",
      "bomb.gz log-bomb",
      "twice.gz log-refused",
    ]);
    for (const { message } of summary.coverage.brokenFiles) expect(message).toMatch(/^\S+\.gz/);
    expect(summary.records.judged).toBeGreaterThan(20_000 + 5000);
    expect(summary.records.malformed).toBe(0);
    expect(summary.verdicts.unknown).toBe(0);
    expect(sumsOf(summary)).toEqual(NOTHING_LOST);
  });

  test("a line of 10 MB is one bad line", async () => {
    const long = Buffer.alloc(10 << 20, "a");
    const text = Buffer.concat([Buffer.from(`${V2}\n`), long, Buffer.from(`\n${line()}\n`)]);
    for (const chunk of [1 << 20, 1 << 16, 5_000_011]) {
      const summary = await summaryOf(target, [bytesInput("long", text, chunk)]);
      expect(summary.records).toMatchObject({ read: 2, judged: 1, malformed: 1 });
      expect(summary.coverage.malformed.byReason).toEqual({ "too-long": 1 });
      expect(summary.coverage.malformed.samples[0]).toMatchObject({ line: 2 });
      expect(summary.coverage.malformed.samples[0]!.text.length).toBeLessThanOrEqual(200);
    }
  });

  test("a log of one line of 10 MB is refused by name", async () => {
    const summary = await summaryOf(target, [bytesInput("long", Buffer.alloc(10 << 20, "a"))]);
    expect(summary.coverage.brokenFiles).toMatchObject([
      { name: "long", code: "log-unrecognised" },
    ]);
  });

  test("NULs, wrong UTF-8 and control characters are data, and never reach a terminal", async () => {
    const odd = ["\0", "\u001b[31m", "\u00ff\u00fe", "\u00c3(", "\u0007", "\u009b31m"];
    const lines = odd.map((text) => line({ src: `10.0.0.9${text}` }));
    const faces = odd.map((text) => line({ face: `eni-${text}` }));
    const input = bytesInput("a.log", latin1([V2, ...lines, ...faces].join("\n")));
    const summary = await summaryOf(target, [input]);
    expect(summary.coverage.malformed.byReason).toEqual({ address: odd.length });
    expect(summary.reasons["interface-not-in-snapshot"]).toBe(odd.length);
    const shown = summary.coverage.malformed.samples.map(({ text }) => text).join("");
    expect(
      [...shown].filter((each) => each < " " || (each >= "\u007f" && each <= "\u009f")),
    ).toEqual([]);
  });

  test("a header that lies: columns swapped, doubled, missing, or not its own", async () => {
    const headers: Readonly<Record<string, string>> = {
      swapped: V2.replace("srcaddr dstaddr srcport dstport", "srcport dstport srcaddr dstaddr"),
      short: V2.replace("version ", ""),
      long: `${V2} tcp-flags`,
      doubled: V2.replace("dstaddr", "srcaddr"),
      reversed: V2.split(" ").reverse().join(" "),
    };
    for (const [name, header] of Object.entries(headers)) {
      const log = latin1([header, line(), line({ sport: 2 }), ""].join("\n"));
      const summary = await summaryOf(target, [bytesInput(name, log)]);
      const refused = summary.coverage.brokenFiles.length;
      expect({ name, judged: summary.records.judged }).toEqual({ name, judged: 0 });
      expect({ name, told: refused * 2 + summary.records.malformed }).toEqual({ name, told: 2 });
    }
  });

  test("headers in mid-file change the format; words that are none are bad lines", async () => {
    const log = [
      V2,
      line(),
      V2.split(" ").reverse().join(" "),
      line().split(" ").reverse().join(" "),
      "these words name no field of any log at all my dear friend ok",
      "srcaddr",
      V2,
      line(),
    ].join("\n");
    const summary = await summaryOf(target, [bytesInput("a.log", latin1(log), 50)]);
    expect(summary.records).toMatchObject({ judged: 3, malformed: 2 });
    expect(summary.verdicts).toEqual({ allow: 3, deny: 0, unknown: 0 });
  });

  test("no text at all", async () => {
    for (const bytes of ["", "\n", "\n\n\r\n", " \t \n", "\u00ef\u00bb\u00bf"]) {
      const summary = await summaryOf(target, [bytesInput("empty", latin1(bytes))]);
      expect(summary.records).toMatchObject({ read: 0, judged: 0, malformed: 0 });
      expect(summary.coverage.brokenFiles).toEqual([]);
    }
  });

  test("a source that throws in mid-line: its last line is not guessed at", async () => {
    const input: LogInput = {
      name: "gone",
      async *open(): AsyncGenerator<Uint8Array> {
        yield latin1(`${V2}\n${line()}\n${line({ bytes: 4 })}`.slice(0, -3));
        throw new TypeError("the disk is gone");
      },
    };
    const { core, ruleSet } = { core: await coreOf(target), ruleSet: SMALL_RULE_SET };
    // No FlowError: a fault of whoever made the source, and told as it is.
    await expect(summaryOf(target, [input], { core, ruleSet })).rejects.toThrow("the disk is gone");
  });

  test("more fields than an output can have are refused in words", async () => {
    const inputs = Array.from({ length: 12 }, (_, file) => {
      const names = Array.from({ length: 10 }, (__, i) => `made-up-${file}-${i}`);
      const words = names.map((name) => `of-${name}`).join(" ");
      const log = [`${V2} ${names.join(" ")}`, `${line()} ${words}`].join("\n");
      return bytesInput(`wide-${file}`, latin1(log));
    });
    const summary = await summaryOf(target, inputs);
    expect(summary.records.judged).toBe(12);
    const options = { core: await coreOf(target), ruleSet: SMALL_RULE_SET };
    await expect(evaluateRecords(inputs, options).next()).rejects.toMatchObject({
      code: "fields-invalid",
    });
    const eleven = await evaluateRecords(inputs.slice(1), options).next();
    expect(eleven.value).toMatchObject({ numRows: 11 });
  });
});
