import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { FlowError } from "../../src/errors.js";
import { V2_FIELDS } from "../../src/logs/index.js";
import { randomOf } from "../support/random-case.js";
import { bytesOf, cut, readAll, type Told } from "./read-all.js";

function record(i: number): string {
  return `2 123456789012 eni-a 10.0.0.${i} 10.0.1.9 ${40_000 + i} 443 6 5 400 1734193850 1734193910 ACCEPT OK`;
}

const THREE = [record(1), record(2), record(3)];
const TEXT = THREE.map((line) => `${line}\n`).join("");
const V2: Told = { format: V2_FIELDS, line: 1, how: "json-message", time: false };

async function readJson(text: string | Uint8Array, size = 1 << 20): Promise<Told[]> {
  const bytes = typeof text === "string" ? bytesOf(text) : text;
  return readAll(cut(bytes, size));
}

/** What came out, and the error at the end. */
async function broken(text: string): Promise<{ told: readonly Told[]; error: FlowError }> {
  const told: Told[] = [];
  try {
    await readAll(cut(bytesOf(text), 50), {}, told);
  } catch (error) {
    if (error instanceof FlowError) return { told, error };
    throw error;
  }
  throw new Error("it was read to its end");
}

const events = THREE.map((message, i) => ({
  timestamp: 1734193850000 + i,
  message,
  ingestionTime: 1734193999000,
}));
const subscription = {
  messageType: "DATA_MESSAGE",
  owner: "123456789012",
  logGroup: "vpc",
  logStream: "eni-a-all",
  subscriptionFilters: ["all"],
  logEvents: THREE.map((message, i) => ({
    id: `${i}`,
    timestamp: 1734193850000,
    message,
    extractedFields: { message: "not this", action: "ACCEPT" },
  })),
};
const control = {
  messageType: "CONTROL_MESSAGE",
  owner: "CloudwatchLogs",
  logGroup: "",
  logStream: "",
  subscriptionFilters: [],
  logEvents: [
    {
      id: "",
      timestamp: 1,
      message: "CWL CONTROL MESSAGE: Checking health of destination Firehose.",
    },
  ],
};
const payload = (value: unknown): string => gzipSync(JSON.stringify(value)).toString("base64");
const single = { ...subscription, logEvents: subscription.logEvents.slice(2) };

const FORMS: Readonly<Record<string, string>> = {
  "get-log-events, pretty-printed": JSON.stringify(
    { events, nextForwardToken: "f/3", nextBackwardToken: "b/3" },
    null,
    4,
  ),
  "filter-log-events": JSON.stringify({
    searchedLogStreams: [{ logStreamName: "eni-a-all", searchedCompletely: true }],
    events: events.map((event) => ({ logStreamName: "eni-a-all", ...event, eventId: "1" })),
  }),
  "its messages alone (--query)": JSON.stringify(THREE, null, 2),
  "pages of it, one after the other": events
    .map((event) => JSON.stringify({ events: [event] }, null, 1))
    .join("\n"),
  "a subscription's envelope": JSON.stringify(subscription),
  "envelopes without anything between": [control, subscription, control]
    .map((value) => JSON.stringify(value))
    .join(""),
  "an envelope whose type comes last":
    JSON.stringify(Object.fromEntries(Object.entries(control).reverse())) +
    JSON.stringify(subscription),
  "what Lambda is handed": JSON.stringify({ awslogs: { data: payload(subscription) } }),
  "what Kinesis hands over": JSON.stringify({
    Records: [
      { kinesis: { data: payload(control) } },
      { kinesis: { data: payload(subscription) } },
    ],
  }),
  "what Firehose hands to transform": JSON.stringify({
    records: [
      {
        recordId: "1",
        data: payload({ ...subscription, logEvents: subscription.logEvents.slice(0, 2) }),
      },
      { recordId: "2", data: payload(single) },
    ],
  }),
  "Firehose, a line each": THREE.map((message) => `${JSON.stringify({ message })}\n`).join(""),
  "Firehose, without line ends": THREE.map((message) => JSON.stringify({ message })).join(""),
  "Firehose, with line ends in the messages": THREE.map((message) =>
    JSON.stringify({ message: `${message}\n` }),
  ).join("\r\n"),
  "Logs Insights, get-query-results": JSON.stringify({
    results: THREE.map((value) => [
      { field: "@timestamp", value: "2024-12-14 16:30:50.000" },
      { field: "@message", value },
      { field: "@ptr", value: "CpoB" },
    ]),
    statistics: { recordsMatched: 3 },
    status: "Complete",
  }),
  "Logs Insights, from the console": JSON.stringify(
    THREE.map((line) => ({ "@timestamp": "2024-12-14 16:30:50.000", "@message": line })),
  ),
  "a shipper's documents": THREE.map((body) =>
    JSON.stringify({ "@timestamp": "2024", body, event: { action: "ACCEPT", message: "no" } }),
  ).join("\n"),
  "with a mark in front": `\ufeff \n${JSON.stringify({ events })}`,
};

