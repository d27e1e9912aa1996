import { describe, expect, it } from "vitest";
import { completionsAt, FilterFields, parseFilter } from "../../src/filter/index.js";

const FIELDS = new FilterFields();
const KNOWN: Readonly<Record<string, readonly string[]>> = {
  group: ["sg-db", "my group"],
  interface_id: ["eni-1"],
};

function texts(text: string, cursor = text.length): readonly string[] {
  const { options } = completionsAt(text, cursor, FIELDS, ({ name }) => KNOWN[name] ?? []);
  return options.map((option) => option.text);
}

describe("completionsAt", () => {
  it.each([
    ["", ["direction", "verdict", "reason"]],
    ["ver", ["verdict", "version"]],
    ["verdict = deny and gr", ["grade", "group"]],
    ["verdict ", ["=", "!=", "in", "not in"]],
    ["verdict not ", ["in"]],
    ["grade ", ["=", "!=", "<", "<=", ">", ">=", "in", "not in"]],
    ["verdict = ", ["allow", "deny", "unknown", "-"]],
    ["verdict = d", ["deny"]],
    ["protocol in (tcp", ["tcp"]],
    ["protocol in (tcp ", [",", ")"]],
    ["protocol in ", ["icmp", "tcp", "udp", "icmpv6", "-", "("]],
    ["group = ", ["sg-db", '"my group"', "-"]],
    ["group = my", ['"my group"']],
    ["(verdict = deny ", ["and", "or", ")"]],
    ["verdict = deny ", ["and", "or"]],
    ["not (", ["direction", "verdict"]],
  ])("%s", (text, wanted) => {
    expect(texts(text).slice(0, wanted.length)).toEqual(wanted);
  });

  it("replaces what stands before the cursor, whatever stands after it", () => {
    const text = "verd = deny";
    const { from, to, options } = completionsAt(text, 4, FIELDS);
    expect([from, to, options.map((option) => option.text)]).toEqual([0, 4, ["verdict"]]);
  });

  it("offers nothing inside a text, and behind what is no filter", () => {
    for (const text of ["file = 'a", "verdcit = ", "verdict = denny and "])
      expect(texts(text), text).toEqual([]);
  });

  it("offers only what leads on", () => {
    for (const begun of ["", "verdict = deny and ", "not "]) {
      const { options } = completionsAt(begun, begun.length, FIELDS);
      for (const { text, kind } of options)
        if (kind === "field")
          expect(parseFilter(`${begun}${text} = -`, FIELDS).fault, text).toBeUndefined();
    }
  });
});
