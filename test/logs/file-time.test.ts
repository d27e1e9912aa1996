import { expect, test } from "vitest";
import { deliveryTime, fileTime } from "../../src/logs/index.js";

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

test("only AWS's own file names tell an exact time", () => {
  expect(deliveryTime(NAME)).toBe(at("2018-06-20T16:20:00Z"));
  expect(deliveryTime("part_20241214T1625Z.log")).toBeUndefined();
  expect(deliveryTime("2024/12/14/x.log")).toBeUndefined();
});