describe("messages", () => {
  test.each(Object.entries(FORMS))("%s", async (_, text) => {
    const expected = [V2, { text: TEXT, line: 1 }];
    // Blanks at the end of a message mean nothing.
    const plain = (told: Told[]): Told[] =>
      told.map((part) =>
        "text" in part ? { ...part, text: part.text.replace(/ +$/gm, "") } : part,
      );
    expect(plain(await readJson(text))).toEqual(expected);
    for (const size of [1, 2, 3, 7, 64])
      expect(plain(await readJson(text, size))).toEqual(expected);
  });

  test("control messages alone, and pages without events, are a log of nothing", async () => {
    for (const text of [JSON.stringify(control), '{"events": []}', "[]", '[{"logEvents": []}]'])
      expect(await readJson(text)).toEqual([]);
  });

  test("escapes mean what they say, and no message is more than a line", async () => {
    const message = `2 123456789012 eni-a 10.0.0.1 10.0.1.9 1 443 6 5 400 1 2 \\u0041CCEPT OK`;
    const told = await readJson(`{"message":"${message}"}{"m\\u0065ssage":"a\\nb\\tc\\"d\\\\"}`);
    expect(told[1]).toEqual({
      text: `${record(1).replace(/.*/, "2 123456789012 eni-a 10.0.0.1 10.0.1.9 1 443 6 5 400 1 2 ACCEPT OK")}\na b\tc"d\\\n`,
      line: 1,
    });
  });

  test("a header among the messages", async () => {
    const told = await readJson(
      JSON.stringify(["version srcaddr dstaddr interface-id", "2 10.0.0.1 10.0.0.2 eni-a"]),
    );
    expect(told).toEqual([
      {
        format: ["version", "srcaddr", "dstaddr", "interface-id"],
        line: 1,
        how: "json-message",
        time: false,
      },
      { text: "2 10.0.0.1 10.0.0.2 eni-a\n", line: 2 },
    ]);
  });

  test("answers that say of themselves that they are not whole", async () => {
    const row = [{ field: "@message", value: record(1) }];
    const events = [{ message: record(1) }];
    const notesOf = async (answer: object): Promise<unknown> =>
      (await readJson(JSON.stringify(answer))).filter((part) => "note" in part);
    const cut = [{ note: "answer-cut", line: 2 }];
    expect(await notesOf({ results: [row], status: "Running" })).toEqual(cut);
    expect(await notesOf({ status: "Timeout", results: [row] })).toEqual(cut);
    expect(await notesOf({ results: [row], status: "Complete" })).toEqual([]);
    expect(await notesOf({ events, nextToken: "abc" })).toEqual(cut);
    expect(await notesOf({ events, nextForwardToken: "f/1", nextBackwardToken: "b/1" })).toEqual(
      [],
    );
    expect(await notesOf({ message: record(1), status: "Running", nextToken: "mine" })).toEqual([]);
  });

  test("lines in other fields take --fields", async () => {
    const line = "10.0.0.1 10.0.0.2 6";
    const fields = ["srcaddr", "dstaddr", "protocol"];
    const told = await readAll(cut(bytesOf(JSON.stringify({ message: line })), 9), { fields });
    expect(told).toEqual([
      { format: fields, line: 1, how: "json-message", time: false },
      { text: `${line}\n`, line: 1 },
    ]);
  });
});

