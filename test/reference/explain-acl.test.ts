import { describe, expect, test } from "vitest";
import { DEFAULT_LOOK_AHEAD, DEFAULT_TIMERS } from "../../src/model/timers.js";
import { type AclExplanation, explainRecord } from "../../src/reference/index.js";
import { buildAcls } from "../support/acl-builder.js";
import { flows } from "../support/flow-text.js";
import { buildRuleSet } from "../support/rule-set-builder.js";

const OPTIONS = { timers: DEFAULT_TIMERS, lookAhead: DEFAULT_LOOK_AHEAD };
const WEB = { addresses: ["10.0.1.10"], vpcId: "vpc-1", subnetId: "subnet-1" };
const RULES = {
  ...buildRuleSet({
    groups: { "sg-a": { rules: ["ingress tcp 443 10.0.0.0/16", "ingress icmp all 10.0.0.0/16"] } },
    interfaces: {
      "eni-1": { ...WEB, groups: ["sg-a"] },
      "eni-bare": { ...WEB, groups: [], addresses: ["10.0.1.20"] },
      "eni-far": { groups: ["sg-a"], addresses: ["10.0.9.9"] },
    },
    subnets: { "subnet-1": ["10.0.1.0/24"] },
  }),
  acls: buildAcls({
    "acl-1": {
      subnets: ["subnet-1"],
      entries: [
        "ingress 90 deny icmp 8/-1 0.0.0.0/0",
        "ingress 100 allow all all 0.0.0.0/0",
        "egress 100 allow tcp 1024-40000 0.0.0.0/0",
        "egress 32767 deny all all 0.0.0.0/0",
      ],
    },
  }),
};

/** What is said of the lists for the last record. */
function acls(text: string): readonly AclExplanation[] {
  const records = flows(text);
  return explainRecord(records.at(-1)!, records, RULES, OPTIONS)?.acls ?? [];
}

function short({
  direction,
  aclId,
  destinationPort,
  verdict,
  entry,
  typed,
}: AclExplanation): string {
  const before = typed.map(({ number }) => number).join();
  return `${direction} ${aclId} ${destinationPort} ${verdict} ${entry?.number ?? "none"} ${before}`;
}

describe("the network ACL of a record", () => {
  const opening = "0+0 eni-1 tcp 10.0.7.7:41000 > 10.0.1.10:443 ACCEPT flags=2";

  test("is told for both directions of its connection, that of the opening first", () => {
    const told = ["ingress acl-1 443 allow 100 ", "egress acl-1 41000 deny * "];
    expect(acls(opening).map(short)).toEqual(told);
    const reply = `${opening}\n0+0 eni-1 tcp 10.0.1.10:443 > 10.0.7.7:41000 REJECT flags=18`;
    expect(acls(reply).map(short)).toEqual(told);
  });

  test("starts with the record's own direction where the opener is unknown", () => {
    const log = `0+0 eni-1 tcp 10.0.7.7:42000 > 10.0.1.10:41000 ACCEPT flags=0
      0+0 eni-1 tcp 10.0.1.10:41000 > 10.0.7.7:42000 ACCEPT flags=0`;
    expect(acls(log).map(({ direction }) => direction)).toEqual(["egress", "ingress"]);
  });

  test("names the entries for one ICMP type that may match", () => {
    expect(acls("0+0 eni-1 icmp 10.0.7.7 > 10.0.1.10 ACCEPT").map(short)).toEqual([
      "ingress acl-1 0 unknown 100 90",
      "egress acl-1 0 deny * ",
    ]);
  });

  test("is passed by nothing that stays in the subnet", () => {
    const log = "0+0 eni-1 tcp 10.0.1.7:41000 > 10.0.1.10:443 ACCEPT flags=2";
    expect(acls(log)).toMatchObject([
      { direction: "ingress", subnetId: "subnet-1", verdict: null, entry: null },
      { direction: "egress", verdict: null },
    ]);
  });

  test("is the record's own first at an interface without groups, then that of the answers", () => {
    const log = "0+0 eni-bare tcp 10.0.1.20:443 > 10.0.7.7:41000 REJECT flags=18";
    expect(acls(log).map(short)).toEqual([
      "egress acl-1 41000 deny * ",
      "ingress acl-1 443 allow 100 ",
    ]);
  });

  test.each([
    ["a service", "0+0 eni-bare udp 10.0.1.20:41000 > 169.254.169.253:53 ACCEPT"],
    ["an interface without a known list", opening.replace("eni-1", "eni-far")],
    ["a record without direction", "0+0 eni-bare udp 10.0.5.5:41000 > 10.0.6.6:53 ACCEPT"],
    ["an unknown interface", opening.replace("eni-1", "eni-x")],
  ])("is not told for %s", (_, log) => {
    expect(acls(log)).toEqual([]);
  });
});
