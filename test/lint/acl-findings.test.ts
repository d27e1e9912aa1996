import { describe, expect, it } from "vitest";
import { lintRuleSet } from "../../src/lint/index.js";
import { withAcl } from "./build-acl.js";

function found(entries: readonly string[]): string[] {
  return lintRuleSet(withAcl(entries)).map(
    ({ code, level, ruleIds }) => `${level} ${code} ${ruleIds.join(", ")}`,
  );
}

const OPEN = ["100 ingress allow all all 0.0.0.0/0", "100 egress allow all all 0.0.0.0/0"];
const REPLIES = [
  "500 egress allow tcp 1024-65535 0.0.0.0/0",
  "500 ingress allow tcp 1024-65535 0.0.0.0/0",
];

describe("findings about network ACLs", () => {
  it.each<[string, string[], string[]]>([
    [
      "AWS's default is without fault",
      [...OPEN, "101 ingress allow all all ::/0", "101 egress allow all all ::/0"],
      [],
    ],
    ["an ACL that denies everything too", [], []],
    [
      "so is a public web server's",
      ["100 ingress allow tcp 80 0.0.0.0/0", "110 ingress allow tcp 443 0.0.0.0/0", ...REPLIES],
      [],
    ],
    [
      "a denied block among replies is meant",
      [
        "100 ingress allow tcp 443 0.0.0.0/0",
        "90 ingress deny all all 203.0.113.0/24",
        "90 egress deny all all 203.0.113.0/24",
        ...REPLIES,
      ],
      [],
    ],
    [
      "an entry after one for everything",
      [...OPEN, "200 ingress deny tcp 22 0.0.0.0/0"],
      ["warning acl-entry-unreachable acl-1 ingress 200"],
    ],
    [
      "the same with the same action is only superfluous",
      [...OPEN, "200 ingress allow tcp 22 0.0.0.0/0"],
      ["note acl-entry-unreachable acl-1 ingress 200"],
    ],
    [
      "an entry behind a wider one",
      [
        "100 ingress allow tcp 0-1023 10.0.0.0/8",
        "110 ingress deny tcp 22 10.1.0.0/16",
        ...REPLIES,
      ],
      ["warning acl-entry-shadowed acl-1 ingress 110"],
    ],
    [
      "an entry behind two halves",
      [
        "100 ingress allow tcp 22 10.0.0.0/9",
        "101 ingress allow tcp 22 10.128.0.0/9",
        "110 ingress allow tcp 22 10.0.0.0/8",
        ...REPLIES,
      ],
      ["note acl-entry-shadowed acl-1 ingress 110"],
    ],
    [
      "an entry before a wider one counts",
      [
        "100 ingress deny tcp 22 10.1.0.0/16",
        "110 ingress allow tcp 0-1023 10.0.0.0/8",
        ...REPLIES,
      ],
      [],
    ],
    [
      "the other family and direction count apart",
      [
        "100 ingress allow all all 0.0.0.0/0",
        "100 egress allow all all 0.0.0.0/0",
        "110 ingress allow tcp 22 ::/0",
        "120 egress allow tcp 1024-65535 ::/0",
      ],
      [],
    ],
    [
      "no way back",
      ["100 ingress allow tcp 443 0.0.0.0/0", "100 egress allow tcp 443 0.0.0.0/0"],
      [
        "warning acl-replies-blocked acl-1 ingress 100",
        "warning acl-replies-blocked acl-1 egress 100",
      ],
    ],
    [
      "a way back for some clients alone",
      ["100 ingress allow tcp 443 0.0.0.0/0", "100 egress allow tcp 49152-65535 0.0.0.0/0"],
      ["note acl-replies-blocked acl-1 ingress 100"],
    ],
    [
      "a way back to other addresses",
      ["100 ingress allow tcp 443 0.0.0.0/0", "100 egress allow tcp 1024-65535 10.0.0.0/8"],
      [],
    ],
    [
      "a way back that is denied first",
      [
        "100 ingress allow tcp 443 10.0.0.0/8",
        "90 egress deny tcp 0-65535 10.0.0.0/8",
        "100 egress allow tcp 1024-65535 0.0.0.0/0",
      ],
      ["warning acl-replies-blocked acl-1 ingress 100"],
    ],
    [
      "DNS without a way back",
      [
        "100 egress allow udp 53 0.0.0.0/0",
        "100 ingress allow tcp 1024-65535 0.0.0.0/0",
        "110 egress allow tcp 443 0.0.0.0/0",
      ],
      ["warning acl-replies-blocked acl-1 egress 100"],
    ],
    [
      "everything out, one service in",
      ["100 ingress allow tcp 443 0.0.0.0/0", "100 egress allow all all 0.0.0.0/0"],
      [],
    ],
    [
      "everything in, nothing out",
      ["100 ingress allow all all 0.0.0.0/0"],
      ["warning acl-replies-blocked acl-1 ingress 100"],
    ],
  ])("%s", (_, entries, expected) => {
    expect(found(entries).sort()).toEqual([...expected].sort());
  });

  it("says which entry decides instead, and what to do", () => {
    const [finding] = lintRuleSet(withAcl([...OPEN, "200 ingress deny tcp 22 10.0.0.0/8"]));
    expect(finding).toMatchObject({
      subject: { kind: "acl", id: "acl-1" },
      relatedIds: ["acl-1 ingress 100"],
      message:
        "entry 200 (ingress deny tcp/22 from 10.0.0.0/8) never decides: entry 100 before it matches all of it, and allows",
      advice: "Give it a lower number if it is meant to count; else delete it.",
    });
  });

  it("tells ACLs of no subnet, but for the default one", () => {
    const codes = (isDefault: boolean): string[] =>
      lintRuleSet(withAcl(OPEN, { subnetIds: [], isDefault })).map(({ code }) => code);
    expect(codes(false)).toEqual(["acl-unused"]);
    expect(codes(true)).toEqual([]);
  });

  it.each([
    [20, []],
    [21, ["warning quota-acl-entries"]],
    [41, ["error quota-acl-entries"]],
  ])("%i entries in one direction", (count, expected) => {
    const entries = Array.from(
      { length: count },
      (_, i) => `${i + 1} ingress deny tcp ${i * 2} 10.0.0.0/8`,
    );
    expect(found(entries).map((text) => text.trim())).toEqual(expected);
  });
});
