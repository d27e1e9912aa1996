import { describe, expect, test } from "vitest";
import { formatAddress } from "../../src/model/address.js";
import { failure, json, load, networkInterface } from "./documents.js";

describe("--interface", () => {
  test.each<[string, string[], string[]]>([
    ["eni-1=sg-a", ["sg-a"], []],
    ["eni-1=sg-b,sg-a,sg-b", ["sg-a", "sg-b"], []],
    ["eni-1=sg-a@10.0.0.5", ["sg-a"], ["10.0.0.5"]],
    ["eni-1=sg-a,sg-b@10.0.0.5,fd00::1,10.0.0.5", ["sg-a", "sg-b"], ["10.0.0.5", "fd00::1"]],
  ])("%s", (text, groupIds, addresses) => {
    const { ruleSet } = load([], { interfaces: ["eni-0=sg-z", text] });
    const found = ruleSet.interfaces.get("eni-1");
    expect(found).toMatchObject({ groupIds, at: { file: "--interface", line: 2, column: 1 } });
    expect(found?.addresses.map(formatAddress)).toEqual(addresses);
  });

  test.each([
    ["eni-1", "there is no ="],
    ["=sg-a", '"" is not an interface id'],
    ["eni 1=sg-a", '"eni 1" is not an interface id'],
    ["eni-1=", '"" is not a group id'],
    ["eni-1=@10.0.0.5", '"" is not a group id'],
    ["eni-1=sg-a,,sg-b", '"" is not a group id'],
    ["eni-1=sg-a, sg-b", '" sg-b" is not a group id'],
    ["eni-1=sg-a@", '"" is not an address'],
    ["eni-1=sg-a@10.0.0.05", '"10.0.0.05" is not an address'],
    ["eni-1=sg-a@10.0.0.0/24", '"10.0.0.0/24" is not an address'],
    ["eni-1=sg-a@10.0.0.5@10.0.0.6", '"10.0.0.5@10.0.0.6" is not an address'],
  ])("%s stops the load", (text, expected) => {
    expect(failure([], { interfaces: [text] })).toBe(
      `option-interface --interface ${text}: ${expected}${text === "eni-1" ? " between the interface and its groups" : ""}`,
    );
  });

  test("beside a document it must say the same", () => {
    const documents = [json({ NetworkInterfaces: [networkInterface("eni-1", ["sg-a"])] })];
    const agreed = load(documents, { interfaces: ["eni-1=sg-a@10.0.0.5", "eni-1=sg-a"] });
    expect(agreed.ruleSet.interfaces.get("eni-1")?.at.file).toBe("a.json");
    expect(failure(documents, { interfaces: ["eni-1=sg-b"] })).toContain(
      "interface-differs --interface eni-1=sg-b: eni-1 also stands at a.json:1:23, with the groups sg-a",
    );
    expect(failure(documents, { interfaces: ["eni-1=sg-a@10.0.0.6"] })).toContain(
      "with other addresses",
    );
    expect(failure([], { interfaces: ["eni-1=sg-a", "eni-1=sg-b"] })).toContain(
      "eni-1 also stands at --interface:1:1",
    );
  });
});

test("--attach and --snapshot-complete", () => {
  const { ruleSet } = load([], { attach: ["sg-b", "sg-a,sg-b"], snapshotComplete: true });
  expect(ruleSet).toMatchObject({ attach: ["sg-b", "sg-a"], snapshotComplete: true });
  expect(failure([], { attach: ["sg-a,"] })).toBe(
    'option-attach --attach sg-a,: "" is not a group id',
  );
});
