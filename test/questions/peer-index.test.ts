import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type Address,
  cidrContains,
  formatAddress,
  parseAddress,
  parseCidr,
} from "../../src/model/address.js";
import type { RuleSet } from "../../src/model/rule-set.js";
import { peerBlocks, valuesAtBest, valuesHolding } from "../../src/questions/peer-blocks.js";
import { PeerIds } from "../../src/questions/peer-ids.js";
import {
  groupIdsOf,
  type PeerFit,
  peerFits,
  peerIndexOf,
  remotePeerOf,
} from "../../src/questions/peer-index.js";
import { askPeer, isBalancerGroup } from "../../src/reference/peers.js";
import { ownersOf, snapshotOf } from "../../src/reference/snapshot.js";
import { buildRule, buildRuleSet } from "../support/rule-set-builder.js";

const ADDRESSES = [
  "10.0.0.1",
  "10.0.0.2",
  "10.0.0.3",
  "10.0.7.5",
  "10.8.8.8",
  "192.0.2.7",
  "fd00::1",
  "2001:db8::1",
];
const PEERS = [
  "10.0.0.0/16",
  "10.0.0.2/32",
  "2001:db8::/32",
  "0.0.0.0/0",
  "pl-1",
  "pl-unread",
  "sg-a",
  "sg-late",
  "sg-lb",
  "sg-empty",
  "sg-unheard",
  "222222222222/sg-a",
  "222222222222/sg-empty",
];

function ruleSetOf(snapshotComplete: boolean): RuleSet {
  return buildRuleSet({
    groups: { "sg-a": { accountId: "111111111111" }, "sg-late": {}, "sg-lb": {}, "sg-empty": {} },
    interfaces: {
      "eni-a": { groups: ["sg-a"], addresses: ["10.0.0.1", "fd00::1"], prefixes: ["10.0.7.0/28"] },
      "eni-b": { groups: ["sg-late"], addresses: ["10.0.0.2"], attachedAt: 1_700_000_000 },
      "eni-c": { groups: ["sg-lb"], addresses: ["10.0.0.3"], type: "network_load_balancer" },
      "eni-d": { groups: ["sg-a"], addresses: ["10.0.7.5"] },
    },
    prefixLists: { "pl-1": ["192.0.2.0/24", "10.0.0.0/30"], "pl-unread": null },
    snapshotComplete,
  });
}

describe("peerFits", () => {
  test.each([true, false])("agrees with the reference at every time, complete = %s", (complete) => {
    const ruleSet = ruleSetOf(complete);
    const snapshot = snapshotOf(ruleSet);
    const index = peerIndexOf(ruleSet);
    const group = ruleSet.groups.get("sg-a")!;
    const seen = new Set<PeerFit>();
    for (const peer of PEERS)
      for (const text of ADDRESSES)
        for (const way of ["ingress", "egress", "stale"]) {
          const flags = way === "stale" ? " stale" : "";
          const rule = buildRule("sg-a", `${flags ? "ingress" : way} tcp 80 ${peer}${flags}`);
          const remote = parseAddress(text)!;
          const found = peerFits(index, group, rule, remotePeerOf(index, remote));
          seen.add(found);
          const answer = askPeer(snapshot, group, rule, remote);
          const balancer =
            rule.peer.kind === "group" && isBalancerGroup(snapshot, rule.peer.id) && !rule.stale;
          const open = rule.direction === "ingress" && balancer ? "maybe" : "no";
          const wanted = {
            match: answer.kind === "match" && Number.isFinite(answer.since) ? "maybe" : "yes",
            unresolved: "maybe",
            none: open,
          }[answer.kind];
          expect(`${peer} ${text} ${way} ${found}`).toBe(`${peer} ${text} ${way} ${wanted}`);
        }
    expect(seen).toEqual(new Set(["yes", "maybe", "no"]));
  });

  test("owners are those of the reference", () => {
    const ruleSet = ruleSetOf(false);
    const index = peerIndexOf(ruleSet);
    for (const text of ADDRESSES) {
      const address = parseAddress(text)!;
      const ids = remotePeerOf(index, address).owners.map(({ id }) => id);
      expect(ids).toEqual(ownersOf(snapshotOf(ruleSet), address).map(({ id }) => id));
    }
    expect(groupIdsOf(ruleSet, "eni-b")).toEqual(["sg-late"]);
    expect(groupIdsOf({ ...ruleSet, attach: ["sg-b", "sg-a", "sg-b"] }, "eni-x")).toEqual([
      "sg-a",
      "sg-b",
    ]);
  });
});

describe("peerBlocks", () => {
  const address: fc.Arbitrary<Address> = fc.oneof(
    fc
      .integer({ min: 0, max: 255 })
      .map((n): Address => ({ family: 4, value: 0x0a000000n + BigInt(n) })),
    fc.integer({ min: 0, max: 255 }).map((n): Address => ({ family: 6, value: BigInt(n) << 120n })),
  );
  const block = fc
    .constantFrom(
      "0.0.0.0/0",
      "10.0.0.0/24",
      "10.0.0.0/25",
      "10.0.0.64/26",
      "10.0.0.7/32",
      "::/0",
      "8000::/1",
      "ff00::/8",
    )
    .map((text) => parseCidr(text));

  test("finds all blocks that hold an address, the most specific first", () => {
    fc.assert(
      fc.property(fc.array(block), address, (blocks, sought) => {
        const index = peerBlocks(blocks.map((cidr) => [cidr, cidr] as const));
        const found = valuesHolding(index, sought);
        const wanted = blocks.filter((cidr) => cidrContains(cidr, sought));
        expect(found.map(({ length }) => length)).toEqual(
          wanted.map(({ length }) => length).sort((a, b) => b - a),
        );
        const best = Math.max(-1, ...wanted.map(({ length }) => length));
        expect(valuesAtBest(index, sought)).toEqual(wanted.filter(({ length }) => length === best));
      }),
    );
  });

  test("numbers tell addresses and families apart", () => {
    const ids = new PeerIds();
    const texts = ["0.0.0.5", "::5", "::6", "0.0.0.5", "::5"];
    expect(texts.map((text) => ids.idOf(parseAddress(text)!))).toEqual([0, 1, 2, 0, 1]);
    expect(ids.count).toBe(3);
    expect([0, 1, 2].map((id) => formatAddress(ids.addressOf(id)))).toEqual(texts.slice(0, 3));
    expect([0, 1].map((id) => ids.value4(id))).toEqual([5, -1]);
    expect(ids.compare(1, 2)).toBeLessThan(0);
    expect(ids.find(parseAddress("::6")!)).toBe(2);
    expect(ids.find(parseAddress("0.0.0.6")!)).toBeUndefined();
  });

  test("numbers of many addresses lead back to them", () => {
    const ids = new PeerIds();
    const many = Array.from({ length: 20_000 }, (_, i) =>
      i % 3 === 0
        ? ({ family: 6, value: (BigInt(i) << 77n) | 7n } as const)
        : ({ family: 4, value: BigInt(i) << 8n } as const),
    );
    expect(many.map((address) => ids.idOf(address))).toEqual([...many.keys()]);
    expect(many.map((_, id) => ids.addressOf(id))).toEqual(many);
    expect(many.map((address) => ids.find(address))).toEqual([...many.keys()]);
  });
});
