import { describe, expect, it } from "vitest";
import type { AclExplanation } from "../../src/reference/index.js";
import { aclSections } from "../../src/report/acl-section.js";
import { plainPaint } from "../../src/report/paint.js";
import { renderText } from "../../src/report/render-text.js";

const at = { file: "acls.json", line: 7, column: 3 };
const INGRESS: AclExplanation = {
  direction: "ingress",
  aclId: "acl-0a",
  subnetId: "subnet-0b",
  destinationPort: 443,
  verdict: "deny",
  entry: { number: "100", at },
  typed: [],
};

function lines(acls: readonly AclExplanation[]): string[] {
  const body = { title: "t", lead: [], sections: aclSections(acls) };
  return renderText(body, { width: 160, paint: plainPaint }).trimEnd().split("\n").slice(2);
}

describe("aclSections", () => {
  it("says nothing where no list is known", () => {
    expect(aclSections([])).toEqual([]);
  });

  it.each([
    [
      INGRESS,
      "  ✗ ingress to port 443, acl-0a of subnet-0b: deny, entry 100 (acls.json:7) decides",
    ],
    [
      { ...INGRESS, entry: null },
      "  ✗ ingress to port 443, acl-0a of subnet-0b: deny, no entry matches, * denies",
    ],
    [
      { ...INGRESS, verdict: null, entry: null },
      "  · ingress to port 443, acl-0a of subnet-0b: not asked: the packets stay in the subnet",
    ],
    [
      {
        ...INGRESS,
        destinationPort: 0,
        verdict: "unknown",
        typed: [{ number: "90", at: { ...at, line: 5 } }],
      },
      "  ? ingress, acl-0a of subnet-0b: unknown: 90 (acls.json:5) may match first, for one ICMP type; else entry 100 (acls.json:7) decides",
    ],
  ] as const)("names the entry that decides: %#", (acl, line) => {
    expect(lines([acl])).toEqual(["Network ACL", line]);
  });
});
