import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { FlowError } from "../../src/errors.js";
import { readBytes, readText } from "../../src/node/index.js";
import { folderOf } from "./folder.js";

const TEXT = Array.from(
  { length: 60 },
  (_, i) => `2 123456789012 eni-${i * 7919} 10.0.0.${i} OK`,
).join("\n");
const gz = gzipSync(TEXT);

async function read(bytes: Uint8Array): Promise<{ text: string; code: string; message: string }> {
  const root = folderOf({ x: bytes });
  const parts: Uint8Array[] = [];
  try {
    for await (const part of readBytes({ path: `${root}/x`, name: "x" })) parts.push(part);
  } catch (error) {
    if (!(error instanceof FlowError)) throw error;
    return { text: Buffer.concat(parts).toString(), code: error.code, message: error.message };
  }
  return { text: Buffer.concat(parts).toString(), code: "", message: "" };
}

function noise(length: number): Uint8Array {
  let state = 7;
  return Uint8Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state >>> 24;
  });
}

function openFiles(): number {
  return readdirSync("/proc/self/fd").length;
}

describe("gzip", () => {
  test.each([
    ["plain", Buffer.from(TEXT), TEXT, ""],
    ["nothing", Buffer.alloc(0), "", ""],
    ["one byte", Buffer.from("x"), "x", ""],
    ["one member", gz, TEXT, ""],
    ["an empty member", gzipSync(""), "", ""],
    ["members one after the other", Buffer.concat([gz, gzipSync(""), gz, gz]), TEXT.repeat(3), ""],
    ["padding", Buffer.concat([gz, Buffer.alloc(1 << 21)]), TEXT, ""],
    ["other data behind", Buffer.concat([gz, Buffer.from("hello hello")]), TEXT, "log-broken"],
    ["one byte behind", Buffer.concat([gz, Buffer.from("h")]), TEXT, "log-broken"],
    ["a member behind padding", Buffer.concat([gz, Buffer.alloc(9), gz]), TEXT, "log-broken"],
    [
      "a member far behind padding",
      Buffer.concat([gz, Buffer.alloc(1 << 21), gz]),
      TEXT,
      "log-broken",
    ],
    ["no gzip but its magic", Buffer.from("\x1f\x8bhello", "latin1"), "", "log-broken"],
  ])("%s", async (_, bytes, text, code) => {
    const result = await read(bytes);
    expect(result).toMatchObject({ text, code });
    if (code !== "") expect(result.message).toMatch(/^x: cannot be read to its end: .+ bytes\)$/);
  });

  test("cut off at every length: all that can be unpacked, then the break", async () => {
    let longest = 0;
    for (let length = 2; length < gz.length; length++) {
      const { text, code } = await read(gz.subarray(0, length));
      expect(code).toBe("log-broken");
      expect(TEXT.startsWith(text)).toBe(true);
      expect(text.length).toBeGreaterThanOrEqual(longest);
      longest = text.length;
    }
    expect(longest).toBe(TEXT.length);
  });

  test("a wrong check sum loses nothing", async () => {
    const bad = Buffer.from(gz);
    bad[bad.length - 8]! ^= 1;
    expect(await read(bad)).toMatchObject({ text: TEXT, code: "log-broken" });
  });

  test("damage far inside: what stands before it comes out, once", async () => {
    const text = Buffer.from(noise(3 << 20)).toString("hex");
    const bad = gzipSync(text);
    const at = bad.length - 100_000;
    bad.fill(0xff, at, at + 64);
    const result = await read(bad);
    expect(result.code).toBe("log-broken");
    // Behind the damage zlib produces something else until it notices.
    let same = 0;
    while (same < result.text.length && result.text[same] === text[same]) same++;
    expect(same).toBeGreaterThan((text.length * (at - 1000)) / bad.length);
    expect(result.text.length).toBeLessThan(text.length + 1000);
  });

  test("damage in a second member keeps the first", async () => {
    const bad = Buffer.concat([gz, gz]);
    bad.fill(0xff, gz.length + 20, gz.length + 60);
    const result = await read(bad);
    expect(result.code).toBe("log-broken");
    expect(result.text.startsWith(TEXT)).toBe(true);
  });

  test("a bomb is refused early", async () => {
    const root = folderOf({ bomb: gzipSync(Buffer.alloc(512 << 20)) });
    let output = 0;
    const reading = async (): Promise<void> => {
      for await (const part of readBytes({ path: `${root}/bomb`, name: "bomb" }))
        output += part.length;
    };
    await expect(reading()).rejects.toMatchObject({ code: "log-bomb" });
    expect(output).toBeLessThan(140 << 20);
  });

  test("a large log of much the same lines is no bomb", async () => {
    const lines: string[] = [];
    for (let i = 0; i < 1_000_000; i++)
      lines.push(
        `2 123456789012 eni-1 10.0.0.1 10.0.0.2 1 2 6 1 40 1 ${1734193850 + i} ACCEPT OK\n`,
      );
    const text = lines.join("");
    const root = folderOf({ x: gzipSync(text) });
    let output = 0;
    for await (const part of readBytes({ path: `${root}/x`, name: "x" })) output += part.length;
    expect(output).toBe(text.length);
  });
});