describe("records as objects", () => {
  const names = ["version", "interface_id", "srcAddr", "dstaddr", "bytes"];
  const plain = (values: readonly unknown[], keys: readonly string[] = names): string =>
    JSON.stringify(Object.fromEntries(keys.map((key, i) => [key, values[i]])));
  const format = (fields: readonly string[], line = 1): Told => ({
    format: fields,
    line,
    how: "json-names",
    time: false,
  });
  const FIELDS = ["version", "interface-id", "srcaddr", "dstaddr", "bytes"];

  test("one a line, in a list, or in get-query-results", async () => {
    const rows = [
      [2, "eni-a", "10.0.0.1", "10.0.0.2", 60],
      [2, "eni-a", null, "", "61"],
    ];
    const expected = [
      format(FIELDS),
      { text: "2 eni-a 10.0.0.1 10.0.0.2 60\n2 eni-a - - 61\n", line: 1 },
    ];
    const objects = rows.map((row) => plain(row));
    const results = rows.map((row) => [
      { field: "@timestamp", value: "x" },
      ...names.map((field, i) => ({ field, value: row[i] === null ? "" : String(row[i]) })),
    ]);
    for (const text of [objects.join("\n"), `[${objects.join(",")}]`, JSON.stringify({ results })])
      for (const size of [1, 9, 1000]) expect(await readJson(text, size)).toEqual(expected);
  });

  test("whole numbers in every way that JSON has for them", async () => {
    const of = (literal: string): string =>
      `{"srcaddr":"a","dstaddr":"b","start":${literal},"instance_tag":"6.0"}`;
    const literals = [
      "6.0",
      "1.7e9",
      "1.7341938505E+9",
      "6.5",
      "-6.0",
      "1e300",
      "9007199254740993.0",
    ];
    const told = await readJson(literals.map(of).join("\n"));
    const starts = [
      "6",
      "1700000000",
      "1.7341938505E+9",
      "6.5",
      "-6.0",
      "1e300",
      "9007199254740993.0",
    ];
    const text = starts.map((start) => `a b ${start} 6.0\n`).join("");
    expect(told).toEqual([
      format(["srcaddr", "dstaddr", "start", "instance-tag"]),
      { text, line: 1 },
    ]);
  });

  test("members may change their order, be absent, and be new", async () => {
    const text = [
      plain([2, "eni-a", "10.0.0.1", "10.0.0.2", 60]),
      plain(["10.0.0.2", 2, "a b"], ["dstaddr", "version", "interface_id"]),
      plain([2, "eni-a", "x"], ["version", "interface_id", "made_up"]),
      plain([2, "eni-a", "10.0.0.1", "10.0.0.2", 60]),
    ].join("\n");
    const expected = [
      format(FIELDS),
      { text: "2 eni-a 10.0.0.1 10.0.0.2 60\n2 a%20b - 10.0.0.2 -\n", line: 1 },
      format([...FIELDS, "made-up"], 3),
      { note: "unknown-field", line: 3 },
      { text: "2 eni-a - - - x\n2 eni-a 10.0.0.1 10.0.0.2 60 -\n", line: 3 },
    ];
    expect(await readJson(text)).toEqual(expected);
    expect((await readJson(text, 11)).filter((part) => !("note" in part))).toEqual(
      expected.filter((part) => !("note" in part)),
    );
  });

  test("what is no record among them is one token", async () => {
    const text = `${plain([2, "eni-a", "10.0.0.1", "10.0.0.2", 60])}\n{"other": "thing"}\n{}\n{"message":"x y"}\n7\n[[1]]`;
    const told = await readJson(text);
    expect(told[1]).toEqual({
      text: "2 eni-a 10.0.0.1 10.0.0.2 60\n{other:thing}\n- - - - -\nx%20y\n7\n[...]\n",
      line: 1,
    });
  });
});

