import { expect, test } from "vitest";
import { fileTime, spanOfName } from "../../src/logs/index.js";

const at = (iso: string): number => Date.parse(iso) / 1000;
const NAME = "123456789012_vpcflowlogs_us-east-1_fl-1234abcd_20180620T1620Z_fe123456.log.gz";

test.each([
  [NAME, at("2018-06-20T16:20:00Z")],
  [`AWSLogs/1/vpcflowlogs/r/2024/01/01/${NAME}`, at("2018-06-20T16:20:00Z")],
  [`logs\\2018\\${NAME}`, at("2018-06-20T16:20:00Z")],
  ["part_20241214T1625Z.log", at("2024-12-14T16:25:00Z")],
  ["p/AWSLogs/1/vpcflowlogs/us-east-1/2024/12/14/x.log", at("2024-12-14T00:00:00Z")],
  ["AWSLogs/1/vpcflowlogs/us-east-1/2024/12/14/16/x.log", at("2024-12-14T16:00:00Z")],
  ["a/aws-region=r/year=2024/month=12/day=14/hour=07/x.log.gz", at("2024-12-14T07:00:00Z")],
  ["a/year=2024/month=12/day=14/x.log.gz", at("2024-12-14T00:00:00Z")],
  ["2024/13/01/x.log", undefined],
  ["2024/02/30/x.log", undefined],
  ["1_vpcflowlogs_r_f_20180620T1661Z_h.log.gz", undefined],
  ["x.log", undefined],
  ["", undefined],
])("%s", (path, time) => {
  expect(fileTime(path)).toBe(time);
});

test.each([
  [NAME, "2018-06-20T15:20:00Z", "2018-06-20T17:25:00Z"],
  [`year=2018/month=01/day=01/${NAME}`, "2018-06-20T15:20:00Z", "2018-06-20T17:25:00Z"],
  ["a/year=2024/month=12/day=14/x.parquet", "2024-12-13T00:00:00Z", "2024-12-16T00:00:00Z"],
  ["a/year=2024/month=2/day=9/x", "2024-02-08T00:00:00Z", "2024-02-11T00:00:00Z"],
  ["year=2024/month=12/day=14/hour=07/x", "2024-12-13T07:00:00Z", "2024-12-15T08:00:00Z"],
  ["dt=2024-12-14\\x.parquet", "2024-12-13T00:00:00Z", "2024-12-16T00:00:00Z"],
])("%s holds records from %s to %s at most", (path, from, to) => {
  expect(spanOfName(path)).toEqual({ from: at(from), to: at(to) });
});

test.each([
  "part_20241214T1625Z.log",
  "2024/12/14/x.log",
  "year=2024/month=13/day=14/x.log",
  "year=2024/month=12/day=14.log",
  "myyear=2024/month=12/day=14/x.log",
])("%s tells no span", (path) => expect(spanOfName(path)).toBeUndefined());