describe("reading", () => {
  test("large files come in pieces of at most 1 MiB", async () => {
    const bytes = noise(2_500_000);
    bytes[0] = 65;
    const root = folderOf({ x: bytes, "x.gz": gzipSync(bytes) });
    for (const path of [`${root}/x`, `${root}/x.gz`]) {
      const parts: Uint8Array[] = [];
      for await (const part of readBytes({ path, name: "x" })) parts.push(part);
      expect(Math.max(...parts.map((part) => part.length))).toBeLessThanOrEqual(1 << 20);
      expect(Buffer.concat(parts).equals(bytes)).toBe(true);
    }
  });

  test.skipIf(process.platform !== "linux")("files are closed, on early return too", async () => {
    const big = noise(3 << 20);
    big[0] = 65;
    const root = folderOf({ x: big, "x.gz": gzipSync(big), "cut.gz": gz.subarray(0, 40) });
    const before = openFiles();
    for (const name of ["x", "x.gz", "cut.gz"]) {
      for (const most of [1, 1000]) {
        const reading = async (): Promise<void> => {
          let count = 0;
          for await (const _ of readBytes({ path: `${root}/${name}`, name }))
            if (++count === most) break;
        };
        await reading().catch(() => undefined);
      }
    }
    expect(openFiles()).toBe(before);
  });

  test("a signal ends it with its reason", async () => {
    const big = noise(3 << 20);
    big[0] = 65;
    const root = folderOf({ x: big, "x.gz": gzipSync(big) });
    for (const name of ["x", "x.gz"]) {
      const controller = new AbortController();
      const reading = async (): Promise<void> => {
        for await (const _ of readBytes({ path: `${root}/${name}`, name }, controller))
          controller.abort(new Error("enough"));
      };
      await expect(reading()).rejects.toThrow("enough");
    }
  });

  test("what cannot be opened or read is reported by name", async () => {
    const root = folderOf({});
    mkdirSync(`${root}/folder`);
    for (const name of ["nothing", "folder"]) {
      const reading = async (): Promise<void> => {
        for await (const _ of readBytes({ path: `${root}/${name}`, name }));
      };
      await expect(reading()).rejects.toMatchObject({ code: "log-broken", at: name });
    }
  });

  test.skipIf(process.platform !== "linux")("a pipe is read like a file, gzip too", async () => {
    const root = folderOf({ "x.gz": gz });
    execFileSync("mkfifo", [`${root}/pipe`]);
    const { spawn } = await import("node:child_process");
    const writer = spawn("sh", ["-c", `cat "${root}/x.gz" > "${root}/pipe"`]);
    const parts: Uint8Array[] = [];
    for await (const part of readBytes({ path: `${root}/pipe`, name: "pipe" })) parts.push(part);
    writer.kill();
    expect(Buffer.concat(parts).toString()).toBe(TEXT);
  });
});

describe("readText", () => {
  test.each([
    ["UTF-8", Buffer.from("ü{}"), "ü{}"],
    ["a byte order mark", Buffer.from("\ufeff{}"), "{}"],
    ["UTF-16 with its mark", Buffer.from("\ufeffü{}", "utf16le"), "ü{}"],
    ["gzip", gzipSync("{}"), "{}"],
  ])("%s", async (_, bytes, text) => {
    const root = folderOf({ x: bytes });
    expect(await readText(`${root}/x`, 100)).toBe(text);
  });

  test.each([
    ["nothing", "no-such-input"],
    ["folder", "no-such-input"],
    ["large", "input-too-large"],
    ["large.gz", "input-too-large"],
    ["wrong", "text-invalid"],
  ])("%s: %s", async (name, code) => {
    const root = folderOf({
      "folder/x": "",
      large: "x".repeat(101),
      "large.gz": gzipSync("x".repeat(101)),
      wrong: Uint8Array.of(0xc3, 0x28),
    });
    await expect(readText(`${root}/${name}`, 100)).rejects.toMatchObject({ code });
  });
});
