import { describe, expect, test } from "vitest";
import { formatAddress } from "../../src/model/address.js";
import { type ParsedRecord, parseRecord } from "../../src/reference/index.js";
import { DEFAULT_FIELDS } from "../support/flow-text.js";

const FIELDS = [...DEFAULT_FIELDS, "tcp-flags", "pkt-srcaddr", "pkt-dstaddr", "flow-direction"];
const GOOD: Readonly<Record<string, string>> = {
  version: "5",
  "account-id": "123456789012",
  "interface-id": "eni-1",
  srcaddr: "10.0.7.7",
  dstaddr: "10.0.1.10",
  srcport: "41000",
  dstport: "443",
  protocol: "6",
  packets: "10",
  bytes: "840",
  start: "1700000100",
  end: "1700000160",
  action: "ACCEPT",
  "log-status": "OK",
  "tcp-flags": "2",
  "pkt-srcaddr": "198.51.100.7",
  "pkt-dstaddr": "10.0.1.10",
  "flow-direction": "ingress",
};

function lineWith(changes: Readonly<Record<string, string>> = {}): string {
  return FIELDS.map((field) => changes[field] ?? GOOD[field]).join(" ");
}

function read(line: string): ReturnType<typeof parseRecord> {
  return parseRecord(line, FIELDS, "a.log", 7);
}

function readGood(line: string): ParsedRecord {
  const record = read(line);
  if (record === undefined || typeof record === "string") throw new Error(`no record: ${record}`);
  return record;
}

describe("parseRecord", () => {
  test("reads every typed field", () => {
    const record = readGood(lineWith());
    expect(record.srcAddr && formatAddress(record.srcAddr)).toBe("10.0.7.7");
    expect(record.pktSrcAddr && formatAddress(record.pktSrcAddr)).toBe("198.51.100.7");
    expect(record).toMatchObject({
      interfaceId: "eni-1",
      srcPort: 41000,
      dstPort: 443,
      protocol: 6,
      packets: 10n,
      bytes: 840n,
      start: 1700000100,
      end: 1700000160,
      action: "ACCEPT",
      logStatus: "OK",
      tcpFlags: 2,
      flowDirection: "ingress",
      resourceId: null,
      rejectReason: null,
      file: "a.log",
      line: 7,
    });
  });

  test.each(["", "   ", "\t \t", "\r", " \r"])("a blank line %j is no record", (line) => {
    expect(read(line)).toBeUndefined();
  });

  test("drops the time of a CloudWatch export and a carriage return; runs of blanks and tabs part", () => {
    const line = lineWith().replaceAll(" ", " \t ");
    expect(readGood(`  2024-12-14T16:25:12.000Z ${line} \r`)).toEqual(readGood(lineWith()));
  });

  test("a dash and an absent field are null", () => {
    const dashes = Object.fromEntries(FIELDS.map((field) => [field, "-"]));
    const record = readGood(lineWith({ ...dashes, "log-status": "NODATA" }));
    const rest = { logStatus: "NODATA", file: "a.log", line: 7 };
    expect(Object.values({ ...record, ...rest }).filter((value) => value === null)).toHaveLength(
      17,
    );
    expect(parseRecord("eni-1", ["interface-id"], "a.log", 1)).toMatchObject({ logStatus: "OK" });
  });

  test.each([
    ["a field more", `${lineWith()} x`, "field-count"],
    ["a field less", lineWith().split(" ").slice(1).join(" "), "field-count"],
    ["no time in front", `yesterday ${lineWith()}`, "field-count"],
    ["version", lineWith({ version: "256" }), "number"],
    ["port", lineWith({ srcport: "65536" }), "number"],
    ["sign", lineWith({ dstport: "+80" }), "number"],
    ["fraction", lineWith({ bytes: "8.4" }), "number"],
    ["protocol name", lineWith({ protocol: "tcp" }), "number"],
    ["packets beyond 63 bits", lineWith({ packets: "9223372036854775808" }), "number"],
    ["20 digits", lineWith({ bytes: "00000000000000000001" }), "number"],
    ["start beyond 32 bits", lineWith({ start: "4294967296" }), "number"],
    ["11 digits", lineWith({ end: "00000000001" }), "number"],
    ["flags", lineWith({ "tcp-flags": "256" }), "number"],
    ["address", lineWith({ srcaddr: "10.0.7.07" }), "address"],
    ["packet address", lineWith({ "pkt-dstaddr": "10.0.7" }), "address"],
    ["action", lineWith({ action: "accept" }), "action"],
    ["status", lineWith({ "log-status": "ok" }), "status"],
    ["no status", lineWith({ "log-status": "-" }), "status"],
    ["direction", lineWith({ "flow-direction": "in" }), "direction"],
    ["interface", lineWith({ "interface-id": "e".repeat(65) }), "interface-id"],
    ["interface bytes", lineWith({ "interface-id": "\u00e9".repeat(33) }), "interface-id"],
    ["families", lineWith({ dstaddr: "2001:db8::1" }), "family"],
    ["packet families", lineWith({ "pkt-dstaddr": "2001:db8::1" }), "family"],
    ["mixed families", lineWith({ dstaddr: "-", "pkt-srcaddr": "::1", "pkt-dstaddr": "-" }), null],
    ["effective families", lineWith({ "pkt-srcaddr": "::1", "pkt-dstaddr": "-" }), "family"],
    ["first failure", lineWith({ action: "?", srcport: "?" }), "number"],
    ["length", `${lineWith()}${" ".repeat(65536)}`, "too-long"],
  ])("%s", (_, line, reason) => {
    const found = read(line);
    expect(typeof found === "string" ? found : null).toBe(reason);
  });

  test("takes the greatest values", () => {
    const record = readGood(
      lineWith({ packets: "9223372036854775807", start: "4294967295", srcport: "65535" }),
    );
    expect(record).toMatchObject({ packets: 2n ** 63n - 1n, start: 4294967295, srcPort: 65535 });
  });

  test("a line of exactly 65,536 bytes is read", () => {
    const line = lineWith();
    expect(readGood(line + " ".repeat(65_536 - line.length))).toEqual(readGood(line));
  });
});
