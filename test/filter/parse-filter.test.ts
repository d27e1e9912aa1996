import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FlowError } from "../../src/errors.js";
import { FilterFields, filterError, parseFilter } from "../../src/filter/index.js";

const FIELDS = new FilterFields();

/** The fault with its column from 1 and what it points at. */
function faultOf(text: string): readonly (string | number)[] {
  const { fault } = parseFilter(text, FIELDS);
  if (fault === undefined) throw new Error(`${text} is a filter`);
  const { message, from, to, hint } = fault;
  return [message, from + 1, text.slice(from, to), ...(hint === undefined ? [] : [hint])];
}

describe("parseFilter", () => {
  it.each([
    "verdict = deny and dstport in (22, 3389) and grade >= inferred and src in 10.0.0.0/8 and group = sg-db",
    "not not (verdict=deny or VERDICT = Unknown)",
    "dstport in range 1024-65535",
    "dstport not in (1..1023, 8080)",
    "bytes >= 1.5GB and packets < 1_000",
    "start >= 2024-12-14T16:00Z and end < 1734193512",
    "start in 2024-12-14T16:00:00Z..2024-12-14T17:00:00Z",
    "src in (10.0.0.4-10.0.0.9, 2001:db8::/32, -)",
    "interface-id = eni-1 and interfaceId = eni-1 and Interface = eni-1",
    "grade in one-way..inferred",
    "rule = 'sg-0a/ingress/tcp/443/0.0.0.0/0'",
    'detail = "acl-0a ingress *"',
    "protocol in (TCP, 17)",
    "pkt_srcaddr = -",
  ])("%s is one", (text) => {
    expect(parseFilter(text, FIELDS).fault).toBeUndefined();
  });

  it.each([
    ["verdcit = deny", '"verdcit" is no field', 1, "verdcit", "did you mean verdict?"],
    [
      "verdict = denny",
      '"denny" does not fit: verdict takes allow, deny, unknown',
      11,
      "denny",
      "did you mean deny?",
    ],
    [
      "dstport = ssh",
      '"ssh" does not fit: dstport takes a whole number from 0 to 65535',
      11,
      "ssh",
    ],
    [
      "dstport = 65536",
      '"65536" does not fit: dstport takes a whole number from 0 to 65535',
      11,
      "65536",
    ],
    [
      "verdict < deny",
      'verdict has no order: "<" does not fit',
      9,
      "<",
      "compare it with =, != or in",
    ],
    ["dstport in 90-80", 'the range "90-80" ends before it begins', 12, "90-80"],
    [
      "src in 10.0.0.5/8",
      '"10.0.0.5/8" has bits set beyond its length; the block is 10.0.0.0/8',
      8,
      "10.0.0.5/8",
    ],
    [
      "dstport == 22",
      'a value for dstport is expected; found "="',
      10,
      "=",
      "equality is written with one =",
    ],
    [
      "dstport = 22 && srcport = 1",
      '"and", "or" or the end is expected; found "&&"',
      14,
      "&&",
      "write and",
    ],
    ["(dstport = 22", "the parenthesis is not closed", 1, "("],
    [
      "dstport = 22)",
      '"and", "or" or the end is expected; found ")"',
      13,
      ")",
      "there is no open parenthesis",
    ],
    ["dstport in (22, )", 'a value is expected; found ")"', 17, ")"],
    ["dstport in (22 23)", '"," or ")" is expected; found "23"', 16, "23"],
    ["dstport =", "the filter ends where a value for dstport is expected", 10, ""],
    ["", 'the filter ends where a field, "not" or "(" is expected', 1, ""],
    ["file = 'a", "the quote ' is not closed", 8, "'a"],
    ["! verdict = deny", '"!" begins nothing here; write not', 1, "!"],
    ["bytes < -", "a missing value has no order", 9, "-"],
    [
      "start > yesterday",
      '"yesterday" does not fit: start takes an ISO time (UTC unless it says otherwise) or Unix seconds',
      9,
      "yesterday",
    ],
    [
      "change = newly-denied",
      '"change" is no field',
      1,
      "change",
      "fields are the columns of the records, and remote, local, port, group",
    ],
  ])("%s: %s", (text, ...wanted) => {
    expect(faultOf(text)).toEqual(wanted);
  });

  it("knows the columns of candidates and of foreign fields where there are any", () => {
    const fields = new FilterFields({ candidates: 2, others: ["my_field", "verdict"] });
    for (const text of [
      "change = newly-denied and change2 = unchanged",
      "candidate2_rule = sgr-1 and candidate_verdict = deny",
      "my_field = x",
      "verdict = deny",
    ])
      expect(parseFilter(text, fields).fault, text).toBeUndefined();
  });

  it("bounds parentheses, lists and length, and never throws", () => {
    expect(faultOf(`${"(".repeat(100)}`)[0]).toMatch(/^more than 64 parentheses/);
    expect(faultOf(`line in (${Array(10_001).fill(1).join()})`)[0]).toMatch(/at most 10000/);
    expect(faultOf(" ".repeat(1_000_001))[0]).toMatch(/at most 1000000 characters/);
    const deep = `${"not ".repeat(100_001)}verdict = deny`;
    expect(parseFilter(deep, FIELDS).filter?.kind).toBe("not");
    const pieces = fc.constantFrom(
      ..."( ) , = != < >= in not and or range verdict deny dstport 22 10.0.0.0/8 ' - ..".split(" "),
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(pieces, fc.string()), { maxLength: 12 }), (words) => {
        const text = words.join(" ");
        const { fault } = parseFilter(text, FIELDS);
        if (fault === undefined) return;
        expect(fault.from).toBeGreaterThanOrEqual(0);
        expect(fault.to).toBeGreaterThanOrEqual(fault.from);
        expect(fault.to).toBeLessThanOrEqual(text.length);
      }),
      { numRuns: 3_000 },
    );
  });
});

describe("filterError", () => {
  it("shows the place", () => {
    const text = `${"verdict = deny and ".repeat(5)}verdcit = deny`;
    const error = filterError(text, parseFilter(text, FIELDS).fault!, "--where");
    expect(error).toBeInstanceOf(FlowError);
    expect(error.message).toBe('--where, column 96: "verdcit" is no field');
    const [line = "", marks = ""] = error.excerpt;
    expect(line.slice(marks.indexOf("^"), marks.length)).toBe("verdcit");
    expect(line).toMatch(/^\.\.\./);
  });
});
