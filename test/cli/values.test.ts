import { InvalidArgumentError } from "commander";
import { describe, expect, it } from "vitest";
import { countValue } from "../../src/cli/values/count-value.js";
import { splitInterfaceOptions } from "../../src/cli/values/interface-value.js";
import { listValue, repeatedValue } from "../../src/cli/values/list-value.js";
import { timeValue } from "../../src/cli/values/time-value.js";
import { durationValue, timeoutValue } from "../../src/cli/values/timeout-value.js";
import { DEFAULT_TIMERS } from "../../src/model/timers.js";

describe("timeValue", () => {
  it.each([
    ["0", 0],
    ["1734193512", 1_734_193_512],
    ["2024-12-14", 1_734_134_400],
    ["2024-12-14T16:25:12Z", 1_734_193_512],
    ["2024-12-14T16:25:12", 1_734_193_512],
    ["2024-12-14 16:25:12", 1_734_193_512],
    ["2024-12-14T16:25", 1_734_193_500],
    ["2024-12-14T17:25:12+01:00", 1_734_193_512],
    ["2024-12-14T16:25:12.999Z", 1_734_193_512],
  ])("%s is %i", (text, seconds) => {
    expect(timeValue(text)).toBe(seconds);
  });

  it.each([
    "",
    "yesterday",
    "-1",
    "1e9",
    "4294967296",
    "99999999999",
    "2024-13-01",
    "2024-02-30",
    "2024-12-14T25:00",
    "2024-12-14T16:25:12+1",
    "1969-12-31",
  ])("refuses %j", (text) => {
    expect(() => timeValue(text)).toThrow(InvalidArgumentError);
  });
});

describe("durationValue", () => {
  it.each([
    ["350s", 350],
    ["6m", 360],
    ["2h", 7_200],
    ["5d", 432_000],
  ])("%s is %i seconds", (text, seconds) => {
    expect(durationValue(text)).toBe(seconds);
  });

  it.each(["350", "0s", "-1s", "1.5h", "366d", "1w", "s", " 1s"])("refuses %j", (text) => {
    expect(() => durationValue(text)).toThrow(InvalidArgumentError);
  });
});

describe("timeoutValue", () => {
  it.each([
    ["tcp-established=350s", { tcpEstablished: 350 }],
    ["tcp-transitory=2m", { tcpTransitory: 120 }],
    ["udp=31s", { udp: 31 }],
    ["udp-stream=3m", { udpStream: 180 }],
    ["icmp=1m", { icmp: 60 }],
    ["other=1h", { other: 3_600 }],
    ["nitro-v6", { tcpEstablished: 350 }],
    ["nitro-v6,udp=60s", { tcpEstablished: 350, udp: 60 }],
  ])("%s", (text, changed) => {
    expect(timeoutValue(text, undefined)).toEqual({ ...DEFAULT_TIMERS, ...changed });
  });

  it("adds to the ones before, the later one wins", () => {
    const first = timeoutValue("tcp-established=1h,udp=10s", undefined);
    expect(timeoutValue("nitro-v6", first)).toEqual({
      ...DEFAULT_TIMERS,
      tcpEstablished: 350,
      udp: 10,
    });
  });

  it.each(["", "tcp", "tcp=5s", "nitro-v6=5s", "udp", "udp=", "=5s", "udp=5s,"])(
    "refuses %j",
    (text) => {
      expect(() => timeoutValue(text, undefined)).toThrow(InvalidArgumentError);
    },
  );
});

describe("lists", () => {
  it("joins repeated and comma-separated ids", () => {
    expect(listValue("sg-b,sg-c", ["sg-a"])).toEqual(["sg-a", "sg-b", "sg-c"]);
    expect(() => listValue(",", undefined)).toThrow(InvalidArgumentError);
  });

  it("keeps the commas of an interface definition", () => {
    expect(repeatedValue("eni-1=sg-a,sg-b@10.0.0.5", ["eni-2"])).toEqual([
      "eni-2",
      "eni-1=sg-a,sg-b@10.0.0.5",
    ]);
    expect(() => repeatedValue("", undefined)).toThrow(InvalidArgumentError);
  });
});

describe("splitInterfaceOptions", () => {
  it("tells rule data from filters", () => {
    expect(splitInterfaceOptions(["eni-1=sg-a,sg-b@10.0.0.5", "eni-2,eni-3", "eni-4"])).toEqual({
      definitions: ["eni-1=sg-a,sg-b@10.0.0.5"],
      filter: ["eni-2", "eni-3", "eni-4"],
    });
  });
});

describe("countValue", () => {
  it.each([
    ["1", 1],
    ["1_000", 1_000],
  ])("%s is %i", (text, value) => {
    expect(countValue(1, 1_000)(text)).toBe(value);
  });

  it.each(["0", "1001", "-1", "1.5", "", "_1", "0x10"])("refuses %j", (text) => {
    expect(() => countValue(1, 1_000)(text)).toThrow(InvalidArgumentError);
  });
});
