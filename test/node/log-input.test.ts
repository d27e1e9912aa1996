import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { logInput } from "../../src/node/log-input.js";
import { replayable } from "../../src/node/replayable.js";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "flowverdict-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function textOf(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  let text = "";
  for await (const chunk of chunks) text += new TextDecoder().decode(chunk);
  return text;
}

/** A source that counts how often it was started. */
function source(parts: readonly Uint8Array[]): {
  start: () => AsyncGenerator<Uint8Array>;
  starts: number;
} {
  const counter = {
    starts: 0,
    async *start(): AsyncGenerator<Uint8Array> {
      counter.starts++;
      yield* parts;
    },
  };
  return counter;
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe("replayable", () => {
  it("begins again with what a look at the head took", async () => {
    const counted = source([bytes("a"), bytes("b"), bytes("c")]);
    const open = replayable("-", counted.start);
    for await (const chunk of open()) {
      expect(chunk).toEqual(bytes("a"));
      break;
    }
    expect(await textOf(open())).toBe("abc");
    expect(counted.starts).toBe(1);
  });

  it("does not hold a long input, and says so when it is opened again", async () => {
    const mebibyte = new Uint8Array(1 << 20);
    const open = replayable("-", source(Array.from({ length: 6 }, () => mebibyte)).start);
    await textOf(open());
    await expect(textOf(open())).rejects.toMatchObject({ code: "input-read-twice" });
  });
});

describe("logInput", () => {
  it("opens a file as often as asked", async () => {
    const path = join(folder, "a.log");
    await writeFile(path, "hello\n");
    const input = logInput({ path, name: "a.log", size: 6 });
    expect(input).toMatchObject({ name: "a.log", size: 6 });
    expect([await textOf(input.open()), await textOf(input.open())]).toEqual([
      "hello\n",
      "hello\n",
    ]);
  });

  it("leaves a silent pipe when the signal comes", async () => {
    const path = join(folder, "pipe");
    const [code] = await once(spawn("mkfifo", [path]), "close");
    expect(code).toBe(0);
    // Somebody has to hold the other end, or opening would wait.
    const writer = spawn("sh", ["-c", `exec 3>"$0"; printf hello >&3; sleep 20`, path]);
    const controller = new AbortController();
    const input = logInput({ path, name: "pipe", size: 0 }, controller.signal);
    const seen: string[] = [];
    const reading = (async () => {
      for await (const chunk of input.open()) {
        seen.push(new TextDecoder().decode(chunk));
        setTimeout(() => controller.abort(), 50);
      }
    })();
    await expect(reading).rejects.toMatchObject({ code: "interrupted" });
    expect(seen.join("")).toBe("hello");
    writer.kill();
  });
});
