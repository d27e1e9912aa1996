import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { FlowError } from "../../src/errors.js";
import { locate } from "../../src/rules/json-place.js";
import { isObject, type JsonValue, OFFSET, readJson } from "../../src/rules/json-reader.js";

function values(text: string): unknown {
  return JSON.parse(JSON.stringify(readJson("a.json", text).values));
}

function fault(text: string): string {
  try {
    readJson("a.json", text);
  } catch (error) {
    return `${(error as FlowError).code} ${(error as FlowError).message}`;
  }
  return "read";
}

describe("reads", () => {
  test.each<[string, unknown[]]>([
    ["", []],
    [" \r\n\t", []],
    ["{}", [{}]],
    ["\ufeff[1]", [[1]]],
    ['{"a":1}{"b":2}', [{ a: 1 }, { b: 2 }]],
    ['{"a":1}\n\n[2]\n"x"', [{ a: 1 }, [2], "x"]],
    ['["\\u0041\\n\\"\\/","\\ud83d\\ude00"]', [['A\n"/', "\u{1f600}"]]],
    ["[-0.5e+2, 0, true, false, null]", [[-50, 0, true, false, null]]],
    ['{"constructor":1,"toString":2}', [{ constructor: 1, toString: 2 }]],
  ])("%j", (text, expected) => {
    expect(values(text)).toEqual(expected);
  });

  test("__proto__ is a key like any other", () => {
    const [value] = readJson("a.json", '{"__proto__":{"x":1}}').values;
    expect(Object.keys(value as object)).toEqual(["__proto__"]);
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
  });

  test("whatever JSON.stringify writes", () => {
    fc.assert(
      fc.property(fc.json(), fc.constantFrom(undefined, 2, "\t"), (text, indent) => {
        const laidOut = JSON.stringify(JSON.parse(text), null, indent);
        const read = readJson("a.json", laidOut).values;
        expect(JSON.stringify(read)).toBe(JSON.stringify([JSON.parse(text)]));
      }),
    );
  });
});

describe("stops, with the place", () => {
  test.each([
    ['{"a":1', "json-truncated a.json:1:7: the text ends inside the value that begins at 1:1"],
    ['{\n  "a": [1,\n', "json-truncated a.json:3:1: the text ends where a JSON value is expected"],
    ['["abc', "json-truncated a.json:1:2: the string that begins here never ends"],
    ['["abc\\', "json-syntax a.json:1:6: unknown escape \\"],
    ['{"a":1,"a":2}', 'json-duplicate-key a.json:1:8: the key "a" stands twice'],
    ['{"a":1,}', 'json-syntax a.json:1:8: expected a quoted key, found "}"'],
    ["[1,]", 'json-syntax a.json:1:4: expected a JSON value, found "]"'],
    ["{a:1}", 'json-syntax a.json:1:2: expected a quoted key, found "a"'],
    ["{'a':1}", 'json-syntax a.json:1:2: expected a quoted key, found "\'"'],
    ["[010]", 'json-syntax a.json:1:3: expected the end of the number, found "1"'],
    ["[1.2.3]", "json-syntax a.json:1:5"],
    ["[+1]", 'json-syntax a.json:1:2: expected a JSON value, found "+"'],
    ["[NaN]", "json-syntax a.json:1:2"],
    ["[tru]", "json-syntax a.json:1:2"],
    ["[1 2]", 'json-syntax a.json:1:4: expected a comma or ], found "2"'],
    ["[1]]", "json-syntax a.json:1:4"],
    ['["a\nb"]', "json-syntax a.json:1:4: a string holds a raw control character"],
    ['["\\u12x4"]', "json-syntax a.json:1:3: a \\u escape needs four"],
    ["<html>", 'json-syntax a.json:1:1: expected a JSON value, found "<"'],
    ["\n// no\n{}", 'json-syntax a.json:2:1: expected a JSON value, found "/"'],
    ["\u00a0{}", "json-syntax a.json:1:1"],
    ["[".repeat(101), "json-too-deep a.json:1:101: values nest more than 100 deep"],
  ])("%j", (text, expected) => {
    expect(fault(text)).toContain(expected);
  });

  test("UTF-16 gets a hint", () => {
    expect(() => readJson("a.json", "\ufffd\ufffd{\u0000")).toThrow(
      expect.objectContaining({ hint: expect.stringContaining("UTF-16") }),
    );
  });

  test("every cut of a document", () => {
    const text = '{"a": [1, {"b": "c\\n"}], "d": null}';
    for (let length = 1; length < text.length; length++)
      expect(fault(text.slice(0, length))).toMatch(/^json-(truncated|syntax) a\.json:1:/);
  });
});

describe("positions", () => {
  test("objects keep their offset, lines and columns count from one", () => {
    const text = '{"a":\r\n  [ {"b":1},\n {} ]}';
    const document = readJson("a.json", text);
    const items = (document.values[0] as unknown as { a: readonly JsonValue[] }).a;
    const places = items.map((item) => isObject(item) && document.placeOf(item[OFFSET]));
    expect(places).toEqual([
      { file: "a.json", line: 2, column: 5 },
      { file: "a.json", line: 3, column: 2 },
    ]);
  });

  test.each<[(string | number)[], string]>([
    [[], "{"],
    [["a"], "["],
    [["a", 0], "1"],
    [["a", 1, "x,y"], '"z"'],
    [["a", 1, "missing"], '{"x'],
    [["b"], "true"],
    [["c\n"], "null"],
    [["nothing", 3], "{"],
  ])("locate %j", (path, expected) => {
    const text = '  {"a": [1, {"x,y" : "z"}], "b":true, "c\\n": null}';
    expect(text.slice(locate(text, 2, path)).startsWith(expected)).toBe(true);
  });
});
