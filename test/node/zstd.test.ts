// Of the build, so that other versions of Node can run it too: from 22.15 on they unpack zstd themselves.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { FlowError } from "../../dist/src/errors.js";
import { readBytes } from "../../dist/src/node/index.js";
import { readSmall } from "../../src/node/read-small.js";
import { ROOT } from "../support/packed.js";
import { OTHER_NODES, skippableFrame, zstdOf } from "../support/zstd.js";
import { folderOf } from "./folder.js";

const LINES = Array.from({ length: 30_000 }, (_, i) => {
  const word = Math.imul(i + 1, 2654435761) >>> 0;
  return `2 123456789012 eni-${word.toString(16)} 10.0.${word % 200}.${i % 250} ACCEPT OK\n`;
});
const TEXT = LINES.join("");

const SCRIPT = `
import { createHash } from "node:crypto";
import { readdirSync } from "node:fs";
import { join } from "node:path";
const { readBytes } = await import(process.argv[1]);
const told = {};
for (const name of readdirSync(process.argv[2]).sort()) {
  const hash = createHash("sha256");
  let length = 0;
  let code = "";
  try {
    for await (const chunk of readBytes({ path: join(process.argv[2], name), name })) {
      hash.update(chunk);
      length += chunk.length;
    }
  } catch (error) {
    code = error.code;
  }
  told[name] = [length, hash.digest("hex"), code];
}
console.log(JSON.stringify(told));
`;

type Told = Readonly<Record<string, readonly [number, string, string]>>;

async function toldHere(root: string): Promise<Told> {
  const told: Record<string, readonly [number, string, string]> = {};
  for (const name of readdirSync(root).sort()) {
    const hash = createHash("sha256");
    let length = 0;
    let code = "";
    try {
      for await (const chunk of readBytes({ path: join(root, name), name })) {
        hash.update(chunk);
        length += chunk.length;
      }
    } catch (error) {
      if (!(error instanceof FlowError)) throw error;
      code = error.code;
    }
    told[name] = [length, hash.digest("hex"), code];
  }
  return told;
}

describe.skipIf(OTHER_NODES.length === 0)("zstd files", () => {
  test("give the same text and the same breaks on every version of Node", async () => {
    const frame = zstdOf(TEXT);
    const checked = zstdOf(TEXT, { checksum: true });
    const wrongSum = Buffer.from(checked);
    wrongSum[wrongSum.length - 1]! ^= 1;
    const damaged = Buffer.from(checked);
    damaged.fill(0xff, damaged.length >> 1, (damaged.length >> 1) + 40);
    const root = folderOf({
      "a.zst": frame,
      "b-several.log": Buffer.concat([frame, zstdOf(""), checked, skippableFrame(9), frame]),
      "c-cut": frame.subarray(0, frame.length - 7),
      "d-cut-inside": Buffer.concat([frame, frame.subarray(0, frame.length >> 1)]),
      "e-behind.gz": Buffer.concat([frame, Buffer.from("something else")]),
      "f-damaged": damaged,
      "g-magic": frame.subarray(0, 4),
      "h-wrong-sum": wrongSum,
    });
    const here = await toldHere(root);
    expect(Object.values(here).map(([, , code]) => code)).toEqual([
      "",
      "",
      ...Array(6).fill("log-broken"),
    ]);
    expect(here["a.zst"]![0]).toBe(TEXT.length);
    expect(here["b-several.log"]![0]).toBe(3 * TEXT.length);
    expect(here["e-behind.gz"]![0]).toBe(TEXT.length);
    expect(here["h-wrong-sum"]![0]).toBe(TEXT.length);
    const library = join(ROOT, "dist/src/node/index.js");
    for (const node of OTHER_NODES) {
      const args = ["--no-warnings", "--input-type=module", "-e", SCRIPT, library, root];
      const there = JSON.parse(execFileSync(node, args, { encoding: "utf8" })) as Told;
      expect(there, node).toEqual(here);
    }
  });

  test("small ones are read whole, sound ones only", () => {
    const frame = zstdOf("one\ntwo\n", { checksum: true });
    const root = folderOf({
      sound: Buffer.concat([frame, skippableFrame(5), frame]),
      cut: frame.subarray(0, frame.length - 1),
      behind: Buffer.concat([frame, Buffer.from("x")]),
    });
    const size = (name: string): number =>
      ({ sound: 2 * frame.length + 13, behind: frame.length + 1 })[name] ?? frame.length - 1;
    const read = (name: string): Uint8Array | undefined => readSmall(`${root}/${name}`, size(name));
    expect(Buffer.from(read("sound")!).toString()).toBe("one\ntwo\none\ntwo\n");
    expect(read("cut")).toBeUndefined();
    expect(read("behind")).toBeUndefined();
  });
});
