import { describe, expect, test } from "vitest";
import { V2_FIELDS } from "../../src/logs/index.js";
import { bytesOf, cut, cutAt, readAll, readText, type Told } from "./read-all.js";

const V2 = V2_FIELDS.join(" ");
const A = "2 123456789012 eni-1 10.0.0.1 10.0.0.2 1000 443 6 1 40 1734193850 1734193863 ACCEPT OK";
const comma = (line: string): string => line.replaceAll(" ", ",");
const quoted = (line: string): string => `"${line.replaceAll(" ", '","')}"`;
const HEAD = "srcaddr,dstaddr,instance-tag";
const head = { format: HEAD.split(","), line: 1, how: "csv-header", time: false };
const v2 = (line: number, how = "v2-shape", time = false): Told => ({
  format: V2_FIELDS,
  line,
  how,
  time,
});

type Case = [name: string, text: string, told: Told[], options?: { fields?: string[] }];
const CASES: Case[] = [
  ["data", `${comma(A)}\n`, [v2(1), { text: `${A}\n`, line: 1 }]],
  ["data without a line end", comma(A), [v2(1), { text: A, line: 1 }]],
  ["quoted data", `${quoted(A)}\r\n`, [v2(1), { text: `${A}\n`, line: 1 }]],
  ["semicolons", `${A.replaceAll(" ", ";")}\n`, [v2(1), { text: `${A}\n`, line: 1 }]],
  ["tabs", `${A.replaceAll(" ", "\t")}\n`, [v2(1), { text: `${A}\n`, line: 1 }]],
  ["blanks after commas", `${A.replaceAll(" ", ", ")}\n`, [v2(1), { text: `${A}\n`, line: 1 }]],
  ["a header", `${comma(V2)}\n${comma(A)}\n`, [v2(1, "csv-header"), { text: `${A}\n`, line: 2 }]],
  [
    "a quoted header with underscores",
    `${quoted(V2.replaceAll("-", "_"))}\n${quoted(A)}\n`,
    [v2(1, "csv-header"), { text: `${A}\n`, line: 2 }],
  ],
  [
    "the names of the Athena table in AWS's guide",
    '"account","interfaceid","sourceaddress","destinationaddress","sourceport","destinationport","numpackets","numbytes","starttime","endtime","logstatus"\n1,eni-1,a,b,2,3,4,5,6,7,OK\n',
    [
      {
        ...head,
        format: V2_FIELDS.filter((name) => !["version", "protocol", "action"].includes(name)),
      },
      { text: "1 eni-1 a b 2 3 4 5 6 7 OK\n", line: 2 },
    ],
  ],
  [
    "numbers of a column with gaps; what a spreadsheet rounded stays",
    "srcaddr,dstaddr,dstport,start,instance-tag\n1,2,443.0,1734193850.0,6.0\n1,2,,1.73E+09,6.5\n",
    [
      { ...head, format: ["srcaddr", "dstaddr", "dstport", "start", "instance-tag"] },
      { text: "1 2 443 1734193850 6.0\n1 2 - 1.73E+09 6.5\n", line: 2 },
    ],
  ],
  [
    "a time in front, left out",
    `2024-12-14T16:25:12.000Z,${comma(A)}\n`,
    [v2(1), { text: `${A}\n`, line: 1 }],
  ],
  [
    "columns of CloudWatch, left out",
    `@timestamp,srcAddr,dstAddr,@ptr,logStatus\n2024-12-14 16:25:12.000,1,2,xyz,OK\n`,
    [
      { format: ["srcaddr", "dstaddr", "log-status"], line: 1, how: "csv-header", time: false },
      { text: "1 2 OK\n", line: 2 },
    ],
  ],
  [
    "lines inside a column",
    `timestamp,message\n1734193850000,${A}\n1734193850000,"${A}"\n`,
    [v2(2), { text: `${A}\n${A}\n`, line: 2 }],
  ],
  [
    "lines inside a column, quoted, of Insights",
    `"@timestamp","@message"\n"2024-12-14 16:25:12.000","${A}"\n`,
    [v2(2), { text: `${A}\n`, line: 2 }],
  ],
  [
    "lines inside a column, in the format of the option",
    "timestamp,message\n17341,1 2 3\n17342,4 5 6\n",
    [
      { format: ["srcaddr", "dstaddr", "bytes"], line: 2, how: "option", time: false },
      { text: "1 2 3\n4 5 6\n", line: 2 },
    ],
    { fields: ["srcaddr", "dstaddr", "bytes"] },
  ],
  [
    "the option",
    "1,2,3\n4,5,6\n",
    [
      { format: ["srcaddr", "dstaddr", "bytes"], line: 1, how: "option", time: false },
      { text: "1 2 3\n4 5 6\n", line: 1 },
    ],
    { fields: ["srcaddr", "dstaddr", "bytes"] },
  ],
  ["empty cells", `${HEAD}\n1,,""\n`, [head, { text: "1 - -\n", line: 2 }]],
  [
    "blanks in a cell",
    `${HEAD}\n1,2,"a b\tc%20"\n`,
    [head, { text: "1 2 a%20b%09c%20\n", line: 2 }],
  ],
  [
    "commas, quotes and line ends in a cell",
    `${HEAD}\n1,2,"a,""b""\nc"\n4,5,6\n`,
    [head, { text: '1 2 a,"b"%0Ac\n\n4 5 6\n', line: 2 }],
  ],
  ["empty lines and rows", `${HEAD}\n\n,,\n1,2,3\n`, [head, { text: "\n\n1 2 3\n", line: 2 }]],
  [
    "too few and too many cells",
    `${HEAD}\n1,2\n1,2,3,4\n1,2,3,,\n`,
    [head, { text: "1 2\n1 2 3 4\n1 2 3\n", line: 2 }],
  ],
  ["junk before the data", `w,,w,\n${comma(A)}\n`, [v2(2), { text: `w,,w,\n${A}\n`, line: 1 }]],
  [
    "junk before the header",
    `exported by hand\n${HEAD}\n1,2,3\n`,
    [
      { ...head, line: 2 },
      { text: "exported by hand\n\n1 2 3\n", line: 1 },
    ],
  ],
  [
    "a header again",
    `${HEAD}\n1,2,3\n${comma(V2)}\n${comma(A)}\n`,
    [head, { text: "1 2 3\n", line: 2 }, v2(3, "csv-header"), { text: `${A}\n`, line: 4 }],
  ],
  [
    "text behind it, left to the core",
    `${HEAD}\n1,2,3\n${V2}\n${A}\n`,
    [head, { text: `1 2 3\n${V2}\n${A}\n`, line: 2 }],
  ],
  [
    "a stray quote costs its row",
    `${HEAD}\n1,2,x"y\n4,5,6\n7,8,"a"b\n1,2,3\n`,
    [head, { text: '1,2,x"y\n4 5 6\n7,8,"a"b\n1 2 3\n', line: 2 }],
  ],
  [
    "a quote that is never closed costs its line",
    `${HEAD}\n1,2,"3 4\n4,5,6\n7,8,9\n`,
    [
      head,
      { note: "csv-quote-unclosed", line: 2 },
      { text: '1,2,"3%204\n4 5 6\n7 8 9\n', line: 2 },
    ],
  ],
  [
    "an account spoiled by a spreadsheet",
    `${comma(A.replace("123456789012", "1.23457E+11"))}\n`.repeat(2),
    [
      v2(1),
      { note: "account-id-spoiled", line: 1 },
      { text: `${A.replace("123456789012", "1.23457E+11")}\n`.repeat(2), line: 1 },
    ],
  ],
];

