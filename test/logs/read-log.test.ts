import { describe, expect, test } from "vitest";
import { FlowError } from "../../src/errors.js";
import { type ReadLogOptions, V2_FIELDS } from "../../src/logs/index.js";
import { bytesOf, cut, cutAt, readAll, readText, type Told } from "./read-all.js";

const V2 = V2_FIELDS.join(" ");
const A = "2 123456789012 eni-1 10.0.0.1 10.0.0.2 1000 443 6 1 40 1734193850 1734193863 ACCEPT OK";
const NODATA = "2 123456789012 eni-1 - - - - - - - 1734193512 1734193543 - NODATA";
const TIME = "2024-12-14T16:25:12.000Z";
const CUSTOM = "srcaddr dstaddr bytes";
const option = { fields: ["srcaddr", "dstaddr", "bytes"] };

function format(fields: string, line: number, how: string, time = false): Told {
  return { format: fields.split(" "), line, how, time };
}

describe("formats", () => {
  test.each<[string, string, ReadLogOptions, Told[]]>([
    ["a header", `${V2}\n${A}\n`, {}, [format(V2, 1, "header"), { text: `${A}\n`, line: 2 }]],
    ["a header alone", V2, {}, [format(V2, 1, "header")]],
    [
      "a header in another order",
      `${CUSTOM}\n10.0.0.1 10.0.0.2 5\n`,
      {},
      [format(CUSTOM, 1, "header"), { text: "10.0.0.1 10.0.0.2 5\n", line: 2 }],
    ],
    ["the version 2 shape", `${A}\n`, {}, [format(V2, 1, "v2-shape"), { text: `${A}\n`, line: 1 }]],
    [
      "NODATA first",
      `${NODATA}\n`,
      {},
      [format(V2, 1, "v2-shape"), { text: `${NODATA}\n`, line: 1 }],
    ],
    ["no line end", A, {}, [format(V2, 1, "v2-shape"), { text: A, line: 1 }]],
    [
      "a time in front",
      `${TIME} ${A}\n`,
      {},
      [format(V2, 1, "v2-shape", true), { text: `${TIME} ${A}\n`, line: 1 }],
    ],
    [
      "double blanks",
      `${A.replaceAll(" ", "  ")}\n`,
      {},
      [format(V2, 1, "v2-shape"), { text: `${A.replaceAll(" ", "  ")}\n`, line: 1 }],
    ],
    ["CRLF", `${V2}\r\n${A}\r\n`, {}, [format(V2, 1, "header"), { text: `${A}\r\n`, line: 2 }]],
    [
      "a byte order mark",
      `\ufeff${V2}\n${A}\n`,
      {},
      [format(V2, 1, "header"), { text: `${A}\n`, line: 2 }],
    ],
    [
      "a byte order mark before data",
      `\ufeff${A}\n`,
      {},
      [format(V2, 1, "v2-shape"), { text: `${A}\n`, line: 1 }],
    ],
    [
      "blank lines first",
      `\n\r\n${V2}\n${A}\n`,
      {},
      [format(V2, 3, "header"), { text: `${A}\n`, line: 4 }],
    ],
    [
      "junk before data",
      `hello\n\n${A}\n`,
      {},
      [format(V2, 3, "v2-shape"), { text: `hello\n\n${A}\n`, line: 1 }],
    ],
    [
      "junk before a header: its line stays as an empty one",
      `hello\nyou there\n${V2}\n${A}\n`,
      {},
      [format(V2, 3, "header"), { text: `hello\nyou there\n\n${A}\n`, line: 1 }],
    ],
    [
      "the option",
      "10.0.0.1 10.0.0.2 5\n",
      option,
      [format(CUSTOM, 1, "option"), { text: "10.0.0.1 10.0.0.2 5\n", line: 1 }],
    ],
    [
      "the option with a time in front",
      `${TIME} 10.0.0.1 10.0.0.2 5\n`,
      option,
      [format(CUSTOM, 1, "option", true), { text: `${TIME} 10.0.0.1 10.0.0.2 5\n`, line: 1 }],
    ],
    [
      "a header wins over the option",
      `${V2}\n${A}\n`,
      option,
      [
        format(V2, 1, "header"),
        { note: "fields-option-ignored", line: 1 },
        { text: `${A}\n`, line: 2 },
      ],
    ],
    [
      "the same header needs no note",
      `${CUSTOM}\n1 2 3\n`,
      option,
      [format(CUSTOM, 1, "header"), { text: "1 2 3\n", line: 2 }],
    ],
    [
      "the version 2 shape where the option does not fit",
      `${A}\n`,
      option,
      [
        format(V2, 1, "v2-shape"),
        { note: "fields-option-ignored", line: 1 },
        { text: `${A}\n`, line: 1 },
      ],
    ],
    [
      "an unknown field in the header",
      `srcaddr dstaddr bytes rack\n1 2 3 4\n`,
      {},
      [
        format("srcaddr dstaddr bytes rack", 1, "header"),
        { note: "unknown-field", line: 1 },
        { text: "1 2 3 4\n", line: 2 },
      ],
    ],
    ["nothing", "", {}, []],
    ["blank lines only", "\n \r\n\n", {}, []],
    ["a byte order mark only", "\ufeff", {}, []],
    [
      "a later header is left to the core",
      `${V2}\n${A}\n${CUSTOM}\n1 2 3\n`,
      {},
      [format(V2, 1, "header"), { text: `${A}\n${CUSTOM}\n1 2 3\n`, line: 2 }],
    ],
  ])("%s", async (_, text, options, told) => {
    const bytes = bytesOf(text);
    expect(await readText(text, options)).toEqual(
      told.map((entry) =>
        "text" in entry ? { ...entry, text: Buffer.from(entry.text).toString("latin1") } : entry,
      ),
    );
    const whole = await readText(text, options);
    for (let at = 0; at <= bytes.length; at++)
      expect(await readAll(cutAt(bytes, at), options)).toEqual(whole);
    expect(await readAll(cut(bytes, 1), options)).toEqual(whole);
  });
});

