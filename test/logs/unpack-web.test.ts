import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { FlowError } from "../../src/errors.js";
import { unpackWeb } from "../../src/logs/index.js";
import { OTHER_NODES, skippableFrame, zstdOf } from "../support/zstd.js";
import { bytesOf, cut } from "./read-all.js";

const TEXT = Array.from(
  { length: 60 },
  (_, i) => `2 123456789012 eni-${i * 7919} 10.0.0.${i} OK`,
).join("\n");

async function unpack(bytes: Uint8Array, size: number): Promise<{ text: string; code: string }> {
  const parts: Uint8Array[] = [];
  try {
    for await (const part of unpackWeb(cut(bytes, size), "x.gz")) parts.push(part);
  } catch (error) {
    if (!(error instanceof FlowError)) throw error;
    return { text: Buffer.concat(parts).toString(), code: error.code };
  }
  return { text: Buffer.concat(parts).toString(), code: "" };
}

const gz = gzipSync(TEXT);
test.each([
  ["one member", gz, TEXT, ""],
  ["members one after the other", Buffer.concat([gz, gz, gzipSync(""), gz]), TEXT.repeat(3), ""],
  ["padding", Buffer.concat([gz, Buffer.alloc(100_000)]), TEXT, ""],
  ["plain text", bytesOf(TEXT), TEXT, ""],
  ["nothing", new Uint8Array(0), "", ""],
  ["one byte of magic", Uint8Array.of(0x1f), "\x1f", ""],
  ["other data behind", Buffer.concat([gz, bytesOf("hello hello")]), TEXT, "log-broken"],
  ["zeros and other data behind", Buffer.concat([gz, Buffer.alloc(9), gz]), TEXT, "log-broken"],
])("%s", async (_, bytes, text, code) => {
  for (const size of [1, 2, 3, 5, 1000, 1 << 20])
    expect(await unpack(bytes, size)).toEqual({ text, code });
});

test.skipIf(OTHER_NODES.length === 0)("zstd", async () => {
  const frame = zstdOf(TEXT);
  const cases = [
    [frame, TEXT, ""],
    [Buffer.concat([skippableFrame(20), frame, frame]), TEXT + TEXT, ""],
    [frame.subarray(0, frame.length - 1), "", "log-broken"],
  ] as const;
  for (const [bytes, text, code] of cases)
    for (const size of [1, 3, 1000]) expect(await unpack(bytes, size)).toEqual({ text, code });
});

test("cut off at every length: what comes out is the beginning of the text", async () => {
  for (let length = 2; length < gz.length; length++) {
    const { text, code } = await unpack(gz.subarray(0, length), 7);
    expect(code).toBe("log-broken");
    expect(TEXT.startsWith(text)).toBe(true);
    const second = await unpack(Buffer.concat([gz, gz.subarray(0, length)]), 7);
    expect(second.code).toBe("log-broken");
    expect(second.text.startsWith(TEXT) && (TEXT + TEXT).startsWith(second.text)).toBe(true);
  }
});

test("a bomb is refused early", async () => {
  const bomb = gzipSync(Buffer.alloc(256 << 20));
  let output = 0;
  const reading = async (): Promise<void> => {
    for await (const part of unpackWeb(cut(bomb, 1 << 20), "bomb.gz")) output += part.length;
  };
  await expect(reading()).rejects.toMatchObject({ code: "log-bomb" });
  expect(output).toBeLessThan(100 << 20);
});