// A note may come before or behind the text it stands in.
function sorted(told: readonly Told[]): Told[] {
  return [...told.filter((entry) => "note" in entry), ...told.filter((e) => !("note" in e))];
}

describe("delimited logs", () => {
  test.each(CASES.map(([name, text, told, options = {}]) => ({ name, text, told, options })))(
    "$name",
    async ({ text, told, options }) => {
      const whole = sorted(await readText(text, options));
      expect(whole).toEqual(sorted(told));
      const bytes = bytesOf(text);
      for (let at = 0; at <= bytes.length; at++)
        expect(sorted(await readAll(cutAt(bytes, at), options))).toEqual(whole);
      expect(sorted(await readAll(cut(bytes, 1), options))).toEqual(whole);
    },
  );

  test("UTF-8 inside cells survives every cut", async () => {
    const bytes = bytesOf(`${HEAD}\n1,2,é€😀\n`);
    for (let at = 0; at <= bytes.length; at++) {
      const told = await readAll(cutAt(bytes, at));
      expect(told[1]).toEqual({ text: bytesOfText("1 2 é€😀\n"), line: 2 });
    }
  });

  test("a quote that is closed only behind sixteen lines or 64 KiB is not believed", async () => {
    for (const filler of ["1,2,3\n".repeat(20), `${"x".repeat(70_000)}\n`]) {
      const text = `${HEAD}\n1,2,"open\n${filler}4,5,6"\n7,8,9\n`;
      const told = await readAll(cut(bytesOf(text), 1000));
      expect(told).toContainEqual({ note: "csv-quote-unclosed", line: 2 });
      const last = told.findLast((entry) => "text" in entry) as { text: string };
      expect(last.text.split("\n")).toHaveLength(text.split("\n").length - 1);
      expect(last.text.endsWith("7 8 9\n")).toBe(true);
    }
  });

  test("a line of 10 MB is cut short in constant memory, and its line number kept", async () => {
    async function* source(): AsyncGenerator<Uint8Array> {
      yield bytesOf(`${HEAD}\n1,2,3\n`);
      const piece = bytesOf("x,y".repeat(10_000));
      for (let i = 0; i < 334; i++) yield piece;
      yield bytesOf("\n4,5,6\n");
    }
    const told = await readAll(source());
    const { text } = told[1] as { text: string };
    expect(text.split("\n").map((line) => line.slice(0, 6))).toEqual([
      "1 2 3",
      "x,yx,y",
      "4 5 6",
      "",
    ]);
    expect(text.length).toBeLessThan(300);
  });

  test("a broken source: whole rows are used, the cut one is dropped", async () => {
    async function* source(): AsyncGenerator<Uint8Array> {
      yield bytesOf(`${HEAD}\n1,2,3\n4,5,6`);
      throw new Error("cut off");
    }
    const told: Told[] = [];
    const { readLog } = await import("../../src/logs/index.js");
    const { tell } = await import("./read-all.js");
    const reading = async (): Promise<void> => {
      for await (const part of readLog("a", source())) tell(told, part);
    };
    await expect(reading()).rejects.toThrow("cut off");
    expect(told).toEqual([head, { text: "1 2 3\n", line: 2 }]);
  });

  test("a transit-gateway header in the middle is refused with its line", async () => {
    const text = `${HEAD}\n1,2,3\nversion,srcaddr,dstaddr,tgw-id\n`;
    await expect(readText(text)).rejects.toThrow(/^a\.log:3: this is a transit-gateway/);
  });

  test("hostile quotes do not make the cost grow with the square of the size", async () => {
    const text = `${HEAD}\n${'x","\n'.repeat(100_000)}`;
    const started = performance.now();
    const told = await readText(text);
    expect(told.some((entry) => "note" in entry)).toBe(true);
    expect(performance.now() - started).toBeLessThan(20_000);
  });
});

function bytesOfText(text: string): string {
  return Buffer.from(text).toString("latin1");
}