async function failure(bytes: Uint8Array, size = 1 << 20, options = {}): Promise<FlowError> {
  const error = await readAll(cut(bytes, size), options).then(
    () => undefined,
    (e: unknown) => e,
  );
  if (!(error instanceof FlowError)) throw new Error(`no FlowError but ${String(error)}`);
  return error;
}

describe("refusals", () => {
  const binary = (text: string): Uint8Array => Uint8Array.from(text, (c) => c.charCodeAt(0));
  const tgw = "tgw-0abc12345def67890";
  test.each([
    ["half of a Parquet file", binary("PAR1\x15\x04"), "log-broken", "directory"],
    ["encrypted Parquet", binary("PARE\x15\x04"), "log-refused", "encrypted Parquet"],
    ["the beginning of an Arrow file", binary("ARROW1\0\0"), "log-broken", "ends"],
    [
      "the beginning of an Arrow stream",
      binary("\xff\xff\xff\xff\x20\0\0\0x"),
      "log-broken",
      "ends",
    ],
    ["zip", binary("PK\x03\x04rest"), "log-refused", "zip"],
    ["gzip twice", binary("\x1f\x8b\x08"), "log-refused", "gzip inside gzip"],
    ["zstd", binary("\x28\xb5\x2f\xfdx"), "log-refused", "zstd"],
    ["tar", binary(`${"a".repeat(257)}ustar\n${A}\n`), "log-refused", "tar"],
    ["UTF-16", binary("\xff\xfe2\0 \0"), "log-refused", "UTF-16"],
    ["a JSON object", bytesOf('{"message": 1}\n'), "log-unrecognised", "JSON"],
    ["a JSON list", bytesOf(" [\n1]"), "log-unrecognised", "JSON"],
    ["NULs", new Uint8Array(1000), "log-unrecognised", "no text"],
    ["wrong UTF-8", Uint8Array.of(0xc3, 0x28, 0xa0, 0xa1, 10), "log-unrecognised", "no text"],
    ["prose", bytesOf("# A title\nand some lines\n"), "log-unrecognised", "3 columns"],
    ["a custom format", bytesOf("10.0.0.1 10.0.0.2 5\n"), "log-unrecognised", "3 columns"],
    ["one endless line", bytesOf("x".repeat(200_000)), "log-unrecognised", "1 column"],
    [
      "a time with an offset",
      bytesOf(`2024-12-14T16:25:12+00:00 ${A}\n`),
      "log-unrecognised",
      "15 columns",
    ],
    [
      "a transit-gateway header",
      bytesOf(`version srcaddr dstaddr tgw-id\n`),
      "log-refused",
      "tgw-id",
    ],
    [
      "a transit-gateway header in CSV",
      bytesOf("version,srcaddr,tgw-id\n"),
      "log-refused",
      "tgw-id",
    ],
    [
      "transit-gateway records",
      bytesOf(`6 TransitGateway 123456789012 ${tgw} x\n`),
      "log-refused",
      "transit-gateway",
    ],
    [
      "transit-gateway ids",
      bytesOf(`6 1 ${tgw} tgw-attach-0abc12345def67890 x\n`),
      "log-refused",
      tgw,
    ],
    [
      "a header with a name twice",
      bytesOf(`${V2} action\n${A} OK\n`),
      "fields-invalid",
      '"action" twice',
    ],
  ])("%s", async (_, bytes, code, message) => {
    for (const size of [1 << 20, 1, 7]) {
      const error = await failure(bytes, size);
      expect(error.code).toBe(code);
      expect(error.message).toContain(message);
      expect(error.message).toMatch(/^a\.log/);
    }
  });

  test("an option that fits nothing", async () => {
    const error = await failure(bytesOf("1 2 3 4\n"), 1 << 20, option);
    expect(error.code).toBe("log-unrecognised");
    expect(error.message).toContain("neither the 3 columns");
  });

  test("an option with fields of a transit gateway", async () => {
    expect((await failure(bytesOf("x"), 9, { fields: ["tgw-id"] })).code).toBe("log-refused");
  });

  test("what fits only behind the first 64 KiB is not looked for", async () => {
    const junk = "no log\n".repeat(10_000);
    expect((await failure(bytesOf(`${junk}${A}\n`))).code).toBe("log-unrecognised");
  });

  test("random bytes never pass for a log", async () => {
    let state = 12345;
    for (let run = 0; run < 200; run++) {
      const bytes = Uint8Array.from({ length: 1 + run * 7 }, () => {
        state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
        return state >>> 24;
      });
      const result = await readAll(cut(bytes, 64)).catch((error: unknown) => error);
      if (!(result instanceof FlowError)) expect(result).toEqual([]);
    }
    expect(state).not.toBe(12345);
  });
});

