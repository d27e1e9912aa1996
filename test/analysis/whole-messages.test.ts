import { expect, test } from "vitest";
import { readSummary, summarize, writeSummary } from "../../src/analysis/index.js";
import { wholeMessages } from "../../src/analysis/whole-messages.js";
import { coreOf, inputsOf } from "../support/wasm-engine.js";

const TEXT = [
  "version interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status tcp-flags flow-direction",
  ...Array.from(
    { length: 500 },
    (_, i) =>
      `2 eni-${i % 3} 10.0.${i % 7}.9 10.0.0.1 ${40_000 + i} 443 6 5 500 ${1_700_000_100 + i * 60} ${1_700_000_150 + i * 60} ACCEPT OK 3 ingress`,
  ),
  "",
].join("\n");

async function summaryBytes(): Promise<Uint8Array> {
  const core = await coreOf("release");
  const summary = await summarize(inputsOf([{ name: "a.log", text: TEXT }]), { core, tool: "t" });
  const chunks: Uint8Array[] = [];
  for await (const chunk of writeSummary(summary)) chunks.push(chunk);
  return new Uint8Array(Buffer.concat(chunks));
}

/** Chunks of `size` bytes in one buffer that is used again, as readers of files do. */
async function* cut(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  const buffer = new Uint8Array(size);
  for (let at = 0; at < bytes.length; at += size) {
    const part = bytes.subarray(at, at + size);
    buffer.set(part);
    yield buffer.subarray(0, part.length);
  }
}

async function joined(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const list: Buffer[] = [];
  for await (const chunk of chunks) list.push(Buffer.from(chunk));
  return Buffer.concat(list);
}

async function contents(bytes: Uint8Array, size: number): Promise<readonly Buffer[]> {
  const summary = await readSummary("day.fvs", cut(bytes, size));
  const copy = async function* (
    rows: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  ): AsyncGenerator<Uint8Array> {
    for await (const chunk of rows) yield chunk.slice();
  };
  return [await joined(copy(summary.rows())), await joined(copy(summary.borders()))];
}

test("a summary reads the same however its bytes are cut", async () => {
  const bytes = await summaryBytes();
  const whole = await contents(bytes, bytes.length);
  expect(whole[0]!.length + whole[1]!.length).toBeGreaterThan(1000);
  for (const size of [61, 1000, 65_536]) expect(await contents(bytes, size)).toEqual(whole);
});

test("no byte is lost or made up, also of what is no message, or cut, or claims absurd lengths", async () => {
  const bytes = await summaryBytes();
  const absurd = Uint8Array.of(255, 255, 255, 255, 255, 255, 255, 127, 1, 2, 3);
  const texts = [bytes, bytes.subarray(0, 5000), bytes.subarray(0, 3), bytes.subarray(5), absurd];
  for (const each of texts)
    for (const size of [3, 4096])
      expect((await joined(wholeMessages(cut(each, size)))).equals(each)).toBe(true);
});
