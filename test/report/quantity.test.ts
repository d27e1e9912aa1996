import { describe, expect, it } from "vitest";
import {
  byteSize,
  counted,
  duration,
  elapsed,
  grouped,
  magnitude,
  percent,
  protocolPort,
  timestamp,
} from "../../src/report/quantity.js";

describe("grouped", () => {
  it.each([
    [0, "0"],
    [999, "999"],
    [1_000, "1,000"],
    [1_234_567, "1,234,567"],
    [-12_345, "-12,345"],
    [12345678901234567890n, "12,345,678,901,234,567,890"],
  ])("%s is %s", (value, text) => {
    expect(grouped(value)).toBe(text);
  });
});

describe("magnitude", () => {
  it.each([
    [65_536, "65,536"],
    [2 ** 64, "2^64"],
    [2 ** 128, "2^128"],
    [3 * 2 ** 140, "about 4.2 × 10^42"],
  ])("%s is %s", (value, text) => {
    expect(magnitude(value)).toBe(text);
  });
});

describe("counted", () => {
  it.each([
    [0, "0 records"],
    [1, "1 record"],
    [2_000, "2,000 records"],
  ])("%s is %s", (value, text) => {
    expect(counted(value, "record")).toBe(text);
  });
});

describe("percent", () => {
  it.each([
    [0, 0, "-"],
    [0, 5, "0.00 %"],
    [5, 5, "100.00 %"],
    [1, 3, "33.33 %"],
    [1, 1_000_000, "<0.01 %"],
    [999_999, 1_000_000, ">99.99 %"],
  ])("%s of %s is %s", (part, whole, text) => {
    expect(percent(part, whole)).toBe(text);
  });
});

describe("byteSize", () => {
  it.each([
    [0, "0 B"],
    [999, "999 B"],
    [1_000, "1.00 kB"],
    [12_345, "12.3 kB"],
    [999_499, "999 kB"],
    [999_999, "1.00 MB"],
    [123_456_789, "123 MB"],
    [5e18, "5000 PB"],
  ])("%s is %s", (bytes, text) => {
    expect(byteSize(bytes)).toBe(text);
  });
});

describe("duration and elapsed", () => {
  it.each([
    [0, "0 s"],
    [59, "59 s"],
    [60, "1 min"],
    [3_605, "1 h"],
    [3_665, "1 h 1 min"],
    [90_061, "1 d 1 h"],
    [432_000, "5 d"],
    [-5, "0 s"],
  ])("%s s is %s", (seconds, text) => {
    expect(duration(seconds)).toBe(text);
  });

  it.each([
    [0.1234, "0.12 s"],
    [7.34, "7.3 s"],
    [75, "1 min 15 s"],
  ])("measured %s s is %s", (seconds, text) => {
    expect(elapsed(seconds)).toBe(text);
  });
});

describe("timestamp", () => {
  it.each([
    [0, "1970-01-01 00:00:00 UTC"],
    [1_734_193_512, "2024-12-14 16:25:12 UTC"],
    [9_000_000_000_000, "9,000,000,000,000 s"],
  ])("%s is %s", (seconds, text) => {
    expect(timestamp(seconds)).toBe(text);
  });
});

describe("protocolPort", () => {
  it.each([
    [6, 443, "tcp/443"],
    [17, 53, "udp/53"],
    [1, null, "icmp"],
    [41, null, "protocol 41"],
  ])("%s and %s are %s", (protocol, port, text) => {
    expect(protocolPort(protocol, port)).toBe(text);
  });
});
