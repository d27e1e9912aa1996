import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FlowError } from "../../src/errors.js";
import { formatCidr } from "../../src/model/address.js";
import { parseAssertions } from "../../src/questions/assert-parse.js";

const FULL = `version: 1
assertions:
  - name: the outside never reaches the database
    deny: {to: group db, except-from: 10.0.0.0/8}
  - allow: {from: group batch, to: sg-db, port: tcp/5432}
  - allow: {from: any, to: [eni-1, interface eni-2], port: [tcp/80-90, udp, icmp, 47], by: rules}
  - no-world-open-unused: {days: 90, group: web, port: tcp/22}
accepted:
  - change: newly-denied
    from: [192.0.2.7, pl-office]
    to: prefix-list office
    port: tcp/22
    owner: "platform"
    expires: 2027-01-31
    note: moved to the bastion
`;

function refusal(text: string): FlowError {
  try {
    parseAssertions(text, "net.yml");
  } catch (error) {
    if (error instanceof FlowError) return error;
    throw error;
  }
  throw new Error("nothing was refused");
}

describe("parseAssertions", () => {
  it("reads every kind with its places", () => {
    const text = FULL.replace("group: web", "group: group web");
    const { assertions, accepted } = parseAssertions(text, "net.yml");
    expect(assertions.map(({ kind, title, at }) => [kind, title, at.line, at.column])).toEqual([
      ["deny", "the outside never reaches the database", 3, 5],
      ["allow", "allow group batch -> sg-db tcp/5432", 5, 5],
      ["allow", "allow any -> eni-1, interface eni-2 tcp/80-90, udp, icmp, 47", 6, 5],
      ["no-world-open-unused", "no rule open to the world without a hit in 90 days", 7, 5],
    ]);
    const [deny, , wide] = assertions;
    if (deny?.kind !== "deny" || wide?.kind !== "allow") throw new Error("kinds");
    expect(deny.traffic.from).toEqual([{ kind: "any" }]);
    expect(deny.traffic.exceptFrom).toMatchObject([{ kind: "cidr", text: "10.0.0.0/8" }]);
    expect(deny.by).toEqual(["traffic", "rules"]);
    expect(wide.by).toEqual(["rules"]);
    expect(wide.traffic.ports).toEqual([
      { protocol: 6, fromPort: 80, toPort: 90, text: "tcp/80-90" },
      { protocol: 17, fromPort: 0, toPort: 65_535, text: "udp" },
      { protocol: 1, fromPort: 0, toPort: 65_535, text: "icmp" },
      { protocol: 47, fromPort: 0, toPort: 65_535, text: "47" },
    ]);
    expect(accepted).toMatchObject([
      {
        change: "newly-denied",
        owner: "platform",
        expires: "2027-01-31",
        expiresAt: Date.parse("2027-02-01T00:00:00Z") / 1000,
        note: "moved to the bastion",
        title: "newly-denied 192.0.2.7, pl-office -> prefix-list office tcp/22",
        at: { file: "net.yml", line: 9 },
      },
    ]);
    const [address] = accepted[0]?.traffic.from ?? [];
    expect(address?.kind === "cidr" ? formatCidr(address.cidr) : "").toBe("192.0.2.7/32");
  });

  it("reads a file with nothing to assert", () => {
    expect(parseAssertions("version: 1\n", "net.yml")).toEqual({
      name: "net.yml",
      assertions: [],
      accepted: [],
    });
  });

  it.each([
    ["", "net.yml:1:1", "an assertion file is empty"],
    ["- a\n", "net.yml:1:1", "an assertion file is a list"],
    ["version: 2\n", "net.yml:1:10", "the version is not 1"],
    ["assertions: []\n", "net.yml:1:1", "version is missing"],
    ["version: 1\nassertion: []\n", "net.yml:2:1", '"assertion" is not a key'],
    ["version: 1\nversion: 1\n", "net.yml:2:1", "Map keys must be unique"],
    ["version: 1\nassertions: {}\n", "net.yml:2:13", "assertions is a mapping"],
    ["version: 1\nassertions:\n  - name: x\n", "net.yml:3:5", "says nothing"],
    ["version: 1\nassertions:\n  - deny: {}\n    allow: {}\n", "net.yml:3:5", "beside allow"],
    ["version: 1\nassertions:\n  - deny: {too: any}\n", "net.yml:3:12", '"too" is not a key'],
    ["version: 1\nassertions:\n  - deny: {to: db}\n", "net.yml:3:16", '"db" names no end'],
    ["version: 1\nassertions:\n  - deny: {to: 10.0.0.1/8}\n", "net.yml:3:16", "bits set beyond"],
    ["version: 1\nassertions:\n  - deny: {to: []}\n", "net.yml:3:16", "list of ends is empty"],
    ["version: 1\nassertions:\n  - deny: {port: https}\n", "net.yml:3:18", '"https" is not'],
    ["version: 1\nassertions:\n  - deny: {port: tcp/9-1}\n", "net.yml:3:18", "reversed"],
    ["version: 1\nassertions:\n  - deny: {port: tcp/65536}\n", "net.yml:3:18", "outside 0-65535"],
    [
      "version: 1\nassertions:\n  - allow: {from: any}\n",
      "net.yml:3:12",
      "no end of it is a group",
    ],
    ["version: 1\nassertions:\n  - deny: {by: hope}\n", "net.yml:3:16", '"hope" is no kind'],
    ["version: 1\nassertions:\n  - no-world-open-unused: {days: 0}\n", "net.yml:3:34", '"0" is no'],
    ["version: 1\nassertions:\n  - no-world-open-unused: {}\n", "net.yml:3:27", "days is missing"],
    ["version: 1\naccepted:\n  - {owner: x}\n", "net.yml:3:5", "change is missing"],
    ["version: 1\naccepted:\n  - {change: unchanged}\n", "net.yml:3:14", "no change to accept"],
    ["version: 1\naccepted:\n  - {change: undetermined}\n", "net.yml:3:5", "owner is missing"],
    [
      "version: 1\naccepted:\n  - {change: undetermined, owner: x, expires: 2027-02-30}\n",
      "net.yml:3:47",
      '"2027-02-30" is not a day',
    ],
    ["version: 1\nassertions: &a []\n", "net.yml:2:", "anchors are not read"],
    ["version: 1\nassertions: [\n", "net.yml:", "Flow sequence"],
    ["version: 1\nassertions: !!set {}\n", "net.yml:2:", "the tag"],
  ])("refuses %j at its place", (text, at, found) => {
    const error = refusal(text);
    expect(error.code).toBe("assertions-invalid");
    expect(error.at).toContain(at);
    expect(error.message).toContain(found);
    expect(error.hint).not.toBe("");
  });

  it("refuses depth and aliases rather than following them", () => {
    expect(refusal(`version: ${"[".repeat(100_000)}`).code).toBe("assertions-invalid");
    const alias = "version: 1\nassertions:\n  - name: &a x\n    deny: *a\n";
    expect(refusal(alias).message).toContain("not read");
  });

  it("throws nothing but refusals, whatever it is given", () => {
    const word = fc.constantFrom(
      ..."version:|1|assertions:|accepted:|- |deny:|allow:|{|}|[|]|to:|any|,|\n|  |&a|*a|!!str|---|:|'|\"|#|~".split(
        "|",
      ),
    );
    const text = fc.array(fc.oneof(word, fc.string({ maxLength: 3 })), { maxLength: 30 });
    fc.assert(
      fc.property(text, (parts) => {
        for (const source of [parts.join(""), `version: 1\nassertions:\n  - ${parts.join(" ")}`])
          try {
            parseAssertions(source, "net.yml");
          } catch (error) {
            expect(error).toBeInstanceOf(FlowError);
          }
      }),
      { numRuns: 500 },
    );
  });
});
