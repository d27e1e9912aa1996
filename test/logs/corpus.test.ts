// Real logs; see the README of FLOW_CORPUS for what they are.
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { unpackWeb, V2_FIELDS } from "../../src/logs/index.js";
import { cut, readAll, type Told } from "./read-all.js";

const corpus = process.env.FLOW_CORPUS ?? "";

function read(file: string, size = 1 << 16): Promise<Told[]> {
  return readAll(unpackWeb(cut(readFileSync(`${corpus}/${file}`), size)));
}

function lines(told: Told | undefined): string[] {
  return (told as { text: string }).text.split("\n").filter((line) => line !== "");
}

describe.skipIf(corpus === "")("real logs", () => {
  test("a CloudWatch export with a time in front", async () => {
    const [format, text] = await read("eks-2024-12-14/vpcflowlogs.txt");
    expect(format).toEqual({ format: V2_FIELDS, line: 1, how: "v2-shape", time: true });
    const all = lines(text);
    expect(all).toHaveLength(23_455);
    expect(all.filter((line) => line.endsWith(" NODATA"))).toHaveLength(96);
    expect(all.filter((line) => line.endsWith(" SKIPDATA"))).toHaveLength(109);
  });

  test("a log that went through a spreadsheet", async () => {
    const told = await read("eks-2025-01-03/vpcflowlogs-excel.csv");
    expect(told[0]).toEqual({ format: V2_FIELDS, line: 2, how: "v2-shape", time: false });
    expect(told.filter((entry) => "note" in entry)).toEqual([
      { note: "account-id-spoiled", line: 2 },
    ]);
    const text = told.find((entry) => "text" in entry);
    expect(text?.line).toBe(1);
    const [junk, ...records] = lines(text);
    expect(junk).toBe("w,,,,w,,w,,,,,,,,w\r");
    expect(records).toHaveLength(14_552);
    expect(
      records.every((line) => /^2 6\.02485E\+11 eni-\w+ \S+ \S+ (\S+ ){7}\S+ \w+$/.test(line)),
    ).toBe(true);
    expect(await read("eks-2025-01-03/vpcflowlogs-excel.csv", 997)).toEqual(told);
  });

  test.each([
    ["vpcflowlog.log.gz", V2_FIELDS, 3],
    ["valid_vpc_flow_log_ecs.log", undefined, 1],
  ])("%s", async (file, fields, count) => {
    const [format, text] = await read(`log-samples/${file}`);
    expect(format).toMatchObject({ line: 1, how: "header", ...(fields && { format: fields }) });
    expect(lines(text)).toHaveLength(count);
  });

  test("flows.parquet: numbers as text, None for what is missing", async () => {
    const [format, text] = await read("log-samples/flows.parquet");
    expect(format).toEqual({ format: V2_FIELDS, line: 0, how: "parquet", time: false });
    expect(lines(text)).toHaveLength(3);
  });

  test("opensearch-sample.json: lines in the documents of a log shipper", async () => {
    const [format, text] = await read("log-samples/opensearch-sample.json");
    expect(format).toEqual({ format: V2_FIELDS, line: 1, how: "json-message", time: false });
    expect(lines(text)).toHaveLength(22);
  });

  test("valid_tgw_flow_log.log is refused by name", async () => {
    await expect(read("log-samples/valid_tgw_flow_log.log")).rejects.toMatchObject({
      code: "log-refused",
    });
  });

  test("every sample is read or refused, cut anywhere", async () => {
    for (const file of readdirSync(`${corpus}/log-samples`)) {
      const results = await Promise.all(
        [1, 13, 1 << 20].map((size) =>
          read(`log-samples/${file}`, size).catch((e: Error) => e.message),
        ),
      );
      expect(results[1]).toEqual(results[0]);
      expect(results[2]).toEqual(results[0]);
    }
  });
});
