import { describe, expect, test } from "vitest";
import { formatAddress, parseAddress, sameAddress } from "../../src/model/address.js";
import { directionOf, inferAddresses, ownsAddress } from "../../src/reference/direction.js";
import { flow, flows } from "../support/flow-text.js";
import { buildRuleSet } from "../support/rule-set-builder.js";

const SLOT_0 = 5_666_667;

describe("directionOf", () => {
  const owner = buildRuleSet({
    interfaces: {
      "eni-1": { groups: [], addresses: ["10.0.1.10", "10.0.1.11"], prefixes: ["10.0.32.0/28"] },
    },
  }).interfaces.get("eni-1");
  test.each([
    ["10.0.7.7:1 > 10.0.1.10:2 ACCEPT", "ingress"],
    ["10.0.1.11:1 > 10.0.7.7:2 ACCEPT", "egress"],
    ["10.0.32.15:1 > 10.0.7.7:2 ACCEPT", "egress"],
    ["10.0.32.16:1 > 10.0.7.7:2 ACCEPT", null],
    ["10.0.1.10:1 > 10.0.1.11:2 ACCEPT", null],
    ["10.0.1.10:1 > 10.0.7.7:2 ACCEPT flow-direction=ingress", "ingress"],
    ["10.0.8.8:1 > 10.0.7.7:2 ACCEPT pkt-srcaddr=10.0.7.7 pkt-dstaddr=10.0.1.10", "ingress"],
    ["10.0.1.10:1 > 10.0.1.11:2 ACCEPT pkt-srcaddr=10.0.1.10 pkt-dstaddr=10.0.7.7", "egress"],
    ["10.0.1.10:1 > 10.0.7.7:2 ACCEPT pkt-srcaddr=10.0.7.7 pkt-dstaddr=10.0.1.10", "egress"],
  ])("%s", (text, direction) => {
    const record = flow(`0+0 eni-1 tcp ${text}`);
    expect(directionOf(record, (address) => ownsAddress(owner, address))).toBe(direction);
  });
});

describe("inferAddresses", () => {
  function inferred(text: string): object {
    const found = inferAddresses(flows(text), (id) => id !== "eni-known");
    return Object.fromEntries(
      [...found].map(([key, { address, from, until }]) => [
        key,
        [formatAddress(address), from - SLOT_0, until === undefined ? null : until - SLOT_0],
      ]),
    );
  }

  test("the one address all records share, from the slot in which it is alone", () => {
    expect(
      inferred(`0+0 eni-1 tcp 10.0.7.7:1 > 10.0.1.10:2 ACCEPT
        400+0 eni-1 tcp 10.0.1.10:2 > 10.0.8.8:1 ACCEPT`),
    ).toEqual({ "eni-1 4": ["10.0.1.10", 1, null] });
  });

  test("ends with the slot of a record without it", () => {
    expect(
      inferred(`0+0 eni-1 tcp 10.0.7.7:1 > 10.0.1.10:2 ACCEPT
        0+0 eni-1 tcp 10.0.8.8:1 > 10.0.1.10:2 ACCEPT
        900+0 eni-1 tcp 10.0.8.8:1 > 10.0.7.7:2 ACCEPT`),
    ).toEqual({ "eni-1 4": ["10.0.1.10", 0, 3] });
  });

  test("families apart; no answer from one pair, from none shared, or within one slot of both", () => {
    expect(
      inferred(`0+0 eni-1 tcp 10.0.7.7:1 > 10.0.1.10:2 ACCEPT
        0+0 eni-1 tcp [2001:db8::1]:1 > [2001:db8::2]:2 ACCEPT
        0+0 eni-1 tcp [2001:db8::1]:1 > [2001:db8::3]:2 ACCEPT
        0+0 eni-2 tcp 10.0.7.7:1 > 10.0.1.10:2 ACCEPT
        0+0 eni-2 tcp 10.0.7.8:1 > 10.0.1.10:2 ACCEPT
        0+0 eni-2 tcp 10.0.7.8:1 > 10.0.7.7:2 ACCEPT`),
    ).toEqual({ "eni-1 6": ["2001:db8::1", 0, null] });
  });

  test("records with a flow direction and interfaces with addresses take no part", () => {
    expect(
      inferred(`0+0 eni-1 tcp 10.0.7.7:1 > 10.0.1.10:2 ACCEPT
        0+0 eni-1 tcp 10.0.8.8:1 > 10.0.1.10:2 ACCEPT
        0+0 eni-1 tcp 10.0.8.8:1 > 10.0.7.7:2 ACCEPT flow-direction=ingress
        0+0 eni-known tcp 10.0.7.7:1 > 10.0.1.10:2 ACCEPT
        0+0 eni-known tcp 10.0.8.8:1 > 10.0.1.10:2 ACCEPT`),
    ).toEqual({ "eni-1 4": ["10.0.1.10", 0, null] });
  });
});

test("an address is owned by its family too", () => {
  const four = parseAddress("0.0.0.1");
  const six = parseAddress("::1");
  expect(four !== undefined && six !== undefined && sameAddress(four, six)).toBe(false);
});
