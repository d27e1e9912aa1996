import fc from "fast-check";
import { expect, test } from "vitest";
import { cidrContains } from "../../src/model/address.js";
import type { Rule } from "../../src/model/rule-set.js";
import { peerExtents } from "../../src/questions/peer-extent.js";
import { peerIndexOf } from "../../src/questions/peer-index.js";
import { closedSpace } from "../../src/questions/removal-price.js";
import { ledgerRules } from "../../src/questions/usage-rules.js";
import { buildRuleSet } from "../support/rule-set-builder.js";

const BASE = 0x0a000000n;
const ADDRESSES = 16;
const PORTS = 65_536;

/** Blocks inside 10.0.0.0/28, a group with two of its addresses, and one that nobody describes. */
const peer = fc.constantFrom(
  "10.0.0.0/28",
  "10.0.0.0/29",
  "10.0.0.8/29",
  "10.0.0.4/30",
  "10.0.0.5/32",
  "sg-pair",
  "sg-unheard",
);
const rule = fc
  .tuple(
    fc.constantFrom("ingress", "egress"),
    fc.constantFrom("tcp 80", "tcp 80-83", "tcp 82-89", "udp 80-83", "all all", "47 all"),
    peer,
  )
  .map((parts) => parts.join(" "));

function holds({ peer }: Rule, address: bigint): boolean {
  if (peer.kind === "cidr") return cidrContains(peer.cidr, { family: 4, value: address });
  return peer.id === "sg-pair" && (address === BASE + 1n || address === BASE + 9n);
}

/** Pairs of the removed rule that no other opens, one by one. */
function bruteForce(removed: Rule, kept: readonly Rule[]): number {
  const rivals = kept.filter(
    (other) =>
      other.direction === removed.direction &&
      (other.protocol === -1 || other.protocol === removed.protocol),
  );
  const ported = removed.protocol !== 47;
  let pairs = 0;
  for (let i = 0; i < ADDRESSES; i++) {
    const address = BASE + BigInt(i);
    if (!holds(removed, address)) continue;
    const here = rivals.filter((other) => holds(other, address));
    const from = ported ? removed.fromPort : 0;
    const to = ported ? removed.toPort : 0;
    // Ports differ only where a rule of few ports begins or ends: all of them lie below 100.
    for (let port = from; port <= Math.min(to, 99); port++)
      if (!here.some((o) => !ported || (o.fromPort <= port && port <= o.toPort))) pairs++;
    const above = to - Math.max(from, 100) + 1;
    if (above > 0 && !here.some((o) => o.toPort === PORTS - 1)) pairs += above;
  }
  return pairs;
}

test("the price is the count of pairs one by one, or an upper bound where it says so", () => {
  const seen = new Set<boolean>();
  fc.assert(
    fc.property(fc.uniqueArray(rule, { minLength: 1, maxLength: 6 }), (rules) => {
      const ruleSet = buildRuleSet({
        groups: { "sg-a": { rules }, "sg-pair": {} },
        interfaces: { "eni-1": { groups: ["sg-pair"], addresses: ["10.0.0.1", "10.0.0.9"] } },
      });
      const [removed, ...kept] = ledgerRules(ruleSet);
      const extents = peerExtents(peerIndexOf(ruleSet));
      const { pairs, atMost, ports } = closedSpace(removed!, kept, extents);
      expect(ports).toBe(
        removed!.rule.protocol === 47 ? 1 : removed!.rule.toPort - removed!.rule.fromPort + 1,
      );
      if (removed!.rule.peer.kind === "group" && removed!.rule.peer.id === "sg-unheard") {
        expect(pairs).toBeNull();
        return;
      }
      const wanted = bruteForce(
        removed!.rule,
        kept.map((each) => each.rule),
      );
      seen.add(atMost);
      if (atMost) expect(pairs).toBeGreaterThanOrEqual(wanted);
      else expect(pairs).toBe(wanted);
    }),
    { numRuns: 500 },
  );
  expect(seen.size).toBe(2);
});
