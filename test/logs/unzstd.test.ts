import { describe, expect, test } from "vitest";
import { FlowError } from "../../src/errors.js";
import { unzstd } from "../../src/logs/index.js";
import { randomOf } from "../support/random-case.js";
import { OTHER_NODES, skippableFrame, zstdOf } from "../support/zstd.js";
import { cut } from "./read-all.js";

const LINES = Array.from({ length: 400 }, (_, i) => {
  const word = Math.imul(i + 1, 2654435761) >>> 0;
  return `2 123456789012 eni-${word.toString(16)} 10.0.${word % 200}.${i % 250} ACCEPT OK`;
});
const TEXT = LINES.join("\n");

async function outcome(
  bytes: Uint8Array,
  size = 1 << 16,
): Promise<{ readonly text: string; readonly code: string; readonly message: string }> {
  const parts: Uint8Array[] = [];
  let code = "";
  let message = "";
  try {
    for await (const part of unzstd("x", cut(bytes, size))) parts.push(part);
  } catch (error) {
    if (!(error instanceof FlowError)) throw error;
    ({ code, message } = error);
  }
  return { text: Buffer.concat(parts).toString(), code, message };
}

// Where no package of another Node fits, nothing here can write zstd.
describe.skipIf(OTHER_NODES.length === 0)("unzstd", () => {
  const frame = zstdOf(TEXT);
  const checked = zstdOf(TEXT, { checksum: true });
  const empty = zstdOf("");

  test.each([
    ["one frame", frame, TEXT],
    ["with a check sum", checked, TEXT],
    ["a frame of nothing", empty, ""],
    ["nothing", Buffer.alloc(0), ""],
    ["frames one after the other", Buffer.concat([frame, empty, checked, frame]), TEXT.repeat(3)],
    [
      "frames that are passed over",
      Buffer.concat([skippableFrame(0), frame, skippableFrame(70_000), checked, skippableFrame(3)]),
      TEXT.repeat(2),
    ],
    ["many tiny frames", Buffer.concat(Array(5000).fill(zstdOf("x"))), "x".repeat(5000)],
    ["the best level, in many blocks", zstdOf(TEXT.repeat(100), { level: 19 }), TEXT.repeat(100)],
    ["a small window", zstdOf(TEXT.repeat(20), { windowLog: 10 }), TEXT.repeat(20)],
  ])("%s", async (_, bytes, text) => {
    expect(await outcome(bytes)).toEqual({ text, code: "", message: "" });
    expect((await outcome(bytes, 7)).text).toBe(text);
  });

  test("cut off at every length: the blocks before it, then the break", async () => {
    const bytes = Buffer.concat([zstdOf("first\n"), checked]);
    for (let length = 4; length < bytes.length; length++) {
      const { text, code } = await outcome(bytes.subarray(0, length));
      const isWhole = length === bytes.length - checked.length;
      expect({ length, code }).toEqual({ length, code: isWhole ? "" : "log-broken" });
      expect(`first\n${TEXT}`.startsWith(text)).toBe(true);
      if (length > bytes.length - checked.length) expect(text.length).toBeGreaterThanOrEqual(6);
    }
  });

  test("what follows the last frame is told", async () => {
    const result = await outcome(Buffer.concat([frame, Buffer.from("hello hello")]));
    expect(result).toMatchObject({ text: TEXT, code: "log-broken" });
    expect(result.message).toContain("data follows the last frame");
  });

  test("a size that is not the frame's is told", async () => {
    const bytes = Buffer.from(zstdOf("12345"));
    // Magic number, descriptor, and in a single segment of less than 256 bytes its size.
    expect(bytes[4]! & 0xe0).toBe(0x20);
    bytes[5] = 9;
    expect((await outcome(bytes)).message).toContain("a frame of 5 bytes, where its header says 9");
  });

  test.each([
    ["a dictionary", [0x28, 0xb5, 0x2f, 0xfd, 0x21, 7, 5, 1, 0, 0], "needs a dictionary"],
    ["a window of 4 TiB", [0x28, 0xb5, 0x2f, 0xfd, 0x00, 0xff, 1, 0, 0], "more than 128 MiB"],
    [
      "a segment of 2 GiB",
      [0x28, 0xb5, 0x2f, 0xfd, 0xa0, 0, 0, 0, 0x80, 1, 0, 0],
      "more than 128 MiB",
    ],
    ["a reserved block", [0x28, 0xb5, 0x2f, 0xfd, 0x20, 5, 7, 0, 0], "a block that cannot be"],
    ["a reserved bit", [0x28, 0xb5, 0x2f, 0xfd, 0x28, 5, 1, 0, 0], "a later version of zstd"],
  ])("%s is refused", async (_, bytes, what) => {
    const result = await outcome(Uint8Array.from(bytes));
    expect(result.code).toBe("log-broken");
    expect(result.message).toContain(what);
  });

  test("a bomb is refused early", async () => {
    // Blocks of one byte repeated 128 KiB times.
    const block = [((128 << 10) << 3) | 2].flatMap((word) => [
      word & 255,
      (word >> 8) & 255,
      word >> 16,
    ]);
    const blocks = Buffer.concat(Array(4000).fill(Buffer.from([...block, 10])));
    const bomb = Buffer.concat([Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, 0x58]), blocks]);
    const { text, code } = await outcome(bomb);
    expect(code).toBe("log-bomb");
    expect(text.length).toBeLessThan(100 << 20);
  });

  test("damage anywhere ends in a break, never in a hang or a fault of ours", async () => {
    const random = randomOf(77);
    const bytes = zstdOf(TEXT.repeat(10));
    for (let i = 0; i < 300; i++) {
      const bad = Buffer.from(bytes);
      const at = Math.floor(random() * bad.length);
      bad.fill(Math.floor(random() * 256), at, at + 1 + Math.floor(random() * 8));
      const { code } = await outcome(bad);
      expect(["", "log-broken", "log-bomb"]).toContain(code);
    }
  });
});
