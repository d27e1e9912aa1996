// Of the build: a worker thread begins with a module of it.
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { FlowError } from "../../dist/src/errors.js";
import { logInput, logInputs } from "../../dist/src/node/log-input.js";
import { findLogs, type LogFile } from "../../src/node/index.js";
import { readSmall } from "../../src/node/read-small.js";
import { folderOf } from "./folder.js";

const LINES = Array.from({ length: 300 }, (_, i) => `2 123456789012 eni-${i} 10.0.0.1 OK\n`);
const TEXT = LINES.join("");
const GZ = gzipSync(TEXT);

/** Forms of small files by the ends of their names: sound ones, and each way to break one. */
const FORMS: Readonly<Record<string, Uint8Array>> = {
  plain: Buffer.from(TEXT),
  short: Buffer.from("x"),
  gz: GZ,
  "two.gz": Buffer.concat([GZ, gzipSync("one more\n")]),
  "long-then-short.gz": Buffer.concat([gzipSync(TEXT.repeat(400)), gzipSync("")]),
  "padded.gz": Buffer.concat([GZ, Buffer.alloc(100)]),
  "empty.gz": gzipSync(""),
  "cut.gz": GZ.subarray(0, GZ.length - 9),
  "behind.gz": Buffer.concat([GZ, Buffer.from("something else")]),
  "behind-padding.gz": Buffer.concat([GZ, Buffer.alloc(9), GZ]),
  "magic.gz": Buffer.of(0x1f, 0x8b),
  "size-lies.gz": Buffer.concat([GZ.subarray(0, GZ.length - 4), Buffer.of(0xff, 0xff, 0xff, 0x7f)]),
};

async function outcome(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  const parts: Uint8Array[] = [];
  try {
    for await (const chunk of chunks) parts.push(Buffer.from(chunk));
  } catch (error) {
    if (!(error instanceof FlowError)) throw error;
    return `${error.code} after ${Buffer.concat(parts).length} bytes: ${error.message}`;
  }
  return Buffer.concat(parts).toString();
}

describe("many small files", () => {
  test("give what each of them gives alone, broken ones too", async () => {
    const copies = Array.from({ length: 15 }, (_, copy) =>
      Object.entries(FORMS).map(([form, bytes]) => [`${copy}-${form}`, bytes] as const),
    );
    const root = folderOf(Object.fromEntries(copies.flat()));
    const files = await findLogs([root]);
    expect(files.length).toBe(15 * Object.keys(FORMS).length);
    const inputs = logInputs(files);
    const opened = inputs.map((input) => outcome(input.open()));
    const together = await Promise.all(opened);
    let broken = 0;
    for (const [i, file] of files.entries()) {
      expect(together[i], file.name).toBe(await outcome(logInput(file).open()));
      if (together[i]!.startsWith("log-broken")) broken++;
    }
    expect(broken).toBe(15 * 5);
    // Again: a second pass asks the same thread.
    expect(await outcome(inputs[0]!.open())).toBe(together[0]);
  });

  test("one that has grown, shrunk or gone since it was found is read as it is", async () => {
    const root = folderOf({ "a.log": Buffer.from("one\ntwo\n") });
    const file = (size: number, path = `${root}/a.log`): LogFile => ({ path, name: "a.log", size });
    expect(readSmall(`${root}/a.log`, 8)).toEqual(Uint8Array.from(Buffer.from("one\ntwo\n")));
    expect(readSmall(`${root}/a.log`, 20)).toEqual(Uint8Array.from(Buffer.from("one\ntwo\n")));
    expect(readSmall(`${root}/a.log`, 4)).toBeUndefined();
    expect(readSmall(`${root}/none.log`, 4)).toBeUndefined();
    const files = [file(4), file(8), file(20), file(3, `${root}/none.log`)];
    const many = [...files, ...Array.from({ length: 100 }, () => file(8))];
    const texts = await Promise.all(logInputs(many).map((input) => outcome(input.open())));
    expect(texts.slice(0, 3)).toEqual(Array(3).fill("one\ntwo\n"));
    expect(texts[3]).toMatch(/^log-broken after 0 bytes: a\.log: cannot be read .*ENOENT/);
  });
});
