import { describe, expect, test } from "vitest";
import {
  FIELDS,
  fieldByName,
  parseFieldList,
  parseHeaderLine,
  V2_FIELDS,
} from "../../src/logs/index.js";

const V2 =
  "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status";

describe("the catalogue", () => {
  test("begins with the default format in AWS's order", () => {
    expect(V2_FIELDS.join(" ")).toBe(V2);
    expect(FIELDS.slice(0, 14).map((field) => field.name)).toEqual(V2_FIELDS);
  });

  test("names every field and column once", () => {
    expect(new Set(FIELDS.map((field) => field.name)).size).toBe(FIELDS.length);
    expect(new Set(FIELDS.map((field) => field.column)).size).toBe(FIELDS.length);
    expect(FIELDS.every((field) => fieldByName(field.column) === field)).toBe(true);
  });

  test.each([
    [2, 14],
    [3, 7],
    [4, 4],
    [5, 4],
    [6, 0],
    [7, 10],
    [8, 1],
    [9, 1],
    [10, 1],
    [11, 12],
  ])("version %i brought %i fields", (version, count) => {
    expect(FIELDS.filter((field) => field.version === version)).toHaveLength(count);
  });

  test.each([
    ["packets", "int64"],
    ["end", "int64"],
    ["protocol", "int32"],
    ["encryption-status", "int32"],
    ["traffic-path", "int32"],
    ["account-id", "text"],
    ["instance-tag-2", "text"],
  ])("%s is %s", (name, type) => {
    expect(fieldByName(name)?.type).toBe(type);
  });

  test.each([
    ["pkt-srcaddr", "pkt-srcaddr"],
    ["PKT_SRCADDR", "pkt-srcaddr"],
    ["interfaceId", "interface-id"],
    ["startTime", "start"],
    ["srcAddr", "srcaddr"],
    ["x".repeat(1000), undefined],
    ["", undefined],
    ["toString", undefined],
    ["__proto__", undefined],
  ])("%s is looked up as %s", (spelling, name) => {
    expect(fieldByName(spelling)?.name).toBe(name);
  });
});

describe("parseFieldList", () => {
  test.each([
    // biome-ignore lint/suspicious/noTemplateCurlyInString: AWS's notation
    ["${version} ${srcaddr} ${log-status}", "version srcaddr log-status"],
    ["$${version} $${srcaddr}", "version srcaddr"],
    ["version,srcaddr, log_status", "version srcaddr log-status"],
    ["VERSION\tSrcAddr\n", "version srcaddr"],
    ["srcaddr Rack_Position", "srcaddr rack-position"],
  ])("%s", (text, fields) => {
    expect(parseFieldList(text).fields.join(" ")).toBe(fields);
  });

  test("keeps an unknown name and warns of it", () => {
    expect(parseFieldList("srcaddr rack").warnings).toEqual([expect.stringContaining('"rack"')]);
    expect(parseFieldList(V2).warnings).toEqual([]);
  });

  test.each([
    ["", "empty"],
    [" , ", "empty"],
    ["srcaddr dstaddr SRCADDR", '"srcaddr" is named twice'],
    ["start starttime", '"start" is named twice'],
    ["srcaddr 10.0.0.1", '"10.0.0.1" is not a field name'],
    ["${srcaddr", "is not a field name"],
    [Array.from({ length: 251 }, (_, i) => `a${i}`).join(" "), "at most 250"],
  ])("refuses %j", (text, message) => {
    expect(() => parseFieldList(text)).toThrow(message);
  });
});

describe("header lines", () => {
  test.each([
    [V2, true],
    [V2.toUpperCase().replaceAll("-", "_"), true],
    ["srcaddr dstaddr   bytes", true],
    ["dstport start unknown-one srcport", true],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: AWS's notation
    ["${srcaddr} ${dstaddr} ${action}", true],
    ["srcaddr dstaddr", false],
    ["start and end of bytes", false],
    ["start end bytes action", false],
    ["srcaddr dstaddr bytes 17", false],
    ["2 123456789012 eni-1 10.0.0.1 10.0.0.2 1 2 6 1 40 1 2 ACCEPT OK", false],
    ["srcaddr dstaddr action one two three four", false],
    ["", false],
  ])("%j: %s", (line, is) => {
    expect(parseHeaderLine(new TextEncoder().encode(`${line}\r\n`)) !== undefined).toBe(is);
  });

  test("in mid-file: a name twice or an endless line is no header", () => {
    const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
    expect(parseHeaderLine(encode("srcaddr dstaddr bytes bytes"))).toBeUndefined();
    expect(parseHeaderLine(encode(`${V2} ${"a ".repeat(5000)}`))).toBeUndefined();
    expect(parseHeaderLine(encode("version srcaddr dstaddr tgw-id"))).toBeUndefined();
    expect(parseHeaderLine(Uint8Array.of(0xff, 0xfe, 0, 1))).toBeUndefined();
    expect(parseHeaderLine(encode(`\ufeff${V2}`))).toEqual(V2_FIELDS);
  });
});