describe("streaming", () => {
  test("text is passed through without copying", async () => {
    const { readLog } = await import("../../src/logs/index.js");
    const chunk = bytesOf(`${V2}\n${`${A}\n`.repeat(100)}`);
    const second = bytesOf(`${A}\n`);
    async function* source(): AsyncGenerator<Uint8Array> {
      yield chunk;
      yield second;
    }
    const buffers: ArrayBufferLike[] = [];
    for await (const part of readLog("a", source()))
      if (part.kind === "text") buffers.push(part.bytes.buffer);
    expect(buffers).toEqual([chunk.buffer, second.buffer]);
    expect(buffers[0]).toBe(chunk.buffer);
    expect(buffers[1]).toBe(second.buffer);
  });

  test("bytes that are wrong in UTF-8, NULs and long lines inside a log pass unchanged", async () => {
    const odd = Uint8Array.of(0, 0xff, 0xc3, 0x28, 10);
    const bytes = Buffer.concat([
      bytesOf(`${A}\n`),
      odd,
      bytesOf("x".repeat(1 << 20)),
      bytesOf(`\n${A}`),
    ]);
    const told = await readAll(cut(bytes, 4096));
    expect(told[1]).toEqual({ text: bytes.toString("latin1"), line: 1 });
  });

  test("a break of the source comes after all that stands before it", async () => {
    async function* breaking(text: string): AsyncGenerator<Uint8Array> {
      yield bytesOf(text);
      throw new FlowError("log-broken", "broken");
    }
    const { readLog } = await import("../../src/logs/index.js");
    for (const text of [`${V2}\n${A}\n${A.slice(0, 20)}`, `${A}\n${A.slice(0, 20)}`]) {
      let read = "";
      const reading = async (): Promise<void> => {
        for await (const part of readLog("a.log", breaking(text)))
          if (part.kind === "text") read += Buffer.from(part.bytes).toString();
      };
      await expect(reading()).rejects.toMatchObject({ code: "log-broken" });
      expect(read).toBe(text.replace(`${V2}\n`, ""));
    }
    await expect(readAll(breaking("no log"))).rejects.toMatchObject({ code: "log-broken" });
    await expect(readAll(breaking(""))).rejects.toMatchObject({ code: "log-broken" });
  });

  test("the source is closed when the reader leaves early", async () => {
    const { readLog } = await import("../../src/logs/index.js");
    let closed = false;
    async function* source(): AsyncGenerator<Uint8Array> {
      try {
        for (;;) yield bytesOf(`${A}\n`.repeat(10));
      } finally {
        closed = true;
      }
    }
    for await (const part of readLog("a", source())) if (part.kind === "text") break;
    expect(closed).toBe(true);
  });

  test("a line of 10 MB costs no memory of its size", async () => {
    async function* source(): AsyncGenerator<Uint8Array> {
      yield bytesOf(`${A}\n`);
      const piece = new Uint8Array(10_000).fill(120);
      for (let i = 0; i < 1000; i++) yield piece;
      yield bytesOf(`\n${A}\n`);
    }
    const { readLog } = await import("../../src/logs/index.js");
    let largest = 0;
    let total = 0;
    for await (const part of readLog("a", source())) {
      if (part.kind !== "text") continue;
      largest = Math.max(largest, part.bytes.length);
      total += part.bytes.length;
    }
    expect(total).toBe(10_000_000 + 2 * A.length + 3);
    expect(largest).toBe(10_000);
  });
});