describe("what is no JSON", () => {
  const good = JSON.stringify({ message: record(1) });

  test("a line that is none is one token, and the next ones are read", async () => {
    const text = `${good}\n{"message": "2 1234\n${good}\n{"message" 7}\n${good}\n`;
    const expected = [
      V2,
      {
        text: `${record(1)}\n"2%201234\n${record(1)}\n7}\n${record(1)}\n`,
        line: 1,
      },
    ];
    for (const size of [1, 5, 1000]) {
      const told = await readJson(text, size);
      expect(told.filter((part) => !("note" in part))).toEqual(expected);
      expect(told.filter((part) => "note" in part)).toEqual([
        { note: "json-malformed", line: 2 },
        { note: "json-malformed", line: 4 },
      ]);
    }
  });

  test.each([
    ["cut inside a message", 0.5],
    ["cut before its last bracket", 0.999],
  ])("%s: what came before is used, the place is told", async (_, share) => {
    const text = JSON.stringify({ events }, null, 2);
    const { told, error } = await broken(text.slice(0, Math.floor(text.length * share)));
    expect(error.code).toBe("log-broken");
    expect(error.message).toMatch(
      /^a\.log: .*the JSON ends inside a value at line \d+, column \d+; used up to there/,
    );
    const lines = told.flatMap((part) => ("text" in part ? part.text.trimEnd().split("\n") : []));
    expect(lines).toEqual(THREE.slice(0, share === 0.5 ? 1 : 3));
  });

  test("a fault from which nothing leads back", async () => {
    const text = JSON.stringify({ events }, null, 1).replace('"message"', "message");
    const { error } = await broken(good + text);
    expect(error.message).toMatch(/no JSON from line 5, column 4 on: a name in " is expected/);
  });

  test.each([
    ["rules", '{"SecurityGroups": [{"GroupId": "sg-1"}]}'],
    ["messages of something else", '{"message": "GET /index.html 200"}'],
    ["a number of objects", '[{"a":1},{"a":2}]'],
  ])("%s", async (_, text) => {
    await expect(readJson(text)).rejects.toMatchObject({ code: "log-unrecognised" });
  });

  test("text that only begins with a bracket is text", async () => {
    const told = await readAll(cut(bytesOf(`[INFO] begin\n${record(1)}\n`), 7));
    expect(told[0]).toMatchObject({ how: "v2-shape", line: 2 });
  });

  test("a payload that is none is counted, the rest is read", async () => {
    const bad = [
      { awslogs: { data: "H4sIbad!" } },
      { awslogs: { data: gzipSync("{").toString("base64") } },
      { awslogs: { data: payload(subscription).slice(0, 60) } },
      { awslogs: { data: payload({ awslogs: { data: payload(subscription) } }) } },
    ];
    for (const value of bad) {
      const told = await readJson(`${good}\n${JSON.stringify(value)}\n${good}`);
      const text = told.find((part) => "text" in part);
      const lines = text !== undefined && "text" in text ? text.text.trimEnd().split("\n") : [];
      expect(lines.length).toBe(3);
      expect(lines.filter((line) => line === record(1)).length).toBe(2);
    }
  });

  test("a payload that is a bomb is refused", async () => {
    const bomb = gzipSync(Buffer.alloc(100 << 20, 32)).toString("base64");
    await expect(readJson(JSON.stringify({ awslogs: { data: bomb } }))).rejects.toMatchObject({
      code: "log-bomb",
    });
  });
});

describe("sizes", () => {
  test("depth without end", async () => {
    const { error } = await broken(`{"message":"${record(1)}"}${"[".repeat(1_000_000)}`);
    expect(error.message).toContain("nested deeper than 64");
  });

  test("a string without end is passed over", async () => {
    const long = "x".repeat(9 << 20);
    const text = `{"junk":"${long}\\\\","message":"${record(1)}"}\n{"message":"${long}"}\n{"message":"${record(2)}"}`;
    for (const size of [1 << 16, 1 << 24]) {
      const told = await readJson(text, size);
      const lines = told.flatMap((part) => ("text" in part ? part.text.trimEnd().split("\n") : []));
      expect(lines).toEqual([record(1), "-", record(2)]);
    }
  });

  test("random bytes and damaged documents end, with an error of ours or none", async () => {
    const random = randomOf(11);
    const whole = bytesOf(JSON.stringify({ events }, null, 2) + FORMS["Firehose, a line each"]);
    for (let i = 0; i < 400; i++) {
      const bad = Uint8Array.from(whole);
      for (let n = 0; n < 1 + random() * 6; n++)
        bad[Math.floor(random() * bad.length)] = Math.floor(random() * 256);
      let code = "";
      try {
        await readJson(bad, 1 + Math.floor(random() * 200));
      } catch (error) {
        if (!(error instanceof FlowError)) throw error;
        ({ code } = error);
      }
      expect(["", "log-broken", "log-unrecognised", "log-refused"]).toContain(code);
    }
  });
});
