import { describe, expect, test } from "vitest";
import { formatCidr } from "../../src/model/address.js";
import type { LoadedRules } from "../../src/rules/index.js";
import { failure, group, groups, json, load, permission, warningCodes } from "./documents.js";

function blocks(loaded: LoadedRules): Record<string, string[] | undefined> {
  const lists = [...loaded.ruleSet.prefixLists.values()];
  return Object.fromEntries(lists.map(({ id, cidrs }) => [id, cidrs?.map(formatCidr)]));
}

const A = { Entries: [{ Cidr: "10.0.0.0/8", Description: "office" }] };
const B = { Entries: [{ Cidr: "2001:db8::/32" }] };

describe("where entries belong", () => {
  test.each([
    ["pl-0c79.json", "pl-0c79"],
    ["fetched/pl-0c79.json", "pl-0c79"],
    ["C:\\fetched\\pl-0c79", "pl-0c79"],
    ["prod_pl-0c79.page1.json", "pl-0c79"],
    ["pl-office-list.json", "pl-office-list"],
    ["pl-1/pl-2.json", "pl-2"],
  ])("file name %s", (name, id) => {
    expect(blocks(load([json(A, name)]))).toEqual({ [id]: ["10.0.0.0/8"] });
  });

  test("the longest part of the name that is a list somebody mentions", () => {
    const mention = groups([
      group("sg-a", [permission({ PrefixListIds: [{ PrefixListId: "pl-0c79" }] })]),
    ]);
    expect(Object.keys(blocks(load([mention, json(A, "pl-0c79-entries.json")])))).toEqual([
      "pl-0c79",
    ]);
  });

  test("a wrapper, which wins over the name", () => {
    const wrapped = { PrefixListId: "pl-1", ...A };
    expect(blocks(load([json(wrapped, "pl-2.json")]))).toEqual({ "pl-1": ["10.0.0.0/8"] });
  });

  test.each([
    ["entries.json", "does not say of which"],
    ["xpl-1.json", "does not say of which"],
    ["pl-1/entries.json", "does not say of which"],
    ["pl-1_pl-2.json", "several prefix list ids: pl-1, pl-2"],
  ])("%s stops the load and says both ways", (name, expected) => {
    expect(failure([json(A, name)])).toContain(expected);
    expect(() => load([json(A, name)])).toThrow(
      expect.objectContaining({
        code: "prefix-list-unnamed",
        hint: expect.stringMatching(/name the file after the list.*or wrap the answer/),
      }),
    );
  });

  test.each<[object, string]>([
    [{ PrefixListId: 7, ...A }, "PrefixListId: expected a string"],
    [{ PrefixListId: "pl 1", ...A }, 'PrefixListId: "pl 1" is not an id'],
    [{ Entries: [{ Cidr: "10.0.0.1/8" }] }, 'Entries.0.Cidr: "10.0.0.1/8" has bits set'],
    [{ Entries: [{ Cidr: "10.0.0.0/8" }, {}] }, "Entries.1.Cidr: the key is missing"],
  ])("%j stops the load", (answer, expected) => {
    expect(failure([json(answer, "pl-1.json")])).toContain(expected);
  });
});

describe("lists and entries", () => {
  const LISTS = json(
    { PrefixLists: [{ PrefixListId: "pl-1", PrefixListName: "office" }] },
    "lists.json",
  );

  test("a described list without entries is known, its entries are not", () => {
    const loaded = load([LISTS]);
    expect(blocks(loaded)).toEqual({ "pl-1": undefined });
    expect(loaded.ruleSet.prefixLists.get("pl-1")).toMatchObject({
      name: "office",
      at: { file: "lists.json", line: 1, column: 17 },
    });
  });

  test("its entries join it", () => {
    const loaded = load([LISTS, json(A, "pl-1.json")]);
    expect(loaded.ruleSet.prefixLists.get("pl-1")).toMatchObject({ name: "office" });
    expect(blocks(loaded)).toEqual({ "pl-1": ["10.0.0.0/8"] });
  });

  test("describe-prefix-lists has its blocks inline", () => {
    const inline = {
      PrefixLists: [{ PrefixListId: "pl-1", PrefixListName: "office", Cidrs: ["10.0.0.0/8"] }],
    };
    const loaded = load([LISTS, json(inline, "b.json"), json(A, "pl-1.json")]);
    expect(blocks(loaded)).toEqual({ "pl-1": ["10.0.0.0/8"] });
    expect([...loaded.documents[0]!.counts]).toEqual([["describe-prefix-lists", 1]]);
    expect(
      failure([json({ PrefixLists: [{ PrefixListId: "pl-1", Cidrs: ["10.0.0.1/8"] }] })]),
    ).toContain('cidr-invalid a.json:1:49: PrefixLists.0.Cidrs.0: "10.0.0.1/8" has bits set');
  });

  test("pages of one document add up, and so do pages told by NextToken", () => {
    const pages = { name: "pl-1.json", text: JSON.stringify(A) + JSON.stringify(B) };
    expect(blocks(load([pages]))).toEqual({ "pl-1": ["10.0.0.0/8", "2001:db8::/32"] });
    const first = json({ ...A, NextToken: "x" }, "pl-1.1.json");
    expect(blocks(load([first, json(B, "pl-1.2.json")]))).toEqual({
      "pl-1": ["10.0.0.0/8", "2001:db8::/32"],
    });
  });

  test("different entries in two files stop the load", () => {
    expect(failure([json(A, "pl-1.json"), json(B, "x/pl-1.json")])).toContain(
      "prefix-list-differs x/pl-1.json:1:12: Entries: the prefix list pl-1 also stands at pl-1.json:1:13 and differs: 2001:db8::/32",
    );
    const other = { PrefixLists: [{ PrefixListId: "pl-1", PrefixListName: "home" }] };
    expect(failure([LISTS, json(other, "z.json")])).toContain("differs in its name");
  });

  test("an empty list is empty, and a warning", () => {
    const loaded = load([json({ Entries: [] }, "pl-1.json")]);
    expect(blocks(loaded)).toEqual({ "pl-1": [] });
    expect(warningCodes(loaded)).toEqual(["prefix-list-empty"]);
  });
});
